//! `kill -9` around a backup: no half file has a backup's name, and the next run starts clean.

use std::fs;

use underpin_tests::{Engine, Hold, on_every_engine};

use super::Shop;

on_every_engine! {
    fn a_run_that_is_killed_while_it_backs_up_leaves_nothing_that_counts(engine) {
        let shop = Shop::new(engine);
        let Some(upgrade) = shop.upgrade().backing_up(&shop.database) else { return };
        shop.deleting(false);
        let before = shop.picture();
        let slow = "printf half > \"$UNDERPIN_BACKUP_FILE\"; exec sleep 3";
        let mut running = upgrade.clone().env("UNDERPIN_BACKUP_COMMAND", slow).spawn();
        assert!(running.wait_until(|_| shop.is_begun()), "{}", running.kill());
        running.kill();
        let files = shop.files();
        assert!(files.iter().all(|file| file.to_string_lossy().ends_with(".part")), "{files:?}");
        assert_eq!(shop.picture(), before);

        upgrade.run().expect_success();
        let files = shop.files();
        assert!(matches!(&files[..], [file] if !file.to_string_lossy().ends_with(".part")), "{files:?}");
    }

    fn a_run_that_is_killed_behind_its_backup_has_changed_nothing(engine) {
        let shop = Shop::new(engine);
        let Some(upgrade) = shop.upgrade().backing_up(&shop.database) else { return };
        shop.deleting(false);
        let before = shop.picture();
        let hold = Hold::at("backup-made", 0);
        let mut running = hold.on(&upgrade).spawn();
        assert!(hold.is_reached(&mut running), "{}", running.kill());
        assert_eq!(shop.files().len(), 1);
        running.kill();
        assert_eq!(shop.picture(), before);
        upgrade.run().expect_success();
        assert_eq!(shop.files().len(), 2);
    }

    fn a_run_that_is_killed_leaves_no_password(engine) {
        if engine == Engine::Sqlite {
            return;
        }
        let shop = Shop::new(engine);
        shop.deleting(false);
        let (temporary, told) = (shop.project.path().join("temporary"), shop.project.path().join("told"));
        fs::create_dir(&temporary).unwrap();
        let text = format!("echo begun > {}; exec sleep 3", told.display());
        let upgrade = shop
            .upgrade()
            .env("UNDERPIN_BACKUP", "before_destructive")
            .env("UNDERPIN_BACKUP_COMMAND", text)
            .env("TMPDIR", &temporary);
        let mut running = upgrade.spawn();
        assert!(running.wait_until(|_| told.exists()), "{}", running.kill());
        running.kill();
        let left: Vec<_> = fs::read_dir(&temporary).unwrap().flatten().map(|entry| entry.path()).collect();
        assert!(left.is_empty(), "{left:?}");
    }
}
