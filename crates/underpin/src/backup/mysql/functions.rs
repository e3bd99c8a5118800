//! Whether a user may make triggers and functions where the server writes a binary log. Asked before anything is dropped
//! for a backup that has some: the server would refuse them in the middle (error 1419, "Stored Program Binary Logging" in
//! the manual).

use underpin_core::{diagnostic::Diagnostic, dump::Findings};

use super::{super::failure, definers, question::ask};
use crate::database::{Interrupt, Session};

/// The privileges of which one is enough (measured; `BINLOG ADMIN` of MariaDB 10.11 is not).
const PRIVILEGES: [&str; 2] = ["ALL PRIVILEGES", "SUPER"];

/// Checks that the user of a session may make the triggers and functions of a dump.
///
/// # Errors
/// He may not.
pub(super) async fn check(
    session: &mut dyn Session,
    interrupt: &Interrupt,
    found: &Findings,
) -> Result<(), Diagnostic> {
    if !found.has_functions {
        return Ok(());
    }
    let question = "SELECT @@GLOBAL.log_bin AND NOT @@GLOBAL.log_bin_trust_function_creators";
    let asked = ask(session, interrupt, question).await?;
    if !asked.first().is_some_and(|row| row.truth(0)) {
        return Ok(());
    }
    let grants = ask(session, interrupt, "SHOW GRANTS").await?;
    if definers::has(&grants, &PRIVILEGES) {
        return Ok(());
    }
    Err(failure::unrestored(
        "it has triggers or functions, the server writes a binary log, and this user may not make them then (error 1419)",
    )
    .hint("SET GLOBAL log_bin_trust_function_creators = 1, until it is restored")
    .hint("or restore it as a user who has SUPER"))
}
