//! A copy made of a backup: the newest or a named one, brought to where the database is, and refused where that can't
//! be done.

use std::fs;
use std::path::PathBuf;

use underpin::{Backups, Migrator, RehearsalCopy, RehearsalOptions, ScratchServer};
use underpin_tests::{Engine, Program, Project, TestDatabase, dump_programs, on_every_engine};

use super::{after, beginning, picture, project, rehearse};

/// A database with a backup of its first revision, at the second, with the third pending.
struct Shop {
    project: Project,
    database: TestDatabase,
}

impl Shop {
    /// Nothing where the engine's programs are not at hand.
    fn new(engine: Engine) -> Option<Self> {
        let project = project();
        let database = beginning(engine, &project);
        let shop = Self { project, database };
        shop.program()?.arg("backup").run().expect_success();
        shop.project.revision(
            "0002",
            &["0001"],
            "note",
            "ALTER TABLE items ADD COLUMN note VARCHAR(20);",
            Some("ALTER TABLE items DROP COLUMN note;"),
        );
        shop.program()?.arg("upgrade").run().expect_success();
        shop.database.execute("INSERT INTO items (id, total) VALUES (4, 40)");
        shop.project.revision(
            "0003",
            &["0002"],
            "fewer",
            "DELETE FROM items WHERE id = 3 AND note IS NULL;",
            None,
        );
        Some(shop)
    }

    fn program(&self) -> Option<Program> {
        let program =
            self.project.underpin_on(&self.database).env("UNDERPIN_BACKUP_DIRECTORY", self.directory());
        program.backing_up(&self.database)
    }

    fn directory(&self) -> PathBuf {
        self.project.path().join("kept")
    }

    fn file(&self) -> PathBuf {
        let mut files: Vec<_> =
            fs::read_dir(self.directory()).unwrap().map(|entry| entry.unwrap().path()).collect();
        // Two of one second have names in any order.
        files.sort_by_key(|file| fs::metadata(file).unwrap().modified().unwrap());
        files.pop().unwrap()
    }
}

