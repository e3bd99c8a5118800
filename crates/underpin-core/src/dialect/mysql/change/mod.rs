//! The statements that make one schema of MySQL or MariaDB into another, in an order that the server
//! takes. What differs was decided before; here it is only put in order and written down.

mod alteration;
mod column;
mod constraint;
mod database;
mod event;
mod foreign_key;
mod index;
mod online;
mod option;
mod order;
mod partition;
mod position;
mod routine;
mod rows;
mod sequence;
mod table;
mod text;
mod trigger;
mod view;

mod script;

pub(crate) use online::{blocking, foretold, stages, weaker};
pub(crate) use rows::untouched;
pub(crate) use script::script;
pub(crate) use text::{labels, labels_gone};

use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    difference::{Alteration, Difference, Operation, Statement},
    name::{quote, quote_in},
    schema::{Body, Object, ObjectId, ObjectKind},
};

use self::foreign_key::ForeignKeys;

/// The statements that carry out a difference.
///
/// # Errors
/// A change that this server can't make.
pub(crate) fn statements(difference: &Difference) -> Result<Vec<Statement>, Diagnostic> {
    let mut phases = Phases::default();
    let foreign_keys = ForeignKeys::of(difference);
    foreign_keys.drop_into(&mut phases);
    order::drop_tables(difference, &mut phases);
    for operation in &difference.operations {
        write(difference, operation, &mut phases)?;
    }
    order::create_tables(difference, &foreign_keys, &mut phases);
    order::create_views(difference, &mut phases);
    order::create_triggers(difference, &mut phases);
    if rows::has_day_zero(difference) {
        phases.database.insert(0, rows::ALLOW_DAY_ZERO.to_owned());
    }
    if rows::begins_to_number(difference) {
        phases.database.insert(0, rows::KEEP_ZERO.to_owned());
    }
    Ok(phases.in_order())
}

/// Statements by when they can run, in the order of the fields.
#[derive(Debug, Default)]
struct Phases {
    database: Vec<String>,
    drop_programs: Vec<String>,
    drop_views: Vec<String>,
    drop_foreign_keys: Vec<String>,
    drop_checks: Vec<String>,
    drop_tables: Vec<String>,
    sequences: Vec<String>,
    rename_tables: Vec<String>,
    alter_tables: Vec<String>,
    drop_sequences: Vec<String>,
    create_tables: Vec<String>,
    add_foreign_keys: Vec<String>,
    create_routines: Vec<String>,
    create_views: Vec<String>,
    create_triggers: Vec<String>,
    create_events: Vec<String>,
}

impl Phases {
    fn in_order(self) -> Vec<Statement> {
        [
            self.database,
            self.drop_programs,
            self.drop_views,
            self.drop_foreign_keys,
            self.drop_checks,
            self.drop_tables,
            self.sequences,
            self.rename_tables,
            self.alter_tables,
            self.drop_sequences,
            self.create_tables,
            self.add_foreign_keys,
            self.create_routines,
            self.create_views,
            self.create_triggers,
            self.create_events,
        ]
        .into_iter()
        .flatten()
        .map(Statement::new)
        .collect()
    }
}

/// Writes what needs no order among its like; tables, views and triggers that are made have one.
fn write(difference: &Difference, operation: &Operation, phases: &mut Phases) -> Result<(), Diagnostic> {
    let (from, to) = match operation {
        Operation::Create(to) => (None, Some(to)),
        Operation::Drop(from) => (Some(from), None),
        Operation::Alter(alteration) => (Some(&alteration.from), Some(&alteration.to)),
    };
    match &operation.object().body {
        Body::Table(_) => {
            if let Operation::Alter(alteration) = operation {
                table::alter(difference, alteration, phases)?;
            }
        }
        Body::View(_) => {
            if let (Some(from), true) = (from, to.is_none_or(|to| from.is_some_and(|from| from.id != to.id)))
            {
                phases.drop_views.push(format!("DROP VIEW {}", name(&from.id)));
            }
        }
        Body::Sequence(_) => sequence::write(from, to, phases),
        Body::Routine(_) => routine::write(from, to, phases),
        Body::Trigger(_) => {
            let goes = from.filter(|from| !trigger::goes_with_table(difference, from));
            phases.drop_programs.extend(goes.map(trigger::drop));
        }
        Body::Definition(_) => match operation.id().kind {
            ObjectKind::Event => event::write(from, to, phases),
            ObjectKind::Namespace => database::write(to, phases),
            _ => return Err(unknown(operation.object())),
        },
        Body::Namespace | Body::Enum(_) | Body::Domain(_) | Body::Composite(_) | Body::Policy(_) => {
            return Err(unknown(operation.object()));
        }
    }
    Ok(())
}

fn unknown(object: &Object) -> Diagnostic {
    let message = format!("{} is nothing that MySQL or MariaDB has", object.id);
    Diagnostic::new(ErrorKind::Unsupported, message).state("nothing was changed")
}

/// The alterations of tables.
fn alterations(difference: &Difference) -> impl Iterator<Item = &Alteration> {
    difference.operations.iter().filter_map(|operation| match operation {
        Operation::Alter(alteration) if matches!(alteration.to.body, Body::Table(_)) => {
            Some(alteration.as_ref())
        }
        _ => None,
    })
}

/// The name of an object, quoted, with its database where it has one.
fn name(id: &ObjectId) -> String {
    quote_in(Dialect::Mysql, id.schema.as_deref(), &id.name)
}

/// An identifier, quoted.
fn quoted(identifier: &str) -> String {
    quote(Dialect::Mysql, identifier)
}

/// Identifiers, quoted, with commas.
fn list(identifiers: &[String]) -> String {
    identifiers.iter().map(|identifier| quoted(identifier)).collect::<Vec<_>>().join(", ")
}
