//! An account of MySQL that a dump has as definer: which privilege names it, beside the one that names any. What the
//! user has who restores is not looked at.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
    name::literal,
    schema::ServerVersion,
};

use super::question::ask;
use crate::database::{Interrupt, Server, Session};

/// Since when an account with SYSTEM_USER is named by those who have it, too ("SYSTEM_USER" in the manual).
const SYSTEM_SINCE: ServerVersion = ServerVersion::new(8, 0, 16);

/// Since when it takes a privilege to name an account that is not there ("ALLOW_NONEXISTENT_DEFINER").
const NONEXISTENT_SINCE: ServerVersion = ServerVersion::new(8, 2, 0);

/// The privileges that name a system account.
const SYSTEM: [&str; 2] = ["SYSTEM_USER", "ALL PRIVILEGES"];

/// Those that name an account that is not there; SET_USER_ID, where there is one.
const NONEXISTENT: [&str; 4] = ["ALLOW_NONEXISTENT_DEFINER", "ALL PRIVILEGES", "SUPER", "SET_USER_ID"];

/// What the server says of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Account {
    /// It is there, without SYSTEM_USER.
    Regular,
    /// It has SYSTEM_USER, by itself or by a role.
    System,
    /// It is not there.
    Nonexistent,
    /// The user may not read which accounts there are.
    Unread,
}

impl Account {
    /// Reads what an account is, which is written as `CURRENT_USER()` writes it.
    ///
    /// # Errors
    /// What the server says, but for a want of privileges.
    pub(super) async fn read(
        session: &mut dyn Session,
        interrupt: &Interrupt,
        account: &str,
    ) -> Result<Self, Diagnostic> {
        let (user, host) = account.rsplit_once('@').unwrap_or((account, "%"));
        let (user, host) = (literal(Dialect::Mysql, user), literal(Dialect::Mysql, host));
        let question = format!(
            "WITH RECURSIVE given (user, host) AS (SELECT User, Host FROM mysql.user WHERE User = {user} AND Host = {host} \
             UNION SELECT FROM_USER, FROM_HOST FROM mysql.role_edges JOIN given ON TO_USER = given.user AND TO_HOST = given.host) \
             SELECT count(*) > 0, coalesce(sum(EXISTS (SELECT 1 FROM mysql.global_grants g \
             WHERE g.PRIV = 'SYSTEM_USER' AND g.USER = given.user AND g.HOST = given.host)), 0) > 0 FROM given"
        );
        let rows = match ask(session, interrupt, &question).await {
            Err(error) if error.kind == ErrorKind::Permission => return Ok(Self::Unread),
            asked => asked?,
        };
        let is = |column| rows.first().is_some_and(|row| row.integer(column) == Some(1));
        Ok(match (is(0), is(1)) {
            (false, _) => Self::Nonexistent,
            (true, true) => Self::System,
            (true, false) => Self::Regular,
        })
    }

    /// The privileges of which one is needed to name it, the one to be asked for first; none where it takes no more
    /// than to name any. What can't be read may be either.
    pub(super) fn needed(self, server: &Server) -> Vec<&'static [&'static str]> {
        let since = |version| match server.flavour {
            Flavour::Mysql => server.parsed_version() >= version,
            Flavour::Mariadb | Flavour::Postgres | Flavour::Sqlite => false,
        };
        let (mut needed, unread): (Vec<&'static [&'static str]>, _) = (Vec::new(), self == Self::Unread);
        if since(SYSTEM_SINCE) && (unread || self == Self::System) {
            needed.push(&SYSTEM);
        }
        if since(NONEXISTENT_SINCE) && (unread || self == Self::Nonexistent) {
            needed.push(&NONEXISTENT);
        }
        needed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needed(flavour: Flavour, version: &str, account: Account) -> Vec<&'static [&'static str]> {
        account.needed(&Server { flavour, version: version.to_owned() })
    }

    #[test]
    fn who_is_named_takes_the_privilege_of_his_kind() {
        for (version, system, nonexistent) in [("8.0.15", 0, 0), ("8.0.16", 1, 0), ("9.7.4-2", 1, 1)] {
            let count = |account| needed(Flavour::Mysql, version, account).len();
            assert_eq!((count(Account::System), count(Account::Nonexistent)), (system, nonexistent));
            assert_eq!((count(Account::Regular), count(Account::Unread)), (0, system + nonexistent));
        }
        assert_eq!(needed(Flavour::Mysql, "9.7.4", Account::System), [&SYSTEM]);
        assert!(needed(Flavour::Mariadb, "11.8.2-MariaDB", Account::Unread).is_empty());
    }
}
