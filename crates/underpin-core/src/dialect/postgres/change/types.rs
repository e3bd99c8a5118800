//! Types that users make: enumerated ones, domains, composite ones. What becomes of the columns that
//! have them is told by the plan.

use super::{
    action::Action,
    never_null,
    table::aside,
    text::{comment, literal, qualified, quote, target},
};
use crate::{
    difference::Statement,
    schema::{
        Attribute, Body, Composite, Constraint, ConstraintKind, Domain, EnumType, Object, ObjectId,
        ObjectKind,
    },
};

/// Whether values are only added, so that the type can stay.
pub(super) fn decide_enum(from: &EnumType, to: &EnumType) -> Action {
    let mut left = to.values.iter();
    let kept = from.values.iter().all(|value| left.any(|other| other == value));
    if kept { Action::Alter } else { Action::Rebuild }
}

/// Whether what a domain is made of stays.
pub(super) fn decide_domain(from: &Domain, to: &Domain) -> Action {
    let same = from.data_type == to.data_type && from.collation == to.collation;
    if same { Action::Alter } else { Action::Rebuild }
}

/// Whether a domain gets a condition that the server holds all values against.
pub(super) fn adds_condition(from: &Domain, to: &Domain) -> bool {
    let is_never_null = |one: &Constraint| matches!(one.kind, ConstraintKind::NotNull { .. });
    let is_held = |new: &Constraint| {
        let old = from.constraints.iter().find(|old| old.name == new.name);
        old.is_some_and(|old| old.validated && super::constraint::decide(old, new) != Action::Replace)
    };
    let mut added = to.constraints.iter().filter(|new| !is_never_null(new) && !is_held(new));
    (from.nullable && !to.nullable) || added.any(|new| new.validated)
}

/// Whether attributes stay in their order, so that the type can.
pub(super) fn decide_composite(from: &Composite, to: &Composite) -> Action {
    let kept = from.attributes.iter().filter(|attribute| find(to, &attribute.name).is_some());
    let new = to.attributes.iter().filter(|attribute| find(from, &attribute.name).is_none());
    let order: Vec<&String> = kept.chain(new).map(|attribute| &attribute.name).collect();
    let in_order = order.into_iter().eq(to.attributes.iter().map(|attribute| &attribute.name));
    if in_order { Action::Alter } else { Action::Rebuild }
}

/// Whether an attribute has another type, which the server refuses where a column has the type.
pub(super) fn changes_attribute_type(from: &Composite, to: &Composite) -> bool {
    from.attributes.iter().any(|attribute| {
        find(to, &attribute.name).is_some_and(|other| other.data_type != attribute.data_type)
    })
}

/// Whether an attribute stands at another place, so that the text of a value is another one.
pub(super) fn moves_attributes(from: &Composite, to: &Composite) -> bool {
    let names = |composite: &Composite| -> Vec<String> {
        composite.attributes.iter().map(|attribute| attribute.name.clone()).collect()
    };
    names(from) != names(to)
}

fn find<'a>(composite: &'a Composite, name: &str) -> Option<&'a Attribute> {
    composite.attributes.iter().find(|attribute| attribute.name == name)
}

/// Creates an enumerated type.
pub(super) fn make_enum(id: &ObjectId, enumerated: &EnumType) -> Statement {
    let values: Vec<String> = enumerated.values.iter().map(|value| literal(value)).collect();
    Statement::new(format!("CREATE TYPE {} AS ENUM ({})", qualified(id), values.join(", ")))
}

/// Adds values to an enumerated type, each at its place.
pub(super) fn alter_enum(id: &ObjectId, from: &EnumType, to: &EnumType) -> Vec<Statement> {
    let mut statements = Vec::new();
    for (place, value) in to.values.iter().enumerate() {
        if from.values.contains(value) {
            continue;
        }
        let last = !to.values[place..].iter().any(|later| from.values.contains(later));
        let position = match place.checked_sub(1).map(|before| &to.values[before]) {
            Some(_) if last => String::new(),
            Some(before) => format!(" AFTER {}", literal(before)),
            None => match from.values.first() {
                Some(first) => format!(" BEFORE {}", literal(first)),
                None => String::new(),
            },
        };
        statements.push(Statement::new(format!(
            "ALTER TYPE {} ADD VALUE {}{position}",
            qualified(id),
            literal(value)
        )));
    }
    statements
}

