//! A backup that can't be made: then the run does not begin.

use std::fs;

use underpin_tests::{Engine, Program, SmallDisk, dump_programs, on_every_engine};

use super::{Shop, script};

/// Rows that no dump makes small.
fn fill(shop: &Shop) {
    let digits = match shop.database.engine() {
        Engine::Sqlite => "hex(randomblob(500))",
        Engine::Postgres => {
            "(SELECT string_agg(md5(random()::text || i || j), '') FROM generate_series(1, 30) AS j)"
        }
        Engine::Mysql | Engine::Mariadb => "hex(random_bytes(500))",
    };
    let rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)";
    shop.database.execute(&match shop.database.engine() {
        Engine::Mysql | Engine::Mariadb => {
            format!("INSERT INTO orders (id, customer, note) {rows} SELECT i + 100, 1, {digits} FROM n")
        }
        Engine::Sqlite | Engine::Postgres => {
            format!("{rows} INSERT INTO orders (id, customer, note) SELECT i + 100, 1, {digits} FROM n")
        }
    });
}

on_every_engine! {
    fn a_full_disk_keeps_the_run_from_beginning(engine) {
        let shop = Shop::new(engine);
        let Some(upgrade) = shop.upgrade().backing_up(&shop.database) else { return };
        fill(&shop);
        shop.deleting(false);
        let before = shop.picture();
        fs::create_dir(shop.directory()).unwrap();
        if let Some(disk) = SmallDisk::over(&shop.directory(), "64k", (0, 0)) {
            let refused = upgrade.run().expect_code(8);
            assert!(refused.stderr.contains("has room for 64 KiB"), "{refused}");
            assert!(refused.stderr.contains("the migration has not begun"), "{refused}");
            shop.assert_untouched(&before);
            drop(disk);
        }

        // Where the room is gone only while it is written. In blocks of 512 bytes; without its signal, the limit is
        // an error of writing.
        let mut limited = Program::at("/bin/sh")
            .args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\""])
            .arg(Program::underpin().path())
            .arg("upgrade")
            .directory(shop.project.path())
            .database(shop.database.url())
            .env("UNDERPIN_BACKUP_DIRECTORY", shop.directory());
        if let Some(Some(programs)) = dump_programs(&shop.database) {
            limited = limited.env("UNDERPIN_BACKUP_PROGRAMS", programs);
        }
        let refused = limited.run().expect_code(8);
        assert!(refused.stderr.contains("no backup could be made"), "{refused}");
        shop.assert_untouched(&before);

        upgrade.run().expect_success();
        assert_eq!(shop.files().len(), 1);
    }

    fn a_program_that_is_not_there_writes_rubbish_or_fails_keeps_the_run_from_beginning(engine) {
        let shop = Shop::new(engine);
        shop.deleting(false);
        let before = shop.picture();
        let programs = shop.project.path().join("programs");
        let upgrade = shop.upgrade().env("UNDERPIN_BACKUP", "before_any");
        let refused = |program: &Program, why: &str| {
            let refused = program.run().expect_code(8);
            assert!(refused.stderr.contains(why), "{refused}");
            assert!(refused.stderr.contains("the migration has not begun"), "{refused}");
            shop.assert_untouched(&before);
        };
        let command = upgrade.clone().env("UNDERPIN_BACKUP_COMMAND", "echo no room at s3cret >&2; exit 3");
        refused(&command, "the backup command failed: no room");
        if engine == Engine::Sqlite {
            return;
        }
        let ours = upgrade.env("UNDERPIN_BACKUP_PROGRAMS", &programs);
        refused(&ours, "UNDERPIN_BACKUP=never");
        for name in ["pg_dump", "mysqldump", "mariadb-dump"] {
            let rubbish = "while [ $# -gt 0 ]; do case \"$1\" in --file) echo PGDMPrubbish > \"$2\";; \
                 --result-file=*) echo rubbish > \"${1#--result-file=}\";; esac; shift; done";
            script(&programs, name, rubbish);
        }
        script(&programs, "pg_restore", "exec pg_restore \"$@\"");
        refused(&ours, "what was written can't be read again");
        for name in ["pg_dump", "mysqldump", "mariadb-dump"] {
            script(&programs, name, "echo connection refused >&2; exit 1");
        }
        refused(&ours, "connection refused");
    }

    fn an_empty_file_of_a_command_keeps_the_run_from_beginning(engine) {
        let shop = Shop::new(engine);
        shop.deleting(false);
        let before = shop.picture();
        let upgrade = shop.upgrade().env("UNDERPIN_BACKUP", "before_destructive");
        let empty = upgrade.clone().env("UNDERPIN_BACKUP_COMMAND", "false > \"$UNDERPIN_BACKUP_FILE\" || true");
        let refused = empty.run().expect_code(8);
        assert!(refused.stderr.contains("it is empty"), "{refused}");
        shop.assert_untouched(&before);
        // One that is written nowhere is put elsewhere.
        upgrade.env("UNDERPIN_BACKUP_COMMAND", "true").run().expect_success();
        assert!(shop.files().is_empty());
    }

    fn a_blank_command_in_the_configuration_is_none(engine) {
        let shop = Shop::new(engine);
        let Some(upgrade) = shop.upgrade().backing_up(&shop.database) else { return };
        shop.deleting(false);
        let file = shop.project.path().join("underpin.toml");
        let text = fs::read_to_string(&file).unwrap_or_default();
        fs::write(&file, format!("backup_command = \" \"\n{text}")).unwrap();
        upgrade.run().expect_success();
        let files = shop.files();
        assert!(matches!(&files[..], [file] if file.metadata().unwrap().len() > 100), "{files:?}");
    }

    fn a_command_of_the_users_gets_what_it_needs_and_no_password_on_a_command_line(engine) {
        let shop = Shop::new(engine);
        shop.deleting(false);
        let told = shop.project.path().join("told");
        let text = format!(
            "{{ echo \"$UNDERPIN_BACKUP_DATABASE\"; tr '\\0' ' ' < /proc/$PPID/cmdline; }} > {}; echo kept > \"$UNDERPIN_BACKUP_FILE\"",
            told.display()
        );
        let upgrade = shop.upgrade().env("UNDERPIN_BACKUP", "before_destructive").env("UNDERPIN_BACKUP_COMMAND", text);
        upgrade.run().expect_success();
        let files = shop.files();
        let [file] = &files[..] else { panic!("{files:?}") };
        assert_eq!(fs::read_to_string(file).unwrap(), "kept\n");
        let told = fs::read_to_string(told).unwrap();
        assert!(!told.contains(":underpin@"), "{told}");
    }
}
