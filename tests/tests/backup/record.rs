//! What the history has of a backup: a row for each, also where the first round of a run was undone, and an error
//! that says what is missing where it can't be written.

use std::fs;
use std::thread;
use std::time::Duration;

use underpin_tests::{Engine, on_every_engine};

use super::Shop;

on_every_engine! {
    fn the_backup_of_a_run_stays_where_another_file_says_that_it_is_newer(engine) {
        let shop = Shop::new(engine);
        let Some(program) = shop.program().backing_up(&shop.database) else { return };
        program.clone().arg("backup").run().expect_success();
        // As a host writes whose clock is a year ahead.
        let first = shop.files().pop().unwrap();
        let name = first.file_name().unwrap().to_str().unwrap().to_owned();
        let year = name.find("-20").unwrap() + 1;
        let ahead = first.with_file_name(format!("{}2099{}", &name[..year], &name[year + 4..]));
        std::fs::rename(&first, &ahead).unwrap();
        shop.deleting(false);
        program.env("UNDERPIN_BACKUP_KEEP", "1").arg("upgrade").run().expect_success();
        let left = shop.files();
        assert!(left.len() == 1 && left[0] != ahead, "{left:?}");
    }

    fn a_record_that_can_t_be_written_is_all_that_is_missing(engine) {
        let shop = Shop::new(engine);
        let Some(program) = shop.program().backing_up(&shop.database) else { return };
        // Nobody can make that table.
        shop.database.execute("CREATE VIEW underpin_backup AS SELECT 1 AS n");
        let file = shop.project.path().join("backup");
        let made = program.clone().args(["backup", "--to"]).arg(&file).run();
        assert_ne!(made.code(), Some(0), "{made}");
        assert!(made.stderr.contains("only its record in the history is missing"), "{made}");
        assert!(made.stderr.contains(&file.display().to_string()) && file.is_file(), "{made}");
        assert!(!made.stderr.contains("nothing was changed"), "{made}");

        let before = shop.picture();
        shop.database.execute("DELETE FROM orders");
        let restored = program.args(["restore", "--yes"]).arg(&file).run();
        assert_ne!(restored.code(), Some(0), "{restored}");
        assert!(restored.stderr.contains("the backup is restored"), "{restored}");
        assert!(!restored.stderr.contains("nothing was changed"), "{restored}");
        assert_eq!(shop.picture(), before);
        assert!(!shop.database.is_locked());
    }

    fn a_run_that_fails_beside_its_revisions_names_its_backup(engine) {
        let shop = Shop::new(engine);
        let Some(upgrade) = shop.upgrade().backing_up(&shop.database) else { return };
        shop.deleting(false);
        shop.database.execute("CREATE VIEW underpin_backup AS SELECT 1 AS n");
        let before = shop.picture();
        let failed = upgrade.run();
        assert_ne!(failed.code(), Some(0), "{failed}");
        let files = shop.files();
        let [file] = &files[..] else { panic!("{files:?}: {failed}") };
        assert!(failed.stderr.contains(&format!("`underpin restore {}` brings it back", file.display())), "{failed}");
        assert!(failed.stderr.contains("no revision was begun"), "{failed}");
        assert_eq!(shop.picture(), before);
    }

    fn the_list_tells_which_files_are_gone(engine) {
        let shop = Shop::new(engine);
        let Some(program) = shop.program().backing_up(&shop.database) else { return };
        program.clone().arg("backup").run().expect_success();
        let list = program.args(["backup", "--list"]);
        assert!(!list.run().expect_success().stdout.contains("not there any more"));
        for file in shop.files() {
            fs::remove_file(file).unwrap();
        }
        assert!(list.run().expect_success().stdout.contains("not there any more"));
        assert!(list.arg("--json").run().expect_success().stdout.contains("\"there\":false"));
    }
}

/// A reader keeps the commit waiting, and the run begins its round anew.
#[test]
fn a_round_that_was_undone_leaves_the_backup_its_record() {
    let shop = Shop::new(Engine::Sqlite);
    let Some(upgrade) = shop.upgrade().backing_up(&shop.database) else { return };
    shop.deleting(false);
    shop.database.execute("PRAGMA journal_mode = DELETE");
    let reader = shop.database.hold_from("BEGIN", &["SELECT count(*) FROM orders"]);
    let running = upgrade.spawn();
    thread::sleep(Duration::from_secs(9));
    reader.end();
    let output = running.wait().expect_success();
    assert_eq!(shop.database.value("SELECT count(*) FROM underpin_backup"), "1", "{output}");
    assert_eq!(shop.files().len(), 1, "{output}");
}
