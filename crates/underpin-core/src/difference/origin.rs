//! Columns and checks that a table has from its parents (PostgreSQL), and that were said of it as well. No
//! statement changes that while they have them, so it is no difference.

use std::collections::BTreeSet;

use crate::schema::{Body, Constraint, Object, ObjectId, Schema, Table};

const ORIGIN: &str = "inherited";

/// Two tables without what was said of one of them alone, each with the schema that it is in. Nothing where
/// neither has anything from a parent.
pub(super) fn unsaid(one: (&Object, &Schema), other: (&Object, &Schema)) -> Option<(Object, Object)> {
    let (Body::Table(first), Body::Table(second)) = (&one.0.body, &other.0.body) else { return None };
    if [first, second].iter().all(|table| table.inherits.is_empty()) {
        return None;
    }
    let plain = |object: &Object, table: Table| Object { body: Body::Table(table), ..object.clone() };
    Some((
        plain(one.0, without_origin(first, second, other.1)),
        plain(other.0, without_origin(second, first, one.1)),
    ))
}

/// A table without the checks that the other has from its parents, without the order of these, and without what
/// tells where its columns and checks are from.
fn without_origin(table: &Table, other: &Table, schema: &Schema) -> Table {
    let mut table = table.clone();
    let is_theirs = |check: &Constraint| {
        check.options.contains_key(ORIGIN)
            && other.constraint(check.shown_name()).is_none()
            && inherits(schema, other, check)
    };
    // Their order counts when a table is made, and is the order in which it was told of them ever after.
    table.inherits.sort();
    table.constraints.retain(|constraint| !is_theirs(constraint));
    table.constraints.iter_mut().for_each(|constraint| drop(constraint.options.remove(ORIGIN)));
    for origin in table.columns.iter_mut().filter_map(|column| column.options.get_mut(ORIGIN)) {
        origin.clear();
    }
    table
}

/// Whether a table has this check from a parent, at any distance.
fn inherits(schema: &Schema, table: &Table, check: &Constraint) -> bool {
    let mut seen: BTreeSet<&ObjectId> = BTreeSet::new();
    let mut open: Vec<&ObjectId> = table.inherits.iter().collect();
    while let Some(parent) = open.pop() {
        let Some(table) = schema.table(parent).filter(|_| seen.insert(parent)) else { continue };
        let same = |own: &&Constraint| own.kind == check.kind && own.definition == check.definition;
        if table.constraint(check.shown_name()).as_ref().is_some_and(same) {
            return true;
        }
        open.extend(&table.inherits);
    }
    false
}

#[cfg(test)]
mod tests {
    use crate::{
        dialect::Flavour,
        difference::{Renames, compare},
        schema::{
            Body, Column, Constraint, ConstraintKind, Object, ObjectId, ObjectKind, Schema, ServerVersion,
            Table,
        },
    };

    fn check(is_inherited: bool) -> Constraint {
        let kind = ConstraintKind::Check { expression: "id > 0".to_owned() };
        let mut check = Constraint::new(Some("c".to_owned()), kind);
        check.definition = Some("CHECK ((id > 0))".to_owned());
        if is_inherited {
            check.options.insert("inherited".to_owned(), "local".to_owned());
        }
        check
    }

    /// A parent with these checks, and a child whose column and checks are from there and said of it or not.
    fn schema(parent: Vec<Constraint>, child: Vec<Constraint>, origin: &str) -> Schema {
        let mut schema = Schema::empty(Flavour::Postgres, ServerVersion::new(17, 0, 0));
        let id = |name: &str| ObjectId::new(ObjectKind::Table, None, name);
        let mut column = Column { name: "id".to_owned(), ..Column::default() };
        let table = Table { columns: vec![column.clone()], constraints: parent, ..Table::default() };
        schema.insert(Object::new(id("parent"), Body::Table(table)));
        column.options.insert("inherited".to_owned(), origin.to_owned());
        let inherits = vec![id("parent")];
        let table = Table { columns: vec![column], constraints: child, inherits, ..Table::default() };
        schema.insert(Object::new(id("child"), Body::Table(table)));
        schema
    }

    fn are_same(one: &Schema, other: &Schema) -> bool {
        compare(one, other, &Renames::NONE).is_empty() && compare(other, one, &Renames::NONE).is_empty()
    }

    #[test]
    fn what_a_child_has_from_its_parent_may_be_said_of_it_too() {
        let from_parent = schema(vec![check(false)], Vec::new(), "");
        let said = schema(vec![check(false)], vec![check(true)], "local");
        assert!(are_same(&from_parent, &said));
    }

    #[test]
    fn what_the_parent_has_not_is_a_difference() {
        let gone = schema(Vec::new(), Vec::new(), "");
        let said = schema(vec![check(false)], vec![check(true)], "");
        let left = compare(&said, &gone, &Renames::NONE);
        assert_eq!(left.operations.len(), 2, "{left:?}");
    }
}
