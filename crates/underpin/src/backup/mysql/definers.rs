//! Whether a user may make what a dump has other users as definers of. Asked before anything is dropped for it.

use std::collections::BTreeSet;

use underpin_core::{diagnostic::Diagnostic, dialect::Dialect, dump, name::literal};

use super::{super::failure, account::Account, question::ask};
use crate::database::{Interrupt, Row, Session};

/// The privileges that let a user name another as definer: those of MySQL ("Privileges Provided by MySQL" in the
/// manual) and those of MariaDB ("GRANT").
const PRIVILEGES: [&str; 5] = ["ALL PRIVILEGES", "SUPER", "SET_ANY_DEFINER", "SET_USER_ID", "SET USER"];

/// What helps without any privilege.
const OWN: &str = "or make the backup where everything belongs to the user who restores it";

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
    let others: Vec<&String> = definers.iter().filter(|definer| dump::account(definer) != user).collect();
    let Some(other) = others.first() else { return Ok(()) };
    let grants = ask(session, interrupt, "SHOW GRANTS").await?;
    if !has(&grants, &PRIVILEGES) {
        return Err(failure::unrestored(format!(
            "what it has belongs to {other}, and {user} may make nothing in the name of others"
        ))
        .hint("restore it as a user who may: GRANT SET_ANY_DEFINER ON *.* (MySQL), GRANT SET USER ON *.* (MariaDB)")
        .hint(OWN));
    }
    if Account::Unread.needed(session.server()).is_empty() {
        return Ok(());
    }
    for other in others {
        let account = Account::read(session, interrupt, &dump::account(other)).await?;
        let missing =
            account.needed(session.server()).into_iter().find(|privileges| !has(&grants, privileges));
        if let Some(privilege) = missing.and_then(<[&str]>::first) {
            return Err(refused(other, &user, privilege, account));
        }
    }
    Ok(())
}

/// Checks that the user of a session may drop the routines and events of a database: those of an account with
/// SYSTEM_USER only who has it, too.
///
/// # Errors
/// He may not, or nobody can tell.
pub(super) async fn check_droppable(
    session: &mut dyn Session,
    interrupt: &Interrupt,
    database: &str,
) -> Result<(), Diagnostic> {
    let needed = Account::System.needed(session.server());
    let grants = ask(session, interrupt, "SHOW GRANTS").await?;
    let Some(privileges) = needed.first().filter(|privileges| !has(&grants, privileges)) else {
        return Ok(());
    };
    let schema = literal(Dialect::Mysql, database);
    let question = format!(
        "SELECT DEFINER FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = {schema} AND DEFINER <> CURRENT_USER() \
         UNION SELECT DEFINER FROM information_schema.EVENTS WHERE EVENT_SCHEMA = {schema} AND DEFINER <> CURRENT_USER()"
    );
    for row in ask(session, interrupt, &question).await? {
        let account = Account::read(session, interrupt, row.text(0)).await?;
        if matches!(account, Account::System | Account::Unread) {
            let privilege = privileges.first().copied().unwrap_or_default();
            return Err(failure::unrestored(format!(
                "a routine or event that is there belongs to {}, {}, and only who has {privilege} may drop it then",
                row.text(0),
                why(account)
            ))
            .hint(format!("GRANT {privilege} ON *.* TO …, or let its owner drop it")));
        }
    }
    Ok(())
}

/// A definer who takes more to be named than the right to name others.
fn refused(other: &str, user: &str, privilege: &str, account: Account) -> Diagnostic {
    let why = why(account);
    let message =
        format!("what it has belongs to {other}, {why}, and {user} may not name it without {privilege}");
    let refused = failure::unrestored(message).hint(format!("GRANT {privilege} ON *.* TO …"));
    match account {
        Account::Unread => refused.hint(
            "or let the user read it: GRANT SELECT ON mysql.user, mysql.role_edges and mysql.global_grants",
        ),
        Account::System | Account::Nonexistent | Account::Regular => refused,
    }
    .hint(OWN)
}

/// What an account is, in words.
const fn why(account: Account) -> &'static str {
    match account {
        Account::System => "which has SYSTEM_USER",
        Account::Nonexistent => "which is not there",
        Account::Regular | Account::Unread => {
            "of which nobody can tell whether it is there and has SYSTEM_USER"
        }
    }
}

/// Whether one of these privileges is among grants, everywhere.
pub(super) fn has(grants: &[Row], privileges: &[&str]) -> bool {
    grants.iter().any(|row| allows(row.text(0), privileges))
}

/// Whether a grant has one of these privileges, everywhere.
fn allows(grant: &str, wanted: &[&str]) -> bool {
    let Some((privileges, _)) = grant.split_once(" ON *.* ") else { return false };
    let privileges = privileges.strip_prefix("GRANT ").unwrap_or(privileges);
    privileges.split(',').any(|privilege| wanted.contains(&privilege.trim()))
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
            assert_eq!(allows(grant, &PRIVILEGES), expected, "{grant}");
        }
    }
}
