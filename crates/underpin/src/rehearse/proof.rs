//! The proof of a change (decision D5): up leads to what is wanted, and down back to where it began.
//! What the change is was decided before.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, Place},
    difference::{Renames, Statement, compare},
    schema::Schema,
    sql,
};

use crate::{
    Scope,
    database::{Database, Session},
    desired::hasty_writer,
    migrate::{Migrator, refuse_leaving, written},
};

/// A way from one schema to another, as a revision file would hold it.
pub(super) struct Way {
    pub(super) upgrade: Vec<Statement>,
    pub(super) downgrade: Vec<Statement>,
}

impl Way {
    /// Whether all of it can run in a transaction.
    pub(super) fn is_transactional(&self) -> bool {
        self.upgrade.iter().chain(&self.downgrade).all(|statement| statement.in_transaction)
    }

    /// Its two sections.
    pub(super) fn sections(&self, to: &Schema) -> (String, String) {
        let text = |statements: &[Statement]| {
            written(to.flavour, statements.iter().map(|statement| statement.sql.as_str()))
        };
        (text(&self.upgrade), text(&self.downgrade))
    }

    /// Goes up and down in a database that is at `from`.
    ///
    /// # Errors
    /// A statement that the server does not take, or another end than was said.
    pub(super) async fn prove(
        &self,
        migrator: &Migrator,
        scratch: &Database,
        (from, to): (&Schema, &Schema),
        scope: &Scope,
    ) -> Result<(), Diagnostic> {
        let (upgrade, downgrade) = self.sections(to);
        for statement in self.upgrade.iter().chain(&self.downgrade) {
            let place = || Place::in_text("the generated SQL", &statement.sql, 0..statement.sql.len(), 1);
            refuse_leaving(to.flavour.dialect(), &statement.sql, place)?;
        }
        for (section, text, end) in [("upgrade", &upgrade, to), ("downgrade", &downgrade, from)] {
            let patience = migrator.limits.connect;
            let mut session = hasty_writer(scratch, patience).await?;
            let ran = run(session.as_mut(), text, self.is_transactional()).await;
            session.close().await;
            ran.map_err(|error| unproven(section, &error.message, text))?;
            let reached = scratch.inspect(scope, patience).await?;
            let left = compare(&reached, end, &Renames::NONE);
            if !left.is_empty() {
                let what = format!("it would still be left to {}", left.summary().join("; "));
                return Err(unproven(section, &what, text));
            }
        }
        Ok(())
    }
}

/// Runs a section as a revision file's would be: split again from its text, in a transaction where one
/// holds it.
async fn run(session: &mut dyn Session, text: &str, in_transaction: bool) -> Result<(), Diagnostic> {
    let flavour = crate::inspect::flavour(session).await?;
    let statements = sql::split(flavour.dialect(), text)
        .map_err(|error| Diagnostic::new(ErrorKind::Internal, error.to_string()))?;
    let whole = in_transaction && flavour.transactional_ddl();
    if whole {
        execute(session, "BEGIN").await?;
    }
    for statement in &statements {
        if let Err(error) = execute(session, statement.text).await {
            if whole {
                // The error that counts is the first; a session that can't go back is closed.
                let _ = session.execute("ROLLBACK").await;
            }
            return Err(error);
        }
    }
    if whole {
        execute(session, "COMMIT").await?;
    }
    Ok(())
}

async fn execute(session: &mut dyn Session, statement: &str) -> Result<(), Diagnostic> {
    session.execute(statement).await.map(drop).map_err(|failure| {
        let line = statement.lines().next().unwrap_or_default();
        let message = format!("{}, in {line}", failure.error.with_code());
        Diagnostic::new(failure.error.class.kind_of_statement(), message)
    })
}

fn unproven(section: &str, why: &str, text: &str) -> Diagnostic {
    Diagnostic::new(
        ErrorKind::Internal,
        format!("the {section} that was made does not do what it should, so that no file is written: {why}"),
    )
    .state("only a scratch database was touched")
    .hint(format!("please report this, with the two schemas and this SQL:\n{}", text.trim_end()))
    .hint("meanwhile, write the revision by hand: underpin revision -m \"…\"")
}
