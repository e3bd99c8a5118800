//! Which rows a sample of a database has: of which tables, of which columns, and how they refer to others, from two
//! schemas. Nothing is read here; the statements that read and write rows stand beside, a dialect a file.

pub mod mysql;
pub mod postgres;

use crate::schema::{
    Column, Constraint, ConstraintKind, ForeignKey, IndexPart, Key, ObjectId, ObjectKind, Schema, Table,
    TableKind,
};

/// How many keys of rows that are missing are asked for at once.
pub const KEYS: u64 = 500;

/// What is copied, and what refers to what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SamplePlan {
    /// The tables, in the order of their names.
    pub tables: Vec<SampledTable>,
    /// The foreign keys between them.
    pub links: Vec<Link>,
}

/// A table that rows are copied of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampledTable {
    /// The table.
    pub id: ObjectId,
    /// The columns that are copied, in their order: those that both ends have and that nothing computes.
    pub columns: Vec<SampledColumn>,
    /// The columns that tell its rows apart and that they are ordered by; none where it has no key.
    pub key: Vec<String>,
    /// Whether its rows are in other tables (PostgreSQL).
    pub partitioned: bool,
    /// Whether its rows are those of a partitioned table, and come with it (PostgreSQL).
    pub partition: bool,
}

/// A column that is copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampledColumn {
    /// Its name.
    pub name: String,
    /// Its type as the server writes it.
    pub data_type: String,
}

/// A foreign key between two of the tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The table that refers, by its place.
    pub child: usize,
    /// The columns there.
    pub columns: Vec<SampledColumn>,
    /// The table that is referred to, by its place.
    pub parent: usize,
    /// The columns there.
    pub referenced: Vec<String>,
}

impl SamplePlan {
    /// What of the tables that one schema has can be filled from the tables of another, which are live.
    pub fn of(copy: &Schema, live: &Schema) -> Self {
        let both = |(id, table)| Some((id, table, live.table(id)?));
        let tables: Vec<(&ObjectId, &Table, SampledTable)> = copy
            .tables()
            .filter_map(both)
            .filter_map(|(id, table, live)| Some((id, table, sampled(id, table, live)?)))
            .collect();
        let place = |id: &ObjectId| tables.iter().position(|(other, ..)| *other == id);
        let mut links = Vec::new();
        for (child, (_, table, sampled)) in tables.iter().enumerate() {
            let keys =
                table.constraints.iter().filter(|constraint| constraint.enforced && !sampled.partition);
            for key in keys.filter_map(foreign_key) {
                let parent = place(&key.table).map(|parent| (parent, tables[parent].1));
                links.extend(parent.and_then(|(parent, to)| link(child, table, parent, to, key)));
            }
        }
        Self { tables: tables.into_iter().map(|(_, _, sampled)| sampled).collect(), links }
    }

    /// The tables whose rows are chosen by themselves, with their places.
    pub fn chosen(&self) -> impl Iterator<Item = (usize, &SampledTable)> {
        self.tables.iter().enumerate().filter(|(_, table)| !table.partition)
    }
}

impl SampledTable {
    /// `orders`, `app.orders`; without the namespace that names are in by themselves.
    pub fn shown(&self) -> String {
        match self.id.schema.as_deref() {
            None | Some("public") => self.id.name.clone(),
            Some(schema) => format!("{schema}.{}", self.id.name),
        }
    }
}

fn sampled(id: &ObjectId, table: &Table, live: &Table) -> Option<SampledTable> {
    match (table.kind, live.kind) {
        (TableKind::Ordinary, TableKind::Ordinary) => {}
        (TableKind::Ordinary | TableKind::Virtual | TableKind::Foreign, _) => return None,
    }
    let is_copied = |column: &&Column| {
        let there = live.column(&column.name).is_some_and(|live| live.generated.is_none());
        column.generated.is_none() && there
    };
    let columns: Vec<SampledColumn> = table.columns.iter().filter(is_copied).map(SampledColumn::of).collect();
    (!columns.is_empty()).then(|| SampledTable {
        id: id.clone(),
        columns,
        key: key(live),
        partitioned: id.kind == ObjectKind::Table
            && live.partition_by.is_some()
            && live.partitions.is_empty(),
        partition: table.partition_of.is_some(),
    })
}

/// The columns that the rows of a table are told apart by: those of its primary key, or of the first constraint
/// or index that is as good.
fn key(table: &Table) -> Vec<String> {
    let of = |constraint: &Constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey { parts } | ConstraintKind::Unique { parts, .. } => columns(parts),
        ConstraintKind::Check { .. }
        | ConstraintKind::ForeignKey(_)
        | ConstraintKind::Exclusion
        | ConstraintKind::NotNull { .. } => None,
    };
    let is_primary = |constraint: &&Constraint| matches!(constraint.kind, ConstraintKind::PrimaryKey { .. });
    let primary = table.constraints.iter().find(is_primary).and_then(of);
    let never_null = |columns: &Vec<String>| {
        columns.iter().all(|name| table.column(name).is_some_and(|column| !column.nullable))
    };
    let whole = |index: &&crate::schema::Index| index.unique && index.predicate.is_none() && index.valid;
    let indexes = table.indexes.iter().filter(whole).filter_map(|index| columns(&index.parts));
    primary
        .or_else(|| table.constraints.iter().filter_map(of).chain(indexes).find(never_null))
        .unwrap_or_default()
}

