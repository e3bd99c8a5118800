//! The statements that make one schema into another on SQLite: `ALTER TABLE` where it is enough, and
//! one rebuild for each table where it is not. What differs was decided before; here it is only put
//! in order and written down.

mod column;
mod constraint;
mod copy;
mod index;
mod names;
mod order;
mod program;
mod quoted_text;
mod rebuild;
mod script;
mod table;
mod virtual_table;

use crate::{
    diagnostic::Diagnostic,
    dialect::Dialect,
    difference::{Difference, Statement},
    name,
};

pub(crate) use copy::rowid_alias;
pub(crate) use script::script;
pub(crate) use table::written;

/// The statements that carry out a difference.
///
/// They mean the same inside of a transaction, and foreign keys have to be off while they run: with
/// them on, the `DROP TABLE` of a rebuild deletes the rows of other tables.
///
/// # Errors
/// A virtual table whose rows can't be read, so that a change of it would lose them.
pub(crate) fn statements(difference: &Difference) -> Result<Vec<Statement>, Diagnostic> {
    Ok(order::ordered(difference)?.into_iter().map(Statement::new).collect())
}

fn quote(identifier: &str) -> String {
    name::quote(Dialect::Sqlite, identifier)
}

fn literal(value: &str) -> String {
    name::literal(Dialect::Sqlite, value)
}

#[cfg(test)]
mod tests {
    use crate::{
        dialect::{
            Flavour,
            sqlite::create::{create_index, create_table},
        },
        difference::{Difference, Renames, compare},
        schema::{Body, Object, ObjectId, ObjectKind, Schema, ServerVersion, Table, View},
    };

    /// A schema of tables, indexes behind their tables, and views.
    fn schema(statements: &[&str]) -> Schema {
        let mut schema = Schema::empty(Flavour::Sqlite, ServerVersion::new(3, 51, 0));
        let mut last = None;
        for statement in statements {
            if let Some(index) = create_index(statement) {
                let table = last.as_ref().and_then(|id| schema.objects.get_mut(id)).unwrap();
                let Body::Table(table) = &mut table.body else { panic!("no table") };
                table.indexes.push(index);
            } else if let Some(said) = create_table(statement) {
                let id = ObjectId::new(ObjectKind::Table, None, &said.name);
                let table = Table { create: Some((*statement).to_owned()), ..said.table() };
                schema.insert(Object::new(id.clone(), Body::Table(table)));
                last = Some(id);
            } else {
                let view = View { query: (*statement).to_owned(), ..View::default() };
                schema.insert(Object::new(ObjectId::new(ObjectKind::View, None, "v"), Body::View(view)));
            }
        }
        schema
    }

    fn difference(from: &[&str], to: &[&str]) -> Difference {
        compare(&schema(from), &schema(to), &Renames::NONE)
    }

    fn statements(from: &[&str], to: &[&str]) -> Vec<String> {
        let statements = difference(from, to).statements().unwrap();
        statements.into_iter().map(|statement| statement.sql).collect()
    }

    #[test]
    fn alter_table_is_used_where_it_is_enough() {
        assert_eq!(
            statements(&["CREATE TABLE t (a INT, b INT)"], &["CREATE TABLE t (c TEXT DEFAULT 'x', a INT)"]),
            ["ALTER TABLE \"t\" ADD COLUMN c TEXT DEFAULT 'x'", "ALTER TABLE \"t\" DROP COLUMN \"b\""]
        );
    }

    #[test]
    fn a_table_is_made_anew_once_whatever_changes() {
        let from = &[
            "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a INT, b INT)",
            "CREATE INDEX i ON t (a)",
            "CREATE VIEW v AS SELECT a FROM t",
        ];
        let to = &[
            "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT NOT NULL DEFAULT 'x', c INT UNIQUE)",
            "CREATE INDEX i ON t (a)",
            "CREATE VIEW v AS SELECT a FROM t",
        ];
        assert_eq!(
            statements(from, to),
            [
                "CREATE TABLE \"underpin_new_t\" (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT NOT NULL DEFAULT 'x', c INT UNIQUE)",
                "INSERT INTO \"underpin_new_t\" (\"id\", \"a\") SELECT \"id\", COALESCE(\"a\", 'x') FROM \"t\"",
                "DELETE FROM sqlite_sequence WHERE name = 'underpin_new_t'",
                "INSERT INTO sqlite_sequence (name, seq) SELECT 'underpin_new_t', seq FROM sqlite_sequence WHERE name = 't'",
                "DROP TABLE \"t\"",
                "PRAGMA legacy_alter_table = ON",
                "ALTER TABLE \"underpin_new_t\" RENAME TO \"t\"",
                "PRAGMA legacy_alter_table = OFF",
                "CREATE INDEX i ON t (a)",
            ]
        );
    }

