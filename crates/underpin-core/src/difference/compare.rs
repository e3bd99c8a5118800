//! Two schemas side by side. One function for every list of things that have names: what is only
//! here goes, what is only there comes, what is in both and not the same changes.

use std::collections::BTreeMap;

use super::{Alteration, Change, Difference, Operation, Renames, case, origin, populated, suggestion};
use crate::{
    dialect::{
        Dialect,
        postgres::change::spaced_alike,
        sqlite::create::{object_text, sort},
    },
    schema::{Body, Column, Constraint, Index, Object, ObjectId, ObjectKind, Schema, Table, TableKind, View},
};

/// What makes `from` into `to`, both read from servers of the same kind.
///
/// ```
/// use underpin_core::{
///     dialect::Flavour,
///     difference::{Renames, compare},
///     schema::{Body, Column, Object, ObjectId, ObjectKind, Schema, ServerVersion, Table},
/// };
///
/// let empty = Schema::empty(Flavour::Sqlite, ServerVersion::new(3, 50, 0));
/// let mut wanted = empty.clone();
/// let id = Column { name: "id".to_owned(), data_type: "INTEGER".to_owned(), ..Column::default() };
/// let orders = Table { columns: vec![id], ..Table::default() };
/// wanted.insert(Object::new(ObjectId::new(ObjectKind::Table, None, "orders"), Body::Table(orders)));
///
/// let difference = compare(&empty, &wanted, &Renames::NONE);
/// assert_eq!(difference.operations.len(), 1);
/// assert!(compare(&wanted, &wanted, &Renames::NONE).is_empty());
/// ```
pub fn compare(from: &Schema, to: &Schema, renames: &Renames) -> Difference {
    let said = case::spelled(renames, from, to);
    let renames = case::due(&said, from, to);
    let dialect = to.flavour.dialect();
    let kept = populated::kept(from, to, &renames);
    let to = kept.as_ref().unwrap_or(to);
    let mut before: BTreeMap<ObjectId, (&Object, Object)> = from
        .objects
        .values()
        .map(|object| {
            let renamed = renames.applied_to(object);
            (renamed.id.clone(), (object, renamed))
        })
        .collect();
    let mut operations = Vec::new();
    for object in to.objects.values() {
        match before.remove(&object.id) {
            None => operations.push(Operation::Create(object.clone())),
            Some((original, renamed)) => {
                let plain = origin::unsaid((&renamed, from), (object, to));
                let (one, other) = plain.as_ref().map_or((&renamed, object), |(one, other)| (one, other));
                if has_new_name(original, &renamed) || !same(dialect, one, other) {
                    let alteration = alteration(dialect, original, &renamed, object, &renames);
                    operations.push(Operation::Alter(Box::new(alteration)));
                }
            }
        }
    }
    operations.extend(before.into_values().map(|(original, _)| Operation::Drop(original.clone())));
    operations.sort_by(|one, other| one.id().cmp(other.id()));
    let suggestions = suggestion::suggestions(&operations, &said.displaced(from, to));
    Difference { from: from.clone(), to: to.clone(), operations, suggestions }
}

/// Whether an object, a column of it or a value of it gets another name.
fn has_new_name(original: &Object, renamed: &Object) -> bool {
    let parts = match (&original.body, &renamed.body) {
        (Body::Table(one), Body::Table(other)) => {
            one.columns.iter().zip(&other.columns).any(|(one, other)| one.name != other.name)
        }
        (Body::Enum(one), Body::Enum(other)) => one.values != other.values,
        _ => false,
    };
    parts || original.id != renamed.id
}

/// Whether two objects are the same for whoever uses them.
fn same(dialect: Dialect, from: &Object, to: &Object) -> bool {
    match (&from.body, &to.body) {
        (Body::Table(one), Body::Table(other)) => {
            let (one, other) = (comparable(dialect, one), comparable(dialect, other));
            from.comment == to.comment && from.grants == to.grants && one == other
        }
        // SQLite keeps the statement as somebody wrote it: blanks and quotes don't count.
        (Body::View(one), Body::View(other)) if dialect == Dialect::Sqlite => {
            object_text(&one.query) == object_text(&other.query)
        }
        (Body::View(one), Body::View(other)) if dialect == Dialect::Postgres => {
            let spaced = |view: &View| View { query: spaced_alike(&view.query), ..view.clone() };
            from.comment == to.comment && from.grants == to.grants && spaced(one) == spaced(other)
        }
        (Body::Trigger(one), Body::Trigger(other)) if dialect == Dialect::Sqlite => {
            one.on == other.on && object_text(&one.create) == object_text(&other.create)
        }
        _ => from == to,
    }
}