fn columns(parts: &[IndexPart]) -> Option<Vec<String>> {
    let column = |part: &IndexPart| match &part.key {
        Key::Column(name) => Some(name.clone()),
        Key::Expression(_) => None,
    };
    parts.iter().map(column).collect()
}

fn foreign_key(constraint: &Constraint) -> Option<&ForeignKey> {
    match &constraint.kind {
        ConstraintKind::ForeignKey(key) => Some(key),
        ConstraintKind::PrimaryKey { .. }
        | ConstraintKind::Unique { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclusion
        | ConstraintKind::NotNull { .. } => None,
    }
}

fn link(child: usize, table: &Table, parent: usize, to: &Table, key: &ForeignKey) -> Option<Link> {
    let own = |name: &String| table.column(name).map(SampledColumn::of);
    let columns: Vec<SampledColumn> = key.columns.iter().map(own).collect::<Option<_>>()?;
    let there = key.referenced.iter().all(|name| to.column(name).is_some());
    let fits = there && !columns.is_empty() && columns.len() == key.referenced.len();
    fits.then(|| Link { child, columns, parent, referenced: key.referenced.clone() })
}

impl SampledColumn {
    fn of(column: &Column) -> Self {
        Self { name: column.name.clone(), data_type: column.data_type.clone() }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::{
        dialect::Flavour,
        schema::{Action, Body, Generated, Object, PartitionOf, ServerVersion},
    };

    pub(in crate::sample) fn id(name: &str) -> ObjectId {
        ObjectId::new(ObjectKind::Table, Some("app"), name)
    }

    fn column(name: &str) -> Column {
        Column { name: name.to_owned(), data_type: "bigint".to_owned(), ..Column::default() }
    }

    fn primary_key() -> Constraint {
        let parts = vec![IndexPart::column("id")];
        Constraint::new(Some("key".to_owned()), ConstraintKind::PrimaryKey { parts })
    }

    fn refers(column: &str, to: &str) -> Constraint {
        let key = ForeignKey {
            columns: vec![column.to_owned()],
            table: id(to),
            referenced: vec!["id".to_owned()],
            on_update: Action::NoAction,
            on_delete: Action::NoAction,
            on_delete_columns: Vec::new(),
            match_full: false,
        };
        Constraint::new(Some("refers".to_owned()), ConstraintKind::ForeignKey(key))
    }

    fn table(columns: &[&str], constraints: Vec<Constraint>) -> Table {
        Table { columns: columns.iter().map(|name| column(name)).collect(), constraints, ..Table::default() }
    }

    fn schema(tables: Vec<(&str, Table)>) -> Schema {
        let mut schema = Schema::empty(Flavour::Postgres, ServerVersion::new(18, 0, 0));
        for (name, table) in tables {
            schema.insert(Object::new(id(name), Body::Table(table)));
        }
        schema
    }

    #[test]
    fn what_both_ends_have_is_copied_and_what_is_computed_is_not() {
        let mut twice = column("twice");
        twice.generated = Some(Generated { expression: "id * 2".to_owned(), stored: true });
        let mut orders =
            table(&["id", "gone", "customer"], vec![primary_key(), refers("customer", "customers")]);
        orders.columns.push(twice);
        let copy = schema(vec![
            ("orders", orders),
            ("customers", table(&["id"], vec![primary_key()])),
            ("only_here", table(&["id"], vec![])),
        ]);
        let live = schema(vec![
            ("orders", table(&["id", "customer", "twice"], vec![primary_key()])),
            ("customers", table(&["id"], vec![primary_key()])),
            ("only_there", table(&["id"], vec![])),
        ]);
        let plan = SamplePlan::of(&copy, &live);
        let names: Vec<_> = plan.tables.iter().map(SampledTable::shown).collect();
        assert_eq!(names, ["app.customers", "app.orders"]);
        let columns: Vec<_> = plan.tables[1].columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(
            (columns, plan.tables[1].key.as_slice()),
            (vec!["id", "customer"], &["id".to_owned()][..])
        );
        let [link] = plan.links.as_slice() else { panic!("{:?}", plan.links) };
        assert_eq!((link.child, link.parent, link.referenced.as_slice()), (1, 0, &["id".to_owned()][..]));
    }

    #[test]
    fn rows_come_with_their_partitioned_table_and_are_referred_to_by_partition_too() {
        let part = Table {
            partition_of: Some(PartitionOf { parent: id("all"), bound: "DEFAULT".to_owned() }),
            ..table(&["id"], vec![primary_key(), refers("id", "all")])
        };
        let whole =
            Table { partition_by: Some("HASH (id)".to_owned()), ..table(&["id"], vec![primary_key()]) };
        let both = schema(vec![
            ("all", whole),
            ("one", part),
            ("refers", table(&["id"], vec![refers("id", "one")])),
        ]);
        let plan = SamplePlan::of(&both, &both);
        let chosen: Vec<_> = plan.chosen().map(|(_, table)| table.id.name.as_str()).collect();
        assert_eq!(chosen, ["all", "refers"]);
        assert!(plan.tables[0].partitioned);
        assert_eq!(plan.links.iter().map(|link| (link.child, link.parent)).collect::<Vec<_>>(), [(2, 1)]);
    }

    #[test]
    fn without_a_primary_key_rows_are_told_apart_by_what_is_as_good() {
        let mut good = crate::schema::Index::new("good", vec![IndexPart::column("id")]);
        good.unique = true;
        let mut other = table(&["id"], vec![]);
        other.indexes.push(good);
        assert_eq!(key(&other), ["id"]);
        other.columns[0].nullable = true;
        assert_eq!(key(&other), Vec::<String>::new());
    }
}
