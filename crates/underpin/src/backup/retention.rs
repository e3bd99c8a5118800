//! Which backups of a database go once another was made. A pure decision, and the removal.

use std::{
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use jiff::Timestamp;

use super::directory::Names;
use crate::owned_directory::OwnedDirectory;

/// When a backup was made. Its name tells the second, and the file system tells those of one second apart.
type Made = (Timestamp, Option<SystemTime>);

/// Which of the backups go, of which each is known by the time that it was made at: those beyond the newest
/// `keep`, and those older than `keep_for`; never the newest, nor the one that was made just now, whatever the
/// others say of their time.
fn superfluous(
    mut backups: Vec<(Made, String)>,
    just_made: Option<&str>,
    keep: Option<usize>,
    keep_for: Option<Duration>,
    now: Timestamp,
) -> Vec<String> {
    backups.sort();
    backups.reverse();
    backups.sort_by_key(|(_, name)| Some(name.as_str()) != just_made);
    let too_old = |time: Timestamp| {
        keep_for.is_some_and(|age| now.duration_since(time).unsigned_abs() > age && time < now)
    };
    let is_superfluous = |index: usize, time: Timestamp| {
        index > 0 && (keep.is_some_and(|keep| index >= keep) || too_old(time))
    };
    backups
        .into_iter()
        .enumerate()
        .filter(|(index, ((time, _), _))| is_superfluous(*index, *time))
        .map(|(_, (_, name))| name)
        .collect()
}

/// Removes the backups of a database that need not be kept. What can't be removed is told and no error.
pub(super) fn remove_superfluous(
    directory: &Path,
    names: &Names,
    just_made: Option<&Path>,
    keep: Option<usize>,
    keep_for: Option<Duration>,
) {
    let just_made = just_made.and_then(Path::file_name).and_then(|name| name.to_str());
    for name in superfluous(made(directory, names).collect(), just_made, keep, keep_for, Timestamp::now()) {
        let path = directory.join(name);
        if let Err(error) = std::fs::remove_file(&path) {
            tracing::warn!(target: "underpin::backup", "{} could not be removed: {error}", path.display());
        }
    }
}

/// Removes what a run that was killed has not finished. Who is at work holds the lock of the place: the
/// migration lock would not tell, since each history of a database has its own.
pub(super) fn remove_unfinished(directory: &Path, names: &Names) {
    OwnedDirectory::sweep(directory, |name| names.is_unfinished(name));
}

/// The newest backup of a database; nothing where there is none.
pub(super) fn newest(directory: &Path, names: &Names) -> Option<PathBuf> {
    made(directory, names).max().map(|(_, name)| directory.join(name))
}

/// The backups of a database in a directory, with the time that each was made at.
fn made<'a>(directory: &Path, names: &'a Names) -> impl Iterator<Item = (Made, String)> + use<'a> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    entries.filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let written = entry.metadata().and_then(|metadata| metadata.modified()).ok();
        Some(((names.time(&name)?, written), name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn going(keep: Option<usize>, days: Option<u64>) -> Vec<String> {
        let day = |day: i64| Timestamp::from_second(day * 86_400).expect("a time");
        let backups = (1..=5).map(|number| ((day(number), None), number.to_string())).collect();
        let age = days.map(|days| Duration::from_secs(days * 86_400));
        superfluous(backups, None, keep, age, day(6))
    }

    #[test]
    fn the_newest_are_kept() {
        assert_eq!(going(Some(2), None), ["3", "2", "1"]);
        assert_eq!(going(Some(9), None), Vec::<String>::new());
        assert_eq!(going(None, None), Vec::<String>::new());
    }

    #[test]
    fn of_two_that_were_made_in_one_second_the_older_goes() {
        let directory = tempfile::tempdir().expect("a directory");
        let names = Names::of("shop", "here/shop", underpin_core::dialect::Dialect::Postgres);
        let second = Timestamp::from_second(1_795_317_300).expect("a time");
        let write = |run: &str, at: SystemTime| {
            let path = directory.path().join(names.name(second, run));
            let file = std::fs::File::create_new(&path).expect("a file");
            file.set_modified(at).expect("a time of writing");
            path
        };
        let now = SystemTime::now();
        let newer = write("000000000000", now);
        let older = write("ffffffffffff", now - Duration::from_millis(200));
        assert_eq!(newest(directory.path(), &names).as_ref(), Some(&newer));
        remove_superfluous(directory.path(), &names, None, Some(1), None);
        assert!(newer.exists() && !older.exists());
    }

    #[test]
    fn what_was_made_just_now_stays_whatever_the_others_say_of_their_time() {
        let at = |second| (Timestamp::from_second(second).expect("a time"), None);
        let backups = vec![(at(9), "of a clock that goes wrong".to_owned()), (at(5), "just now".to_owned())];
        let going = superfluous(backups, Some("just now"), Some(1), None, at(6).0);
        assert_eq!(going, ["of a clock that goes wrong"]);
    }

    #[test]
    fn the_newest_is_told_by_its_name() {
        let directory = tempfile::tempdir().expect("a directory");
        let names_at = |place| Names::of("shop", place, underpin_core::dialect::Dialect::Postgres);
        let (names, elsewhere) = (names_at("here/shop"), names_at("there/shop"));
        assert_eq!(newest(directory.path(), &names), None);
        let at = |second| Timestamp::from_second(second).expect("a time");
        let newer = names.name(at(1_795_317_300), "1a2b3c4d5e6f");
        for name in [
            names.name(at(1_795_230_900), "ffffffffffff"),
            newer.clone(),
            elsewhere.name(at(1_900_000_000), "1a2b3c4d5e6f"),
        ] {
            std::fs::write(directory.path().join(name), "x").expect("written");
        }
        assert_eq!(newest(directory.path(), &names), Some(directory.path().join(newer)));
    }

    #[test]
    fn the_old_go_and_the_last_one_never() {
        assert_eq!(going(None, Some(2)), ["3", "2", "1"]);
        assert_eq!(going(Some(1), Some(0)), ["4", "3", "2", "1"]);
        assert_eq!(going(Some(4), Some(3)), ["2", "1"]);
    }
}
