//! A `schema.sql`: the tables that a program wants, each with its indexes and triggers, as SQL text.
//! Not a model of columns (that is `schema`), and nothing here knows which tables a database has.

mod renamed;
mod table;

pub use renamed::RenameNote;
pub use table::SchemaTable;

use crate::{
    diagnostic::{Diagnostic, ErrorKind, Place},
    dialect::Flavour,
    plan::PlannedStatement,
    revision::{Direction, FileStatement, Header, RevisionFile, RevisionId, Section},
};

/// A `schema.sql`: statements that create tables, for every dialect or in the sections that
/// revision files have.
///
/// ```
/// use underpin_core::{dialect::Flavour, schema_file::SchemaFile};
///
/// let text = "CREATE TABLE orders (id BIGINT PRIMARY KEY, item TEXT);\n\
///     CREATE INDEX orders_by_item ON orders (item);\n";
/// let tables = SchemaFile::parse("schema.sql", text)?.tables(Flavour::Sqlite)?;
/// assert_eq!(tables[0].name, "orders");
/// assert_eq!(tables[0].statements.len(), 2);
/// # Ok::<(), underpin_core::diagnostic::Diagnostic>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaFile {
    /// Its sections are those of a revision's upgrade. Its header says nothing.
    sections: RevisionFile,
}

impl SchemaFile {
    /// Parses a text; `file` names it in errors.
    ///
    /// # Errors
    /// A section marker that is wrong, a downgrade, and SQL outside of the sections where there are
    /// some. Errors within the SQL come with [`SchemaFile::tables`].
    pub fn parse(file: &str, text: &str) -> Result<Self, Diagnostic> {
        let nameless = RevisionId::new("schema")
            .map_err(|error| Diagnostic::new(ErrorKind::Internal, error.to_string()))?;
        let sections =
            RevisionFile::without_header(file, text, Header::new(nameless, Vec::new())).map_err(of_schema)?;
        match sections.sections.iter().find(|section| section.direction == Direction::Downgrade) {
            None => Ok(Self { sections }),
            Some(section) => {
                let end = section.range.start;
                let start = sections.text[..end].trim_end().rfind('\n').map_or(0, |newline| newline + 1);
                let place = Place::in_text(file, &sections.text, start..end.max(start), 1);
                Err(of_schema(
                    Diagnostic::new(ErrorKind::RevisionFile, "a schema has no downgrade").at(place),
                )
                .hint("leave the section out: a schema only says what is to be there"))
            }
        }
    }

    /// The statements that a server of this flavour is given, in the order of the text. They need not
    /// be in an order in which the server takes them.
    ///
    /// # Errors
    /// If no section is meant for this flavour, its SQL can't be split, or a statement is to be run in
    /// batches, which is for rows that are there.
    pub fn statements(&self, flavour: Flavour) -> Result<Vec<FileStatement>, Diagnostic> {
        self.section_text(flavour)?;
        let statements = self.sections.statements(Direction::Upgrade, flavour).map_err(of_schema)?;
        match statements.iter().find(|statement| statement.batches.is_some()) {
            None => Ok(statements),
            Some(statement) => Err(of_schema(
                Diagnostic::new(ErrorKind::Configuration, "a schema has no rows that are changed in batches")
                    .at(statement.place())
                    .hint("write such a statement into a revision"),
            )),
        }
    }

    /// What the comments `-- renamed_from: OLD` say had another name.
    ///
    /// Such a comment stands on a line of its own before a CREATE statement (the object was called
    /// OLD), on one before a column, constraint or index within it, or behind one on the same line.
    /// Beside a value of an enumerated type, it is about the value.
    ///
    /// # Errors
    /// If no section is meant for this flavour, its SQL can't be split, or a comment stands beside
    /// nothing that can have a name.
    pub fn rename_notes(&self, flavour: Flavour) -> Result<Vec<RenameNote>, Diagnostic> {
        let section = self.section_text(flavour)?;
        let text = &self.sections.text[section.range.clone()];
        renamed::notes(&self.sections.file, text, section.first_line, flavour.dialect())
    }

