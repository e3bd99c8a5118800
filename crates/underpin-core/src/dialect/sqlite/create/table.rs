//! `CREATE TABLE`: columns, constraints and options.

use super::{Reader, column::column, constraint, text};
use crate::schema::{Column, Constraint, ConstraintKind, Key, Options, Table};

/// What a statement says of the table that it creates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateTable {
    /// Its name.
    pub name: String,
    /// Everything after its name, as it is written.
    pub rest: String,
    /// Its columns in their order.
    pub columns: Vec<CreateColumn>,
    /// The constraints that stand below the columns.
    pub constraints: Vec<Constraint>,
    /// `strict`, `without_rowid`.
    pub options: Options,
}

/// What a statement says of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateColumn {
    /// The column. Whether it is null because a key forbids it, a pragma knows better.
    pub column: Column,
    /// The constraints that stand beside it.
    pub constraints: Vec<Constraint>,
    /// All of it, as it is written.
    pub definition: String,
}

/// The table that a statement creates; `None` if it can't be understood, as that of a virtual table.
///
/// ```
/// use underpin_core::dialect::sqlite::create::create_table;
///
/// let table = create_table("CREATE TABLE t (id INTEGER PRIMARY KEY, n INT CONSTRAINT c CHECK (n > 0)) STRICT");
/// let table = table.unwrap();
/// assert_eq!(table.columns[1].constraints[0].name.as_deref(), Some("c"));
/// assert!(table.options.contains_key("strict"));
/// ```
pub fn create_table(create: &str) -> Option<CreateTable> {
    let mut reader = Reader::new(create);
    if reader.is_at(1, "VIRTUAL") {
        return None;
    }
    let name = text::head(&mut reader)?;
    let rest = create.get(reader.position()..)?.to_owned();
    let mut body = reader.group()?;
    let options = options(&mut reader)?;
    let mut columns = vec![column(&mut body)?];
    let mut constraints = Vec::new();
    while !body.is_done() {
        // Between constraints the comma may be missing.
        let comma = body.eat_operator(",");
        if body.is_one_of(constraint::STARTS) {
            let (constraint, counted) = constraint::constraint(&mut body)?;
            if counted {
                count_up(&mut columns, &constraint);
            }
            constraints.push(constraint);
        } else if comma && constraints.is_empty() {
            columns.push(column(&mut body)?);
        } else {
            return None;
        }
    }
    Some(CreateTable { name, rest, columns, constraints, options })
}

fn options(reader: &mut Reader<'_>) -> Option<Options> {
    let mut options = Options::new();
    while !reader.is_done() {
        reader.eat_operator(",");
        if reader.eat(&["WITHOUT", "ROWID"]) {
            options.insert("without_rowid".to_owned(), String::new());
        } else if reader.eat(&["STRICT"]) {
            options.insert("strict".to_owned(), String::new());
        } else {
            return None;
        }
    }
    Some(options)
}

/// `PRIMARY KEY (id AUTOINCREMENT)` below the columns.
fn count_up(columns: &mut [CreateColumn], constraint: &Constraint) {
    let ConstraintKind::PrimaryKey { parts } = &constraint.kind else { return };
    for made in columns {
        let is_key = |name: &String| name.eq_ignore_ascii_case(&made.column.name);
        made.column.auto_increment |=
            parts.iter().any(|part| matches!(&part.key, Key::Column(name) if is_key(name)));
    }
}

