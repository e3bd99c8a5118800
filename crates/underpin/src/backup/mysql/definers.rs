//! Whether a user may make what a dump has other users as definers of. Asked before anything is dropped for it.

use std::collections::BTreeSet;

use underpin_core::{diagnostic::Diagnostic, dump};

use super::{super::failure, question::ask};
use crate::database::{Interrupt, Session};

/// The privileges that let a user name another as definer: those of MySQL ("Privileges Provided by MySQL" in the
/// manual) and those of MariaDB ("GRANT").
const PRIVILEGES: [&str; 5] = ["ALL PRIVILEGES", "SUPER", "SET_ANY_DEFINER", "SET_USER_ID", "SET USER"];

/// Checks that the user of a session may make what these are the definers of.
///
/// # Errors
/// He may not, or nobody can tell.
pub(super) async fn check(
    session: &mut dyn Session,
    interrupt: &Interrupt,
    definers: &BTreeSet<String>,
) -> Result<(), Diagnostic> {
    let user = ask(session, interrupt, "SELECT CURRENT_USER()").await?;
    let user = user.first().map(|row| row.text(0).to_owned()).unwrap_or_default();
    let Some(other) = definers.iter().find(|definer| dump::account(definer) != user) else { return Ok(()) };
    let grants = ask(session, interrupt, "SHOW GRANTS").await?;
    match grants.iter().any(|row| allows(row.text(0))) {
        true => Ok(()),
        false => Err(failure::unrestored(format!(
            "what it has belongs to {other}, and {user} may make nothing in the name of others"
        ))
        .hint("restore it as a user who may: GRANT SET_ANY_DEFINER ON *.* (MySQL), GRANT SET USER ON *.* (MariaDB)")
        .hint("or make the backup where everything belongs to the user who restores it")),
    }
}

/// Whether a grant lets its user name others.
fn allows(grant: &str) -> bool {
    let Some((privileges, _)) = grant.split_once(" ON *.* ") else { return false };
    let privileges = privileges.strip_prefix("GRANT ").unwrap_or(privileges);
    privileges.split(',').any(|privilege| PRIVILEGES.contains(&privilege.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_of_everything_and_one_of_its_own_let_name_others() {
        for (grant, expected) in [
            ("GRANT ALL PRIVILEGES ON *.* TO `a`@`%`", true),
            ("GRANT SELECT, SUPER, EVENT ON *.* TO `a`@`%`", true),
            ("GRANT ROLE_ADMIN,SET_ANY_DEFINER ON *.* TO `a`@`%`", true),
            ("GRANT SET USER ON *.* TO `a`@`%`", true),
            ("GRANT USAGE ON *.* TO `a`@`%`", false),
            ("GRANT ALL PRIVILEGES ON `shop`.* TO `a`@`%`", false),
        ] {
            assert_eq!(allows(grant), expected, "{grant}");
        }
    }
}