/// A table without what doesn't count: the order of its columns where no engine could change it, and
/// the text of the statement that made it, which says less than what was read from it.
pub(crate) fn comparable(dialect: Dialect, table: &Table) -> Table {
    let mut table = Table { create: None, ..table.clone() };
    if dialect != Dialect::Mysql {
        table.columns.sort_by(|one, other| one.name.cmp(&other.name));
    }
    // Said or not, it is where a table is unless it is elsewhere; and it can't be unsaid.
    if table.options.get("tablespace").is_some_and(|tablespace| tablespace == "`innodb_file_per_table`") {
        table.options.remove("tablespace");
    }
    if dialect == Dialect::Sqlite {
        table.indexes = table.indexes.iter().map(|index| counted(dialect, index)).collect();
        // The columns of a virtual table are what its module makes of its arguments.
        if table.kind == TableKind::Virtual {
            table.columns.clear();
        }
        // Renames move unnamed ones.
        sort(&mut table.constraints);
    }
    table
}

/// An index without what doesn't count: the text of its statement on SQLite, which is somebody's.
fn counted(dialect: Dialect, index: &Index) -> Index {
    match dialect {
        Dialect::Sqlite => Index { create: None, ..index.clone() },
        Dialect::Postgres | Dialect::Mysql => index.clone(),
    }
}

fn alteration(
    dialect: Dialect,
    original: &Object,
    renamed: &Object,
    to: &Object,
    renames: &Renames,
) -> Alteration {
    let indexes =
        |table: &Table| table.indexes.iter().map(|index| counted(dialect, index)).collect::<Vec<_>>();
    let mut alteration = Alteration {
        from: original.clone(),
        to: to.clone(),
        columns: Vec::new(),
        constraints: Vec::new(),
        indexes: Vec::new(),
        values: Vec::new(),
    };
    match (&original.body, &renamed.body, &to.body) {
        (Body::Table(original), Body::Table(renamed), Body::Table(wanted)) => {
            alteration.columns = changes(&original.columns, &renamed.columns, &wanted.columns, |name| {
                renames.old_part(&to.id, ObjectKind::Column, name).is_some()
            });
            alteration.constraints =
                changes(&original.constraints, &renamed.constraints, &wanted.constraints, |_| false);
            alteration.indexes = changes(&indexes(original), &indexes(renamed), &indexes(wanted), |_| false);
        }
        (Body::View(original), Body::View(renamed), Body::View(wanted)) => {
            alteration.indexes = changes(&original.indexes, &renamed.indexes, &wanted.indexes, |_| false);
        }
        (Body::Enum(original), Body::Enum(renamed), Body::Enum(_)) => {
            let pairs = original.values.iter().cloned().zip(renamed.values.iter().cloned());
            alteration.values = pairs.filter(|(old, new)| old != new).collect();
        }
        _ => {}
    }
    alteration
}

/// Something with a name within a table. What has none is known by what it is.
trait Named: Clone + PartialEq {
    fn name(&self) -> Option<&str>;
}