impl CreateTable {
    /// The table as the vocabulary has it, without indexes.
    pub fn table(&self) -> Table {
        let beside = self.columns.iter().flat_map(|made| &made.constraints);
        let mut constraints: Vec<Constraint> = beside.chain(&self.constraints).cloned().collect();
        sort(&mut constraints);
        Table {
            columns: self.columns.iter().map(|made| made.column.clone()).collect(),
            constraints,
            options: self.options.clone(),
            ..Table::default()
        }
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&CreateColumn> {
        self.columns.iter().find(|made| made.column.name.eq_ignore_ascii_case(name))
    }
}

/// Puts constraints in an order that does not depend on where they were written.
pub(crate) fn sort(constraints: &mut [Constraint]) {
    constraints.sort_by_cached_key(|constraint| {
        (constraint.name.is_none(), constraint.name.clone(), format!("{constraint:?}"))
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::schema::{Action, Deferral, ForeignKey, IndexPart};

    fn parsed(text: &str) -> CreateTable {
        create_table(text).unwrap_or_else(|| panic!("not understood: {text}"))
    }

    #[test]
    fn every_clause_of_a_column_is_read() {
        let table = parsed(
            "CREATE TABLE \"my t\" (\n\
             id INTEGER CONSTRAINT pk PRIMARY KEY ASC ON CONFLICT FAIL AUTOINCREMENT, -- the key\n\
             a VARCHAR ( 20 ) NOT NULL ON CONFLICT IGNORE DEFAULT 'it''s' COLLATE NOCASE,\n\
             [b c] UNSIGNED BIG INT DEFAULT -5 UNIQUE ON CONFLICT REPLACE, 'd' DEFAULT (1 + (2)), \n\
             e DECIMAL(10,2) CONSTRAINT positive CHECK (e > 0 AND e IN (1, 2)) NULL,\n\
             f INT GENERATED ALWAYS AS (a || ',') STORED, g AS (1) VIRTUAL,\n\
             h REFERENCES other (id) ON DELETE SET NULL ON UPDATE CASCADE MATCH FULL DEFERRABLE INITIALLY DEFERRED)",
        );
        assert_eq!(table.name, "my t");
        let types: Vec<&str> = table.columns.iter().map(|made| made.column.data_type.as_str()).collect();
        assert_eq!(
            types,
            ["INTEGER", "VARCHAR ( 20 )", "UNSIGNED BIG INT", "", "DECIMAL(10,2)", "INT", "", ""]
        );
        let [id, a, b, d, e, f, g, h] = &table.columns[..] else { panic!("{table:?}") };
        assert!(id.column.auto_increment && id.constraints[0].options["on_conflict"] == "FAIL");
        assert_eq!(a.column.default.as_deref(), Some("'it''s'"));
        assert_eq!(a.column.collation.as_deref(), Some("NOCASE"));
        assert!(!a.column.nullable && a.column.options["not_null_on_conflict"] == "IGNORE");
        assert_eq!(b.column.default.as_deref(), Some("-5"));
        assert_eq!(b.definition, "[b c] UNSIGNED BIG INT DEFAULT -5 UNIQUE ON CONFLICT REPLACE");
        assert_eq!(d.column.default.as_deref(), Some("1 + (2)"));
        assert_eq!(e.constraints[0].name.as_deref(), Some("positive"));
        assert_eq!(f.column.generated.as_ref().map(|generated| generated.stored), Some(true));
        assert_eq!(g.column.generated.as_ref().map(|generated| generated.stored), Some(false));
        let ConstraintKind::ForeignKey(ForeignKey { on_delete, on_update, match_full, .. }) =
            &h.constraints[0].kind
        else {
            panic!("{h:?}")
        };
        assert_eq!((*on_delete, *on_update, *match_full), (Action::SetNull, Action::Cascade, true));
        assert_eq!(h.constraints[0].deferral, Deferral::Deferred);
    }

    #[test]
    fn constraints_below_the_columns_are_read_also_without_commas() {
        let table = parsed(
            "CREATE TABLE t (a INTEGER, b, CONSTRAINT k PRIMARY KEY (a AUTOINCREMENT) UNIQUE (a, b DESC) \
             ON CONFLICT IGNORE, CHECK (a <> b), CONSTRAINT f FOREIGN KEY (a, b) REFERENCES u NOT DEFERRABLE) \
             WITHOUT ROWID, STRICT",
        );
        assert_eq!(table.constraints.len(), 4);
        assert!(table.columns[0].column.auto_increment && !table.columns[1].column.auto_increment);
        let ConstraintKind::Unique { parts, .. } = &table.constraints[1].kind else { panic!() };
        assert_eq!(parts[1], IndexPart { descending: true, ..IndexPart::column("b") });
        assert_eq!(table.options.len(), 2);
    }

    #[test]
    fn where_a_constraint_is_written_does_not_count() {
        let beside = parsed("CREATE TABLE t (a INT UNIQUE REFERENCES u(b), c INT CHECK (c>0))");
        let below = parsed(
            "CREATE TABLE \"t\" (a INT, c INT, CHECK(c > 0), FOREIGN KEY (a) REFERENCES u (b), UNIQUE (a))",
        );
        assert_eq!(beside.table(), below.table());
    }

    #[test]
    fn what_is_not_understood_is_none() {
        for text in [
            "",
            "CREATE TABLE t",
            "CREATE TABLE t (",
            "CREATE TABLE t ()",
            "CREATE TABLE t (a INT SOMETHING (1) ELSE)",
            "CREATE TABLE t (a) WITH MAGIC",
            "CREATE TABLE t (a, UNIQUE (a), b)",
            "CREATE VIRTUAL TABLE t USING fts5(a)",
        ] {
            assert_eq!(create_table(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(CREATE|TABLE|UNIQUE|INDEX|t|ON|\\(|\\)|,|\"|'|CHECK|REFERENCES|PRIMARY KEY|DEFAULT|-|NOT|DEFERRABLE|COLLATE|\\[|\\]|/\\*|--|AS|\\PC| ){0,40}") {
            let _ = create_table(&text);
            let _ = create_table(&format!("CREATE TABLE t ({text})"));
            let _ = super::super::create_index(&text);
            let _ = super::super::create_index(&format!("CREATE INDEX i ON t ({text}) {text}"));
            let _ = super::super::object_text(&text);
        }
    }
}
