//! Who may run single routines of a database. No dump has that, and it goes with a routine that is dropped
//! ("automatic_sp_privileges" in the manuals), so that it is noted before and given again. What is granted for a whole
//! database, a table or a view stays by itself.

use underpin_core::{
    diagnostic::Diagnostic,
    dialect::Dialect,
    name::{literal, quote},
};

use super::{
    contents::qualified,
    question::{ask, run},
};
use crate::database::{Interrupt, Row, Session};

/// The privileges on the routines of a database.
#[derive(Debug, Default)]
pub(super) struct Executors {
    granted: Vec<Granted>,
    /// Why nobody knows, where the database has routines and its user may not read who may run them.
    unread: Option<String>,
}

/// What somebody may do with one routine.
#[derive(Debug)]
struct Granted {
    kind: String,
    routine: String,
    /// The privileges, as the catalog has them: `Execute,Alter Routine,Grant`.
    privileges: String,
    /// The account, or the role (MariaDB), as `GRANT` has it.
    to: String,
}

impl Executors {
    /// Reads those of a database.
    ///
    /// # Errors
    /// What the server says of the database's routines.
    pub(super) async fn of(
        session: &mut dyn Session,
        interrupt: &Interrupt,
        database: &str,
    ) -> Result<Self, Diagnostic> {
        if routines(session, interrupt, database).await?.is_empty() {
            return Ok(Self::default());
        }
        let question = format!(
            "SELECT Routine_type, Routine_name, Proc_priv, User, Host FROM mysql.procs_priv WHERE Db = {}",
            literal(Dialect::Mysql, database)
        );
        match ask(session, interrupt, &question).await {
            Ok(rows) => Ok(Self { granted: rows.iter().map(Granted::of).collect(), unread: None }),
            Err(error) => {
                // Whether it is the right to read, and not the session or the time, the next question tells.
                ask(session, interrupt, "SELECT 1").await?;
                Ok(Self { granted: Vec::new(), unread: Some(error.message) })
            }
        }
    }

    /// Gives them to whoever had them, where the routine is there. What can't be given is told in the log: the rows and
    /// routines are what matters.
    pub(super) async fn give(&self, session: &mut dyn Session, interrupt: &Interrupt, database: &str) {
        if let Some(error) = &self.unread {
            tracing::warn!(
                target: "underpin::backup",
                error,
                "nobody knows who could run single routines of this database, which were made anew: grant that again (mysql.procs_priv could not be read)"
            );
        }
        if self.granted.is_empty() {
            return;
        }
        let there = routines(session, interrupt, database).await.unwrap_or_default();
        for granted in &self.granted {
            if !there.contains(&(granted.kind.clone(), granted.routine.clone())) {
                continue;
            }
            let statement = granted.statement(database);
            if let Err(error) = run(session, interrupt, &statement).await {
                tracing::warn!(
                    target: "underpin::backup",
                    statement,
                    error = %error.message,
                    "a routine was made anew, and who could run it may not any more: run this statement"
                );
            }
        }
    }
}

impl Granted {
    fn of(row: &Row) -> Self {
        let (user, host) = (quote(Dialect::Mysql, row.text(3)), row.text(4));
        let to = match host.is_empty() {
            true => user,
            false => format!("{user}@{}", quote(Dialect::Mysql, host)),
        };
        let [kind, routine, privileges] = [0, 1, 2].map(|column| row.text(column).to_owned());
        Self { kind, routine, privileges, to }
    }

    fn statement(&self, database: &str) -> String {
        let given: Vec<String> =
            self.privileges.split(',').filter(|one| *one != "Grant").map(str::to_uppercase).collect();
        let given = if given.is_empty() { "USAGE".to_owned() } else { given.join(", ") };
        let option =
            if self.privileges.split(',').any(|one| one == "Grant") { " WITH GRANT OPTION" } else { "" };
        let routine = qualified(database, &self.routine);
        format!("GRANT {given} ON {} {routine} TO {}{option}", self.kind, self.to)
    }
}

/// The routines of a database, by kind and name.
async fn routines(
    session: &mut dyn Session,
    interrupt: &Interrupt,
    database: &str,
) -> Result<Vec<(String, String)>, Diagnostic> {
    let question = format!(
        "SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = {}",
        literal(Dialect::Mysql, database)
    );
    let rows = ask(session, interrupt, &question).await?;
    Ok(rows.iter().map(|row| (row.text(0).to_owned(), row.text(1).to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_granted_is_granted_again() {
        let granted = |privileges: &str, to: &str| Granted {
            kind: "PROCEDURE".to_owned(),
            routine: "p`q".to_owned(),
            privileges: privileges.to_owned(),
            to: to.to_owned(),
        };
        assert_eq!(
            granted("Execute,Alter Routine", "`a`@`%`").statement("shop"),
            "GRANT EXECUTE, ALTER ROUTINE ON PROCEDURE `shop`.`p``q` TO `a`@`%`"
        );
        assert_eq!(
            granted("Grant", "`clerks`").statement("shop"),
            "GRANT USAGE ON PROCEDURE `shop`.`p``q` TO `clerks` WITH GRANT OPTION"
        );
    }
}