impl Named for Column {
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl Named for Constraint {
    fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

impl Named for Index {
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

/// What becomes of each: what goes first, then what comes or changes, in the order of `to`.
///
/// `renamed` has the same things as `original`, under the names that they will have.
fn changes<T: Named>(
    original: &[T],
    renamed: &[T],
    to: &[T],
    is_renamed: impl Fn(&str) -> bool,
) -> Vec<Change<T>> {
    let same = |one: &T, other: &T| match (one.name(), other.name()) {
        (Some(one), Some(other)) => one == other,
        (None, None) => one == other,
        _ => false,
    };
    // Two unnamed ones may be alike; each counts once.
    let mut left: Vec<Option<(&T, &T)>> = original.iter().zip(renamed).map(Some).collect();
    let mut later = Vec::new();
    for wanted in to {
        let place = left.iter_mut().find(|left| left.is_some_and(|(_, renamed)| same(renamed, wanted)));
        match place.and_then(Option::take) {
            None => later.push(Change::Add { to: wanted.clone() }),
            Some((from, renamed)) => {
                if renamed != wanted || wanted.name().is_some_and(&is_renamed) {
                    later.push(Change::Alter { from: from.clone(), to: wanted.clone() });
                }
            }
        }
    }
    let gone = left.into_iter().flatten().map(|(from, _)| Change::Drop { from: from.clone() });
    gone.chain(later).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dialect::Flavour,
        difference::{Rename, SuggestionReason},
        schema::{ConstraintKind, ServerVersion},
    };

    fn column(name: &str, data_type: &str) -> Column {
        Column { name: name.to_owned(), data_type: data_type.to_owned(), ..Column::default() }
    }

    fn schema(tables: &[(&str, &[Column])]) -> Schema {
        let mut schema = Schema::empty(Flavour::Postgres, ServerVersion::new(16, 0, 0));
        for (name, columns) in tables {
            let table = Table { columns: columns.to_vec(), ..Table::default() };
            schema.insert(Object::new(id(name), Body::Table(table)));
        }
        schema
    }

    fn id(name: &str) -> ObjectId {
        ObjectId::new(ObjectKind::Table, None, name)
    }

    #[test]
    fn what_is_the_same_makes_no_operation_whatever_its_order() {
        let one = schema(&[("t", &[column("a", "int"), column("b", "text")])]);
        let other = schema(&[("t", &[column("b", "text"), column("a", "int")])]);
        assert!(compare(&one, &other, &Renames::NONE).is_empty());
    }

    #[test]
    fn a_column_that_goes_and_one_alike_that_comes_are_a_suggestion_and_no_rename() {
        let from = schema(&[("t", &[column("a", "int")])]);
        let to = schema(&[("t", &[column("b", "int")])]);
        let difference = compare(&from, &to, &Renames::NONE);
        let Operation::Alter(alteration) = &difference.operations[0] else { panic!("not altered") };
        assert!(matches!(alteration.columns[..], [Change::Drop { .. }, Change::Add { .. }]));
        assert_eq!(difference.suggestions[0].from, "a");
    }

    #[test]
    fn a_rename_that_was_said_keeps_both_ends_and_its_way_back() {
        let from = schema(&[("t", &[column("a", "int")])]);
        let to = schema(&[("u", &[column("b", "int")])]);
        let renames = Renames(vec![
            Rename { to: id("u"), from: "t".to_owned(), schema: None },
            Rename { to: id("u").part(ObjectKind::Column, "b"), from: "a".to_owned(), schema: None },
        ]);
        let difference = compare(&from, &to, &renames);
        let [Operation::Alter(alteration)] = &difference.operations[..] else { panic!("{difference:?}") };
        assert!(alteration.is_rename());
        let [Change::Alter { from: old, to: new }] = &alteration.columns[..] else {
            panic!("{alteration:?}")
        };
        assert_eq!((old.name.as_str(), new.name.as_str()), ("a", "b"));
        let back = difference.reversed();
        assert_eq!(back.reversed(), difference);
        assert!(compare(&to, &to, &renames).is_empty(), "a rename that has been done is void");
    }

    #[test]
    fn a_rename_whose_old_name_is_used_again_is_told_and_not_done() {
        let rename = |to: &str, from: &str| Rename { to: id(to), from: from.to_owned(), schema: None };
        let from = schema(&[("a", &[column("x", "int")])]);
        let to = schema(&[("a", &[column("y", "int")]), ("b", &[column("x", "int")])]);
        let difference = compare(&from, &to, &Renames(vec![rename("b", "a")]));
        let [told, ..] = &difference.suggestions[..] else { panic!("{difference:?}") };
        assert!(told.to_string().contains("table b is not a under a new name"), "{told}");
        let chain = schema(&[("b", &[column("x", "int")]), ("c", &[column("y", "int")])]);
        let from = schema(&[("a", &[column("x", "int")]), ("b", &[column("y", "int")])]);
        let difference = compare(&from, &chain, &Renames(vec![rename("b", "a"), rename("c", "b")]));
        let told = &difference.suggestions[0];
        assert_eq!((told.to.name.as_str(), told.why), ("c", SuggestionReason::NameUsedAgain));
        assert!(compare(&to, &to, &Renames(vec![rename("b", "a")])).suggestions.is_empty());
    }

    #[test]
    fn unnamed_constraints_are_known_by_what_they_are() {
        let check = |expression: &str| {
            Constraint::new(None, ConstraintKind::Check { expression: expression.to_owned() })
        };
        let table = |constraints| {
            let mut schema = schema(&[]);
            let table = Table { constraints, ..Table::default() };
            schema.insert(Object::new(id("t"), Body::Table(table)));
            schema
        };
        let from = table(vec![check("a > 0"), check("a > 0"), check("b > 0")]);
        let to = table(vec![check("a > 0"), check("c > 0")]);
        let difference = compare(&from, &to, &Renames::NONE);
        let Operation::Alter(alteration) = &difference.operations[0] else { panic!("not altered") };
        assert_eq!(alteration.constraints.len(), 3, "{:?}", alteration.constraints);
    }
}
