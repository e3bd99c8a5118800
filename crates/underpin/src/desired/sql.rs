//! A `schema.sql` as a schema that is wanted. Its statements may stand in any order: what fails is
//! tried again once others have been done. Nothing here tells one kind of statement from another.

use std::{borrow::Cow, path::Path, time::Duration};

use async_trait::async_trait;
use tokio::time::Instant;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    difference::Renames,
    revision::FileStatement,
    schema::Schema,
    schema_file::{RenameNote, SchemaFile},
    sql,
};

use super::DesiredSchema;
use crate::{
    database::{Access, Database, DatabaseError, Errand, Interrupt, Session},
    migrate::refuse_leaving,
};

/// The statements of a text, in any order.
///
/// A comment `-- renamed_from: OLD`, on a line of its own before a CREATE statement or before one of
/// its columns, or behind a column, says what had another name.
#[derive(Clone, Debug)]
pub struct SqlSchema {
    name: String,
    file: SchemaFile,
}

impl SqlSchema {
    /// A text, with the name that errors have for it.
    ///
    /// # Errors
    /// See [`SchemaFile::parse`].
    pub fn new(name: impl Into<String>, text: impl Into<Cow<'static, str>>) -> Result<Self, Diagnostic> {
        let name = name.into();
        let file = SchemaFile::parse(&name, &without_guards(&text.into()))?;
        Ok(Self { name, file })
    }

    /// The text of a file.
    ///
    /// # Errors
    /// If it can't be read, and as [`new`](Self::new).
    pub fn read(path: &Path) -> Result<Self, Diagnostic> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            let message = format!("the schema {} can't be read: {error}", path.display());
            Diagnostic::new(ErrorKind::Configuration, message)
                .caused_by(error)
                .hint("check the path; it is taken from where the command runs")
        })?;
        Self::new(path.display().to_string(), text)
    }
}

/// A text without the commands that pg_dump puts around it for psql alone (`\restrict`, since 2025): they
/// become comments, so that every line keeps its number.
fn without_guards(text: &str) -> String {
    let guard = |line: &str| line.starts_with("\\restrict ") || line.starts_with("\\unrestrict ");
    let lines = text.split_inclusive('\n');
    lines.map(|line| if guard(line) { format!("-- {line}") } else { line.to_owned() }).collect()
}

#[async_trait]
impl DesiredSchema for SqlSchema {
    fn describe(&self) -> String {
        self.name.clone()
    }

    async fn make(&self, empty: &Database, patience: Duration) -> Result<(), Diagnostic> {
        let mut session = hasty_writer(empty, patience).await?;
        let result = async {
            let flavour = crate::inspect::flavour(session.as_mut()).await?;
            let statements = self.file.statements(flavour)?;
            for statement in &statements {
                refuse_leaving(flavour.dialect(), &statement.text, || statement.place())?;
            }
            run(session.as_mut(), &statements).await
        };
        let result = result.await;
        session.close().await;
        result
    }

    fn renames(&self, made: &Schema) -> Result<Renames, Diagnostic> {
        RenameNote::resolve(&self.file.rename_notes(made.flavour)?, made)
    }
}

/// A session that may change a scratch database, which need not survive a power cut; never any other.
pub(crate) async fn hasty_writer(
    database: &Database,
    patience: Duration,
) -> Result<Box<dyn Session>, Diagnostic> {
    let (_handle, interrupt) = Interrupt::new(Errand::PART, Instant::now(), None);
    let session = database.connect(Access::Write, patience, &interrupt).await?;
    let mut session = session.ok_or_else(|| Diagnostic::new(ErrorKind::Internal, "no session was made"))?;
    let hasty = match database.dialect() {
        Dialect::Sqlite => "PRAGMA synchronous = OFF",
        Dialect::Postgres => "SET synchronous_commit = off",
        Dialect::Mysql => return Ok(session),
    };
    // What is slower without it works all the same.
    let _ = session.execute(hasty).await;
    Ok(session)
}

/// Runs statements until a pass brings nothing new. The error then is that of the first statement
/// that still fails, as the last pass had it.
async fn run(session: &mut dyn Session, statements: &[FileStatement]) -> Result<(), Diagnostic> {
    let dialect = session.server().flavour.dialect();
    let own = |statement: &&FileStatement| !is_transaction(dialect, &statement.text);
    let mut left: Vec<&FileStatement> = statements.iter().filter(own).collect();
    let mut lenient = false;
    loop {
        let count = left.len();
        let mut failed = Vec::new();
        let mut first = None;
        for statement in left {
            if let Err(failure) = session.execute(&statement.text).await {
                first.get_or_insert_with(|| refused(statement, &failure.error));
                failed.push(statement);
            }
        }
        let Some(error) = first else { return Ok(()) };
        if failed.len() == count {
            match leniency(dialect) {
                Some(words) if !lenient => {
                    lenient = true;
                    session.execute(words).await.map_err(|_| error)?;
                }
                _ => return Err(error),
            }
        }
        left = failed;
    }
}

/// What lets circles through: tables that refer to each other (MySQL manual, "foreign_key_checks"), and
/// functions that name what is made after them (PostgreSQL manual, "check_function_bodies").
const fn leniency(dialect: Dialect) -> Option<&'static str> {
    match dialect {
        Dialect::Sqlite => None,
        Dialect::Postgres => Some("SET check_function_bodies = off"),
        Dialect::Mysql => Some("SET foreign_key_checks = 0"),
    }
}

/// Whether a statement only begins or ends a transaction, as the dumps of some tools have it: one
/// around statements of which some fail would lose the others.
fn is_transaction(dialect: Dialect, statement: &str) -> bool {
    sql::transaction_control(dialect, statement).is_some()
}

fn refused(statement: &FileStatement, error: &DatabaseError) -> Diagnostic {
    let place = match error.position {
        Some(character) => statement.place_of_character(character + 1),
        None => statement.place(),
    };
    // A server that is gone has nothing against the statement.
    let kind = match error.class.kind() {
        ErrorKind::Unavailable => ErrorKind::Unavailable,
        _ => ErrorKind::Configuration,
    };
    Diagnostic::new(kind, "the server does not take this statement of the schema")
        .at(place.label(error.with_code()))
        .state("only a scratch database was touched")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pg_dump_says_to_psql_is_no_statement() {
        let text = "\\restrict abc\nCREATE TABLE a (i int);\n\\unrestrict abc\n";
        let schema = SqlSchema::new("dump.sql", text).expect("a schema");
        let statements =
            schema.file.statements(underpin_core::dialect::Flavour::Postgres).expect("statements");
        assert_eq!(statements.len(), 1);
        assert_eq!(statements[0].line, 2);
    }
}
