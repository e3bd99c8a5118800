//! An operation as statements: the schema before and after it, compared, in the words of the dialect. What each
//! operation edits is in `edit`; how a difference is written is the dialects'.

use std::collections::BTreeSet;

use super::{
    AlterEnum, Known, Operation, Reverse, WrittenOperation,
    draft::{Draft, REST, needs_schema},
    edit::{edit, enumeration},
    existence,
};
use crate::{
    diagnostic::Diagnostic,
    dialect::{Dialect, Flavour, sqlite},
    difference::{Difference, Statement, compare},
    schema::{Body, Constraint, ObjectId, Schema, ServerVersion, Table},
};

impl Operation {
    /// Whether it, or its way back, needs the schema of the database on this engine: [`Known::Nothing`] is an
    /// error then, or makes it irreversible.
    ///
    /// ```
    /// use underpin_core::operation::*;
    ///
    /// let operation = Operation::from(AlterColumn::new("orders", "note").rename("remark"));
    /// assert!(!operation.needs_schema(Flavour::Postgres));
    /// assert!(operation.needs_schema(Flavour::Mysql), "it says everything again");
    /// ```
    pub fn needs_schema(&self, flavour: Flavour) -> bool {
        match self {
            Self::Execute(_) | Self::BulkInsert(_) => false,
            _ => {
                // The newest server can do the most.
                let version = ServerVersion::new(u32::MAX, 0, 0);
                let nothing = Known::Nothing { flavour, version };
                let written = self.write(nothing).map(|written| written.reverse);
                !matches!(written, Ok(Reverse::Statements(_)))
            }
        }
    }

    /// The statements that do it and those that take it back.
    ///
    /// # Errors
    /// What the engine does not have, what is not there to be changed or there already, and what can't be
    /// written without the schema where nothing is known.
    pub fn write(&self, known: Known<'_>) -> Result<WrittenOperation, Diagnostic> {
        let written = match self {
            Self::Execute(sql) => sql.write(known.flavour()),
            Self::BulkInsert(rows) => rows.write(known),
            Self::AlterEnum(change) => write_enum(self, change, known),
            _ => edited(self, known),
        };
        written.map_err(|diagnostic| self.said(diagnostic))
    }

    /// The schema as it is afterwards, as far as can be told without a server: in the words of
    /// this program, which a server writes otherwise. Rows are no part of it.
    ///
    /// # Errors
    /// As [`Operation::write`].
    pub fn applied_to(&self, schema: &Schema) -> Result<Schema, Diagnostic> {
        if matches!(self, Self::Execute(_) | Self::BulkInsert(_)) {
            return Ok(schema.clone());
        }
        let mut draft = Draft::new(Known::Schema(schema));
        edit(&mut draft, self).map_err(|diagnostic| self.said(diagnostic))?;
        if draft.dialect() == Dialect::Sqlite {
            write_tables(&mut draft);
        }
        Ok(draft.without_hints())
    }

    /// The same, with the operation that it is of before the message.
    fn said(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        diagnostic.message = format!("{}: {}", self.title(), diagnostic.message);
        // What models say of themselves is said otherwise in an operation.
        diagnostic.hints.retain(|hint| !hint.contains("#[") && !hint.contains("only(postgres)"));
        diagnostic
    }
}

/// An operation that is one edit.
fn edited(operation: &Operation, known: Known<'_>) -> Result<WrittenOperation, Diagnostic> {
    let mut draft = Draft::new(known);
    edit(&mut draft, operation)?;
    let mut written = finished(draft)?;
    existence::soften(operation, known, &mut written)?;
    Ok(written)
}

