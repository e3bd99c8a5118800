//! The statements that make one schema into another, in an order that the server takes.
//! What differs was decided before; here it is only put in order and written down.

mod action;
mod attachment;
mod check;
mod column;
mod company;
mod constraint;
mod container;
mod conversion;
mod disturbance;
mod grant;
mod identity;
mod index;
mod inheritance;
mod kin;
mod left_key;
mod namesake;
mod never_null;
mod online;
mod order;
mod other_kind;
mod outside;
mod part_name;
mod partition_key;
mod plan;
mod program;
mod rank;
mod rename;
mod reparse;
mod script;
mod sequence;
mod shared_never_null;
mod side;
mod step;
mod table;
mod text;
mod trigger_state;
mod typed;
mod types;
mod unmade;
mod values;
mod view;

pub(crate) use grant::usual as usual_grants;
pub(crate) use index::part;
pub(crate) use online::stages;
pub(crate) use rename::applied as renamed;
pub(crate) use script::script;
pub(crate) use sequence::whole as whole_sequence;
pub(crate) use values::spaced_alike;

use std::collections::BTreeSet;

use crate::{
    diagnostic::Diagnostic,
    difference::{Difference, Operation, Renames, Statement},
    schema::{Body, ObjectId},
};
use plan::Plan;

/// The statements that carry out a difference.
///
/// # Errors
/// A change that this server can't make.
pub(crate) fn statements(difference: &Difference) -> Result<Vec<Statement>, Diagnostic> {
    if difference.is_empty() {
        return Ok(Vec::new());
    }
    let renames = rename::said(difference);
    let mut from = rename::applied(&difference.from, &renames);
    let namespaces = rename::namespaces(&renames, &from);
    let made = namespaces.iter().map(|object| Statement::new(format!("CREATE {}", text::target(&object.id))));
    let mut statements: Vec<Statement> = made.collect();
    namespaces.into_iter().for_each(|object| from.insert(object));
    let mut touched: BTreeSet<ObjectId> =
        difference.operations.iter().map(|it| touched(it, &renames)).collect();
    let named = part_name::statements(
        &part_name::Before { original: &difference.from, renamed: &from, renames: &renames },
        &difference.to,
    );
    let (from, renamed) = namesake::renamed(from, &difference.to);
    let other_kind::Apart { schema: from, statements: apart, touched: other } =
        other_kind::apart(from, &difference.to);
    touched.extend(other);
    let plan = Plan::new(&from, &difference.to, &touched);
    partition_key::refuse(&plan)?;
    outside::refuse(&plan)?;
    unmade::refuse(&plan)?;
    statements.extend(rename::statements(difference, &renames));
    statements.extend(renamed);
    statements.extend(apart);
    for step in order::steps(&plan) {
        statements.extend(step::statements(&plan, &step));
    }
    statements.extend(named);
    let mut statements = faithful(statements);
    set_alone(difference, &plan, &mut statements);
    if statements.iter().any(|statement| is_routine(&statement.sql)) {
        // What a body names may come later, or is in another namespace; what is written here was
        // accepted by a server once ("check_function_bodies" in the manual's section 19.11).
        statements.insert(0, Statement::new("SET check_function_bodies = off"));
    }
    Ok(statements)
}

/// The id of what an operation is about, once everything has its new name.
fn touched(operation: &Operation, renames: &Renames) -> ObjectId {
    match operation {
        Operation::Create(_) | Operation::Alter(_) => operation.id().clone(),
        Operation::Drop(object) => renames.new_id(&object.id),
    }
}

/// Statements that the server reads as it wrote them.
fn faithful(mut statements: Vec<Statement>) -> Vec<Statement> {
    for statement in &mut statements {
        if let std::borrow::Cow::Owned(sql) = reparse::faithful(&statement.sql) {
            statement.sql = sql;
        }
    }
    statements
}

fn is_routine(sql: &str) -> bool {
    ["CREATE OR REPLACE FUNCTION", "CREATE OR REPLACE PROCEDURE"].iter().any(|begin| sql.starts_with(begin))
}

/// A text value between quotes as the server writes it, and as it is written here.
fn written(value: &str) -> [String; 2] {
    let literal = text::literal(value);
    let plain = format!("'{}'", value.replace('\'', "''"));
    [plain, literal.trim_start_matches('E').to_owned()]
}

/// A value that is added to an enumerated type can't be used before the transaction ends
/// ("ALTER TYPE" in the manual, Notes): where a later statement does, or rows may, it is added by itself.
fn set_alone(difference: &Difference, plan: &Plan<'_>, statements: &mut [Statement]) {
    let is_added = |sql: &str| sql.starts_with("ALTER TYPE ") && sql.contains(" ADD VALUE ");
    if !statements.iter().any(|statement| is_added(&statement.sql)) {
        return;
    }
    let mut used = BTreeSet::new();
    for operation in &difference.operations {
        let Operation::Alter(alteration) = operation else { continue };
        let (Body::Enum(from), Body::Enum(to)) = (&alteration.from.body, &alteration.to.body) else {
            continue;
        };
        let becomes = plan.is_made_of_rows(&alteration.to.id);
        for value in to.values.iter().filter(|value| !from.values.contains(value)) {
            let texts = written(value);
            let is_use = |sql: &str| !is_added(sql) && texts.iter().any(|text| sql.contains(text));
            if becomes || statements.iter().any(|statement| is_use(&statement.sql)) {
                used.insert(text::literal(value));
            }
        }
    }
    for statement in statements.iter_mut().filter(|statement| is_added(&statement.sql)) {
        if used.iter().any(|value| statement.sql.contains(&format!("ADD VALUE {value}"))) {
            statement.in_transaction = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_however_its_quote_and_backslash_are_written() {
        assert_eq!(written("won't \\ fix"), ["'won''t \\ fix'", "'won''t \\\\ fix'"]);
    }
}
