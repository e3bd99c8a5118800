//! What is done to a server, which is the test's own: it is killed while a run stands at a point, may only be read from,
//! and runs out of room. It starts once for all of that.

use underpin_tests::{Engine, Hold, OwnServer, scale};

use super::chain::Chain;
use super::{Tally, disk, read_only};

/// A server takes seconds to come back: these show each kind of point, and the full form has all.
const SHORT: [(&str, usize); 3] = [("statement-done", 2), ("statement-started", 4), ("between-revisions", 1)];

#[test]
fn a_postgres_that_fails_loses_nothing_that_was_called_done() {
    Engine::Postgres.run(|engine| {
        let Some(mut server) = OwnServer::start(engine) else { return };
        kill(engine, &mut server);
        read_only::standby(engine, &mut server);
        disk::postgres(&mut server);
    });
}

#[test]
fn a_mysql_that_fails_loses_nothing_that_was_called_done() {
    Engine::Mysql.run(|engine| {
        let Some(mut server) = OwnServer::start(engine) else { return };
        kill(engine, &mut server);
        read_only::server(engine, &server, "super_read_only");
        disk::mysql(engine, &mut server);
    });
}

#[test]
fn a_mariadb_that_fails_loses_nothing_that_was_called_done() {
    Engine::Mariadb.run(|engine| {
        let Some(mut server) = OwnServer::start(engine) else { return };
        kill(engine, &mut server);
        read_only::server(engine, &server, "read_only");
        disk::mysql(engine, &mut server);
    });
}

/// Kills the server, again and again; it comes back on what it has left.
fn kill(engine: Engine, server: &mut OwnServer) {
    let chain = Chain::new(engine);
    let mut tally = Tally::new(engine, "`kill -9` of the server");
    let points = if scale::is_full() { chain.points() } else { SHORT.to_vec() };
    for (point, passes) in points {
        let context = format!("the server was killed at {point}, {passes} passed");
        let database = server.database();
        let program = chain.upgrade(&database);
        let hold = Hold::at(point, passes);
        let mut running = hold.on(&program).spawn();
        assert!(hold.is_reached(&mut running), "{engine}: {context}: {}", running.stderr());
        server.kill();
        hold.release();
        let output = running.wait();
        assert!(matches!(output.code(), Some(0 | 3 | 5)), "{engine}: {context}: {output}");
        let said = output.stderr.lines().filter(|line| line.trim_start().starts_with("Applied ")).count();
        server.start_again();
        let kept = underpin_tests::History::of(&database).applied().len();
        assert!(said <= kept, "{engine}: {context}: {said} were called done and {kept} are there: {output}");
        chain.finish(&database, &program, &context);
        tally.count(&output);
    }
    tally.report();
}