/// Creates a domain.
pub(super) fn make_domain(object: &Object, domain: &Domain) -> Vec<Statement> {
    let id = &object.id;
    let mut text = format!("CREATE DOMAIN {} AS {}", qualified(id), domain.data_type);
    if let Some(collation) = &domain.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(default) = &domain.default {
        text.push_str(&format!(" DEFAULT {default}"));
    }
    if !domain.nullable && never_null::said(domain).is_none() {
        text.push_str(" NOT NULL");
    }
    let (whole, later): (Vec<_>, Vec<_>) =
        domain.constraints.iter().partition(|constraint| constraint.validated);
    for constraint in whole {
        text.push_str(&format!(" {}", super::constraint::definition(id, constraint)));
    }
    let mut statements = vec![Statement::new(text)];
    for constraint in later {
        let definition = super::constraint::definition(id, constraint);
        statements.push(altering(id, &format!("ADD {definition}")));
    }
    for constraint in &domain.constraints {
        let name = constraint.name.as_deref().unwrap_or_default();
        statements.extend(comment(&constraint_target(id, name), None, constraint.comment.as_deref()));
    }
    statements
}

fn constraint_target(id: &ObjectId, name: &str) -> String {
    format!("CONSTRAINT {} ON DOMAIN {}", quote(name), qualified(id))
}

/// Changes a domain in place.
pub(super) fn alter_domain(id: &ObjectId, from: &Domain, to: &Domain) -> Vec<Statement> {
    let mut statements = Vec::new();
    for old in never_null::others(from) {
        let new = to.constraints.iter().find(|new| new.name == old.name);
        if new.is_none_or(|new| super::constraint::decide(old, new) == Action::Replace) {
            let name = quote(old.name.as_deref().unwrap_or_default());
            statements.push(altering(id, &format!("DROP CONSTRAINT {name}")));
        }
    }
    if from.default != to.default {
        let action = match &to.default {
            Some(default) => format!("SET DEFAULT {default}"),
            None => "DROP DEFAULT".to_owned(),
        };
        statements.push(altering(id, &action));
    }
    statements.extend(never_null::alter(id, from, to).into_iter().map(|action| altering(id, &action)));
    if let Some(new) = never_null::said(to) {
        let name = new.name.as_deref().unwrap_or_default();
        let before = never_null::said(from).and_then(|old| old.comment.as_deref());
        statements.extend(comment(&constraint_target(id, name), before, new.comment.as_deref()));
    } else if let Some(old) = never_null::said(from).filter(|old| old.comment.is_some() && !to.nullable) {
        let name = never_null::usual(id);
        statements.extend(comment(&constraint_target(id, &name), old.comment.as_deref(), None));
    }
    for new in never_null::others(to) {
        let name = new.name.as_deref().unwrap_or_default();
        let old = from.constraints.iter().find(|old| old.name == new.name);
        let old = old.filter(|old| super::constraint::decide(old, new) != Action::Replace);
        match old {
            None => statements.push(altering(id, &format!("ADD {}", super::constraint::definition(id, new)))),
            Some(old) if !old.validated && new.validated => {
                statements.push(altering(id, &format!("VALIDATE CONSTRAINT {}", quote(name))));
            }
            Some(_) => {}
        }
        let before = old.and_then(|old| old.comment.as_deref());
        statements.extend(comment(&constraint_target(id, name), before, new.comment.as_deref()));
    }
    statements
}

/// A domain without what can need a routine.
pub(super) fn undressed(domain: &Domain) -> Domain {
    let constraints = never_null::said(domain).into_iter().cloned().collect();
    Domain { default: None, constraints, ..domain.clone() }
}

fn altering(id: &ObjectId, action: &str) -> Statement {
    Statement::new(format!("ALTER {} {action}", target(id)))
}

fn attribute(attribute: &Attribute) -> String {
    let collation = attribute.collation.as_deref().map(|collation| format!(" COLLATE {collation}"));
    format!("{} {}{}", quote(&attribute.name), attribute.data_type, collation.unwrap_or_default())
}

/// Creates a composite type.
pub(super) fn make_composite(id: &ObjectId, composite: &Composite) -> Vec<Statement> {
    let attributes: Vec<String> = composite.attributes.iter().map(attribute).collect();
    let mut statements =
        vec![Statement::new(format!("CREATE TYPE {} AS ({})", qualified(id), attributes.join(", ")))];
    statements.extend(attribute_comments(id, &Composite { attributes: Vec::new() }, composite));
    statements
}

fn attribute_comments(id: &ObjectId, from: &Composite, to: &Composite) -> Vec<Statement> {
    let change = |new: &Attribute| {
        let old = find(from, &new.name).and_then(|old| old.comment.as_deref());
        comment(&format!("COLUMN {}.{}", qualified(id), quote(&new.name)), old, new.comment.as_deref())
    };
    to.attributes.iter().filter_map(change).collect()
}

