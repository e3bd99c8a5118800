//! What PostgreSQL does: the locks of the session that runs the statement, files that are others
//! afterwards, and rows that were read.

use std::{thread, time::Duration};

use underpin::core::{
    catalog::{Birth, Catalog},
    dialect::{Dialect, Flavour},
    impact::impact_of_text,
    schema::ServerVersion,
};
use underpin_tests::TestDatabase;

use crate::{case::Case, case::Topic, effect::Effect, host::Host};

/// Every relation as it is before the statement.
const BEFORE: &str = "CREATE TEMP TABLE before_ AS SELECT c.oid, c.relname, c.relkind, c.relfilenode, \
     coalesce(i.indrelid, c.oid) AS table_oid FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid \
     WHERE c.relnamespace = 'public'::regnamespace;\n";

/// Locks on relations that were there; of indexes those that are harder than their table's.
const LOCKS: &str = "SELECT 'lock', b.relname, l.mode, b.relkind, t.relname FROM pg_locks l \
     JOIN before_ b ON b.oid = l.relation JOIN before_ t ON t.oid = b.table_oid \
     WHERE l.locktype = 'relation' AND l.pid = pg_backend_pid();\n";

/// Files that are others, rows that were read, indexes that were built.
const TRACES: &str = "SELECT 'rewrite', b.relname FROM before_ b JOIN pg_class c ON c.oid = b.oid \
     WHERE b.relkind IN ('r', 'm') AND c.relfilenode <> b.relfilenode;\n\
     SELECT 'read', b.relname FROM pg_stat_xact_user_tables s JOIN before_ b ON b.oid = s.relid WHERE s.seq_scan > 0;\n\
     SELECT 'build', b.relname, count(*)::text FROM pg_index i JOIN before_ b ON b.oid = i.indrelid \
     JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relkind = 'i' AND c.relfilenode <> 0 \
     AND c.relfilenode NOT IN (SELECT relfilenode FROM before_) GROUP BY 2;\n";

/// What makes a server read tables from one end to the other where it may choose.
const WITHOUT_INDEXES: &str =
    "SET enable_indexscan = off; SET enable_bitmapscan = off; SET enable_indexonlyscan = off; ";

/// What each run has in common.
const PLAIN: &str = "SET max_parallel_workers_per_gather = 0; SET max_parallel_maintenance_workers = 0; \
     SET TimeZone = 'Europe/Berlin'; SET client_min_messages = error;\n";

/// Every case of a topic; what differs, in words.
pub(crate) fn check(host: Host, topic: &Topic) -> Vec<String> {
    let database = host.create();
    let text = database.value("SHOW server_version");
    let version = ServerVersion::parse(&text).unwrap_or_else(|| panic!("no version: {text}"));
    let cases = topic.cases.iter().filter(|case| case.since.is_none_or(|since| version.major >= since));
    cases.filter_map(|case| check_one(&database, version, case)).collect()
}

fn check_one(database: &TestDatabase, version: ServerVersion, case: &Case) -> Option<String> {
    database.query(&format!("SET client_min_messages = error; DROP SCHEMA IF EXISTS public, elsewhere CASCADE; CREATE SCHEMA public; {}", case.schema));
    let inspected = crate::inspected(database);
    let seen = match &case.alone {
        None => in_transaction(database, case),
        Some(table) => alone(database, case, table),
    };
    let seen = match seen {
        Ok(seen) => seen,
        Err(error) => return Some(format!("{}: {}\n         {error}", case.name, case.statement)),
    };
    let catalogs =
        [("statements", case.catalog(Dialect::Postgres)), ("inspection", Catalog::from(&inspected))];
    for (source, mut catalog) in catalogs {
        let (birth, text) = (Birth::Transaction(0), &case.statement);
        let foretold = impact_of_text(Flavour::Postgres, version, &mut catalog, birth, text, &[]);
        let mut foretold_effect = Effect::of(&foretold);
        if case.alone.is_some() {
            // Only what the statement waits for is seen, and reads are counted elsewhere.
            foretold_effect.locks.retain(|table, _| Some(table) == case.alone.as_ref());
            foretold_effect.reads = seen.reads.clone();
        }
        if let Some(difference) = foretold_effect.compared(&seen) {
            return Some(format!(
                "{} (catalog by {source}): {}\n         {difference}",
                case.name, case.statement
            ));
        }
    }
    None
}

fn in_transaction(database: &TestDatabase, case: &Case) -> Result<Effect, String> {
    let whole = if case.indexes { "" } else { WITHOUT_INDEXES };
    let script = format!("{whole}{PLAIN}BEGIN;\n{BEFORE}{};\n{LOCKS}{TRACES}ROLLBACK", case.statement);
    let rows = database.try_query(&script).map_err(|error| error.to_string())?;
    Ok(effect(case, rows))
}

