//! A case on an engine: up, down, up to nothing left, and from nothing. The witness is the catalog, not ours.

use std::time::Duration;

use underpin::{
    Database, Diagnostic, SafeUrl, Scope,
    core::{
        dialect::Dialect,
        difference::{Difference, Renames, Stage, Statement, compare},
        schema::Schema,
        sql,
    },
};
use underpin_tests::{Engine, TestDatabase};

use crate::{case::Case, host::Host, rows::Rows};

/// Runs a case on an engine.
pub(crate) fn trial(host: Host, case: &Case) {
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

    let (from, to) = match &case.schema {
        Some(schema) => {
            let scope = Scope::default().schema(schema);
            (inspect_within(&database, &scope), inspect_within(&wanted, &scope))
        }
        None => (inspect(&database), inspect(&wanted)),
    };
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

    in_stages(case, &database, &wanted, (&from, &to));
    if !case.others_own {
        // What is made belongs to who makes it.
        from_nothing(host, &wanted, &to);
    }
}

/// The same in stages, each of which is gone up, down and up again. They lead to the same end.
fn in_stages(case: &Case, database: &TestDatabase, wanted: &TestDatabase, (from, to): (&Schema, &Schema)) {
    if case.one_way {
        return;
    }
    let difference = compare(from, to, &case.renames);
    let mut stages = difference.stages().unwrap_or_else(|error| panic!("stages: {}", words(&error)));
    if let [stage] = &stages[..]
        && are_those_of(&stage.upgrade, &difference)
        && are_those_of(&stage.downgrade, &difference.reversed())
    {
        // That has just been run.
        return;
    }
    let start = database.catalog();
    let foretold = difference.foretold_stages().unwrap_or_else(|error| panic!("stages: {}", words(&error)));
    for (stage, foretold) in stages.iter_mut().zip(&foretold) {
        assert_less(database, &mut stage.upgrade, to);
        asserts_no_more(&foretold.upgrade, &stage.upgrade);
    }
    for stage in stages.iter_mut().rev() {
        assert_less(database, &mut stage.downgrade, to);
    }
    let text: String = stages.iter().map(shown).collect();
    let mut before = from.clone();
    for stage in &stages {
        run(&format!("up in stages\n{text}"), database, stage.is_transactional(), &stage.upgrade);
        let after = inspect(database);
        run(&format!("down in stages\n{text}"), database, stage.is_transactional(), &stage.downgrade);
        settled(&format!("down in stages\n{text}"), &inspect(database), &before);
        run(&format!("up in stages again\n{text}"), database, stage.is_transactional(), &stage.upgrade);
        let again = inspect(database);
        settled(&format!("up in stages again\n{text}"), &again, &after);
        before = again;
    }
    same(&format!("after all stages\n{text}"), &database.catalog(), &wanted.catalog());
    settled(&format!("all stages\n{text}"), &before, to);
    for stage in stages.iter().rev() {
        run(&format!("down at the end\n{text}"), database, stage.is_transactional(), &stage.downgrade);
    }
    same(&format!("back from all stages\n{text}"), &database.catalog(), &start);
}

/// Whether statements are what a difference is without stages.
fn are_those_of(statements: &[Statement], difference: &Difference) -> bool {
    difference.statements().is_ok_and(|direct| {
        statements.iter().map(|statement| &statement.sql).eq(direct.iter().map(|statement| &statement.sql))
    })
}

/// Runs statements of MySQL or MariaDB, each with as much of its assertion as the server takes.
fn assert_less(database: &TestDatabase, statements: &mut [Statement], to: &Schema) {
    if !matches!(database.engine(), Engine::Mysql | Engine::Mariadb) {
        return;
    }
    let mut done = 0;
    while done < statements.len() {
        // A session's own settings are needed again, since each try is a session.
        let settings = statements[..done].iter().filter(|one| one.sql.starts_with("SET SESSION"));
        let settings: Vec<&str> = settings.map(|one| one.sql.as_str()).collect();
        let rest = statements[done..].iter().map(|one| one.sql.as_str());
        let texts: Vec<&str> = settings.iter().copied().chain(rest).collect();
        let Err((number, error)) = database.try_each(&texts) else { return };
        done += number - settings.len();
        let is_otherwise = ["1845", "1846"].iter().any(|code| error.to_string().contains(code));
        let less = statements[done].asserting_less(to.flavour, to.version).filter(|_| is_otherwise);
        statements[done] = less.unwrap_or_else(|| panic!("{error}\n  in {}", statements[done].sql));
    }
}

/// What is asserted where no server is asked is what this one takes, or less.
fn asserts_no_more(foretold: &[Statement], taken: &[Statement]) {
    for (foretold, taken) in foretold.iter().zip(taken) {
        let strength = |statement: &Statement| {
            let words = ["ALGORITHM=COPY", "ALGORITHM=INPLACE", "ALGORITHM=NOCOPY", "ALGORITHM=INSTANT"];
            words.iter().position(|word| statement.sql.contains(word)).map_or(0, |place| place + 1)
        };
        assert!(
            strength(foretold) <= strength(taken),
            "it is foretold that the server takes\n{}\nand it takes\n{}",
            foretold.sql,
            taken.sql
        );
    }
}

fn shown(stage: &Stage) -> String {
    let lines = |statements: &[Statement]| -> String {
        statements.iter().map(|statement| format!("  {};\n", statement.sql)).collect()
    };
    format!(
        "{:?} up\n{}{:?} down\n{}",
        stage.kind,
        lines(&stage.upgrade),
        stage.kind,
        lines(&stage.downgrade)
    )
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
    inspect_within(database, &Scope::default())
}

fn inspect_within(database: &TestDatabase, scope: &Scope) -> Schema {
    let url: SafeUrl = database.url().parse().expect("a test's own URL");
    let place = Database::url(url);
    let read = place.inspect(scope, Duration::from_secs(30));
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
    if difference.to.flavour.dialect() == Dialect::Mysql {
        read_again(what, &statements, &difference.script().expect("the same statements"));
    }
    statements.iter().map(|statement| format!("{};\n", statement.sql)).collect()
}

/// What a script is split into is what it was made of.
fn read_again(what: &str, statements: &[Statement], script: &str) {
    let read = sql::split(Dialect::Mysql, script).unwrap_or_else(|error| panic!("{what}: {error}\n{script}"));
    let read: Vec<&str> = read.iter().map(|statement| statement.text).collect();
    let written: Vec<&str> = statements.iter().map(|statement| statement.sql.trim()).collect();
    assert_eq!(read, written, "{what} is read otherwise than it was written");
}

/// Runs the statements on one connection, as a client would.
pub(crate) fn apply(what: &str, database: &TestDatabase, difference: &Difference) {
    let statements = difference.statements().unwrap_or_else(|error| panic!("{what}: {}", words(&error)));
    run(what, database, false, &statements);
}

/// Runs these statements, in a transaction where the engine can hold them in one and that was asked for.
fn run(what: &str, database: &TestDatabase, in_transaction: bool, statements: &[Statement]) {
    let frame = Frame::of(database.engine(), in_transaction);
    let mut texts = vec![frame.begin.to_owned()];
    texts.extend(statements.iter().map(|statement| statement.sql.clone()));
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
    fn of(engine: Engine, in_transaction: bool) -> Self {
        match engine {
            Engine::Sqlite => Self {
                begin: "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE",
                end: "COMMIT; PRAGMA foreign_keys = ON",
            },
            Engine::Postgres if in_transaction => Self { begin: "BEGIN", end: "COMMIT" },
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
