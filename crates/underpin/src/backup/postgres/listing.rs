//! What of an archive is brought back, where that is not all of it: the list of `pg_restore`, with lines taken out of
//! it. What stands in the archive otherwise is not looked at.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use underpin_core::diagnostic::Diagnostic;

use super::super::{failure, question::During, restore::Restorer};
use crate::{config, database::Session, owned_directory::OwnedDirectory, program::Programs};

/// What the names of the directories of lists begin with.
const PREFIX: &str = "underpin_list_";

/// The extensions that are there and belong to a role that this one is not: it may neither drop nor make them.
const EXTENSIONS: &str =
    "SELECT extname FROM pg_catalog.pg_extension WHERE NOT pg_catalog.pg_has_role(extowner, 'USAGE')";

/// A list of what is brought back, in a file for `--use-list`.
#[derive(Debug)]
pub(super) struct Listing {
    path: PathBuf,
    _directory: OwnedDirectory,
}

impl Listing {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// The list of what is brought back; nothing where it is all of the archive. Extensions of other roles stay as they
/// are. Into a scratch database comes nothing that says how to log in at another server.
pub(super) async fn listing(
    session: &mut dyn Session,
    restorer: &Restorer<'_>,
    programs: Programs<'_>,
) -> Result<Option<Listing>, Diagnostic> {
    let failed = "the extensions could not be read";
    let rows = During::Restore.ask(session, programs.interrupt, EXTENSIONS, failed).await?;
    let extensions: BTreeSet<String> = rows.iter().map(|row| row.text(0).to_owned()).collect();
    let list = list(restorer, programs).await?;
    match without(&list, &extensions, restorer.confined) {
        Some(list) => write(&list).map(Some).map_err(failure::unrestored),
        None => Ok(None),
    }
}

/// What `pg_restore` says is in the archive.
async fn list(restorer: &Restorer<'_>, programs: Programs<'_>) -> Result<String, Diagnostic> {
    let listed = programs.output(&["pg_restore"], |command| {
        command.arg("--list").arg(&restorer.file);
    });
    let text = listed.await.map_err(|error| failure::by_restoring_program(restorer.database, error))?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// The list without what is left out; nothing where that is nothing.
fn without(list: &str, extensions: &BTreeSet<String>, confined: bool) -> Option<String> {
    let stays = |line: &&str| !entry(line).is_some_and(|entry| is_left_out(entry, extensions, confined));
    let kept: Vec<&str> = list.lines().filter(stays).collect();
    (kept.len() < list.lines().count()).then(|| kept.join("\n") + "\n")
}

/// What an entry is: `EXTENSION - citext` of `2; 3079 16404 EXTENSION - citext`.
fn entry(line: &str) -> Option<&str> {
    let (number, rest) = line.split_once("; ")?;
    number.parse::<u64>().ok()?;
    let (_, rest) = rest.split_once(' ')?;
    rest.split_once(' ').map(|(_, entry)| entry.trim_end())
}

fn is_left_out(entry: &str, extensions: &BTreeSet<String>, confined: bool) -> bool {
    let extension = entry.strip_prefix("EXTENSION - ").or_else(|| entry.strip_prefix("COMMENT - EXTENSION "));
    extension.is_some_and(|name| extensions.contains(name.trim_matches('"')))
        || (confined && entry.starts_with("USER MAPPING "))
}

fn write(list: &str) -> std::io::Result<Listing> {
    let directory = OwnedDirectory::unguessable(&config::temporary_directory(), PREFIX)?;
    let path = directory.path().join("list");
    fs::write(&path, list)?;
    Ok(Listing { path, _directory: directory })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = ";\n; Archive created at 2026-11-22 08:00:00 UTC\n;\n\
        2; 3079 16404 EXTENSION - citext \n\
        3345; 0 0 COMMENT - EXTENSION citext \n\
        3; 3079 16405 EXTENSION - hstore \n\
        3334; 1417 16400 USER MAPPING - USER MAPPING app SERVER far app\n\
        215; 1259 16391 TABLE public EXTENSION app\n";

    #[test]
    fn extensions_of_others_are_left_out_with_what_is_said_of_them() {
        let others: BTreeSet<String> = ["citext".to_owned()].into();
        let kept = without(LIST, &others, false).expect("something is left out");
        assert!(
            !kept.contains("citext") && kept.contains("hstore") && kept.contains("USER MAPPING"),
            "{kept}"
        );
        assert_eq!(without(LIST, &BTreeSet::new(), false), None);
    }

    #[test]
    fn how_to_log_in_elsewhere_comes_into_no_scratch_database() {
        let kept = without(LIST, &BTreeSet::new(), true).expect("something is left out");
        assert!(!kept.contains("USER MAPPING") && kept.contains("TABLE public EXTENSION app"), "{kept}");
    }
}
