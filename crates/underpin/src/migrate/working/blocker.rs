//! Who holds a lock that a run waits for, as the server tells it. Never what they do with it: the text of
//! other sessions' statements is nobody's business here.

use std::fmt;

use crate::database::Row;

/// How many are named; the oldest transactions come first.
pub(super) const MOST: usize = 5;

/// A session that holds a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Blocker {
    /// The engine's number for it.
    session: Option<i64>,
    user: Option<String>,
    /// What it calls itself.
    program: Option<String>,
    host: Option<String>,
    /// Whether it does nothing at the moment.
    idle: bool,
    /// For how many seconds it has been doing that, or nothing.
    seconds: Option<i64>,
    /// How many seconds old its transaction is.
    transaction: Option<i64>,
    /// Whether the server does not tell, and this is who it probably is.
    guessed: bool,
}

impl Blocker {
    /// Reads what every dialect's query tells in this order: the session, its user, its program, where it is
    /// from, whether it is idle, for how long, how old its transaction is, and whether that is a guess.
    pub(super) fn read(row: &Row) -> Self {
        let text = |index| row.optional(index).filter(|text| !text.is_empty()).map(str::to_owned);
        Self {
            session: row.integer(0).filter(|&session| session != 0),
            user: text(1),
            program: text(2),
            host: text(3),
            idle: row.truth(4),
            seconds: row.integer(5),
            transaction: row.integer(6),
            guessed: row.truth(7),
        }
    }

    /// The engine's number for it.
    pub(crate) const fn session(&self) -> Option<i64> {
        self.session
    }

    /// The name of the program, if it is one that makes a backup.
    pub(crate) fn dump(&self) -> Option<&str> {
        let program = self.program.as_deref()?;
        ["pg_dump", "pg_dumpall", "mysqldump", "mariadb-dump", "mydumper"]
            .into_iter()
            .find(|&dump| program == dump || program.starts_with(&format!("{dump} ")))
    }
}

/// `session 4711 (psql, user app, from 10.0.0.7), idle in its transaction for 63 s`.
impl fmt::Display for Blocker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.guessed {
            f.write_str("probably ")?;
        }
        match self.session {
            Some(session) => write!(f, "session {session}")?,
            None => f.write_str("a prepared transaction, or a session that can't be seen")?,
        }
        let user = self.user.as_ref().map(|user| format!("user {user}"));
        let host = self.host.as_ref().map(|host| format!("from {host}"));
        let about: Vec<String> = [self.program.clone(), user, host].into_iter().flatten().collect();
        if !about.is_empty() {
            write!(f, " ({})", about.join(", "))?;
        }
        match (self.idle, self.seconds, self.transaction) {
            (true, Some(seconds), _) => write!(f, ", idle in its transaction for {seconds} s"),
            (false, _, Some(seconds)) => write!(f, ", whose transaction began {seconds} s ago"),
            (true, None, _) | (false, _, None) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocker(values: [Option<&str>; 8]) -> Blocker {
        Blocker::read(&Row(values.into_iter().map(|value| value.map(str::to_owned)).collect()))
    }

    #[test]
    fn who_is_in_the_way_is_said_in_words() {
        for (values, said) in [
            (
                [
                    Some("4711"),
                    Some("app"),
                    Some("psql"),
                    Some("10.0.0.7"),
                    Some("t"),
                    Some("63"),
                    Some("70"),
                    None,
                ],
                "session 4711 (psql, user app, from 10.0.0.7), idle in its transaction for 63 s",
            ),
            (
                [Some("8"), Some("app"), Some(""), None, Some("f"), Some("1"), Some("3"), None],
                "session 8 (user app), whose transaction began 3 s ago",
            ),
            ([Some("8"), None, None, None, Some("1"), None, None, Some("1")], "probably session 8"),
            (
                [Some("0"), None, None, None, None, None, None, None],
                "a prepared transaction, or a session that can't be seen",
            ),
        ] {
            assert_eq!(blocker(values).to_string(), said);
        }
    }

    #[test]
    fn a_program_that_makes_a_backup_is_known_by_its_name() {
        for (program, dump) in [
            ("pg_dump", Some("pg_dump")),
            ("mysqldump", Some("mysqldump")),
            ("mydumper 0.16", Some("mydumper")),
            ("pg_dumper", None),
            ("psql", None),
        ] {
            assert_eq!(blocker([None, None, Some(program), None, None, None, None, None]).dump(), dump);
        }
    }
}
