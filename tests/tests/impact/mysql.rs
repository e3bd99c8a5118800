//! What MySQL and MariaDB do: the first of their algorithms that the server accepts for the statement,
//! whether the table is another one afterwards, and which tables it waits for.

use std::collections::BTreeMap;

use underpin::core::{
    catalog::Catalog,
    dialect::{Dialect, Flavour},
    impact::{Algorithm, Concurrency, Impact, LockMode, Way, impact},
    schema::ServerVersion,
    statement,
};
use underpin_tests::{Engine, TestDatabase};

use crate::{case::Case, case::Topic, host::Host};

/// Every case of a topic; what differs, in words.
pub(crate) fn check(host: Host, topic: &Topic) -> Vec<String> {
    let flavour = if host.engine() == Engine::Mariadb { Flavour::Mariadb } else { Flavour::Mysql };
    let cases = topic.cases.iter().filter(|case| case.is_for(flavour.name()));
    cases.filter_map(|case| check_one(host, flavour, case)).collect()
}

fn check_one(host: Host, flavour: Flavour, case: &Case) -> Option<String> {
    let database = host.create();
    let text = database.value("SELECT version()");
    let version = ServerVersion::parse(&text).unwrap_or_else(|| panic!("no version: {text}"));
    set_up(&database, &case.schema);
    let inspected = crate::inspected(&database);
    let read = statement::parse(Dialect::Mysql, &case.statement);
    let foretold: Vec<(&str, Impact)> =
        [("statements", case.catalog(Dialect::Mysql)), ("inspection", Catalog::from(&inspected))]
            .into_iter()
            .map(|(source, catalog)| (source, impact(flavour, version, &catalog, &read)))
            .collect();
    let locked = case.locks.then(|| Waited::seen(host, case, &database));
    let way = foretold[0].1.way.map(|_| best(&database, flavour, &case.statement));
    for (source, foretold) in &foretold {
        let told = foretold.way.map(described);
        if told.as_ref() != way.as_ref() {
            let (told, way) = (told.unwrap_or_default(), way.unwrap_or_default());
            return Some(format!(
                "{} (catalog by {source}): {}\n         foretold {told}, accepted {way}",
                case.name, case.statement
            ));
        }
        let told = Waited::told(foretold, locked.as_ref());
        if locked.as_ref().is_some_and(|locked| *locked != told) {
            return Some(format!(
                "{} (catalog by {source}): {}\n         foretold locks {told:?}, seen {locked:?}",
                case.name, case.statement
            ));
        }
    }
    None
}

fn set_up(database: &TestDatabase, schema: &str) {
    for statement in
        schema.split(";\n").flat_map(|line| line.split("; ")).map(str::trim).filter(|it| !it.is_empty())
    {
        database.query(statement.trim_end_matches(';'));
    }
}

/// `INPLACE, NONE, rebuild`, as far as the server can be asked: INSTANT has no lock of its own.
fn described(way: Way) -> String {
    let rebuild = if way.rebuild && way.algorithm != Algorithm::Copy { ", rebuild" } else { "" };
    let lock = if way.algorithm == Algorithm::Instant { "DEFAULT" } else { way.concurrency.name() };
    format!("{}, {lock}{rebuild}", way.algorithm)
}

/// The first way that the server accepts, from the cheapest.
fn best(database: &TestDatabase, flavour: Flavour, statement: &str) -> String {
    let mut refused = String::new();
    let before = table_ids(database, flavour);
    for (algorithm, lock) in ways(flavour) {
        let asked = asking(statement, algorithm, lock);
        match database.try_query(&asked) {
            Ok(_) => {
                let renamed = statement.contains("RENAME TO");
                let rebuilt = !renamed
                    && algorithm != Algorithm::Copy
                    && differ(&before, &table_ids(database, flavour));
                return format!("{algorithm}, {lock}{}", if rebuilt { ", rebuild" } else { "" });
            }
            Err(error) => refused = error.to_string(),
        }
    }
    format!("none: {refused}")
}

fn ways(flavour: Flavour) -> Vec<(Algorithm, &'static str)> {
    let locks = [Concurrency::None, Concurrency::Shared, Concurrency::Exclusive].map(Concurrency::name);
    let mut ways = vec![(Algorithm::Instant, "DEFAULT")];
    for algorithm in [Algorithm::NoCopy, Algorithm::Inplace, Algorithm::Copy] {
        if algorithm != Algorithm::NoCopy || flavour == Flavour::Mariadb {
            ways.extend(locks.map(|lock| (algorithm, lock)));
        }
    }
    ways
}

