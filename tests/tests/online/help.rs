//! What lint says to write instead for keys on PostgreSQL: the server takes it, it leads to the key, and lint finds
//! no error in it.

use underpin::core::{
    catalog::Catalog,
    dialect::{Dialect, Flavour},
    lint::{LintSettings, Script, Severity, lint},
    schema::ServerVersion,
};
use underpin_tests::{Engine, TestDatabase};

use crate::host::Host;

const TABLES: &str = "CREATE TABLE r (id integer PRIMARY KEY);\n\
     CREATE TABLE t (id integer, r integer);\n\
     CREATE TABLE m (id integer, r integer) PARTITION BY RANGE (id);\n\
     CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM (0) TO (10);\n\
     CREATE TABLE m_2 PARTITION OF m FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);\n\
     CREATE TABLE m_2_1 PARTITION OF m_2 FOR VALUES FROM (10) TO (20);\n\
     INSERT INTO r VALUES (1); INSERT INTO t VALUES (1, 1); INSERT INTO m VALUES (1, 1), (11, 1)";

/// What is found fault with, by which rule.
const KEYS: [(&str, &str); 7] = [
    ("pk-lock", "ALTER TABLE t ADD PRIMARY KEY (id)"),
    ("pk-lock", "ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (id, r)"),
    ("pk-lock", "ALTER TABLE m ADD CONSTRAINT k PRIMARY KEY (id)"),
    ("unique-constraint-lock", "ALTER TABLE t ADD CONSTRAINT k UNIQUE (id, r)"),
    ("unique-constraint-lock", "ALTER TABLE m ADD UNIQUE (id, r)"),
    ("fk-validate", "ALTER TABLE t ADD FOREIGN KEY (r) REFERENCES r ON DELETE CASCADE"),
    ("fk-validate", "ALTER TABLE m ADD CONSTRAINT k FOREIGN KEY (r) REFERENCES r (id)"),
];

/// The keys and what is not valid.
const FOUND: &str = "SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint \
     WHERE contype IN ('p', 'u', 'f') AND conrelid::regclass::text <> 'r' \
     UNION ALL SELECT indexrelid::regclass || ' is invalid' FROM pg_index WHERE NOT indisvalid ORDER BY 1";

fn findings(version: ServerVersion, sql: &str) -> Vec<(String, Severity, String)> {
    let mut catalog = Catalog::of_sql(Dialect::Postgres, TABLES);
    let script = Script::plain(Flavour::Postgres, version, sql);
    let findings = lint(&script, &mut catalog, &LintSettings::default()).expect("statements");
    findings.into_iter().map(|found| (found.rule.to_owned(), found.severity, found.help)).collect()
}

/// The statements of a help, as they stand between its words.
fn statements(help: &str) -> Vec<String> {
    let words = ["then, in another transaction: ", "then: ", "then "];
    let sql = words.iter().fold(help.to_owned(), |sql, words| sql.replace(words, ""));
    sql.split(';').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
}

fn keys(database: &TestDatabase) -> Vec<Vec<Option<String>>> {
    database.query(FOUND)
}

#[test]
fn the_server_takes_what_lint_says_to_write_for_a_key() {
    for host in Host::all().filter(|host| host.engine() == Engine::Postgres) {
        host.run(|host| {
            for (rule, sql) in KEYS {
                let (blocking, safe) = (host.create(), host.create());
                let version = ServerVersion::parse(&safe.value("SHOW server_version")).expect("a version");
                for database in [&blocking, &safe] {
                    database.execute(TABLES);
                }
                blocking.execute(sql);
                let found = findings(version, sql);
                let found = found.iter().find(|(id, ..)| id == rule);
                let (_, _, help) = found.unwrap_or_else(|| panic!("{host}: no {rule} in {sql}"));
                let statements = statements(help);
                let each: Vec<&str> = statements.iter().map(String::as_str).collect();
                if let Err((place, error)) = safe.try_each(&each) {
                    panic!("{host}: {sql}: {error}, by {} of {help}", each[place]);
                }
                assert_eq!(keys(&safe), keys(&blocking), "{host}: {sql}: {help}");
                let followed = findings(version, &each.join(";\n"));
                let errors: Vec<_> = followed.iter().filter(|(_, it, _)| *it == Severity::Error).collect();
                assert!(errors.is_empty(), "{host}: {sql}: {errors:#?} in {help}");
            }
        });
    }
}
