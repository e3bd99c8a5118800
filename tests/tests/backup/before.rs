//! A run that deletes data, fails half-way, and is undone by bringing its backup back.

use std::os::unix::fs::PermissionsExt;

use underpin_tests::{History, on_every_engine};

use super::Shop;

on_every_engine! {
    fn a_run_that_failed_is_undone_to_the_row(engine) {
        let shop = Shop::new(engine);
        let Some(upgrade) = shop.upgrade().backing_up(&shop.database) else { return };
        let before = shop.picture();
        shop.deleting(true);

        let failed = upgrade.run();
        assert!(matches!(failed.code(), Some(4 | 5)), "{failed}");
        let place = shop.database.value("SELECT place FROM underpin_backup");
        assert!(failed.stderr.contains("Saved"), "{failed}");
        assert!(failed.stderr.contains(&format!("`underpin restore {place}` brings it back")), "{failed}");
        assert_ne!(shop.picture(), before, "{failed}");
        let files = shop.files();
        let [file] = &files[..] else { panic!("{files:?}") };
        assert_eq!(place, file.display().to_string());
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(file.parent().unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o700);

        // What was made since must not be in the way, nor stay.
        shop.database.execute("CREATE TABLE later (id integer PRIMARY KEY)");
        shop.database.execute("CREATE VIEW more AS SELECT id FROM orders");
        let restore = shop.program().backing_up(&shop.database).unwrap().arg("restore").arg(&place);
        let asked = restore.run().expect_code(8);
        assert!(asked.stderr.contains("--yes"), "{asked}");
        let restored = restore.arg("--yes").run().expect_success();
        assert_eq!(shop.picture(), before, "{restored}");
        let history = History::of(&shop.database);
        assert_eq!((history.applied(), history.dirty.clone()), (vec!["0001"], None), "{restored}");
        assert!(!shop.database.is_locked());
        assert_eq!(shop.database.value("SELECT occasion FROM underpin_backup"), "restored");

        // It works on as before: keys are counted on, triggers fire, and the mended revision is applied.
        shop.database.execute("INSERT INTO customers (name) VALUES ('new'); INSERT INTO loose (word) VALUES ('c')");
        assert_eq!(shop.database.value("SELECT count(*) FROM loose WHERE word = 'C'"), "1");
        shop.deleting(false);
        upgrade.run().expect_success();
        assert_eq!(shop.files().len(), 2);
    }

    fn a_downgrade_that_deletes_data_is_a_moment_for_one_too(engine) {
        let shop = Shop::new(engine);
        let Some(program) = shop.program().backing_up(&shop.database) else { return };
        let sections = [("upgrade", "CREATE TABLE more (i int);"), ("downgrade", "DROP TABLE more;")];
        shop.project.revision_with("0002", &["0001"], "more", &[], &sections);
        program.clone().arg("upgrade").run().expect_success();
        assert!(shop.files().is_empty());
        let back = program.args(["downgrade", "-1"]).run().expect_success();
        assert_eq!(shop.files().len(), 1, "{back}");
        assert!(!shop.database.has_table("more"));
    }

    fn nothing_is_backed_up_where_nothing_is_deleted_or_pending(engine) {
        let shop = Shop::new(engine);
        let Some(upgrade) = shop.upgrade().backing_up(&shop.database) else { return };
        shop.project.revision("0002", &["0001"], "more", "CREATE TABLE more (i int);", None);
        upgrade.run().expect_success();
        assert!(shop.files().is_empty());
        let always = upgrade.env("UNDERPIN_BACKUP", "always");
        always.run().expect_success();
        assert!(shop.files().is_empty());
        shop.project.revision("0003", &["0002"], "even more", "CREATE TABLE even_more (i int);", None);
        always.run().expect_success();
        assert_eq!(shop.files().len(), 1);
    }
}