    #[test]
    fn a_view_that_names_what_is_not_there_is_out_of_the_way_of_a_column_that_goes() {
        for view in [
            "CREATE VIEW v AS SELECT a FROM nowhere",
            "CREATE VIEW v AS WITH w AS (SELECT a FROM nowhere) SELECT a FROM w",
        ] {
            assert_eq!(
                statements(&["CREATE TABLE t (a INT, b INT)", view], &["CREATE TABLE t (a INT)", view]),
                ["DROP VIEW \"v\"", "ALTER TABLE \"t\" DROP COLUMN \"b\"", view]
            );
        }
        let view = "CREATE VIEW v AS SELECT a FROM t";
        assert_eq!(
            statements(&["CREATE TABLE t (a INT, b INT)", view], &["CREATE TABLE t (a INT)", view]),
            ["ALTER TABLE \"t\" DROP COLUMN \"b\""]
        );
    }

    #[test]
    fn a_conflict_clause_never_loses_a_row_of_a_copy() {
        let made = statements(&["CREATE TABLE t (a)"], &["CREATE TABLE t (a UNIQUE ON CONFLICT REPLACE)"]);
        assert_eq!(
            made[1],
            "INSERT OR ABORT INTO \"underpin_new_t\" (rowid, \"a\") SELECT rowid, \"a\" FROM \"t\""
        );
    }

    #[test]
    fn the_script_is_nothing_but_sql_and_guards_what_may_cascade() {
        let parent = "CREATE TABLE p (id INTEGER PRIMARY KEY)";
        let child = "CREATE TABLE c (p REFERENCES p)";
        let guarded = difference(&[parent, child], &[parent, "CREATE TABLE c (p NOT NULL REFERENCES p)"]);
        let script = guarded.script().unwrap();
        assert!(script.starts_with("PRAGMA foreign_keys = OFF;\nBEGIN IMMEDIATE;\n"), "{script}");
        assert!(script.contains("pragma_foreign_key_check"), "{script}");
        assert!(script.ends_with("COMMIT;\nPRAGMA foreign_keys = ON;\n"), "{script}");
        let plain = difference(&[parent], &[parent, child]).script().unwrap();
        assert_eq!(plain, "BEGIN IMMEDIATE;\nCREATE TABLE \"c\" (p REFERENCES p);\nCOMMIT;\n");
        assert_eq!(difference(&[parent], &[parent]).script().unwrap(), "");
    }

    #[test]
    fn a_table_that_nobody_wrote_is_written_out_and_read_back() {
        for text in [
            "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT NOT NULL DEFAULT 'x' COLLATE NOCASE)",
            "CREATE TABLE t (a INT, b INT AS (a + 1) STORED, CONSTRAINT k PRIMARY KEY (a DESC)) WITHOUT ROWID",
            "CREATE TABLE t (a INT CHECK (a > 0), b REFERENCES u (x) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)",
            "CREATE TABLE t (a ANY UNIQUE ON CONFLICT IGNORE, b INT NOT NULL ON CONFLICT FAIL DEFAULT (1 + 2)) STRICT",
        ] {
            let mut wanted = schema(&[text]);
            for object in wanted.objects.values_mut() {
                let Body::Table(table) = &mut object.body else { panic!("no table") };
                table.create = None;
            }
            let made = compare(&schema(&[]), &wanted, &Renames::NONE).statements().unwrap();
            let again = schema(&[made[0].sql.as_str()]);
            assert!(compare(&again, &wanted, &Renames::NONE).is_empty(), "{}", made[0].sql);
        }
    }
}
