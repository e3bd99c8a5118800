//! The names of backups in their directory: of which database each is, and when it was made. Pure; the
//! directory itself is read elsewhere.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use underpin_core::dialect::Dialect;

/// Where backups are kept if nothing is said.
const DEFAULT: &str = "backups";

/// The form of the time in a name: `20261122T031500Z`.
const TIME: &str = "%Y%m%dT%H%M%SZ";

/// What ends the name of a backup that is not finished.
const UNFINISHED: &str = ".part";

/// The directory that backups are kept in.
pub(super) fn directory(named: Option<&Path>, sqlite_file: Option<&Path>) -> PathBuf {
    match (named, sqlite_file.and_then(Path::parent)) {
        (Some(directory), _) => directory.to_owned(),
        (None, Some(beside)) => beside.join(DEFAULT),
        (None, None) => PathBuf::from(DEFAULT),
    }
}

/// How the backups of one database are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names {
    /// The database, as it can stand in the name of a file.
    database: String,
    extension: &'static str,
}

impl Names {
    /// The names for a database.
    pub(super) fn of(database: &str, dialect: Dialect) -> Self {
        let plain = |character: char| match character {
            '-' | '_' => character,
            _ if character.is_alphanumeric() => character,
            _ => '_',
        };
        let extension = match dialect {
            Dialect::Sqlite => "db",
            Dialect::Postgres => "dump",
            Dialect::Mysql => "sql",
        };
        Self { database: database.chars().map(plain).collect(), extension }
    }

    /// The name of a backup that a run makes at a time: `shop-20261122T031500Z-1a2b3c4d5e6f.dump`.
    pub(super) fn name(&self, time: Timestamp, run: &str) -> String {
        format!("{}-{}-{run}.{}", self.database, time.strftime(TIME), self.extension)
    }

    /// When a backup of this database was made, if the name is one of such.
    pub(super) fn time(&self, name: &str) -> Option<Timestamp> {
        let rest = name.strip_prefix(self.database.as_str())?.strip_prefix('-')?;
        let (time, run) = rest.strip_suffix(self.extension)?.strip_suffix('.')?.split_once('-')?;
        let is_run = run.len() == 12 && run.bytes().all(|byte| byte.is_ascii_hexdigit());
        let civil = jiff::civil::DateTime::strptime(TIME, time).ok()?;
        is_run.then(|| civil.to_zoned(jiff::tz::TimeZone::UTC).ok()).flatten().map(|zoned| zoned.timestamp())
    }

    /// Whether a name is that of a backup of this database that somebody has not finished.
    pub(super) fn is_unfinished(&self, name: &str) -> bool {
        let finished = name.strip_prefix('.').and_then(|name| name.strip_suffix(UNFINISHED));
        finished.is_some_and(|name| self.time(name).is_some())
    }
}

/// The name of a backup until it is finished.
pub(super) fn unfinished(name: &str) -> String {
    format!(".{name}{UNFINISHED}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_when_it_was_made_and_of_which_database() {
        let time: Timestamp = "2026-11-22T03:15:00Z".parse().expect("a time");
        let shop = Names::of("shop", Dialect::Postgres);
        let name = shop.name(time, "1a2b3c4d5e6f");
        assert_eq!(name, "shop-20261122T031500Z-1a2b3c4d5e6f.dump");
        assert_eq!(shop.time(&name), Some(time));
        assert!(shop.is_unfinished(&unfinished(&name)) && !shop.is_unfinished(&name));
        for other in [Names::of("sho", Dialect::Postgres), Names::of("shop", Dialect::Mysql)] {
            assert_eq!(other.time(&name), None);
        }
        // A database whose name begins alike keeps its own.
        assert_eq!(shop.time("shop-2-20261122T031500Z-1a2b3c4d5e6f.dump"), None);
        assert_eq!(shop.time("shop-20261122T031500Z-mine.dump"), None);
    }

    #[test]
    fn a_database_can_stand_in_the_name_of_a_file() {
        let time: Timestamp = "2026-11-22T03:15:00Z".parse().expect("a time");
        let name = Names::of("../a b", Dialect::Sqlite).name(time, "1a2b3c4d5e6f");
        assert_eq!(name, "___a_b-20261122T031500Z-1a2b3c4d5e6f.db");
    }

    #[test]
    fn without_a_directory_they_lie_beside_the_file_or_where_we_are() {
        let (file, named) = (Path::new("/data/app.db"), Path::new("/b"));
        assert_eq!(directory(None, Some(file)), Path::new("/data/backups"));
        assert_eq!(directory(None, Some(Path::new("app.db"))), Path::new("backups"));
        assert_eq!(directory(None, None), Path::new("backups"));
        assert_eq!(directory(Some(named), Some(file)), named);
    }
}
