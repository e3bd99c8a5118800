//! The moment in which MySQL and MariaDB exchange tables: a lost answer, a signal and time that is over leave what was
//! there, rows and triggers, or finish what has begun.

use std::thread;
use std::time::{Duration, Instant};

use underpin_tests::{Engine, Hold, Program, Relay, Signal, TestDatabase, on_every_engine};

use super::Shop;
use super::broken::kept;

/// A program that reaches its database through a port where connections break, in clear text.
fn through(relay: &Relay, program: Program) -> Program {
    program.database(format!("{}?ssl-mode=disabled", relay.url()))
}

/// The databases with what a restore has replaced.
pub(super) fn put_aside(database: &TestDatabase) -> Vec<String> {
    let end: String = format!("_was_{}", database.name()).chars().take(5 + 18).collect();
    let names = database.query(&format!(
        "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE '%{end}'"
    ));
    names.into_iter().flatten().flatten().collect()
}

fn assert_as_before(shop: &Shop, before: &(Vec<underpin_tests::database::Rows>, Vec<String>)) {
    assert_eq!(shop.picture(), *before);
    assert_eq!(shop.database.value("SELECT count(*) FROM underpin_history"), "1");
    assert!(put_aside(&shop.database).is_empty());
    assert!(!shop.database.is_locked());
}

on_every_engine! {
    fn the_answer_to_the_exchange_is_lost_and_the_rows_are_not(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        for words in ["RENAME TABLE", ".`quiet`"] {
            let shop = Shop::new(engine);
            let Some((_, restore)) = kept(&shop) else { return };
            shop.database.execute("INSERT INTO customers (name) VALUES ('later')");
            let before = shop.picture();
            let mut relay = Relay::to(&shop.database);
            relay.open_losing_the_answer_to(words);
            let output = through(&relay, restore.clone()).run();
            assert_ne!(output.code(), Some(0), "{output}");
            assert!(relay.has_lost_an_answer(), "{output}");
            assert!(output.stderr.contains("nothing was changed"), "{words}: {output}");
            assert_as_before(&shop, &before);
            restore.run().expect_success();
        }
    }

    fn a_lost_session_takes_the_migration_lock_with_it_and_undoing_takes_it_again(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let shop = Shop::new(engine);
        let Some((_, restore)) = kept(&shop) else { return };
        shop.database.execute("INSERT INTO customers (name) VALUES ('later')");
        let before = shop.picture();
        let mut relay = Relay::to(&shop.database);
        relay.open_losing_the_answer_to("RENAME TABLE");
        let hold = Hold::at("restore-taken-up", 0);
        let mut running = hold.on(&through(&relay, restore)).spawn();
        assert!(hold.is_reached(&mut running), "{}", running.kill());
        assert!(shop.database.is_locked());
        let late = shop.upgrade().args(["--lock-timeout", "1s"]).run();
        assert!(late.code() != Some(0) && late.stderr.contains("lock"), "{late}");
        hold.release();
        let output = running.wait();
        assert_ne!(output.code(), Some(0), "{output}");
        assert_as_before(&shop, &before);
    }

    fn one_that_can_not_even_be_undone_names_where_the_rows_are(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let shop = Shop::new(engine);
        let Some((_, restore)) = kept(&shop) else { return };
        shop.database.execute("INSERT INTO customers (name) VALUES ('later')");
        let mut relay = Relay::to(&shop.database);
        relay.open();
        let hold = Hold::at("tables-exchanged", 0);
        let mut running = hold.on(&through(&relay, restore.clone())).spawn();
        assert!(hold.is_reached(&mut running), "{}", running.kill());
        relay.shut();
        hold.release();
        let output = running.wait();
        assert_ne!(output.code(), Some(0), "{output}");
        let kept = put_aside(&shop.database);
        let [aside] = &kept[..] else { panic!("{kept:?}: {output}") };
        assert!(output.stderr.contains("unknown") && output.stderr.contains(aside.as_str()), "{output}");
        assert_eq!(shop.database.value(&format!("SELECT count(*) FROM {aside}.customers")), "4");
        // Whoever cleans up behind others leaves it alone.
        restore.run().expect_success();
        assert_eq!(put_aside(&shop.database), kept);
        shop.database.execute(&format!("SET foreign_key_checks = 0; DROP DATABASE {aside}"));
    }

    fn triggers_are_there_while_it_waits_and_a_signal_ends_the_wait(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let shop = Shop::new(engine);
        let Some((_, restore)) = kept(&shop) else { return };
        shop.database.execute("INSERT INTO customers (name) VALUES ('later')");
        let before = shop.picture();
        let holder = shop.database.hold(&["SELECT count(*) FROM orders"]);
        let waits = || shop.database.sessions().iter().any(|session| session.id != holder.id() && (session.statement.contains("LOCK TABLES") || session.statement.contains("RENAME")));
        let mut running = restore.clone().spawn();
        assert!(running.wait_until(|_| waits()), "{}", running.kill());
        thread::sleep(Duration::from_millis(500));
        let triggers = "SELECT count(*) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()";
        assert_eq!(shop.database.value(triggers), "1");
        let start = Instant::now();
        running.signal(Signal::Interrupt);
        let output = running.wait();
        assert_ne!(output.code(), Some(0), "{output}");
        assert!(start.elapsed() < Duration::from_secs(7), "{:?} {output}", start.elapsed());
        assert!(output.stderr.contains("nothing was changed"), "{output}");
        assert!(!waits());
        holder.end();
        thread::sleep(Duration::from_millis(500));
        assert_as_before(&shop, &before);
        restore.run().expect_success();
    }

    fn what_follows_an_exchange_is_finished_whatever_signal_comes(engine) {
        if !matches!(engine, Engine::Mysql | Engine::Mariadb) {
            return;
        }
        let shop = Shop::new(engine);
        let Some((_, restore)) = kept(&shop) else { return };
        let original = shop.picture();
        shop.database.execute("INSERT INTO customers (name) VALUES ('later')");
        let hold = Hold::at("tables-exchanged", 0);
        let mut running = hold.on(&restore).spawn();
        assert!(hold.is_reached(&mut running), "{}", running.kill());
        running.signal(Signal::Interrupt);
        // Longer than a run that could be rolled back is waited for.
        thread::sleep(Duration::from_secs(9));
        hold.release();
        let output = running.wait().expect_success();
        assert!(output.stderr.contains("finished, or undone, first"), "{output}");
        assert_eq!(shop.picture(), original);
        assert!(put_aside(&shop.database).is_empty());
    }
}
