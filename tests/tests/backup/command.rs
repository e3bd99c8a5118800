//! `backup`, `restore` and what becomes of old backups.

use std::fs;

use underpin_tests::{Engine, on_every_engine};

use super::Shop;

on_every_engine! {
    fn backups_are_made_listed_and_cleared_away(engine) {
        let shop = Shop::new(engine);
        let Some(program) = shop.program().backing_up(&shop.database) else { return };
        let backup = program.env("UNDERPIN_BACKUP_KEEP", "2");
        for _ in 0..3 {
            backup.clone().arg("backup").run().expect_success();
        }
        assert_eq!(shop.files().len(), 2);
        let listed = backup.clone().args(["backup", "--list"]).run().expect_success();
        assert_eq!(listed.stdout.lines().count(), 3, "{listed}");

        let named = shop.project.path().join("mine");
        let saved = backup.clone().args(["backup", "--json", "--to"]).arg(&named).run().expect_success();
        assert!(saved.stdout.contains("\"bytes\":") && named.is_file(), "{saved}");
        assert_eq!(shop.files().len(), 2);
        let again = backup.args(["backup", "--to"]).arg(&named).run().expect_code(8);
        assert!(again.stderr.contains("is there already"), "{again}");
        assert!(!shop.database.is_locked());
    }

    fn a_file_that_is_cut_off_or_is_no_backup_changes_nothing(engine) {
        let shop = Shop::new(engine);
        let Some(program) = shop.program().backing_up(&shop.database) else { return };
        let file = shop.project.path().join("backup");
        program.clone().args(["backup", "--to"]).arg(&file).run().expect_success();
        let (whole, before) = (fs::read(&file).unwrap(), shop.picture());
        let restore = program.args(["restore", "--yes"]).arg(&file);
        for part in [&whole[..whole.len() / 2], &whole[..whole.len() - 30], b"rubbish", b""] {
            fs::write(&file, part).unwrap();
            let refused = restore.run().expect_code(8);
            assert!(refused.stderr.contains("nothing was changed"), "{refused}");
            assert_eq!(shop.picture(), before, "{refused}");
        }
        let other = if engine == Engine::Postgres { &b"SQLite format 3\0"[..] } else { b"PGDMP" };
        fs::write(&file, other).unwrap();
        assert!(restore.run().expect_code(8).stderr.contains("is a backup of"));
        fs::remove_file(&file).unwrap();
        restore.run().expect_code(8);
        assert_eq!(shop.picture(), before);
        assert!(!shop.database.is_locked());

        fs::write(&file, whole).unwrap();
        let production = restore.env("UNDERPIN_ENVIRONMENT", "production");
        assert!(production.run().expect_code(8).stderr.contains("--in-production"));
        shop.database.execute("DELETE FROM orders");
        production.arg("--in-production").run().expect_success();
        assert_eq!(shop.picture(), before);
    }
}
