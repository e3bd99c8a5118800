//! What statements do to whoever uses the database meanwhile: what `core::impact` foretells, and what
//! real servers do. The two have to be equal, both ways, for every case of `impact-cases/`; the page of
//! the documentation is made from the same cases.
//!
//! A file holds a schema and any number of cases for it:
//!
//! ```sql
//! -- title: Columns
//! -- schema
//! CREATE TABLE t (a int);
//! -- case: add a column with a default
//! -- since: 18            (optional: only on servers of this series and newer ones)
//! -- engines: mysql       (optional: only on these flavours)
//! -- alone: t             (optional: no transaction takes it; looked at while it waits for this table)
//! -- locks                (optional, MySQL and MariaDB: each table is tried whether it is waited for)
//! -- indexes              (optional, PostgreSQL: rows that are looked up may be looked up by an index)
//! ALTER TABLE t ADD b int DEFAULT 1
//! -- case: one that needs more
//! -- also
//! CREATE INDEX i ON t (a);
//! -- run
//! DROP INDEX i
//! ```

#![allow(clippy::print_stderr, reason = "a test says why it fails")]

mod case;
mod effect;
#[path = "../comparison/host.rs"]
mod host;
mod mysql;
mod page;
mod postgres;
mod sqlite;
mod volatile;

use std::time::Duration;

use case::{Topic, topics};
use host::Host;
use libtest_mimic::{Arguments, Failed, Trial};
use underpin::{Database, SafeUrl, Scope, core::schema::Schema};
use underpin_tests::{Engine, TestDatabase};

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = vec![Trial::test("page", || page::check().map_err(Failed::from))];
    for host in Host::all() {
        trials.extend(topics(host.engine().dialect()).into_iter().map(|topic| trial(host, topic)));
    }
    for host in Host::all().filter(|host| host.engine() == Engine::Postgres) {
        trials.push(Trial::test(format!("{host}::functions"), move || {
            host.run(volatile::check);
            Ok(())
        }));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn trial(host: Host, topic: Topic) -> Trial {
    Trial::test(format!("{host}::{}", topic.name), move || {
        host.run(|host| {
            let wrong = match host.engine() {
                Engine::Postgres => postgres::check(host, &topic),
                Engine::Mysql | Engine::Mariadb => mysql::check(host, &topic),
                Engine::Sqlite => sqlite::check(host, &topic),
            };
            assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), topic.cases.len(), wrong.join("\n"));
        });
        Ok(())
    })
}

/// What inspection reads of a database.
fn inspected(database: &TestDatabase) -> Schema {
    let url: SafeUrl = database.url().parse().expect("a test's own URL");
    let (place, scope) = (Database::url(url), Scope::default());
    let read = place.inspect(&scope, Duration::from_secs(30));
    runtime().block_on(read).unwrap_or_else(|error| panic!("{}", error.message))
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}
