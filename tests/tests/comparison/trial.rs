//! A case on an engine: up, down, up to nothing left, and from nothing. The witness is the catalog, not ours.

use std::time::Duration;

use underpin::{
    Database, Diagnostic, SafeUrl, Scope,
    core::{
        difference::{Difference, Renames, Statement, compare},
        schema::Schema,
    },
};
use underpin_tests::{Engine, TestDatabase};

use crate::{case::Case, host::Host, rows::Rows};

/// Runs a case on an engine.
pub(crate) fn run(host: Host, case: &Case) {
    let wanted = host.create();
    if !case.is_for_series_of(&wanted) {
        return;
    }
    set_up(&wanted, &case.to);
    let database = host.create();
    set_up(&database, &case.from);
    if !case.rows.trim().is_empty() {
        database.execute(&case.rows);
    }
    let (before, start) = (Rows::of(&database), database.catalog());

    let (from, to) = (inspect(&database), inspect(&wanted));
    let difference = compare(&from, &to, &case.renames);
    if let Some(message) = &case.refused {
        let error = difference.statements().expect_err("not refused");
        assert!(error.message.contains(message.as_str()), "refused otherwise: {}", error.message);
        return;
    }
    let up = statements("up", &difference);
    for text in &case.expect {
        assert!(up.contains(text.as_str()), "no {text:?} in:\n{up}");
    }
    for text in &case.avoid {
        assert!(!up.contains(text.as_str()), "{text:?} in:\n{up}");
    }

    apply("up", &database, &difference);
    same(&format!("after the upgrade\n{up}"), &database.catalog(), &wanted.catalog());
    let lost = before.lost(&Rows::of(&database), case);
    assert!(lost.is_empty(), "rows are lost by\n{up}\n{}", lost.join("\n"));
    settled("the upgrade", &inspect(&database), &to);

    if !case.one_way {
        let back = difference.reversed();
        let down = statements("down", &back);
        let rows = Rows::of(&database);
        apply("down", &database, &back);
        same(&format!("after the downgrade\n{down}"), &database.catalog(), &start);
        let lost = rows.lost(&Rows::of(&database), case);
        assert!(lost.is_empty(), "rows are lost by\n{down}\n{}", lost.join("\n"));
        settled("the downgrade", &inspect(&database), &from);
    }

    from_nothing(host, &wanted, &to);
}

/// The whole schema is made by statements that come from it.
pub(crate) fn from_nothing(host: Host, wanted: &TestDatabase, to: &Schema) {
    let fresh = host.create();
    let difference = compare(&inspect(&fresh), to, &Renames::NONE);
    let text = statements("from nothing", &difference);
    apply("from nothing", &fresh, &difference);
    same(&format!("made from nothing by\n{text}"), &fresh.catalog(), &wanted.catalog());
    settled("making it from nothing", &inspect(&fresh), to);
}

pub(crate) fn inspect(database: &TestDatabase) -> Schema {
    let url: SafeUrl = database.url().parse().expect("a test's own URL");
    let (place, scope) = (Database::url(url), Scope::default());
    let read = place.inspect(&scope, Duration::from_secs(30));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(read).unwrap_or_else(|error| panic!("{}", words(&error)))
}

fn set_up(database: &TestDatabase, sql: &str) {
    let nothing = sql.lines().all(|line| line.trim().is_empty() || line.starts_with("--"));
    if !nothing {
        database.execute(sql);
    }
}

fn statements(what: &str, difference: &Difference) -> String {
    let statements = difference.statements().unwrap_or_else(|error| panic!("{what}: {}", words(&error)));
    statements.iter().map(|statement| format!("{};\n", statement.sql)).collect()
}

/// Runs the statements on one connection, as a client would.
pub(crate) fn apply(what: &str, database: &TestDatabase, difference: &Difference) {
    let statements = difference.statements().unwrap_or_else(|error| panic!("{what}: {}", words(&error)));
    let frame = Frame::of(database.engine());
    let mut texts = vec![frame.begin.to_owned()];
    texts.extend(statements.into_iter().map(|Statement { sql, .. }| sql));
    texts.push(frame.end.to_owned());
    let texts: Vec<&str> = texts.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    if let Err((number, error)) = database.try_each(&texts) {
        panic!("{what}: {error}\n  in {}\nof\n{}", texts[number], texts.join(";\n"));
    }
}

/// What a client puts around the statements.
struct Frame {
    begin: &'static str,
    end: &'static str,
}

impl Frame {
    fn of(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => Self {
                begin: "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE",
                end: "COMMIT; PRAGMA foreign_keys = ON",
            },
            Engine::Postgres | Engine::Mysql | Engine::Mariadb => Self { begin: "", end: "" },
        }
    }
}

pub(crate) fn same(when: &str, one: &[String], other: &[String]) {
    let only = |these: &[String], those: &[String]| {
        these.iter().filter(|fact| !those.contains(fact)).cloned().collect::<Vec<_>>()
    };
    let (unwanted, missing) = (only(one, other), only(other, one));
    assert!(
        unwanted.is_empty() && missing.is_empty(),
        "{when}\nthere and not wanted:\n  {}\nwanted and not there:\n  {}",
        unwanted.join("\n  "),
        missing.join("\n  ")
    );
}

pub(crate) fn settled(what: &str, from: &Schema, to: &Schema) {
    let left = compare(from, to, &Renames::NONE);
    assert!(
        left.is_empty(),
        "after {what} something differs still:\n{}\n{}",
        left.statements()
            .map(|all| all.into_iter().map(|one| one.sql + ";\n").collect())
            .unwrap_or_else(|error| words(&error)),
        serde_json::to_string_pretty(&left).unwrap_or_default()
    );
}

fn words(error: &Diagnostic) -> String {
    format!("{} {}", error.message, error.hints.join("; "))
}