on_every_engine! {
    fn the_newest_backup_is_restored_and_brought_to_where_the_database_is(engine) {
        let Some(shop) = Shop::new(engine) else { return };
        let before = picture(&shop.database);
        let rehearsed = rehearse(shop.program().unwrap(), &["--from-backup", "latest"]);
        assert_eq!(rehearsed["copy"]["of"], "backup");
        assert_eq!(rehearsed["copy"]["file"], shop.file().display().to_string());
        assert_eq!(rehearsed["copy"]["caught_up"], serde_json::json!(["0002"]));
        assert_eq!(rehearsed["with_rows"], true);
        assert_eq!(rehearsed["revisions"].as_array().map(Vec::len), Some(1));
        let tables = serde_json::json!([{ "table": "items", "before": 3, "after": 2 }]);
        assert_eq!(rehearsed["tables"], tables, "{rehearsed}");
        assert_eq!(picture(&shop.database), before);

        // A newer one has what was written since.
        shop.program().unwrap().arg("backup").run().expect_success();
        let named = shop.file();
        let rehearsed = rehearse(shop.program().unwrap(), &["--from-backup", &named.display().to_string()]);
        assert_eq!((&rehearsed["copy"]["caught_up"], after(&rehearsed, "items")), (&serde_json::json!([]), 3));
        let output = shop.program().unwrap().args(["upgrade", "--rehearse", "--from-backup", "latest"]).run().expect_success();
        assert!(output.stderr.contains(&format!("restored from {}", named.display())), "{output}");
        shop.database.assert_idle("a rehearsal");
    }

    fn a_backup_of_a_later_state_is_refused(engine) {
        let Some(shop) = Shop::new(engine) else { return };
        shop.program().unwrap().arg("backup").run().expect_success();
        shop.program().unwrap().args(["downgrade", "0001"]).env("UNDERPIN_BACKUP", "never").run().expect_success();
        let before = picture(&shop.database);
        let refused = shop.program().unwrap().args(["upgrade", "--rehearse", "--from-backup", "latest"]).run().expect_code(7);
        assert!(refused.stderr.contains("has 0002, which the database has not"), "{refused}");
        assert!(refused.stderr.contains("only a scratch database was touched"), "{refused}");
        assert_eq!(picture(&shop.database), before);
    }

    fn what_is_no_whole_backup_of_the_engine_is_refused(engine) {
        let Some(shop) = Shop::new(engine) else { return };
        let before = picture(&shop.database);
        let refused = |file: &str, why: &str| {
            let program = shop.program().unwrap().args(["upgrade", "--rehearse", "--from-backup", file]);
            let refused = program.run().expect_code(8);
            assert!(refused.stderr.contains(why), "{why}: {refused}");
            assert_eq!(picture(&shop.database), before);
        };
        refused("nowhere.dump", "can't read nowhere.dump");
        let write = |name: &str, bytes: &[u8]| {
            let path = shop.project.path().join(name);
            fs::write(&path, bytes).unwrap();
            path.display().to_string()
        };
        refused(&write("rubbish", b"rubbish"), "is no backup that this program knows");
        let other: &[u8] = match engine {
            Engine::Sqlite => b"PGDMP\x01",
            Engine::Postgres | Engine::Mysql | Engine::Mariadb => b"SQLite format 3\0\x10\0",
        };
        refused(&write("other", other), "is a backup of");
        let whole = fs::read(shop.file()).unwrap();
        refused(&write("half", &whole[..whole.len() / 2]), "the backup could not be restored");
        fs::remove_dir_all(shop.directory()).unwrap();
        refused("latest", "there is no backup of");
    }

    fn a_trigger_that_names_the_live_database_does_not_write_to_it(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let Some(shop) = Shop::new(engine) else { return };
        let name = shop.database.name();
        let trigger = format!(
            "CREATE TRIGGER tau AFTER DELETE ON items FOR EACH ROW INSERT INTO `{name}`.audit (what) VALUES ('gone')"
        );
        shop.database.execute("CREATE TABLE audit (what varchar(20))");
        shop.database.execute(&trigger);
        shop.program().unwrap().arg("backup").run().expect_success();
        let refused = shop.program().unwrap().args(["upgrade", "--rehearse", "--from-backup", "latest"]).run().expect_code(2);
        assert!(refused.stderr.contains("trigger tau writes to"), "{refused}");
        assert_eq!(shop.database.value("SELECT count(*) FROM audit"), "0");
        // Of a revision it is refused before it is made.
        shop.project.revision("0004", &["0003"], "audit", &format!("{trigger};"), None);
        let refused = shop.program().unwrap().args(["upgrade", "--rehearse"]).run().expect_code(2);
        assert!(refused.stderr.contains("0004_audit.sql:7"), "{refused}");
        assert_eq!(shop.database.value("SELECT count(*) FROM audit"), "0");
    }

    fn a_dump_that_would_lead_to_another_database_is_refused(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let Some(shop) = Shop::new(engine) else { return };
        let before = picture(&shop.database);
        let dump = fs::read_to_string(shop.file()).unwrap();
        let name = shop.database.name();
        // As `--databases` writes it.
        let leading = dump.replacen("DROP TABLE", &format!("USE `{name}`;\nDROP TABLE"), 1);
        assert_ne!(leading, dump);
        let path = shop.project.path().join("leading.sql");
        fs::write(&path, leading).unwrap();
        let path = path.display().to_string();
        let refused = shop.program().unwrap().args(["upgrade", "--rehearse", "--from-backup", &path]).run().expect_code(8);
        assert!(refused.stderr.contains("leads out of the database that it is given to, in line"), "{refused}");
        assert_eq!(picture(&shop.database), before);
        // As it is written around routines of another collation; and for a definer who is nobody.
        let altering = dump.replacen(
            "-- Dump completed",
            &format!(
                "ALTER DATABASE `{name}` CHARACTER SET latin1 COLLATE latin1_bin ;\n\
                 DELIMITER ;;\nCREATE DEFINER=`nobody`@`nowhere` PROCEDURE `p`()\nSELECT 1 ;;\nDELIMITER ;\n-- Dump completed"
            ),
            1,
        );
        fs::write(&path, altering).unwrap();
        let set = "SELECT @@collation_database";
        let collation = shop.database.value(set);
        rehearse(shop.program().unwrap(), &["--from-backup", &path]);
        assert_eq!(shop.database.value(set), collation);
        assert_eq!(picture(&shop.database), before);
    }

    fn a_program_rehearses_on_a_backup_as_well(engine) {
        let Some(shop) = Shop::new(engine) else { return };
        let mut backups = Backups::never().directory(shop.directory());
        if let Some(Some(programs)) = dump_programs(&shop.database) {
            backups = backups.programs(programs);
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let builder = Migrator::builder().url(shop.database.url()).directory(shop.project.migrations());
            let migrator = builder.backups(backups).build().await.unwrap();
            let options = RehearsalOptions::on(ScratchServer::of(migrator.database().clone())).from_latest_backup();
            let rehearsal = migrator.rehearse(&options).await.unwrap();
            assert!(matches!(rehearsal.copy, RehearsalCopy::Backup { ref caught_up, .. } if caught_up.len() == 1));
        });
    }
}

/// The user in a URL.
fn user(url: &str) -> String {
    let user = url.split("//").nth(1).and_then(|rest| rest.split(':').next());
    user.unwrap_or_default().replace("%5F", "_")
}

/// Roles of another server, what only a superuser may do, and who hears of changes are left out.
#[test]
fn a_backup_that_names_roles_and_publications_is_restored_by_whoever_owns_the_copy() {
    Engine::Postgres.run(|engine| {
        let Some(shop) = Shop::new(engine) else { return };
        let role = shop.database.read_only_user();
        let role = user(&role);
        shop.database.execute(&format!(
            "GRANT ALL ON items TO {role}; ALTER TABLE items OWNER TO {role}; CREATE PUBLICATION heard FOR TABLE items; \
             COMMENT ON EXTENSION plpgsql IS 'mine'"
        ));
        shop.program().unwrap().arg("backup").run().expect_success();
        let file = shop.file();
        let url = shop.database.user_with_password("makes-databases");
        let user = user(&url);
        shop.database.execute(&format!("ALTER ROLE {user} CREATEDB; GRANT {role} TO {user}"));
        let program = shop.program().unwrap().database(&url);
        let rehearsed = rehearse(program, &["--from-backup", &file.display().to_string()]);
        assert_eq!(after(&rehearsed, "items"), 3);
    });
}