/// Changes a composite type in place.
pub(super) fn alter_composite(id: &ObjectId, from: &Composite, to: &Composite) -> Vec<Statement> {
    let mut statements = Vec::new();
    for old in from.attributes.iter().filter(|old| find(to, &old.name).is_none()) {
        statements.push(altering(id, &format!("DROP ATTRIBUTE {}", quote(&old.name))));
    }
    for new in &to.attributes {
        match find(from, &new.name) {
            None => statements.push(altering(id, &format!("ADD ATTRIBUTE {}", attribute(new)))),
            Some(old) if old.data_type != new.data_type || old.collation != new.collation => {
                let collation = new.collation.as_deref().map(|collation| format!(" COLLATE {collation}"));
                statements.push(altering(
                    id,
                    &format!(
                        "ALTER ATTRIBUTE {} TYPE {}{}",
                        quote(&new.name),
                        new.data_type,
                        collation.unwrap_or_default()
                    ),
                ));
            }
            Some(_) => {}
        }
    }
    statements.extend(attribute_comments(id, from, to));
    statements
}

/// Moves a type out of the way of the one that takes its place; a range type has another one beside it, and both
/// have functions of their names. With `bare`, a domain gives up what can need a routine.
pub(super) fn set_aside(object: &Object, bare: bool) -> Vec<Statement> {
    let id = &object.id;
    let mut statements = match &object.body {
        Body::Domain(domain) if bare => alter_domain(id, domain, &undressed(domain)),
        _ => Vec::new(),
    };
    let renamed = |id: &ObjectId| altering(id, &format!("RENAME TO {}", quote(&aside(&id.name))));
    statements.push(renamed(id));
    let Body::Definition(range) = &object.body else { return statements };
    let constructor = |id: &ObjectId, arguments: &str| {
        let function = format!("ALTER FUNCTION {}({arguments})", qualified(id));
        Statement::new(format!("{function} RENAME TO {}", quote(&aside(&id.name))))
    };
    if let Some(subtype) = range.options.get("subtype") {
        statements.push(constructor(id, &format!("{subtype}, {subtype}")));
        statements.push(constructor(id, &format!("{subtype}, {subtype}, text")));
    }
    if let Some(name) = range.options.get("multirange") {
        let beside = id.renamed(name);
        let range = qualified(&id.renamed(&aside(&id.name)));
        statements.push(renamed(&beside));
        let arguments = [String::new(), range.clone(), format!("VARIADIC {range}[]")];
        statements.extend(arguments.iter().map(|arguments| constructor(&beside, arguments)));
    }
    statements
}

/// Drops the type that was set aside, when no column has it any more.
pub(super) fn drop_aside(id: &ObjectId) -> Statement {
    super::text::drop(&id.renamed(&aside(&id.name)))
}

/// Whether columns can be of this kind of thing, or, as with collations, be made of it.
pub(super) const fn is_type(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Enum
            | ObjectKind::Domain
            | ObjectKind::Composite
            | ObjectKind::Range
            | ObjectKind::Collation
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(values: &[&str]) -> EnumType {
        EnumType { values: values.iter().map(|value| (*value).to_owned()).collect() }
    }

    fn added(from: &[&str], to: &[&str]) -> Vec<String> {
        let id = ObjectId::new(ObjectKind::Enum, None, "e");
        let statements = alter_enum(&id, &values(from), &values(to));
        statements
            .into_iter()
            .map(|statement| statement.sql.replace("ALTER TYPE \"e\" ADD VALUE ", ""))
            .collect()
    }

    #[test]
    fn values_are_added_where_they_belong() {
        assert_eq!(added(&["a"], &["a", "b"]), ["'b'"]);
        assert_eq!(added(&["b"], &["a", "b"]), ["'a' BEFORE 'b'"]);
        assert_eq!(added(&["c"], &["a", "b", "c"]), ["'a' BEFORE 'c'", "'b' AFTER 'a'"]);
        assert_eq!(added(&["a", "c"], &["a", "b", "c", "d"]), ["'b' AFTER 'a'", "'d'"]);
    }

    #[test]
    fn values_that_go_or_change_places_need_another_type() {
        assert_eq!(decide_enum(&values(&["a", "b"]), &values(&["a"])), Action::Rebuild);
        assert_eq!(decide_enum(&values(&["a", "b"]), &values(&["b", "a"])), Action::Rebuild);
        assert_eq!(decide_enum(&values(&["a", "b"]), &values(&["x", "a", "y", "b"])), Action::Alter);
    }
}
