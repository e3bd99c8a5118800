//! The same for programs without an asynchronous runtime: a start-up and a migrator whose calls
//! return when they are done. Each call has a small runtime of its own, and nothing of it is left
//! when it returns.
//!
//! ```no_run
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let report = underpin::blocking::Startup::new("app")
//!         .directory("migrations")
//!         .default_url("sqlite://./app.db")
//!         .run()?;
//!     println!("{report}");
//!     Ok(())
//! }
//! ```
//!
//! Where a Tokio runtime runs, these calls would keep its other tasks waiting. They are refused there
//! with an error of the kind [`Usage`](crate::ErrorKind::Usage); await the calls of the crate's root
//! instead.

mod migrator;
mod startup;

use std::future::Future;

use underpin_core::diagnostic::{Diagnostic, ErrorKind};

pub use migrator::{Migrator, MigratorBuilder};
pub use startup::Startup;

/// Builder methods that are handed on as they are.
macro_rules! hand_on {
    ($to:literal: $($method:ident($($name:ident: $kind:ty),*);)+) => { $(
        #[doc = concat!("As [`", $to, "::", stringify!($method), "`].")]
        #[must_use]
        pub fn $method(mut self $(, $name: $kind)*) -> Self {
            self.inner = self.inner.$method($($name),*);
            self
        }
    )+ };
}
use hand_on;

/// Runs something to its end on a runtime of its own.
fn wait_for<T>(work: impl Future<Output = T>) -> Result<T, Diagnostic> {
    if tokio::runtime::Handle::try_current().is_ok() {
        return Err(Diagnostic::new(
            ErrorKind::Usage,
            "underpin::blocking was called where a Tokio runtime runs",
        )
        .state("nothing was changed")
        .hint(
            "await the call of the same name without `blocking`, or make this one on a thread of its own",
        ));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        Diagnostic::new(ErrorKind::Internal, format!("no runtime could be made: {error}"))
            .state("nothing was changed")
            .caused_by(error)
    })?;
    Ok(runtime.block_on(work))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_waited_for_may_wait_itself() {
        let slept = wait_for(async {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            7
        });
        assert_eq!(slept.ok(), Some(7));
    }

    #[tokio::test]
    async fn inside_of_a_runtime_there_is_an_error_that_says_so() {
        let error = wait_for(async {}).expect_err("a runtime runs");
        assert_eq!(error.kind, ErrorKind::Usage);
        assert!(error.first_hint().is_some_and(|hint| hint.contains("await")));
        let error = Startup::new("app").run().expect_err("a runtime runs");
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert_eq!(error.report.errors.len(), 1);
        // On a thread of its own it is nobody's hindrance, and gets as far as its settings.
        let elsewhere = std::thread::spawn(|| {
            Migrator::builder().url("sqlite::memory:").directory("nowhere").build().map(drop)
        });
        let error = elsewhere.join().expect("no panic").expect_err("there is no such directory");
        assert_eq!(error.kind, ErrorKind::DirectoryNotFound);
    }
}