    fn section_text(&self, flavour: Flavour) -> Result<&Section, Diagnostic> {
        self.sections.section(Direction::Upgrade, flavour).ok_or_else(|| {
            let message = format!("{} has no section for {}", self.sections.file, flavour.title());
            Diagnostic::new(ErrorKind::Unsupported, message)
                .state("nothing was changed")
                .hint(format!("write a section `-- underpin: upgrade {flavour}`, or one for every dialect"))
        })
    }

    /// The tables that a server of this flavour is to have, in the order of the text.
    ///
    /// # Errors
    /// If no section is meant for this flavour, its SQL can't be split, or a statement creates
    /// neither a table nor an index or a trigger of a table before it.
    pub fn tables(&self, flavour: Flavour) -> Result<Vec<SchemaTable>, Diagnostic> {
        let mut tables = Vec::new();
        for statement in self.statements(flavour)? {
            let place = statement.place();
            let FileStatement { text, probe, batches, .. } = statement;
            let statement = PlannedStatement { place, text, probe, batches, lint_notes: Vec::new() };
            table::add(&mut tables, flavour, statement)?;
        }
        Ok(tables)
    }
}

fn of_schema(error: impl Into<Diagnostic>) -> Diagnostic {
    Diagnostic { kind: ErrorKind::Configuration, ..error.into().state("nothing was changed") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(text: &str, flavour: Flavour) -> Result<Vec<SchemaTable>, Diagnostic> {
        SchemaFile::parse("schema.sql", text)?.tables(flavour)
    }

    #[test]
    fn a_statement_in_batches_belongs_into_a_revision() {
        let text = "CREATE TABLE a (i int);\n-- batches: a by i\nDELETE FROM a WHERE :batch;";
        let error = tables(text, Flavour::Sqlite).unwrap_err();
        assert!(error.message.contains("in batches"), "{error:?}");
    }

    fn names(text: &str, flavour: Flavour) -> Vec<String> {
        tables(text, flavour).expect("a schema").into_iter().map(|table| table.name).collect()
    }

    #[test]
    fn a_text_without_sections_is_for_every_dialect() {
        let text = "-- The shop: https://example.com\nCREATE TABLE a (i INT);\nCREATE TABLE b (i INT)";
        for flavour in Flavour::ALL {
            assert_eq!(names(text, flavour), ["a", "b"]);
        }
    }

    #[test]
    fn a_section_of_a_dialect_wins_as_in_a_revision() {
        let text = "-- ours\n\n-- underpin: upgrade\nCREATE TABLE a (i INT);\n\
            -- underpin: upgrade mysql\nCREATE TABLE m (i INT);\n";
        assert_eq!(names(text, Flavour::Postgres), ["a"]);
        assert_eq!(names(text, Flavour::Mysql), ["m"]);
        assert_eq!(names(text, Flavour::Mariadb), ["m"]);
        let error = tables("-- underpin: upgrade mysql\nCREATE TABLE m (i INT);", Flavour::Sqlite);
        let error = error.expect_err("there is none for SQLite");
        assert!(error.message.contains("no section for SQLite"), "{error}");
    }

    #[test]
    fn a_revision_without_downgrade_is_a_schema() {
        let text = "-- revision: 0001\n-- message: first\n\n-- underpin: upgrade\nCREATE TABLE a (i INT);\n";
        assert_eq!(names(text, Flavour::Sqlite), ["a"]);
        let error =
            SchemaFile::parse("schema.sql", &format!("{text}-- underpin: downgrade\nDROP TABLE a;\n"));
        let error = error.expect_err("a downgrade");
        assert_eq!(error.place.as_ref().map(|place| place.line), Some(6), "{error}");
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let before = SchemaFile::parse("schema.sql", "CREATE TABLE a (i INT);\n-- underpin: upgrade mysql\n");
        assert!(before.expect_err("SQL before a section").message.contains("before the first section"));
        let open = tables("CREATE TABLE a (i INT DEFAULT 'x);", Flavour::Sqlite).expect_err("an open string");
        assert_eq!((open.kind, open.place.map(|place| place.line)), (ErrorKind::Configuration, Some(1)));
    }
}
