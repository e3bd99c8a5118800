//! That `docs/reference/alembic-operations.md` has a row for every parameter of every directive of the Alembic
//! that is installed, and for every option of a dialect.
//!
//! It needs a Python that has Alembic, named by `UNDERPIN_TEST_ALEMBIC_PYTHON`. Where that is not set,
//! the test says so and does nothing, except in CI, where it fails.
#![allow(clippy::print_stderr, reason = "what was compared, and what was not, is for people to read")]

use std::{collections::BTreeSet, env, fs, path::PathBuf, process::Command};

const QUESTION: &str = r#"
import inspect
from alembic.operations import Operations, BatchOperations
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.mysql.base import MySQLDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
for prefix, kind in (("op", Operations), ("batch_op", BatchOperations)):
    for name in dir(kind):
        if not name.startswith("_"):
            found = inspect.getattr_static(kind, name)
            found = getattr(found, "__func__", found)
            for parameter in list(inspect.signature(found).parameters)[1:] or ["–"]:
                print(f"{prefix}.{name}\t{parameter}")
for name, dialect in (("postgresql", PGDialect), ("mysql", MySQLDialect), ("sqlite", SQLiteDialect)):
    for construct, options in dialect.construct_arguments:
        for option in options:
            print(f"{name}_{option}\t{construct.__name__}")
"#;

#[test]
fn every_parameter_of_alembic_has_its_row() {
    let Ok(python) = env::var("UNDERPIN_TEST_ALEMBIC_PYTHON") else {
        assert!(env::var("CI").as_deref() != Ok("true"), "UNDERPIN_TEST_ALEMBIC_PYTHON must be set in CI");
        eprintln!("SKIPPED: UNDERPIN_TEST_ALEMBIC_PYTHON names no Python with Alembic; nothing was compared");
        return;
    };
    let answer = Command::new(python).env("PYTHONIOENCODING", "utf-8").args(["-c", QUESTION]).output();
    let answer = answer.expect("UNDERPIN_TEST_ALEMBIC_PYTHON names a program");
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    let answer = String::from_utf8(answer.stdout).expect("names are text");
    let asked: BTreeSet<(&str, &str)> = answer.lines().filter_map(|line| line.split_once('\t')).collect();
    assert!(asked.len() > 150, "only {} parameters were found", asked.len());

    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/alembic-operations.md");
    let page = fs::read_to_string(path).expect("the page is there");
    let rows: BTreeSet<(&str, &str)> = page.lines().filter_map(row).collect();
    let has = |directive: &str, parameter: &str| {
        let outside = directive.strip_prefix("batch_").unwrap_or_default();
        rows.contains(&(directive, parameter)) || rows.contains(&(outside, parameter))
    };
    let missing: Vec<_> = asked.iter().filter(|(directive, parameter)| !has(directive, parameter)).collect();
    assert!(missing.is_empty(), "without a row: {missing:?}");
    let stale: Vec<_> = rows.iter().filter(|row| !asked.contains(row)).collect();
    assert!(stale.is_empty(), "no such thing any more: {stale:?}");
    eprintln!("{} parameters and options of Alembic have their row", asked.len());
}

#[test]
fn every_counterpart_is_there() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut source = String::new();
    for directory in ["src/operation", "../underpin/src/operation"] {
        for entry in fs::read_dir(root.join(directory)).expect("a directory") {
            let path = entry.expect("a file").path();
            if path.is_file() {
                source.push_str(&fs::read_to_string(path).expect("a text"));
            }
        }
    }
    let is_there = |name: &str| {
        let begins = ["fn ", "flag ", "words ", "value ", "namespace ", "\n    "];
        let ends = ["(", "<", ";", ":", " of "];
        begins.iter().any(|begin| ends.iter().any(|end| source.contains(&format!("{begin}{name}{end}"))))
    };
    let path = root.join("../../docs/reference/alembic-operations.md");
    let page = fs::read_to_string(path).expect("the page is there");
    let named: BTreeSet<String> =
        page.lines().filter(|line| row(line).is_some()).flat_map(calls).filter(|name| name != "f").collect();
    assert!(named.len() > 45, "only {} counterparts were found", named.len());
    let missing: Vec<&String> = named.iter().filter(|name| !is_there(name)).collect();
    assert!(missing.is_empty(), "named, and not there: {missing:?}");
}

/// What the last cell of a row calls.
fn calls(line: &str) -> Vec<String> {
    let cell = line.rsplit(" | ").next().unwrap_or_default();
    let code = cell.split('`').skip(1).step_by(2);
    let is_of_name = |letter: char| letter == '_' || letter.is_ascii_alphanumeric();
    code.filter(|code| !code.contains("autocommit_block"))
        .flat_map(|code| {
            code.match_indices('(').map(|(at, _)| {
                let before = &code[..at];
                before[before.rfind(|letter| !is_of_name(letter)).map_or(0, |at| at + 1)..].to_owned()
            })
        })
        .filter(|name| name.starts_with(|letter: char| letter.is_ascii_lowercase()))
        .collect()
}

/// The first two cells of a row of a table.
fn row(line: &str) -> Option<(&str, &str)> {
    let mut cells = line.strip_prefix("| `")?.split(" | ");
    let (first, second) = (cells.next()?, cells.next()?);
    Some((first.trim_matches('`'), second.trim_matches('`')))
}
