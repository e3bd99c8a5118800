//! A change, from the command that generates it to its last revision, and back.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use underpin_tests::{Engine, Project, TestDatabase};

use crate::host::Host;
use crate::schema::shop;

/// Writes what is to come; the names of the files, in their order.
fn generate(project: &Project, database: &TestDatabase, flags: &[&str]) -> Vec<String> {
    let output = project
        .underpin_on(database)
        .env("UNDERPIN_SCHEMA_FILE", "schema.sql")
        .env("UNDERPIN_ID_STYLE", "sequence")
        .args(["generate", "more"])
        .args(flags)
        .run()
        .expect_success();
    let names = output.stdout.lines().filter_map(|line| line.rsplit('/').next());
    names.map(str::to_owned).collect()
}

fn text(project: &Project, file: &str) -> String {
    fs::read_to_string(project.migrations().join(file)).expect("a revision")
}

/// Writes orders while something is done; what went wrong.
fn while_writing(database: &TestDatabase, work: impl FnOnce()) -> Vec<String> {
    let ended = AtomicBool::new(false);
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut errors = Vec::new();
            let mut id = 1_000_000;
            while !ended.load(Ordering::Relaxed) {
                id += 1;
                let sql = format!(
                    "INSERT INTO orders (id, customer_id, total, state, code) VALUES ({id}, 7, 1, 'new', '{id}')"
                );
                errors.extend(database.try_query(&sql).err().map(|error| error.to_string()));
                let sql = format!("UPDATE orders SET total = total + 1 WHERE id = {}", id % 10_000);
                errors.extend(database.try_query(&sql).err().map(|error| error.to_string()));
                thread::sleep(Duration::from_millis(5));
            }
            errors
        });
        work();
        ended.store(true, Ordering::Relaxed);
        writer.join().expect("a writer")
    })
}

#[test]
fn a_change_becomes_revisions_that_hold_nobody_up_and_all_of_them_go_back() {
    for host in Host::all().filter(|host| host.engine().is_server()) {
        host.run(|host| {
            let (project, database) = shop(host);
            // The journal is made by the first revision that needs it, and stays.
            let catalog = || -> Vec<String> {
                database.catalog().into_iter().filter(|line| !line.contains("| underpin_")).collect()
            };
            let start = catalog();
            let files = generate(&project, &database, &[]);
            let expected = match host.engine() {
                Engine::Postgres => {
                    &["0002_more.sql", "0003_more_validate_constraints.sql", "0004_more_build_indexes.sql"][..]
                }
                Engine::Sqlite | Engine::Mysql | Engine::Mariadb => {
                    &["0002_more.sql", "0003_more_validate_constraints.sql"]
                }
            };
            assert_eq!(files, expected, "{host}");
            let errors = while_writing(&database, || {
                project.underpin_on(&database).arg("upgrade").run().expect_success();
            });
            assert!(errors.is_empty(), "{host}: {errors:#?}");
            assert!(generate(&project, &database, &[]).is_empty(), "{host}: there is something left");
            let orphan = database.try_query("INSERT INTO orders (id, customer_id) VALUES (-1, -1)");
            assert!(orphan.is_err(), "{host}: the foreign key is not in force");
            project.underpin_on(&database).args(["downgrade", "0001"]).run().expect_success();
            assert_eq!(catalog(), start, "{host}");
        });
    }
}

#[test]
fn each_revision_says_what_it_is_for() {
    Engine::Postgres.run(|_| {
        let (project, database) = shop(Host::Usual(Engine::Postgres));
        let files = generate(&project, &database, &[]);
        let [change, validate, build] = [0, 1, 2].map(|place| text(&project, &files[place]));
        assert!(change.contains("-- message: more\n"), "{change}");
        assert!(!change.contains("transaction: off"), "{change}");
        assert_eq!(change.matches(" NOT VALID;").count(), 5, "{change}");
        assert!(!change.contains("INDEX"), "{change}");
        assert!(validate.contains("-- message: more: validate constraints\n"), "{validate}");
        assert!(build.contains("-- transaction: off\n"), "{build}");
        assert!(build.contains("ON ONLY \"visits\""), "{build}");
        for line in build.lines().filter(|line| line.starts_with("CREATE ") && !line.contains("ON ONLY")) {
            assert!(line.contains("INDEX CONCURRENTLY"), "{line}");
        }
    });
}

#[test]
fn the_statements_of_mysql_and_mariadb_assert_what_the_server_takes() {
    for engine in [Engine::Mysql, Engine::Mariadb] {
        engine.run(|engine| {
            let (project, database) = shop(Host::Usual(engine));
            let files = generate(&project, &database, &[]);
            let change = text(&project, &files[0]);
            let up = change.split("-- underpin: downgrade").next().unwrap_or_default();
            let statements = up.split(';').filter(|statement| statement.contains("ALTER TABLE"));
            let mut count = 0;
            for statement in statements {
                assert!(statement.contains("ALGORITHM=INSTANT") || statement.contains("LOCK=NONE"), "{up}");
                count += 1;
            }
            assert!(count >= 3, "{up}");
        });
    }
}

