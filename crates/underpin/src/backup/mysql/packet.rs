//! How long a statement of a dump may be. A row with a large value is one statement, in which a binary value takes two
//! letters a byte, so that what a server has stored may be more than it takes at once.

use underpin_core::diagnostic::Diagnostic;

use super::{super::failure, question::ask};
use crate::database::{Interrupt, Session};

/// Checks that the server takes a statement of this many bytes; it would close the connection, and say no more.
///
/// # Errors
/// It does not.
pub(super) async fn check(
    session: &mut dyn Session,
    interrupt: &Interrupt,
    longest: usize,
) -> Result<(), Diagnostic> {
    let rows = ask(session, interrupt, "SELECT @@GLOBAL.max_allowed_packet").await?;
    let taken = rows.first().and_then(|row| row.integer(0)).and_then(|bytes| usize::try_from(bytes).ok());
    match taken {
        Some(taken) if !fits(longest, taken) => Err(failure::unrestored(format!(
            "a statement in it has {longest} bytes, and the server takes {taken} at most (max_allowed_packet)"
        ))
        .hint(format!("SET GLOBAL max_allowed_packet = {}, and run it again", enough(longest)))),
        Some(_) | None => Ok(()),
    }
}

/// Whether a statement fits, with the byte before it that says what it is.
const fn fits(statement: usize, taken: usize) -> bool {
    statement < taken
}

/// A value that is enough, of those that a server has: powers of two up to a GiB.
fn enough(statement: usize) -> usize {
    const MOST: usize = 1 << 30;
    statement.saturating_add(1).checked_next_power_of_two().map_or(MOST, |bytes| bytes.min(MOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_proposed_is_enough() {
        for statement in [1, 1_023, 1_024, 24_000_000] {
            assert!(fits(statement, enough(statement)));
        }
        assert!(!fits(1_024, 1_024));
        assert_eq!(enough(24_000_000), 32 << 20);
        assert_eq!(enough(usize::MAX), 1 << 30);
    }
}
