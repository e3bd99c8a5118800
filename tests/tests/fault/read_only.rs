//! A database that may only be read, as a replica is: refused with its own kind, and nothing is changed.

use underpin_tests::{Engine, Output, OwnServer, Program, TestDatabase};

use super::Tally;
use super::chain::Chain;

/// Tries, and tries again when the database may be written to.
fn refuse_and_finish(
    chain: &Chain,
    database: &TestDatabase,
    program: &Program,
    fault: &str,
    writable: impl FnOnce(),
) {
    let engine = database.engine();
    let output: Output = program.run();
    assert_eq!(output.code(), Some(3), "{engine}: {output}");
    for text in ["nothing was changed", "connect to the primary"] {
        assert!(output.stderr.contains(text), "{engine}: no {text:?} in {output}");
    }
    assert_eq!(database.tables(), Vec::<String>::new(), "{engine}: {output}");
    writable();
    chain.finish(database, program, fault);
    let mut tally = Tally::new(engine, fault);
    tally.count(&output);
    tally.report();
}

#[test]
fn postgres_with_read_only_transactions() {
    Engine::Postgres.run(|engine| {
        let (chain, database) = (Chain::new(engine), TestDatabase::create(engine));
        let name = database.name();
        database.execute(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on"));
        refuse_and_finish(&chain, &database, &chain.upgrade(&database), "read-only database", || {
            let reset = format!("ALTER DATABASE {name} RESET default_transaction_read_only");
            database.execute(&format!("BEGIN READ WRITE; {reset}; COMMIT"));
        });
    });
}

/// On a server of the test's own that becomes a standby, and is made a primary again.
pub(crate) fn standby(engine: Engine, server: &mut OwnServer) {
    let chain = Chain::new(engine);
    let (database, at_head) = (server.database(), server.database());
    Program::shop().database(at_head.url()).arg("init").run().expect_success();
    let directory = database.value("SHOW data_directory");
    database.query(&format!("COPY (SELECT '') TO '{directory}/standby.signal'"));
    server.kill();
    server.start_again();
    assert_eq!(database.value("SELECT pg_is_in_recovery()"), "t");

    // At head, a service needs no more than to read.
    let program = Program::shop().database(at_head.url()).env("UNDERPIN_HEARTBEAT", "60s");
    let shop = program.serve().expect_serving();
    assert_eq!(shop.get("/health/ready").status, 200);
    let output = shop.stop().expect_success();
    assert!(output.stderr.contains("nobody waits for this replica"), "{output}");

    refuse_and_finish(&chain, &database, &chain.upgrade(&database), "read-only replica", || {
        assert_eq!(database.value("SELECT pg_promote()"), "t");
    });
}

/// On a server of the test's own.
pub(crate) fn server(engine: Engine, server: &OwnServer, variable: &str) {
    let chain = Chain::new(engine);
    let database = server.database();
    // An administrator may write nevertheless.
    let program = chain.upgrade(&database).database(database.user_with_password("any"));
    database.execute(&format!("SET GLOBAL {variable} = ON"));
    refuse_and_finish(&chain, &database, &program, "read-only server", || {
        database.execute("SET GLOBAL read_only = OFF");
    });
}