#[test]
fn what_can_only_be_copied_asserts_nothing_and_says_so() {
    for engine in [Engine::Mysql, Engine::Mariadb] {
        engine.run(|engine| {
            let (project, database) = (Project::new(), TestDatabase::create(engine));
            project.revision("0001", &[], "t", "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY);", None);
            project.write(
                "schema.sql",
                "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, CONSTRAINT c CHECK (id > 0));",
            );
            project.underpin_on(&database).arg("upgrade").run().expect_success();
            let files = generate(&project, &database, &[]);
            let change = text(&project, &files[0]);
            let up = change.split("-- underpin: downgrade").next().unwrap_or_default();
            assert!(!up.contains("ALGORITHM"), "{change}");
            assert!(change.contains("-- blocks others: nobody can write to t while"), "{change}");
            project.underpin_on(&database).arg("upgrade").run().expect_success();
        });
    }
}

#[test]
fn a_server_that_refuses_what_is_asserted_has_done_nothing_and_the_message_says_what_to_write() {
    for engine in [Engine::Mysql, Engine::Mariadb] {
        engine.run(|engine| {
            let (project, database) = shop(Host::Usual(engine));
            let sql = "ALTER TABLE orders MODIFY COLUMN total BIGINT, ALGORITHM=INSTANT;";
            project.revision("0002", &["0001"], "larger totals", sql, None);
            let start = database.catalog();
            let refused = project.underpin_on(&database).arg("upgrade").run();
            assert_ne!(refused.code(), Some(0), "{engine}: {refused}");
            for words in ["Try ALGORITHM=COPY", "write what it can do into", "0002_larger_totals.sql"] {
                assert!(refused.stderr.contains(words), "{engine}: no {words:?} in {refused}");
            }
            assert_eq!(database.catalog(), start, "{engine}");
        });
    }
}

#[test]
fn rows_that_a_foreign_key_refuses_are_found_when_they_are_looked_at() {
    for engine in [Engine::Postgres, Engine::Mysql, Engine::Mariadb] {
        engine.run(|engine| {
            let (project, database) = shop(Host::Usual(engine));
            generate(&project, &database, &[]);
            database.execute("INSERT INTO orders (id, customer_id) VALUES (-1, 4711)");
            let failed = project.underpin_on(&database).arg("upgrade").run();
            assert_ne!(failed.code(), Some(0), "{engine}: {failed}");
            assert!(failed.stderr.contains("0003_more_validate_constraints.sql"), "{engine}: {failed}");
            database.execute("DELETE FROM orders WHERE id = -1");
            project.underpin_on(&database).arg("upgrade").run().expect_success();
        });
    }
}

#[test]
fn a_flag_and_a_setting_make_one_revision() {
    for engine in Engine::available() {
        let (project, database) = shop(Host::Usual(engine));
        let files = generate(&project, &database, &["--no-online"]);
        assert_eq!(files, ["0002_more.sql"], "{engine}");
        let file = text(&project, &files[0]);
        for word in ["CONCURRENTLY", "NOT VALID", "ALGORITHM"] {
            assert!(!file.contains(word), "{engine}: {word} in {file}");
        }
        fs::remove_file(project.migrations().join(&files[0])).expect("a file");
        project.write("underpin.toml", "online = false\n");
        assert_eq!(generate(&project, &database, &[]), ["0002_more.sql"], "{engine}");
    }
}

#[test]
fn the_stages_of_a_difference_are_a_script_for_the_servers_client() {
    Engine::Postgres.run(|engine| {
        let (project, database) = shop(Host::Usual(engine));
        let diff = |flags: &[&str]| {
            let program = project.underpin_on(&database).args(["diff", "--to", "schema.sql"]).args(flags);
            program.run().expect_success().stdout
        };
        assert!(!diff(&[]).contains("CONCURRENTLY"));
        let script = diff(&["--online"]);
        for line in ["-- change tables\nBEGIN;\n", "-- validate constraints\n", "-- build indexes\nCREATE "] {
            assert!(script.contains(line), "no {line:?} in {script}");
        }
        let statements: Vec<&str> = script.split(";\n").filter(|text| !text.trim().is_empty()).collect();
        database.try_each(&statements).expect("a script that the server takes");
        assert!(diff(&[]).is_empty());
    });
}

#[test]
fn sqlite_has_one_writer_and_one_revision() {
    let (project, database) = shop(Host::Usual(Engine::Sqlite));
    assert_eq!(generate(&project, &database, &[]), ["0002_more.sql"]);
    project.underpin_on(&database).arg("upgrade").run().expect_success();
    assert!(generate(&project, &database, &[]).is_empty());
}
