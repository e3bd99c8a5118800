//! One directory for the backups of several databases: none loses its own to another.

use std::fs;
use std::path::Path;

use underpin_tests::{Engine, TestDatabase, on_every_engine};

use super::Shop;

/// The backups of one directory that are not under way.
fn finished(directory: &Path) -> usize {
    let entries = fs::read_dir(directory).unwrap().flatten();
    entries.filter(|entry| entry.file_type().unwrap().is_file()).count()
}

on_every_engine! {
    fn another_database_keeps_its_backups(engine) {
        let (one, two) = (Shop::new(engine), Shop::new(engine));
        let directory = one.directory();
        for (shop, expected) in [(&one, 1), (&two, 2), (&one, 2), (&two, 2)] {
            let Some(program) = shop.program().backing_up(&shop.database) else { return };
            let backup = program.env("UNDERPIN_BACKUP_DIRECTORY", &directory).env("UNDERPIN_BACKUP_KEEP", "1");
            backup.arg("backup").run().expect_success();
            assert_eq!(finished(&directory), expected);
        }
    }

    fn what_another_run_of_the_same_database_is_writing_stays(engine) {
        // Another history has another lock; on SQLite the lock is the file's.
        if engine == Engine::Sqlite {
            return;
        }
        let shop = Shop::new(engine);
        let Some(program) = shop.program().backing_up(&shop.database) else { return };
        let go = shop.project.path().join("go");
        let command = format!(
            "printf half > \"$UNDERPIN_BACKUP_FILE\"; while [ ! -f {} ]; do sleep 0.05; done; printf whole >> \"$UNDERPIN_BACKUP_FILE\"",
            go.display()
        );
        let mut slow = shop.program().env("UNDERPIN_BACKUP_COMMAND", command).arg("backup").spawn();
        assert!(slow.wait_until(|_| shop.is_begun()), "{}", slow.kill());
        program.env("UNDERPIN_HISTORY_PREFIX", "other").arg("backup").run().expect_success();
        assert!(shop.is_begun());
        fs::write(&go, "").unwrap();
        let output = slow.wait().expect_success();
        let place = output.stdout.trim();
        assert_eq!(fs::read_to_string(place).unwrap(), "halfwhole", "{output}");
        assert_eq!(shop.files().len(), 2);
    }
}

/// Two files of one name and two endings, which a name of the stem alone would take for one.
#[test]
fn two_files_of_one_stem_keep_their_backups() {
    let shop = Shop::new(Engine::Sqlite);
    let other = TestDatabase::create(Engine::Sqlite);
    let path = other.path().unwrap();
    let (first, second) = (path.with_extension("one"), path.with_extension("two"));
    for file in [&first, &second, &first, &second] {
        fs::copy(shop.database.path().unwrap(), file).unwrap();
        let url = format!("sqlite://{}", file.display());
        let backup = shop.project.underpin().database(url).env("UNDERPIN_BACKUP_DIRECTORY", shop.directory());
        backup.env("UNDERPIN_BACKUP_KEEP", "1").arg("backup").run().expect_success();
    }
    assert_eq!(finished(&shop.directory()), 2);
}
