//! `docs/reference/locks.md`, made from the cases that are compared with the servers. With
//! `UNDERPIN_UPDATE_DOCS` set it is written anew instead.

use std::{collections::BTreeMap, env, fmt::Write as _, fs, path::Path};

use underpin::core::{
    dialect::Flavour,
    impact::{Impact, impact},
    schema::ServerVersion,
    statement,
};

use crate::case::{Case, Topic, topics};

const ABOUT: &str = "# Locks, rewrites and scans\n\n\
What each statement does to whoever uses the database meanwhile, as `underpin plan` tells it. This page is made from \
the cases of the suite `tests/tests/impact`, which runs each of them on PostgreSQL 15 and 18, MySQL 9.7, MariaDB 10.11 \
and SQLite and wants what is foretold and what the server does to be equal. What is said of other versions comes from \
their manuals and release notes.\n\n\
In all of them `t` is the table that is changed. A table that the same run has made is locked for nobody and is not \
told. `ACCESS SHARE` is left out: nothing but `ACCESS EXCLUSIVE` waits for it.\n";

/// Compares the page with what the cases say now.
pub(crate) fn check() -> Result<(), String> {
    let page = page();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/locks.md");
    if env::var_os("UNDERPIN_UPDATE_DOCS").is_some() {
        return fs::write(&path, page).map_err(|error| error.to_string());
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    if known == page {
        return Ok(());
    }
    let line = known.lines().zip(page.lines()).position(|(one, other)| one != other);
    Err(format!(
        "docs/reference/locks.md is out of date from line {line:?} on: write it with UNDERPIN_UPDATE_DOCS=1"
    ))
}

fn page() -> String {
    let mut page = ABOUT.to_owned();
    page.push_str("\n## PostgreSQL\n");
    for topic in topics("postgres") {
        table(&mut page, &topic, &[(Flavour::Postgres, POSTGRES)]);
    }
    page.push_str(
        "\n## MySQL and MariaDB\n\nThe best algorithm that the server accepts. INSTANT and LOCK=NONE let others \
         read and write but for a moment at the end, for which the statement waits until every transaction that \
         has used the table is over; LOCK=SHARED keeps writers out until it is done. `foreign_key_checks` is on. Where no algorithm can be asked \
         for, the lock is told: METADATA is the moment at the end, SHARED keeps writers out, EXCLUSIVE everybody. \
         SHARED ROWS locks each row that is read, and the places between, until the transaction is over, so that \
         writers wait; at the isolation level READ COMMITTED, which is not the default, nothing is locked by \
         reading.\n",
    );
    for topic in topics("mysql") {
        table(&mut page, &topic, &[(Flavour::Mysql, MYSQL), (Flavour::Mariadb, MARIADB)]);
    }
    page.push_str(
        "\n## SQLite\n\nEvery statement that writes keeps other writers out until its transaction ends.\n",
    );
    for topic in topics("sqlite") {
        table(&mut page, &topic, &[(Flavour::Sqlite, SQLITE)]);
    }
    page
}

const POSTGRES: &[(u32, u32, u32)] = &[
    (10, 0, 0),
    (11, 0, 0),
    (12, 0, 0),
    (13, 0, 0),
    (14, 0, 0),
    (15, 0, 0),
    (16, 0, 0),
    (17, 0, 0),
    (18, 0, 0),
];
const MYSQL: &[(u32, u32, u32)] = &[(8, 0, 12), (8, 0, 28), (8, 0, 29), (8, 4, 0), (9, 0, 0)];
const MARIADB: &[(u32, u32, u32)] = &[(10, 6, 0), (11, 2, 0)];
const SQLITE: &[(u32, u32, u32)] = &[(3, 25, 0)];

/// A flavour, and the versions of it that a table has columns for.
type Servers<'a> = (Flavour, &'a [(u32, u32, u32)]);

fn table(page: &mut String, topic: &Topic, servers: &[Servers<'_>]) {
    let _ = write!(page, "\n### {}\n\n| statement |", topic.title);
    for (flavour, _) in servers {
        let _ = write!(page, " {} |", flavour.title());
    }
    let _ = writeln!(page, "\n|---|{}", "---|".repeat(servers.len()));
    for case in &topic.cases {
        let _ = write!(page, "| {}: `{}` |", case.name, case.statement.replace('|', "\\|"));
        for (flavour, versions) in servers {
            let _ = write!(page, " {} |", cell(case, *flavour, versions));
        }
        page.push('\n');
    }
}

/// What the statement does, by version where that differs.
fn cell(case: &Case, flavour: Flavour, versions: &[(u32, u32, u32)]) -> String {
    if !case.is_for(flavour.name()) {
        return "—".to_owned();
    }
    let catalog = case.catalog(flavour.dialect());
    let read = statement::parse(flavour.dialect(), &case.statement);
    let mut told: Vec<((u32, u32, u32), String)> = Vec::new();
    for &version in versions.iter().filter(|version| case.since.is_none_or(|since| version.0 >= since)) {
        let found = impact(flavour, ServerVersion::new(version.0, version.1, version.2), &catalog, &read);
        let text = words(&found);
        if told.last().is_none_or(|(_, last)| *last != text) {
            told.push((version, text));
        }
    }
    match told.as_slice() {
        [] => "—".to_owned(),
        [(_, text)] => text.clone(),
        several => {
            let since =
                |(version, text): &((u32, u32, u32), String)| format!("since {}: {text}", number(*version));
            let first = format!("before: {}", several[0].1);
            let rest = several[1..].iter().rev().map(since);
            rest.chain([first]).collect::<Vec<_>>().join("; ")
        }
    }
}

fn number((major, minor, patch): (u32, u32, u32)) -> String {
    match (minor, patch) {
        (0, 0) => major.to_string(),
        (_, 0) => format!("{major}.{minor}"),
        (_, _) => format!("{major}.{minor}.{patch}"),
    }
}

fn words(impact: &Impact) -> String {
    if let Some(way) = impact.way {
        let rebuild = if way.rebuild { ", every row is written" } else { "" };
        return format!("{way}{rebuild}");
    }
    let mut modes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for lock in &impact.locks {
        modes.entry(lock.mode.to_string()).or_default().push(lock.table.name.clone());
    }
    let mut parts: Vec<String> =
        modes.into_iter().map(|(mode, tables)| format!("{mode} on {}", tables.join(", "))).collect();
    let names = |tables: &[statement::ObjectName]| {
        tables.iter().map(|table| table.name.clone()).collect::<Vec<_>>().join(", ")
    };
    if !impact.rewrites.is_empty() {
        parts.push(format!("writes {} anew", names(&impact.rewrites)));
    }
    if !impact.scans.is_empty() {
        parts.push(format!("reads {}", names(&impact.scans)));
    }
    for build in &impact.builds {
        parts.push(match build.indexes {
            1 => format!("builds an index on {}", build.table.name),
            many => format!("builds {many} indexes on {}", build.table.name),
        });
    }
    if parts.is_empty() { "no lock on a table".to_owned() } else { parts.join("; ") }
}
