//! Holding a run at one of its named points (`crates/underpin/src/point.rs`), to do something to it there.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::{Program, Running};

/// A program that will stand still at a point until it is let go on.
#[derive(Debug)]
pub struct Hold {
    directory: TempDir,
    point: &'static str,
}

impl Hold {
    /// A hold at a point, when it is reached for the first time after `passes` others.
    ///
    /// # Panics
    /// When there is no place for its file.
    #[track_caller]
    pub fn at(point: &'static str, passes: usize) -> Self {
        let directory = tempfile::tempdir().unwrap_or_else(|error| panic!("no temporary directory: {error}"));
        let hold = Self { directory, point };
        fs::write(hold.file(), passes.to_string()).unwrap_or_else(|error| panic!("no hold: {error}"));
        hold
    }

    /// The program, to be held.
    pub fn on(&self, program: &Program) -> Program {
        program.clone().env("UNDERPIN_TEST_POINT", format!("{}={}", self.point, self.file().display()))
    }

    /// Waits until the program stands at the point; false when it has ended without coming by.
    ///
    /// # Panics
    /// When neither happens.
    #[track_caller]
    pub fn is_reached(&self, running: &mut Running) -> bool {
        running.wait_until(|_| self.reached().exists())
    }

    /// Lets the program go on.
    pub fn release(&self) {
        let _ = fs::remove_file(self.reached());
    }

    fn file(&self) -> PathBuf {
        self.directory.path().join("hold")
    }

    fn reached(&self) -> PathBuf {
        self.directory.path().join("hold.reached")
    }
}
