//! A table of a schema, or an enumerated type, as the statements that create it. Not its columns.

use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Flavour,
    plan::PlannedStatement,
    sql::{self, CreatedKind, CreatedTable, TableName},
};

/// A table that is to be there, or an enumerated type that tables have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaTable {
    /// Which of the two it is.
    pub kind: CreatedKind,
    /// The schema (or database) that its statement names.
    pub schema: Option<String>,
    /// Its name, as the catalog would hold it.
    pub name: String,
    /// What creates it, and then its indexes and triggers.
    pub statements: Vec<PlannedStatement>,
}

/// Adds a statement to the table that it creates, or that it is part of.
pub(super) fn add(
    tables: &mut Vec<SchemaTable>,
    flavour: Flavour,
    statement: PlannedStatement,
) -> Result<(), Diagnostic> {
    let dialect = flavour.dialect();
    match sql::created_table(dialect, &statement.text) {
        Some(CreatedTable { temporary: true, .. }) => {
            return Err(refused(statement, "a temporary table would end with the start-up"));
        }
        Some(CreatedTable { schema, name, .. }) => {
            if find(tables, schema.as_deref(), &name).is_some() {
                return Err(refused(statement, "this table was there before"));
            }
            tables.push(SchemaTable { kind: CreatedKind::Table, schema, name, statements: vec![statement] });
            return Ok(());
        }
        None => {}
    }
    if let Some(TableName { schema, name }) = sql::created_enum(dialect, &statement.text) {
        if find(tables, schema.as_deref(), &name).is_some() {
            return Err(refused(statement, "this type, or a table of its name, was there before"));
        }
        tables.push(SchemaTable { kind: CreatedKind::Enum, schema, name, statements: vec![statement] });
        return Ok(());
    }
    let Some(of) = sql::table_of_part(dialect, &statement.text) else {
        return Err(refused(statement, "it creates neither a table nor an index or a trigger of one"));
    };
    match find(tables, of.schema.as_deref(), &of.name) {
        Some(table) if table.kind == CreatedKind::Table => {
            table.statements.push(statement);
            Ok(())
        }
        Some(_) | None => Err(refused(statement, "its table is not created before it")),
    }
}

fn find<'a>(tables: &'a mut [SchemaTable], schema: Option<&str>, name: &str) -> Option<&'a mut SchemaTable> {
    tables.iter_mut().find(|table| table.schema.as_deref() == schema && table.name.eq_ignore_ascii_case(name))
}

fn refused(statement: PlannedStatement, why: &str) -> Diagnostic {
    Diagnostic::new(ErrorKind::Configuration, format!("this statement can't stand in a schema: {why}"))
        .at(statement.place)
        .state("nothing was changed")
        .hint("a schema is what a missing table needs: CREATE TABLE, and CREATE INDEX or CREATE TRIGGER after it, and on PostgreSQL CREATE TYPE … AS ENUM; everything else is for revisions")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema_file::SchemaFile;

    fn tables(text: &str) -> Result<Vec<SchemaTable>, Diagnostic> {
        SchemaFile::parse("schema.sql", text)?.tables(Flavour::Sqlite)
    }

    #[test]
    fn indexes_and_triggers_go_with_their_table() {
        let text = "CREATE TABLE a (i INT);\nCREATE TABLE b (i INT);\nCREATE INDEX a_i ON A (i);\n\
            CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT 2; END;";
        let tables = tables(text).expect("a schema");
        let counts: Vec<_> =
            tables.iter().map(|table| (table.name.as_str(), table.statements.len())).collect();
        assert_eq!(counts, [("a", 3), ("b", 1)]);
        assert_eq!(tables[0].statements[1].place.line, 3);
    }

    #[test]
    fn an_enumerated_type_is_for_postgresql() {
        let text = "CREATE TYPE status AS ENUM ('open');\nCREATE TABLE a (s status);";
        let file = SchemaFile::parse("schema.sql", text).expect("a schema");
        let kinds: Vec<_> =
            file.tables(Flavour::Postgres).expect("a schema").into_iter().map(|table| table.kind).collect();
        assert_eq!(kinds, [CreatedKind::Enum, CreatedKind::Table]);
        assert!(file.tables(Flavour::Mysql).is_err() && file.tables(Flavour::Sqlite).is_err());
        let index = SchemaFile::parse("schema.sql", "CREATE TYPE a AS ENUM ();\nCREATE INDEX i ON a (b);");
        assert!(index.expect("a file").tables(Flavour::Postgres).is_err());
    }

    #[test]
    fn what_does_not_create_a_table_is_refused_with_its_place() {
        for statement in [
            "INSERT INTO a VALUES (1)",
            "ALTER TABLE a ADD COLUMN j INT",
            "DROP TABLE a",
            "CREATE VIEW v AS SELECT 1",
            "CREATE INDEX b_i ON b (i)",
            "CREATE TEMPORARY TABLE c (i INT)",
            "CREATE TABLE A (i INT)",
        ] {
            let error = tables(&format!("CREATE TABLE a (i INT);\n{statement};")).expect_err(statement);
            assert_eq!(error.kind, ErrorKind::Configuration, "{statement}");
            assert_eq!(error.place.map(|place| place.line), Some(2), "{statement}");
        }
    }
}