fn effect(case: &Case, rows: Vec<Vec<Option<String>>>) -> Effect {
    let mut effect = Effect::default();
    let mut indexes = Vec::new();
    for row in rows {
        let row: Vec<String> = row.into_iter().map(Option::unwrap_or_default).collect();
        match row.first().map(String::as_str) {
            Some("lock") if row[3] == "i" || row[3] == "I" => indexes.push(row),
            // A sequence that belongs to a column is nobody else's.
            Some("lock") if row[3] == "S" && !case.statement.contains("SEQUENCE") => {}
            Some("lock") => strongest(&mut effect, &row[1], &row[2]),
            Some("rewrite") => drop(effect.rewrites.insert(row[1].clone())),
            Some("read") => drop(effect.reads.insert(row[1].clone())),
            Some("build") => drop(effect.builds.insert(row[1].clone(), row[2].parse().unwrap_or_default())),
            _ => {}
        }
    }
    for row in indexes {
        let of_table = effect.locks.get(&row[4]).map_or(0, |mode| rank(mode));
        if rank(&words(&row[2])) > of_table.max(rank("SHARE UPDATE EXCLUSIVE")) {
            strongest(&mut effect, &row[1], &row[2]);
        }
    }
    // What is emptied gets a new file, and nothing is written to it.
    if case.statement.starts_with("TRUNCATE") {
        effect.rewrites.clear();
        effect.builds.clear();
        effect.reads.clear();
    }
    let rewrites = effect.rewrites.clone();
    effect.builds.retain(|table, _| !rewrites.contains(table));
    effect.reads.retain(|table| !rewrites.contains(table));
    effect
}

/// The modes, from the weakest (manual, 13.3.1).
const MODES: &[&str] = &[
    "ACCESS SHARE",
    "ROW SHARE",
    "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
];

fn rank(mode: &str) -> usize {
    MODES.iter().position(|known| *known == mode).unwrap_or_else(|| panic!("no mode {mode}"))
}

/// `ACCESS EXCLUSIVE` for `AccessExclusiveLock`.
fn words(mode: &str) -> String {
    let mut words = String::new();
    for character in mode.trim_end_matches("Lock").chars() {
        if character.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(character.to_uppercase());
    }
    words
}

fn strongest(effect: &mut Effect, relation: &str, mode: &str) {
    let mode = words(mode);
    // It is in the way of nothing but ACCESS EXCLUSIVE, and not told.
    if mode == "ACCESS SHARE" {
        return;
    }
    let known = effect.locks.entry(relation.to_owned()).or_insert_with(|| mode.clone());
    if rank(&mode) > rank(known) {
        *known = mode;
    }
}

/// A statement that no transaction takes: what it waits for is seen by another session while a third
/// one holds the table.
fn alone(database: &TestDatabase, case: &Case, table: &str) -> Result<Effect, String> {
    let before = "SELECT 'file', relname, relfilenode::text, relkind::text FROM pg_class \
         WHERE relnamespace = 'public'::regnamespace";
    let files = database.query(before);
    let hold =
        format!("BEGIN; LOCK TABLE {table} IN SHARE UPDATE EXCLUSIVE MODE; SELECT pg_sleep(1.5); COMMIT");
    let waits = "SELECT 'lock', c.relname, l.mode, c.relkind::text, c.relname FROM pg_locks l \
         JOIN pg_class c ON c.oid = l.relation WHERE NOT l.granted AND l.locktype = 'relation' \
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    let mut locks = Vec::new();
    thread::scope(|scope| {
        let holder = scope.spawn(|| database.try_query(&hold));
        thread::sleep(Duration::from_millis(300));
        let run = scope.spawn(|| database.try_query(&case.statement));
        for _ in 0..20 {
            thread::sleep(Duration::from_millis(40));
            locks.extend(database.query(waits));
        }
        let _ = holder.join();
        run.join().map_err(|_| "panicked".to_owned())?.map_err(|error| error.to_string())?;
        Ok::<(), String>(())
    })?;
    let mut seen = effect(case, locks);
    let after = database.query(before);
    let kind = |row: &[Option<String>]| row[3].clone().unwrap_or_default();
    for row in after.iter().filter(|row| !files.contains(row)) {
        let name = row[1].clone().unwrap_or_default();
        match kind(row).as_str() {
            "r" => drop(seen.rewrites.insert(name)),
            "i" => *seen.builds.entry(table.to_owned()).or_default() += 1,
            _ => {}
        }
    }
    let rewrites = seen.rewrites.clone();
    seen.builds.retain(|table, _| !rewrites.contains(table));
    Ok(seen)
}
