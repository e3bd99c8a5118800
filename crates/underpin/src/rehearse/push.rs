//! Making a database what is wanted without a revision: for development, where nothing is to be kept.
//! Nothing is recorded, so that the next revision brings what was pushed.

use serde::Serialize;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    difference::Difference,
};

use super::proof;
use crate::{
    database::Session,
    desired::writer,
    migrate::{Migrator, written},
};

/// What was pushed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pushed {
    /// What was done, a line for each thing.
    pub summary: Vec<String>,
}

impl Migrator {
    /// Carries out a difference that [`Migrator::diff`] has found, in a transaction where the engine has
    /// them for that. Whether it may be done is for the caller to say: never in production.
    ///
    /// # Errors
    /// A statement that fails, which leaves the database as it was on SQLite and PostgreSQL; rows that
    /// would be left without the row that they refer to.
    pub async fn push(&self, difference: &Difference) -> Result<Pushed, Diagnostic> {
        let statements = difference.statements()?;
        let text = written(difference.to.flavour, statements.iter().map(|statement| statement.sql.as_str()));
        let transactional = statements.iter().all(|statement| statement.in_transaction);
        let mut session = writer(&self.database, self.limits.connect).await?;
        if let Err(error) = refuse_rows(session.as_mut(), difference).await {
            session.close().await;
            return Err(error);
        }
        let checked = match self.database.dialect() {
            // A script that ends with a query that fails where a row is left alone.
            Dialect::Sqlite => format!("{text}{ORPHANS};\n"),
            Dialect::Postgres | Dialect::Mysql => text,
        };
        let result = proof::run(session.as_mut(), &checked, transactional).await;
        session.close().await;
        let state = match transactional && difference.to.flavour.transactional_ddl() {
            true => "nothing was changed",
            false => "what was done before it is still there",
        };
        result.map_err(|error| {
            Diagnostic::new(error.kind, format!("the difference could not be pushed: {}", error.message))
                .state(state)
        })?;
        Ok(Pushed { summary: difference.summary() })
    }

    /// Refuses in production.
    ///
    /// # Errors
    /// [`ErrorKind::Refused`].
    pub fn refuse_push_in_production(settings: &crate::config::Settings) -> Result<(), Diagnostic> {
        if !settings.is_production() {
            return Ok(());
        }
        Err(Diagnostic::new(
            ErrorKind::Refused,
            "push is refused in production: what it does is in no revision and can't be taken back",
        )
        .state("nothing was changed")
        .hint("write a revision instead: underpin generate \"…\""))
    }
}

/// Refuses where rows stand in the way, and says how many. A query that can't be asked counts none: the
/// statement itself will tell.
async fn refuse_rows(session: &mut dyn Session, difference: &Difference) -> Result<(), Diagnostic> {
    let mut refused = Vec::new();
    for hazard in difference.hazards() {
        let Some(query) = &hazard.query else { continue };
        let Ok(rows) = session.fetch(query).await else { continue };
        let count = rows.first().and_then(|row| row.integer(0)).unwrap_or_default();
        if count > 0 {
            refused.push(format!("{} ({count})", hazard.message));
        }
    }
    match refused.is_empty() {
        true => Ok(()),
        false => Err(Diagnostic::new(ErrorKind::MigrationFailed, refused.join("; "))
            .state("nothing was changed")
            .hint("mend the rows first, or give the column a default")),
    }
}

/// Fails where a row refers to one that is not there: the text can't be made a number of JSON.
const ORPHANS: &str = "SELECT json('a row of ' || \"table\" || ' refers to one that is not there') \
    FROM pragma_foreign_key_check LIMIT 1";
