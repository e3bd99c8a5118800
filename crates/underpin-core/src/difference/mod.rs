//! What makes one schema into another: compared here, put in order and written as SQL by the dialect.
//! Nothing here looks at a database, and nothing guesses: what looks like a rename is only suggested.

mod case;
mod circle;
mod compare;
mod hazard;
mod inherited;
mod missing;
mod namespace;
mod operation;
mod origin;
mod populated;
mod rename;
mod renamed_type;
mod stage;
mod statement;
mod suggestion;
mod summary;

use serde::Serialize;

use crate::{
    diagnostic::Diagnostic,
    dialect::{Dialect, mysql, postgres, sqlite},
    schema::Schema,
    sql,
};

pub(crate) use compare::comparable;
pub use compare::compare;
pub use hazard::{Hazard, HazardKind};
pub(crate) use namespace::USUAL as USUAL_NAMESPACE;
pub use operation::{Alteration, Change, Operation};
pub use rename::{Rename, Renames};
pub use stage::{Stage, StageKind};
pub use statement::Statement;
pub use suggestion::{Suggestion, SuggestionReason};

/// What makes one schema into another, with both ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What is there.
    #[serde(skip)]
    pub from: Schema,
    /// What is to be there.
    #[serde(skip)]
    pub to: Schema,
    /// What differs, in the order of the names; a dialect puts it in the order in which it can be done.
    pub operations: Vec<Operation>,
    /// What looks like a rename, or was said to be one, and is none.
    pub suggestions: Vec<Suggestion>,
}

impl Difference {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// That the two sides were read from servers of different series, in words; nothing where they were
    /// not. Then a server's own defaults and words may show up as differences.
    pub fn servers_apart(&self) -> Option<String> {
        let (from, to) = (&self.from, &self.to);
        // A file that is not there yet was read by nobody.
        let known = from.version.major > 0 && to.version.major > 0;
        (known && from.version.major != to.version.major).then(|| {
            format!(
                "one side was read from {} {}, and the other from {} {}: what their series do otherwise may be \
                 among the differences",
                from.flavour.title(),
                from.version,
                to.flavour.title(),
                to.version
            )
        })
    }

    /// The way back: every operation has one, because it keeps both ends.
    #[must_use]
    pub fn reversed(&self) -> Self {
        Self {
            from: self.to.clone(),
            to: self.from.clone(),
            operations: self.operations.iter().map(Operation::reversed).collect(),
            suggestions: Vec::new(),
        }
    }

    /// The statements that do it, in an order in which the server takes them.
    ///
    /// # Errors
    /// A change that this server can't make, with a hint.
    pub fn statements(&self) -> Result<Vec<Statement>, Diagnostic> {
        match self.to.flavour.dialect() {
            Dialect::Sqlite => sqlite::change::statements(self),
            Dialect::Postgres => postgres::change::statements(self),
            Dialect::Mysql => mysql::change::statements(self),
        }
    }

    /// The same in stages that a database in use can live with, each of which becomes a revision of its own:
    /// no table that was there is locked while its rows are read or an index is built, wherever the server
    /// has a way for that. SQLite has one writer at a time and needs no stages.
    ///
    /// # Errors
    /// As [`Difference::statements`].
    pub fn stages(&self) -> Result<Vec<Stage>, Diagnostic> {
        if self.is_empty() {
            return Ok(Vec::new());
        }
        match self.to.flavour.dialect() {
            Dialect::Sqlite => self.single_stage().map(|stage| vec![stage]),
            Dialect::Postgres => postgres::change::stages(self),
            Dialect::Mysql => mysql::change::stages(self),
        }
    }

    /// The stages, where no server can be asked what it takes: MySQL's and MariaDB's statements assert what
    /// is foretold of their like.
    ///
    /// # Errors
    /// As [`Difference::statements`].
    pub fn foretold_stages(&self) -> Result<Vec<Stage>, Diagnostic> {
        let stages = self.stages()?;
        Ok(match self.to.flavour.dialect() {
            Dialect::Mysql => mysql::change::foretold(self, stages),
            Dialect::Sqlite | Dialect::Postgres => stages,
        })
    }

    /// The same as one stage, whatever it blocks.
    ///
    /// # Errors
    /// As [`Difference::statements`].
    pub fn single_stage(&self) -> Result<Stage, Diagnostic> {
        Ok(Stage::whole(self.statements()?, self.reversed().statements()?))
    }

    /// The same as a script for the server's own client: psql, mysql, sqlite3. Nothing where nothing
    /// differs.
    ///
    /// # Errors
    /// As [`Difference::statements`].
    pub fn script(&self) -> Result<String, Diagnostic> {
        Ok(self.script_of(&self.statements()?))
    }

    /// The same in stages, each under a comment that names it. What can't run in a transaction stands outside
    /// of one.
    ///
    /// # Errors
    /// As [`Difference::statements`].
    pub fn staged_script(&self) -> Result<String, Diagnostic> {
        let mut script = String::new();
        for stage in self.foretold_stages()? {
            script.push_str(&format!("-- {}\n", stage.kind.title()));
            for blocking in stage.blocking(self.to.flavour) {
                script.push_str(&sql::comment(&format!("blocks others: {blocking}")));
            }
            script.push_str(&match stage.is_transactional() {
                true => self.script_of(&stage.upgrade),
                false => stage.upgrade.iter().map(|statement| format!("{};\n", statement.sql)).collect(),
            });
        }
        Ok(script)
    }

    fn script_of(&self, statements: &[Statement]) -> String {
        match self.to.flavour.dialect() {
            Dialect::Sqlite => sqlite::change::script(self, statements),
            Dialect::Postgres => postgres::change::script(statements),
            Dialect::Mysql => mysql::change::script(statements),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dialect::Flavour, schema::ServerVersion};

    #[test]
    fn servers_of_different_series_are_told_of_and_of_one_series_not() {
        let schema = |major, minor| Schema::empty(Flavour::Postgres, ServerVersion::new(major, minor, 0));
        let apart = |to: &Schema| compare(&schema(15, 4), to, &Renames::NONE).servers_apart();
        let told = apart(&schema(18, 0)).expect("words");
        assert!(told.contains("PostgreSQL 15.4.0") && told.contains("PostgreSQL 18.0.0"), "{told}");
        assert_eq!(apart(&schema(15, 9)), None);
        assert_eq!(apart(&schema(0, 0)), None);
    }
}
