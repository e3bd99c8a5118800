//! What only SQLite has: rowids, encodings, and a database that is a file like its backups.

use underpin_tests::{Engine, Program, TestDatabase};

fn restored(database: &TestDatabase, file: &std::path::Path) -> Program {
    Program::underpin().database(database.url()).args(["restore", "--yes"]).arg(file)
}

/// A file beside a database, which SQLite itself has written.
fn copy(database: &TestDatabase) -> std::path::PathBuf {
    let file = database.path().unwrap().with_extension("copy");
    database.execute(&format!("VACUUM INTO '{}'", file.display()));
    file
}

#[test]
fn rowids_come_back_that_a_key_does_not_keep() {
    let database = TestDatabase::create(Engine::Sqlite);
    database.execute(
        "CREATE TABLE a (id INTEGER PRIMARY KEY DESC, n TEXT); CREATE TABLE b (id INTEGER PRIMARY KEY, n TEXT); \
         CREATE TABLE c (k TEXT PRIMARY KEY) WITHOUT ROWID; INSERT INTO c VALUES ('k'); \
         INSERT INTO a VALUES (50, 'x'), (60, 'y'), (70, 'z'); INSERT INTO b SELECT * FROM a; \
         DELETE FROM a WHERE id = 50",
    );
    let rows = || {
        ["a", "b"].map(|table| database.query(&format!("SELECT rowid, id, n FROM {table} ORDER BY rowid")))
    };
    let (file, before) = (copy(&database), rows());
    database.execute("DELETE FROM a; DELETE FROM b");
    restored(&database, &file).run().expect_success();
    assert_eq!(rows(), before);
    assert_eq!(database.value("SELECT k FROM c"), "k");
}

#[test]
fn a_database_is_no_backup_of_itself() {
    let database = TestDatabase::create(Engine::Sqlite);
    database.execute("CREATE TABLE a (n TEXT); INSERT INTO a VALUES ('x')");
    let refused = restored(&database, &database.path().unwrap()).run().expect_code(8);
    assert!(refused.stderr.contains("is the database itself"), "{refused}");
    assert!(refused.stderr.contains("nothing was changed"), "{refused}");
    assert_eq!(database.value("SELECT n FROM a"), "x");
}

#[test]
fn a_new_file_gets_the_encoding_of_the_backup_and_another_is_refused() {
    let (wide, narrow) = (TestDatabase::create(Engine::Sqlite), TestDatabase::create(Engine::Sqlite));
    wide.execute("PRAGMA encoding = 'UTF-16le'; CREATE TABLE a (n TEXT); INSERT INTO a VALUES ('é中')");
    assert_eq!(wide.value("PRAGMA encoding"), "UTF-16le");
    let (file, new) = (copy(&wide), wide.path().unwrap().with_extension("new"));
    let url = format!("sqlite://{}", new.display());
    let program = Program::underpin().database(url).args(["restore", "--yes"]).arg(&file);
    for _ in 0..2 {
        program.run().expect_success();
    }
    narrow.execute("CREATE TABLE a (n TEXT); INSERT INTO a VALUES ('x')");
    let refused = restored(&narrow, &file).run().expect_code(8);
    assert!(
        refused.stderr.contains("its texts are UTF-16le, and those of the database are UTF-8"),
        "{refused}"
    );
    assert!(refused.stderr.contains("nothing was changed"), "{refused}");
    assert_eq!(narrow.value("SELECT n FROM a"), "x");
    // The new file is one that SQLite reads, with the text in it.
    std::fs::rename(&new, wide.path().unwrap()).unwrap();
    assert_eq!(wide.value("SELECT n FROM a"), "é中");
}