/// The statement that asks for a way; where only `ALTER TABLE` can ask, in its words.
fn asking(statement: &str, algorithm: Algorithm, lock: &str) -> String {
    let statement = match statement.strip_prefix("DROP INDEX ").and_then(|rest| rest.split_once(" ON ")) {
        Some((index, table)) => format!("ALTER TABLE {table} DROP INDEX {index}"),
        None => statement.to_owned(),
    };
    if about_partitions(&statement) {
        let (table, work) = statement["ALTER TABLE ".len()..].split_once(' ').expect("what is done");
        return format!("ALTER TABLE {table} ALGORITHM={algorithm}, LOCK={lock}, {work}");
    }
    let separator = if statement.starts_with("ALTER TABLE") { ", " } else { " " };
    format!("{statement}{separator}ALGORITHM={algorithm}{separator}LOCK={lock}")
}

/// The numbers of the tables and partitions by name, which are others where rows were written anew.
fn table_ids(database: &TestDatabase, flavour: Flavour) -> BTreeMap<String, String> {
    let view = if flavour == Flavour::Mariadb { "INNODB_SYS_TABLES" } else { "INNODB_TABLES" };
    let rows = database.query(&format!(
        "SELECT NAME, CAST(TABLE_ID AS CHAR) FROM information_schema.{view} \
         WHERE NAME LIKE CONCAT(DATABASE(), '/%') AND NAME NOT LIKE '%/FTS%'"
    ));
    rows.into_iter().filter_map(|row| Some((row.first()?.clone()?, row.get(1)?.clone()?))).collect()
}

/// Whether one that is there before and after has another number.
fn differ(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> bool {
    before.iter().any(|(name, id)| after.get(name).is_some_and(|now| now != id))
}

/// Which tables a statement waits for.
#[derive(Debug, PartialEq, Eq)]
struct Waited {
    /// Those that it can't do without while somebody has read them.
    for_readers: Vec<String>,
    /// Those that it can't do without while somebody has locked their rows, and no more than that.
    for_writers: Vec<String>,
}

impl Waited {
    /// What was foretold. Whether a statement that writes rows waits for those of others depends on which
    /// they are, so that this says nothing of its tables.
    fn told(foretold: &Impact, seen: Option<&Self>) -> Self {
        let of = |wanted: fn(LockMode) -> bool| -> Vec<String> {
            let locks = foretold.locks.iter().filter(|lock| wanted(lock.mode));
            locks.map(|lock| lock.table.name.clone()).collect()
        };
        let open = of(|mode| mode == LockMode::Rows);
        let mut for_writers = of(|mode| mode == LockMode::SharedRows);
        let seen = seen.into_iter().flat_map(|seen| &seen.for_writers);
        for_writers.extend(seen.filter(|table| open.contains(table)).cloned());
        for_writers.sort();
        let for_readers = of(|mode| !matches!(mode, LockMode::Rows | LockMode::SharedRows));
        Self { for_readers, for_writers }
    }

    /// What the server does: each table is tried in a database of its own.
    fn seen(host: Host, case: &Case, first: &TestDatabase) -> Self {
        let (for_readers, rest) = first
            .tables()
            .into_iter()
            .partition(|table| waits(host, case, &format!("SELECT count(*) FROM `{table}`")));
        let locked = |table: &String| waits(host, case, &format!("SELECT * FROM `{table}` FOR UPDATE"));
        let rest: Vec<String> = rest;
        Self { for_readers, for_writers: rest.into_iter().filter(locked).collect() }
    }
}

/// Whether the statement waits as long as a transaction is open in which `held` was run. What is done to
/// partitions and for upkeep says so in a row: 146 is the engine's number for it.
fn waits(host: Host, case: &Case, held: &str) -> bool {
    let database = host.create();
    set_up(&database, &case.schema);
    let holder = database.hold(&[held]);
    let run = format!("SET lock_wait_timeout = 1, innodb_lock_wait_timeout = 1; {}", case.statement);
    let answer = database.try_query(&run);
    holder.end();
    match answer {
        Ok(rows) => rows
            .iter()
            .flatten()
            .flatten()
            .any(|text| text.contains("Lock wait timeout") || text.contains("error 146")),
        Err(error) => error.to_string().contains("1205"),
    }
}

/// Whether it is a statement to which ALGORITHM is said before what is done.
fn about_partitions(statement: &str) -> bool {
    statement.starts_with("ALTER TABLE") && statement.contains(" PARTITION ")
}
