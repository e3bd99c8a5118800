//! A disk without room: a small file system that is mounted for the test where that is allowed, and on SQLite also a
//! limit for the size of files. After room was made, a normal start finishes the work.

use std::fs;
use std::path::{Path, PathBuf};

use underpin_tests::{Engine, History, Output, OwnServer, Program, Project, SmallDisk, TestDatabase, scale};

use super::Tally;

const FULL: &str = "disk full (a small file system)";

/// A small revision, and one that needs more room than there is: rows on MySQL as well, so that it is rolled back.
fn project(engine: Engine) -> Project {
    let project = Project::new();
    let text = if matches!(engine, Engine::Mysql | Engine::Mariadb) { "LONGTEXT" } else { "TEXT" };
    let begin = format!("CREATE TABLE big (id INTEGER NOT NULL PRIMARY KEY, content {text});");
    project.revision("0001", &[], "begin", &begin, None);
    let fill = match engine {
        Engine::Sqlite => {
            "INSERT INTO big (id, content) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) \
             SELECT i, hex(randomblob(4000)) FROM n;"
        }
        Engine::Postgres => {
            "INSERT INTO big (id, content) SELECT i, (SELECT string_agg(md5(random()::text || i || j), '') \
             FROM generate_series(1, 250) AS j) FROM generate_series(1, 4000) AS i;"
        }
        Engine::Mysql | Engine::Mariadb => {
            "INSERT INTO big (id, content) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900) \
             SELECT i, REPEAT('x', 40000) FROM n;"
        }
    };
    project.revision("0002", &["0001"], "fill", fill, None);
    project
}

/// Tries, makes room, tries again.
fn fail_and_finish(fault: &str, database: &TestDatabase, run: &Program, room: impl FnOnce() -> Program) {
    let engine = database.engine();
    let output: Output = run.run();
    assert_eq!(output.code(), Some(3), "{engine}: {output}");
    // SQLite's run is one transaction, and it undoes all of it by itself.
    let state = match engine {
        Engine::Sqlite => "rolled back, together with 0001 of the same transaction; the database is at base",
        Engine::Postgres | Engine::Mysql | Engine::Mariadb => "rolled back; the database is still at 0001",
    };
    assert!(output.stderr.contains(state), "{engine}: {output}");
    let next = room();
    if engine == Engine::Sqlite {
        assert!(!database.has_table("big"), "{output}");
    } else {
        assert_eq!(database.value("SELECT count(*) FROM big"), "0", "{engine}: {output}");
    }
    next.run().expect_success();
    let history = History::of(database);
    assert_eq!(history.applied(), ["0001", "0002"], "{engine}");
    assert_eq!(history.dirty, None, "{engine}");
    assert!(!database.is_locked(), "{engine}");
    let mut tally = Tally::new(engine, fault);
    tally.count(&output);
    tally.report();
}

#[test]
fn sqlite_on_a_small_disk() {
    let (project, database) = (project(Engine::Sqlite), TestDatabase::create(Engine::Sqlite));
    let directory = database.path().and_then(|path| path.parent().map(Path::to_owned)).unwrap();
    let Some(disk) = SmallDisk::over(&directory, "4m", (0, 0)) else { return };
    let run = project.underpin_on(&database).arg("upgrade");
    fail_and_finish(FULL, &database, &run, || {
        disk.enlarge();
        run.clone()
    });
}

#[test]
fn sqlite_with_a_limit_for_files() {
    let (project, database) = (project(Engine::Sqlite), TestDatabase::create(Engine::Sqlite));
    let run = project.underpin_on(&database).arg("upgrade");
    // In blocks of 512 bytes; without its signal, the limit is an error of writing.
    let limited = Program::at("/bin/sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 8000; exec \"$0\" \"$@\""])
        .arg(Program::underpin().path())
        .arg("upgrade")
        .directory(project.path())
        .database(database.url());
    fail_and_finish("disk full (a limit for the size of files)", &database, &limited, || run.clone());
}

/// A tablespace on the small disk: what the revisions create lies there, and what there is does not.
pub(crate) fn postgres(server: &mut OwnServer) {
    let database = server.database();
    let data = PathBuf::from(database.value("SHOW data_directory"));
    let place = data.with_file_name("small");
    fs::create_dir(&place).unwrap();
    let Some(disk) = SmallDisk::over(&place, "20m", owner(&data)) else { return };
    database.execute(&format!("CREATE TABLESPACE small LOCATION '{}'", place.display()));
    database.execute(&format!("ALTER DATABASE {} SET default_tablespace = 'small'", database.name()));
    let project = project(Engine::Postgres);
    let run = project.underpin_on(&database).arg("upgrade");
    fail_and_finish(FULL, &database, &run, || {
        disk.enlarge();
        run.clone()
    });
}

/// Mounts the disk over the directory of the database, which is empty while it has no tables.
pub(crate) fn mysql(engine: Engine, server: &mut OwnServer) {
    let database = server.database();
    let data = PathBuf::from(database.value("SELECT @@datadir"));
    let place = data.join(database.name());
    let options = fs::read(place.join("db.opt")).ok();
    let Some(disk) = SmallDisk::over(&place, "12m", owner(&data)) else { return };
    if let Some(options) = options {
        // MariaDB keeps the database's character set there.
        fs::write(place.join("db.opt"), options).unwrap();
    }
    let project = project(engine);
    let run = project.underpin_on(&database).arg("upgrade");
    fail_and_finish(FULL, &database, &run, || {
        disk.enlarge();
        if database.try_query("SELECT 1").is_err() {
            // MariaDB may give up altogether.
            scale::report(&format!("{engine} ended by itself when its disk was full"));
            server.kill();
            server.start_again();
        }
        run.clone()
    });
}

fn owner(path: &Path) -> (u32, u32) {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).map_or((0, 0), |metadata| (metadata.uid(), metadata.gid()))
}
