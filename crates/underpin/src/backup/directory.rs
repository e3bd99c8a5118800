//! The names of backups in their directory: of which database each is, on which server or in which file, and
//! when it was made. Pure; the directory itself is read elsewhere.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use underpin_core::dialect::Dialect;

/// Where backups are kept if nothing is said.
const DEFAULT: &str = "backups";

/// The form of the time in a name: `20261122T031500Z`.
const TIME: &str = "%Y%m%dT%H%M%SZ";

/// How much of a database's name is in that of a backup, so that no file system refuses it.
const LONGEST: usize = 40;

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

/// How the backups of one database are called. The name of a database says nothing by itself: another server
/// has one of the same name, and another directory a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names {
    /// The database, as it can stand in the name of a file, and a hash of the place that it has.
    database: String,
    extension: &'static str,
}

impl Names {
    /// The names for a database at a place: a file's absolute path, or host, port and database.
    pub(super) fn of(database: &str, place: &str, dialect: Dialect) -> Self {
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
        let database: String = database.chars().map(plain).take(LONGEST).collect();
        let hash: String = Sha256::digest(place)[..4].iter().map(|byte| format!("{byte:02x}")).collect();
        Self { database: format!("{database}-{hash}"), extension }
    }

    /// The name of a backup that a run makes at a time: `shop-5e6f1a2b-20261122T031500Z-1a2b3c4d5e6f.dump`.
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

    fn of(database: &str, dialect: Dialect) -> Names {
        Names::of(database, &format!("db:5432/{database}"), dialect)
    }

    #[test]
    fn a_name_tells_when_it_was_made_and_of_which_database() {
        let time: Timestamp = "2026-11-22T03:15:00Z".parse().expect("a time");
        let shop = of("shop", Dialect::Postgres);
        let name = shop.name(time, "1a2b3c4d5e6f");
        let (begin, end) = name.split_at("shop-".len() + 8);
        assert!(begin.starts_with("shop-"), "{name}");
        assert_eq!(end, "-20261122T031500Z-1a2b3c4d5e6f.dump");
        assert_eq!(shop.time(&name), Some(time));
        assert!(shop.is_unfinished(&unfinished(&name)) && !shop.is_unfinished(&name));
        for other in [of("sho", Dialect::Postgres), of("shop", Dialect::Mysql)] {
            assert_eq!(other.time(&name), None);
        }
        // A database whose name begins alike keeps its own.
        assert_eq!(shop.time(&of("shop-2", Dialect::Postgres).name(time, "1a2b3c4d5e6f")), None);
        assert_eq!(shop.time(&format!("{begin}-20261122T031500Z-mine.dump")), None);
    }

    #[test]
    fn two_databases_of_one_name_have_backups_of_two_names() {
        let time: Timestamp = "2026-11-22T03:15:00Z".parse().expect("a time");
        let places = ["one:5432/app", "two:5432/app", "one:5433/app", "/data/app.db", "/data/app.sqlite3"];
        let all = places.map(|place| Names::of("app", place, Dialect::Postgres));
        for (index, names) in all.iter().enumerate() {
            let of_others = all.iter().enumerate().filter(|(other, _)| *other != index);
            let name = names.name(time, "1a2b3c4d5e6f");
            for (_, other) in of_others {
                assert_eq!(other.time(&name), None);
                assert!(!other.is_unfinished(&unfinished(&name)));
            }
        }
    }

    #[test]
    fn a_database_can_stand_in_the_name_of_a_file() {
        let time: Timestamp = "2026-11-22T03:15:00Z".parse().expect("a time");
        let name = of("../a b", Dialect::Sqlite).name(time, "1a2b3c4d5e6f");
        assert!(name.starts_with("___a_b-") && name.ends_with("-20261122T031500Z-1a2b3c4d5e6f.db"), "{name}");
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
