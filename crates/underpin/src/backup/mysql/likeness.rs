//! The character set that a database of MySQL or MariaDB gives to new tables, and to the routines that are made in it.
//! A dump changes it around routines of another time, so that it is noted before and given back.

use underpin_core::{
    diagnostic::Diagnostic,
    dialect::Dialect,
    name::{literal, quote},
};

use super::question::{ask, run};
use crate::database::{Interrupt, Session};

/// The default character set and collation of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Likeness {
    character_set: String,
    collation: String,
}

impl Likeness {
    /// Reads those of a database.
    pub(super) async fn of(
        session: &mut dyn Session,
        interrupt: &Interrupt,
        database: &str,
    ) -> Result<Self, Diagnostic> {
        let question = format!(
            "SELECT DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA \
             WHERE SCHEMA_NAME = {}",
            literal(Dialect::Mysql, database)
        );
        let rows = ask(session, interrupt, &question).await?;
        let text = |column| rows.first().map(|row| row.text(column).to_owned()).unwrap_or_default();
        Ok(Self { character_set: text(0), collation: text(1) })
    }

    /// Gives them to a database that has others.
    pub(super) async fn give(
        &self,
        session: &mut dyn Session,
        interrupt: &Interrupt,
        database: &str,
    ) -> Result<(), Diagnostic> {
        // Both are words of the server's own ("SHOW CHARACTER SET"), and can't be quoted.
        let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let known = !self.collation.is_empty() && is_word(&self.collation) && is_word(&self.character_set);
        if !known || Self::of(session, interrupt, database).await? == *self {
            return Ok(());
        }
        let (name, Self { character_set, collation }) = (quote(Dialect::Mysql, database), self);
        let alter = format!("ALTER DATABASE {name} CHARACTER SET {character_set} COLLATE {collation}");
        run(session, interrupt, &alter).await
    }
}
