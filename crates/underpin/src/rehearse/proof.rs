//! The proof of a change (decision D5): up leads to what is wanted, and down back to where it began, stage by
//! stage. What the change is was decided before.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, Place},
    dialect::Flavour,
    difference::{Renames, Stage, Statement, compare},
    schema::Schema,
    sql,
};

use crate::{
    Scope,
    database::{Database, Session},
    desired::hasty_writer,
    migrate::{Migrator, refuse_leaving, written},
};

/// A way from one schema to another, as the revision files would hold it: a file for each stage.
pub(super) struct Way {
    pub(super) stages: Vec<Stage>,
}

/// The section of a file.
pub(super) fn section(flavour: Flavour, statements: &[Statement]) -> String {
    written(flavour, statements.iter().map(|statement| statement.sql.as_str()))
}

impl Way {
    /// Asserts no more than the server takes, which only the server can tell: each statement is tried with
    /// less until it is taken. Goes up and down. What fails otherwise is left for the proof to find.
    ///
    /// # Errors
    /// If the scratch database can't be reached.
    pub(super) async fn settle(
        &mut self,
        migrator: &Migrator,
        scratch: &Database,
        to: &Schema,
    ) -> Result<(), Diagnostic> {
        self.refuse_leaving(to)?;
        let mut session = hasty_writer(scratch, migrator.limits.connect).await?;
        let ups = self.stages.iter_mut().flat_map(|stage| stage.upgrade.iter_mut());
        for statement in ups {
            taken(session.as_mut(), to, statement).await;
        }
        let downs = self.stages.iter_mut().rev().flat_map(|stage| stage.downgrade.iter_mut());
        for statement in downs {
            taken(session.as_mut(), to, statement).await;
        }
        session.close().await;
        Ok(())
    }

    /// Goes up and down, stage by stage, in a database that is at `from`: the schema before the first stage,
    /// and behind each.
    ///
    /// # Errors
    /// A statement that the server does not take, or another end than was said.
    pub(super) async fn prove(
        &self,
        migrator: &Migrator,
        scratch: &Database,
        (from, to): (&Schema, &Schema),
        scope: &Scope,
    ) -> Result<Vec<Schema>, Diagnostic> {
        self.refuse_leaving(to)?;
        let mut reached = vec![from.clone()];
        for (place, stage) in self.stages.iter().enumerate() {
            let text = section(to.flavour, &stage.upgrade);
            let there = go(migrator, scratch, scope, ("upgrade", &text), stage).await?;
            if place + 1 == self.stages.len() {
                refuse_another("upgrade", &text, &there, to)?;
            }
            reached.push(there);
        }
        for (stage, before) in self.stages.iter().zip(&reached).rev() {
            let text = section(to.flavour, &stage.downgrade);
            let there = go(migrator, scratch, scope, ("downgrade", &text), stage).await?;
            refuse_another("downgrade", &text, &there, before)?;
        }
        Ok(reached)
    }

    fn refuse_leaving(&self, to: &Schema) -> Result<(), Diagnostic> {
        for statement in self.stages.iter().flat_map(|stage| stage.upgrade.iter().chain(&stage.downgrade)) {
            let place = || Place::in_text("the generated SQL", &statement.sql, 0..statement.sql.len(), 1);
            refuse_leaving(to.flavour.dialect(), &statement.sql, place)?;
        }
        Ok(())
    }
}

/// Runs a statement, asserting less each time that the server says that it can't do it so.
async fn taken(session: &mut dyn Session, to: &Schema, statement: &mut Statement) {
    while let Err(failure) = session.execute(&statement.sql).await {
        let less = statement.asserting_less(to.flavour, to.version);
        match less.filter(|_| failure.error.refuses_algorithm()) {
            Some(less) => *statement = less,
            None => return,
        }
    }
}

/// Runs one section of a stage, and reads where it leads.
async fn go(
    migrator: &Migrator,
    scratch: &Database,
    scope: &Scope,
    (section, text): (&str, &str),
    stage: &Stage,
) -> Result<Schema, Diagnostic> {
    let patience = migrator.limits.connect;
    let mut session = hasty_writer(scratch, patience).await?;
    let ran = run(session.as_mut(), text, stage.is_transactional()).await;
    session.close().await;
    ran.map_err(|error| unproven(section, &error.message, text))?;
    scratch.inspect(scope, patience).await
}

fn refuse_another(section: &str, text: &str, reached: &Schema, end: &Schema) -> Result<(), Diagnostic> {
    let left = compare(reached, end, &Renames::NONE);
    if left.is_empty() {
        return Ok(());
    }
    let what = format!("it would still be left to {}", left.summary().join("; "));
    Err(unproven(section, &what, text))
}

/// Runs a section as a revision file's would be: split again from its text, in a transaction where one
/// holds it.
pub(super) async fn run(
    session: &mut dyn Session,
    text: &str,
    in_transaction: bool,
) -> Result<(), Diagnostic> {
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

pub(super) async fn execute(session: &mut dyn Session, statement: &str) -> Result<(), Diagnostic> {
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