/// A change of an enum. Where its values are a property of columns and get other names, rows are written in
/// between: both names, the rows, the new names alone (MySQL, MariaDB).
fn write_enum(
    operation: &Operation,
    change: &AlterEnum,
    known: Known<'_>,
) -> Result<WrittenOperation, Diagnostic> {
    let in_steps = known.flavour().dialect() == Dialect::Mysql
        && enumeration::renames_values(change)
        && !change.used_by.is_empty();
    if !in_steps || matches!(known, Known::Nothing { .. }) {
        let mut written = edited(operation, known)?;
        keep_rows(known.flavour(), &mut written);
        return Ok(written);
    }
    // What is wrong with it is found before anything is written.
    edit(&mut Draft::new(known), operation)?;
    let mut wide = Draft::new(known);
    enumeration::widen(&mut wide, change)?;
    let between: Schema = wide.after.clone();
    let wide = finished(wide)?;
    let (forth, back) = enumeration::rewrite(change, &between)?;
    let mut narrow = Draft::new(Known::Schema(&between));
    enumeration::narrow(&mut narrow, change)?;
    let narrow = finished(narrow)?;

    let rows = |sql: Vec<String>| sql.into_iter().map(Statement::new).collect::<Vec<_>>();
    let (mut wide, mut narrow) = (wide, narrow);
    keep_rows(known.flavour(), &mut wide);
    keep_rows(known.flavour(), &mut narrow);
    Ok(WrittenOperation {
        statements: [wide.statements, rows(forth), narrow.statements].concat(),
        reverse: match (wide.reverse, narrow.reverse) {
            (Reverse::Statements(wide), Reverse::Statements(narrow)) => {
                Reverse::Statements([narrow, rows(back), wide].concat())
            }
            (Reverse::Irreversible(why), _) | (_, Reverse::Irreversible(why)) => Reverse::Irreversible(why),
        },
    })
}

/// A comparison of schemas gives rows the default where their label goes. Somebody who says that a label goes
/// is told of such rows instead: the server refuses the change (MySQL, MariaDB).
fn keep_rows(flavour: Flavour, written: &mut WrittenOperation) {
    if flavour.dialect() != Dialect::Mysql {
        return;
    }
    written.statements.retain(|statement| !statement.sql.starts_with("UPDATE "));
    if let Reverse::Statements(back) = &mut written.reverse {
        back.retain(|statement| !statement.sql.starts_with("UPDATE "));
    }
}

/// A draft as statements.
fn finished(mut draft: Draft) -> Result<WrittenOperation, Diagnostic> {
    if draft.dialect() == Dialect::Sqlite {
        write_tables(&mut draft);
    }
    let difference = compare(&draft.before, &draft.after, &draft.renames());
    let statements = statements(&difference)?;
    if names_rest(&statements) {
        return Err(needs_schema("the table", draft.flavour));
    }
    let reverse = match draft.unknown.take().filter(|_| !difference.is_empty()) {
        Some(why) => Reverse::Irreversible(why),
        None => {
            let back = self::statements(&difference.reversed())?;
            match names_rest(&back) {
                false => Reverse::Statements(back),
                true => {
                    let why =
                        "the way back needs the table as it was, which was not known when this was written";
                    Reverse::Irreversible(why.to_owned())
                }
            }
        }
    };
    Ok(WrittenOperation { statements, reverse })
}

fn statements(difference: &Difference) -> Result<Vec<Statement>, Diagnostic> {
    let mut statements = difference.statements()?;
    // That is for bodies which a server has taken already. One that somebody wrote just now is looked at.
    statements.retain(|statement| statement.sql != "SET check_function_bodies = off");
    Ok(statements)
}

/// Whether a statement names what stands for everything that is not known.
fn names_rest(statements: &[Statement]) -> bool {
    statements.iter().any(|statement| statement.sql.contains(REST))
}

/// Gives each table that was edited a statement of its own, and each of which nothing is known one on both
/// sides: `ALTER TABLE` is decided on by what those say (SQLite).
fn write_tables(draft: &mut Draft) {
    let edited: BTreeSet<ObjectId> = draft
        .after
        .tables()
        .filter(|(id, table)| {
            let before = draft.before.table(id);
            before.is_none_or(|before| before != *table) || table.create.is_none()
        })
        .map(|(id, _)| id.clone())
        .collect();
    let beside = std::mem::take(&mut draft.beside);
    for id in &edited {
        let own: Vec<(String, Constraint)> = beside
            .iter()
            .filter(|(owner, ..)| owner == id)
            .map(|(_, column, constraint)| (column.clone(), constraint.clone()))
            .collect();
        if let Some(Body::Table(table)) = draft.after.objects.get_mut(id).map(|object| &mut object.body) {
            write_table(&id.name, table, &own);
        }
    }
    for object in draft.before.objects.values_mut() {
        if let Body::Table(table) = &mut object.body
            && table.create.is_none()
        {
            let own: Vec<(String, Constraint)> = beside
                .iter()
                .filter(|(owner, ..)| *owner == object.id)
                .map(|(_, column, constraint)| (column.clone(), constraint.clone()))
                .collect();
            write_table(&object.id.name, table, &own);
        }
    }
}

fn write_table(name: &str, table: &mut Table, beside: &[(String, Constraint)]) {
    if table.kind == crate::schema::TableKind::Ordinary {
        table.create = None;
        table.create = Some(sqlite::change::written(name, table, beside));
    }
}
