//! Comparisons of schemas, as cases that are data: `tests/cases/<dialect>/<topic>.sql`. Each case is a test of its
//! own on every engine of its dialect; a new case needs no Rust.
//!
//! A file holds any number of cases:
//!
//! ```sql
//! -- case: a column is renamed where a person says so
//! -- engines: mysql mariadb      (optional; else all of the dialect; also PostgreSQL18)
//! -- before: 18                  (optional: only on servers of an older series than this)
//! -- since: 15                   (optional: only on servers of this series and newer ones)
//! -- renames: column t.b < a     (optional: kind, new name, < old name, with its namespace where that is another)
//! -- changes: t.c                (optional: columns whose values may read differently afterwards)
//! -- loses: t                    (optional: tables whose rows may go)
//! -- expect: RENAME COLUMN       (optional: text that the statements hold; as often as needed)
//! -- avoid: DROP                 (optional: text that they don't hold)
//! -- refused: can't              (optional: the change is refused with a message that holds this)
//! -- schema: a                   (optional, with refused: the only namespace that is looked at)
//! -- oneway                      (optional: what is lost on the way can't be had back)
//! -- from
//! CREATE TABLE t (a integer);
//! -- rows
//! INSERT INTO t VALUES (1);
//! -- to
//! CREATE TABLE t (b integer);
//! ```

#![allow(clippy::print_stderr, reason = "a test says why it fails")]

mod applications;
mod case;
mod host;
mod rows;
mod trial;

use std::{fs, path::Path};

use case::Case;
use host::Host;
use libtest_mimic::{Arguments, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let cases = Host::all().flat_map(of_cases);
    let trials = cases.chain(applications::trials()).collect();
    libtest_mimic::run(&arguments, trials).exit();
}

/// A trial for each case of this host's dialect; a host that is not at hand is told of when they run.
fn of_cases(host: Host) -> Vec<Trial> {
    let mut trials = Vec::new();
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(host.engine().dialect());
    let mut files: Vec<_> = fs::read_dir(&directory)
        .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
        .unwrap_or_default();
    files.sort();
    for file in files {
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let topic = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        for case in Case::all(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display())) {
            if case.is_for(host) {
                let name = format!("{host}::{topic}::{}", case.name.replace(' ', "_"));
                trials.push(Trial::test(name, move || {
                    host.run(|host| trial::trial(host, &case));
                    Ok(())
                }));
            }
        }
    }
    trials
}
