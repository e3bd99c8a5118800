//! A dump of MySQL or MariaDB on its way into a scratch database: a line at a time, each as it may be run there.
//! Which that is, is decided in `core::dump`.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader},
};

use underpin_core::dump;

/// The lines of a dump.
pub(super) struct Lines(BufReader<File>);

impl Lines {
    pub(super) fn of(file: File) -> Self {
        Self(BufReader::new(file))
    }
}

impl Iterator for Lines {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut line = Vec::new();
        match self.0.read_until(b'\n', &mut line) {
            Ok(0) => None,
            Ok(_) => Some(match dump::elsewhere(&line) {
                Ok(line) => Ok(line.into_owned()),
                Err(words) => Err(io::Error::other(format!(
                    "the dump says {words}, which would lead out of the scratch database: \
                     dump one database, without --databases"
                ))),
            }),
            Err(error) => Some(Err(error)),
        }
    }
}
