//! Paths that are no text, and files that somebody else is writing or that a killed program has not finished: told
//! before anything is changed.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use underpin::{BackupPolicy, Backups, ErrorKind, Migrator, RehearsalOptions, ScratchServer};
use underpin_tests::{dump_programs, on_every_engine};

use super::Shop;

/// A name that is no UTF-8, in the directory of a shop.
fn untold(shop: &Shop) -> PathBuf {
    shop.project.path().join(OsStr::from_bytes(b"b\xff.db"))
}

on_every_engine! {
    fn a_path_that_is_no_text_is_refused_before_anything_is_changed(engine) {
        let shop = Shop::new(engine);
        let Some(program) = shop.program().backing_up(&shop.database) else { return };
        let (path, before) = (untold(&shop), shop.picture());
        let backup = program.clone().args(["backup", "--json", "--to"]);
        let here = shop.project.path().join("told");
        backup.clone().arg(&here).run().expect_success();
        fs::copy(&here, &path).unwrap();
        shop.project.revision("0002", &["0001"], "two", "CREATE TABLE two (id int);", None);
        for refused in [
            backup.clone().arg(&path),
            backup.arg(path.join("inside")),
            program.clone().args(["restore", "--yes", "--json"]).arg(&path),
            program.clone().args(["upgrade", "--rehearse", "--from-backup"]).arg(&path),
        ] {
            let output = refused.run().expect_code(8);
            let said = output.stderr.clone() + &output.stdout;
            assert!(said.contains("is not UTF-8") && said.contains("nothing was changed"), "{output}");
            assert!(said.contains("UNDERPIN_BACKUP_DIRECTORY"), "{output}");
        }
        fs::remove_file(&path).unwrap();
        // The directory that is meant is below the one that we are in.
        fs::create_dir(&path).unwrap();
        let inside = program.directory(&path).env("UNDERPIN_DIR", shop.project.migrations());
        let output = inside.arg("backup").env("UNDERPIN_BACKUP_DIRECTORY", "kept").run();
        assert_ne!(output.code(), Some(0), "{output}");
        assert!(!path.join("kept").exists(), "{output}");
        assert_eq!(shop.picture(), before);
        assert!(!shop.database.is_locked());
    }

    fn from_rust_it_is_the_same_error(engine) {
        let shop = Shop::new(engine);
        let Some(programs) = dump_programs(&shop.database) else { return };
        let (path, before) = (untold(&shop), shop.picture());
        let mut backups = Backups::new(BackupPolicy::BeforeAny).directory(&path);
        if let Some(programs) = programs {
            backups = backups.programs(programs);
        }
        shop.project.revision("0002", &["0001"], "two", "CREATE TABLE two (id int);", None);
        let builder = Migrator::builder().url(shop.database.url()).directory(shop.project.migrations());
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let migrator = builder.backups(backups).build().await.unwrap();
            let options = RehearsalOptions::on(ScratchServer::of(migrator.database().clone()));
            for refused in [
                migrator.backup().await.unwrap_err(),
                migrator.backup_to(&path).await.unwrap_err(),
                migrator.restore(&path).await.unwrap_err(),
                migrator.rehearse(&options.from_backup(&path)).await.unwrap_err(),
                migrator.upgrade_to_head().await.unwrap_err(),
            ] {
                assert_eq!(refused.kind, ErrorKind::BackupFailed, "{refused}");
                assert!(refused.message.contains("is not UTF-8"), "{refused}");
                assert!(refused.state.is_some_and(|state| state.starts_with("nothing was changed")));
            }
        });
        assert!(!path.exists());
        assert_eq!(shop.picture(), before);
    }

    fn what_a_killed_backup_has_left_is_in_the_way_for_a_minute_only(engine) {
        let shop = Shop::new(engine);
        let Some(program) = shop.program().backing_up(&shop.database) else { return };
        let (file, place) = (shop.project.path().join("mine"), shop.project.path().join(".mine.part"));
        let coming = shop.project.path().join(".mine.part.new");
        let backup = program.args(["backup", "--to"]).arg(&file);
        let busy = "another backup is being written to";
        // Killed before the directory had its name.
        fs::create_dir(&coming).unwrap();
        fs::write(coming.join("owner.lock"), "").unwrap();
        let refused = backup.run().expect_code(8);
        assert!(refused.stderr.contains(busy) && refused.stderr.contains("a minute old"), "{refused}");
        File::open(&coming).unwrap().set_modified(SystemTime::now() - Duration::from_secs(90)).unwrap();
        // Somebody is at work.
        fs::create_dir(&place).unwrap();
        let owner = File::create_new(place.join("owner.lock")).unwrap();
        owner.lock().unwrap();
        let refused = backup.run().expect_code(8);
        assert!(refused.stderr.contains(busy) && refused.stderr.contains("nothing was changed"), "{refused}");
        assert!(place.join("owner.lock").is_file());
        drop(owner);
        backup.run().expect_success();
        assert!(file.is_file() && !place.exists() && !coming.exists());
    }
}
