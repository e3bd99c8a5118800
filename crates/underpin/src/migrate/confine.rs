//! Refusing what would lead out of a scratch database, before any of it is run: a trial must never change
//! the databases beside it. What runs on a live database stays as it is.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, Place},
    dialect::Dialect,
    plan::Plan,
    sql,
};

use super::Migrator;

impl Migrator {
    /// Refuses a plan with a statement that leaves the database, where this migrator is for a scratch one.
    pub(super) fn check_confined(&self, plan: &Plan) -> Result<(), Diagnostic> {
        if !self.confined {
            return Ok(());
        }
        let dialect = self.database.dialect();
        for step in &plan.steps {
            for statement in &step.statements {
                refuse_leaving(dialect, &statement.text, || statement.place.clone())?;
            }
        }
        Ok(())
    }
}

/// Refuses a statement that leaves the database, which is a scratch one.
///
/// # Errors
/// [`ErrorKind::Configuration`], with what it does and what to write instead.
pub(crate) fn refuse_leaving(
    dialect: Dialect,
    statement: &str,
    place: impl FnOnce() -> Place,
) -> Result<(), Diagnostic> {
    let Some(what) = sql::leaves_database(dialect, statement) else { return Ok(()) };
    let message =
        format!("this statement {what}, which no scratch database may do: it would change what is live");
    let hint = match dialect {
        Dialect::Sqlite => "leave it to a program or a script of its own",
        Dialect::Postgres => {
            "leave it to whoever sets the server up; or let it name the database that it runs in: \
             DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO app', current_database()); END $$"
        }
        Dialect::Mysql => {
            "write names without the database in front, so that they are of the one that the session is in, \
             and leave USE and CREATE DATABASE out"
        }
    };
    Err(Diagnostic::new(ErrorKind::Configuration, message)
        .at(place())
        .state("nothing was changed outside of scratch databases")
        .hint(hint))
}
