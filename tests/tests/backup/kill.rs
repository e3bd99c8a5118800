//! `kill -9` around a backup: no half file has a backup's name, and the next run starts clean.

use underpin_tests::{Hold, on_every_engine};

use super::Shop;

on_every_engine! {
    fn a_run_that_is_killed_while_it_backs_up_leaves_nothing_that_counts(engine) {
        let shop = Shop::new(engine);
        let Some(upgrade) = shop.upgrade().backing_up(&shop.database) else { return };
        shop.deleting(false);
        let before = shop.picture();
        let slow = "printf half > \"$UNDERPIN_BACKUP_FILE\"; exec sleep 3";
        let mut running = upgrade.clone().env("UNDERPIN_BACKUP_COMMAND", slow).spawn();
        let begun = running.wait_until(|_| shop.files().iter().any(|file| file.metadata().is_ok_and(|m| m.len() == 4)));
        assert!(begun, "{}", running.kill());
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
}
