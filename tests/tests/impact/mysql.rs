//! What MySQL and MariaDB do: the first of their algorithms that the server accepts for the statement,
//! whether the table is another one afterwards, and which tables it waits for.

use underpin::core::{
    catalog::Catalog,
    dialect::{Dialect, Flavour},
    impact::{Algorithm, Concurrency, Impact, Way, impact},
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
    let locked = if case.locks { Some(waited_for(host, case, &database)) } else { None };
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
        let tables: Vec<String> = foretold.locks.iter().map(|lock| lock.table.name.clone()).collect();
        if locked.as_ref().is_some_and(|locked| *locked != tables) {
            return Some(format!(
                "{} (catalog by {source}): {}\n         foretold locks {tables:?}, seen {locked:?}",
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
                let rebuilt =
                    !renamed && algorithm != Algorithm::Copy && table_ids(database, flavour) != before;
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
    let separator = if statement.starts_with("ALTER TABLE") { ", " } else { " " };
    format!("{statement}{separator}ALGORITHM={algorithm}{separator}LOCK={lock}")
}

/// The numbers of the tables, which are others where rows were written anew.
fn table_ids(database: &TestDatabase, flavour: Flavour) -> Vec<Vec<Option<String>>> {
    let view = if flavour == Flavour::Mariadb { "INNODB_SYS_TABLES" } else { "INNODB_TABLES" };
    database.query(&format!(
        "SELECT CAST(TABLE_ID AS CHAR) FROM information_schema.{view} WHERE NAME LIKE CONCAT(DATABASE(), '/%') \
         AND NAME NOT LIKE '%/FTS%' ORDER BY NAME"
    ))
}

/// The tables that the statement can't do without while a reader keeps them as they are: each is tried in
/// a database of its own.
fn waited_for(host: Host, case: &Case, first: &TestDatabase) -> Vec<String> {
    let tables = first.tables();
    let mut waited = Vec::new();
    for table in tables {
        let database = host.create();
        set_up(&database, &case.schema);
        let holder = database.hold(&[&format!("SELECT count(*) FROM `{table}`")]);
        let run = format!("SET lock_wait_timeout = 1; {}", case.statement);
        if let Err(error) = database.try_query(&run)
            && error.to_string().contains("1205")
        {
            waited.push(table);
        }
        holder.end();
    }
    waited
}
