//! The same from Rust: a migrator that is told to make backups, and one that is not.

use underpin::{BackupPolicy, Backups, ErrorKind, Migrator};
use underpin_tests::{dump_programs, on_every_engine};

use super::Shop;

on_every_engine! {
    fn a_migrator_makes_backups_where_it_is_told_to(engine) {
        let shop = Shop::new(engine);
        let Some(programs) = dump_programs(&shop.database) else { return };
        let mut backups = Backups::new(BackupPolicy::BeforeDestructive).directory(shop.directory());
        if let Some(programs) = programs {
            backups = backups.programs(programs);
        }
        let builder = || Migrator::builder().url(shop.database.url()).directory(shop.project.migrations());
        let before = shop.picture();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            shop.project.revision("0002", &["0001"], "drop notes", "ALTER TABLE orders DROP COLUMN note;", None);
            let migrator = builder().backups(backups).build().await.unwrap();
            let refused = migrator.upgrade_to_head().await.unwrap_err();
            assert_eq!(refused.kind, ErrorKind::Destructive, "{refused}");
            let report = migrator.clone().allowing_destructive().upgrade_to_head().await.unwrap();
            let backup = report.backup.and_then(|backup| backup.path).unwrap();
            assert_eq!(shop.files(), [backup.clone()]);
            migrator.restore(&backup).await.unwrap();
            let named = migrator.backup_to(shop.project.path().join("named")).await.unwrap();
            assert!(named.bytes > 0);
            let occasions: Vec<_> =
                migrator.backups().await.unwrap().into_iter().map(|entry| entry.occasion).collect();
            assert_eq!(occasions, ["restored", "command"]);
        });
        assert_eq!(shop.picture(), before);

        // One that nobody has told anything writes no file.
        runtime.block_on(async {
            let report =
                builder().build().await.unwrap().allowing_destructive().upgrade_to_head().await.unwrap();
            assert_eq!(report.backup, None);
        });
        assert_eq!(shop.files().len(), 1);
    }
}
