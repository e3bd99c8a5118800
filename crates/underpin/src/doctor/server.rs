//! What every server is asked: how old it is, and what time it has.

use std::time::SystemTime;

use underpin_core::{
    diagnostic::ErrorKind,
    dialect::{Dialect, Flavour},
};

use super::Finding;
use crate::{
    database::{DatabaseError, Row, Server, Session},
    migrate::failed_to,
};

/// How many seconds two clocks may differ before that makes logs hard to read.
const CLOCK: f64 = 5.0;

/// The first version of each that the tests run, or that has what is needed.
const fn oldest(flavour: Flavour) -> (u32, u32) {
    match flavour {
        Flavour::Sqlite => (3, 35),
        Flavour::Postgres => (10, 0),
        Flavour::Mysql => (8, 0),
        Flavour::Mariadb => (10, 5),
    }
}

/// Whether the server is new enough.
pub(super) fn version(server: &Server) -> Finding {
    let mut numbers = server.short_version().split('.').map(|number| number.parse().unwrap_or(0));
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let (major, minor) = oldest(server.flavour);
    if found >= (major, minor) {
        return Finding::ok("version", format!("{} is supported", server.title()));
    }
    let message = format!("{} is older than {major}.{minor}, the oldest that is supported", server.title());
    Finding::wrong("version", ErrorKind::Unsupported, message).hint("upgrade the server")
}

/// How far the clocks of server and client are apart.
pub(super) async fn clock(session: &mut dyn Session) -> Finding {
    let sql = match session.server().flavour.dialect() {
        Dialect::Sqlite => return Finding::ok("clock", "the database has the clock of this machine"),
        Dialect::Postgres => "SELECT CAST(extract(epoch FROM clock_timestamp()) AS text)",
        Dialect::Mysql => "SELECT CAST(UNIX_TIMESTAMP(SYSDATE(6)) AS CHAR)",
    };
    let before = now();
    let theirs = match one(session, sql).await {
        Ok(row) => row.text(0).parse::<f64>().unwrap_or_default(),
        Err(error) => return unasked("clock", &error),
    };
    let apart = theirs - f64::midpoint(before, now());
    if apart.abs() < CLOCK {
        return Finding::ok("clock", "server and client have the same time");
    }
    let side = if apart > 0.0 { "ahead of" } else { "behind" };
    Finding::warning("clock", format!("the server's clock is {:.0} seconds {side} this one", apart.abs()))
        .hint("set both by a time server; the history has the times of both")
}

fn now() -> f64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}

/// The one row of a query.
pub(super) async fn one(session: &mut dyn Session, sql: &str) -> Result<Row, DatabaseError> {
    let mut rows = session.fetch(sql).await?;
    Ok(if rows.is_empty() { Row(Vec::new()) } else { rows.swap_remove(0) })
}

/// The finding that a question was not answered.
pub(super) fn unasked(check: &'static str, error: &DatabaseError) -> Finding {
    Finding::failed(check, &failed_to(error, "the server could not be asked"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Level;

    #[test]
    fn a_server_that_is_too_old_is_told() {
        for (flavour, text, level) in [
            (Flavour::Postgres, "16.4", Level::Ok),
            (Flavour::Postgres, "9.6.24", Level::Fail),
            (Flavour::Mysql, "5.7.44", Level::Fail),
            (Flavour::Mysql, "9.7.4", Level::Ok),
            (Flavour::Mariadb, "10.11.19-MariaDB", Level::Ok),
            (Flavour::Mariadb, "10.3.1-MariaDB", Level::Fail),
            (Flavour::Sqlite, "3.51.3", Level::Ok),
        ] {
            let server = Server { flavour, version: text.to_owned() };
            assert_eq!(version(&server).level, level, "{text}");
        }
    }
}
