//! The schemas of real applications, as their packages bring them: read, made again from what was read, compared.
//! `cargo xtask test` fetches the packages; nothing of them is kept in this repository.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use libtest_mimic::Trial;
use underpin::core::{
    dialect::Dialect,
    difference::{Renames, compare},
    sql,
};
use underpin_tests::TestDatabase;

use crate::host::Host;
use crate::trial::{apply, from_nothing, inspect, same, settled};

/// Where the schemas lie, as `<application>.<dialect>.sql`.
const VARIABLE: &str = "UNDERPIN_TEST_APPLICATIONS";

/// A trial for each schema and each engine that it is for.
pub(crate) fn trials() -> Vec<Trial> {
    let Some(directory) = env::var_os(VARIABLE) else {
        return vec![Trial::test("applications", || {
            assert!(
                env::var_os("CI").is_none(),
                "applications are SKIPPED: {VARIABLE} is not set, and CI is"
            );
            eprintln!("applications are SKIPPED: {VARIABLE} is not set (cargo xtask test fetches them)");
            Ok(())
        })];
    };
    let mut files: Vec<PathBuf> = fs::read_dir(&directory)
        .unwrap_or_else(|error| panic!("{}: {error}", directory.display()))
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .collect();
    files.sort();
    files.iter().flat_map(|file| of_file(file)).collect()
}

fn of_file(file: &Path) -> Vec<Trial> {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let Some((application, dialect)) = stem.rsplit_once('.') else { return Vec::new() };
    let hosts = Host::all().filter(|host| host.engine().dialect() == dialect);
    hosts
        .map(|host| {
            let file = file.to_owned();
            Trial::test(format!("{host}::application::{application}"), move || {
                host.run(|host| run(host, &file));
                Ok(())
            })
        })
        .collect()
}

/// Reads a schema, makes it again, compares, and takes it apart.
fn run(host: Host, file: &Path) {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let (database, nothing) = (host.create(), host.create());
    load(&database, &text);
    let schema = inspect(&database);
    assert!(schema.tables().count() > 3, "{} tables were read", schema.tables().count());
    settled("reading it twice", &inspect(&database), &schema);
    from_nothing(host, &database, &schema);
    let away = compare(&schema, &inspect(&nothing), &Renames::NONE);
    apply("taking it apart", &database, &away);
    same("taken apart", &database.catalog(), &nothing.catalog());
}

/// Runs what it can of a script that a client would run: what needs the application's own roles, files or the
/// client itself is left out.
fn load(database: &TestDatabase, text: &str) {
    let dialect: Dialect = database.engine().dialect().parse().expect("a dialect");
    // Some scripts continue lines as shells do, which their client takes out.
    let text = without_client_commands(text).replace("\\\n", "\n");
    let statements = sql::split(dialect, &text).unwrap_or_else(|error| panic!("not split: {error}"));
    let wanted = |text: &str| {
        let first: String = text.chars().take(12).collect::<String>().to_ascii_uppercase();
        ["CREATE", "ALTER", "COMMENT", "DROP", "SET"].iter().any(|word| first.starts_with(word))
            && !first.starts_with("CREATE DATAB")
            && !first.starts_with("DROP DATABAS")
            && !first.starts_with("CREATE ROLE")
            && !first.starts_with("CREATE USER")
    };
    let texts: Vec<&str> =
        statements.iter().map(|statement| statement.text).filter(|text| wanted(text)).collect();
    let failed = database.each_possible(&texts);
    assert!(failed.len() * 5 < texts.len(), "most of it is not for this server: {failed:?}");
}

/// The lines that psql, mysql and sqlite3 keep for themselves, and rows between `COPY` and `\.`.
fn without_client_commands(text: &str) -> String {
    let mut copying = false;
    let mut kept = String::with_capacity(text.len());
    for line in text.lines() {
        let upper = line.trim_start().to_ascii_uppercase();
        if copying {
            copying = !line.starts_with("\\.");
            continue;
        }
        copying = upper.starts_with("COPY ") && upper.contains("FROM STDIN");
        let command = line.starts_with('\\')
            || line.starts_with('.')
            || ["SOURCE ", "USE "].iter().any(|word| upper.starts_with(word));
        if !copying && !command {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}
