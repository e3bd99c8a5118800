//! A table that changes, as operations: one, or a batch of several.

use super::{
    Ends, Side, alike,
    column::{column, comment, defaulted, types},
    default::default,
    index::is_of_key,
    name,
    table::{Parts, parts},
};
use crate::{
    dialect::{Dialect, Flavour},
    difference::{Alteration, Change},
    model::{ModelName, PerFlavour},
    operation::{
        AddColumn, AddConstraint, AlterColumn, Batch, Column, DropColumn, DropConstraint, DropIndex, Index,
        Operation, RenameTable, TableComment, column::Position,
    },
    schema::{self, Body, Constraint, ConstraintKind, Object, Table},
};

type Alterations<'a> = [(Ends<'a>, &'a Alteration)];

/// The operations; nothing where the servers don't have the same change, or one that no operation says.
pub(super) fn operation(each: &Alterations<'_>, flavours: &[Flavour]) -> Option<Vec<Operation>> {
    let (_, first) = each.first()?;
    // SQLite keeps no comments, so that it has no part in a change of one.
    let is_missing = |flavour: &Flavour| !each.iter().any(|((_, to), _)| to.flavour == *flavour);
    let missing: Vec<Flavour> = flavours.iter().copied().filter(is_missing).collect();
    if !missing.iter().all(|flavour| *flavour == Flavour::Sqlite && is_comment_alone(each)) {
        return None;
    }
    let mut operations = Vec::new();
    let from = alike(each.iter().map(|(_, one)| &one.from.id))?;
    if first.is_rename() {
        operations.push(Operation::from(RenameTable::new(name(from), &first.to.id.name)));
    }
    let sides = Tables::of(each)?;
    if !sides.iter().all(Tables::is_same_but_for_parts) {
        return None;
    }
    let mut changes = going(&sides)?;
    let (columns, added) = columns(&sides)?;
    changes.extend(columns);
    changes.extend(coming(&sides, &added)?);
    let comments = each.iter().map(|((_, to), one)| (*to, one.to.comment.as_ref()));
    if each.iter().any(|(_, one)| one.from.comment != one.to.comment) {
        let table = name(&first.to.id);
        changes.push(TableComment { comment: comment(comments)?, ..TableComment::none(table) }.into());
    }
    match changes.len() {
        0 if operations.is_empty() => return None,
        0 => {}
        1 => operations.extend(changes),
        _ => operations.push(Batch { table: name(&first.to.id), operations: changes }.into()),
    }
    Some(operations)
}

fn is_comment_alone(each: &Alterations<'_>) -> bool {
    each.iter().all(|(_, one)| {
        let columns = one.columns.iter().all(|change| match change {
            Change::Alter { from, to } => {
                schema::Column { comment: None, ..from.clone() }
                    == schema::Column { comment: None, ..to.clone() }
            }
            Change::Add { .. } | Change::Drop { .. } => false,
        });
        columns && one.constraints.is_empty() && one.indexes.is_empty() && !one.is_rename()
    })
}

/// A table before and after, on one kind of server.
struct Tables<'a> {
    ends: Ends<'a>,
    alteration: &'a Alteration,
    from: &'a Table,
    to: &'a Table,
}

impl<'a> Tables<'a> {
    fn of(each: &Alterations<'a>) -> Option<Vec<Self>> {
        let table = |object: &'a Object| match &object.body {
            Body::Table(table) => Some(table),
            _ => None,
        };
        each.iter()
            .map(|(ends, alteration)| {
                let (from, to) = (table(&alteration.from)?, table(&alteration.to)?);
                Some(Self { ends: *ends, alteration, from, to })
            })
            .collect()
    }

    /// Whether nothing but columns, constraints, indexes and comments differs.
    fn is_same_but_for_parts(&self) -> bool {
        let bare = |table: &Table| Table {
            columns: Vec::new(),
            constraints: Vec::new(),
            indexes: Vec::new(),
            create: None,
            ..table.clone()
        };
        bare(self.from) == bare(self.to) && self.alteration.from.grants == self.alteration.to.grants
    }

    fn flavour(&self) -> Flavour {
        self.ends.1.flavour
    }
}

/// A thing that goes or comes: what changes goes and comes again.
fn gone<T>(changes: &[Change<T>]) -> impl Iterator<Item = &T> {
    changes.iter().filter_map(|change| match change {
        Change::Drop { from } | Change::Alter { from, .. } => Some(from),
        Change::Add { .. } => None,
    })
}

fn come<T>(changes: &[Change<T>]) -> impl Iterator<Item = &T> {
    changes.iter().filter_map(|change| match change {
        Change::Add { to } | Change::Alter { to, .. } => Some(to),
        Change::Drop { .. } => None,
    })
}

/// What is dropped before columns are: constraints and indexes, where they don't go with their column.
fn going(sides: &[Tables<'_>]) -> Option<Vec<Operation>> {
    let mut each: Vec<Vec<(String, bool)>> = Vec::new();
    for side in sides {
        let of_column = |column: &str| {
            side.alteration
                .columns
                .iter()
                .any(|change| matches!(change, Change::Drop { from } if from.name == column))
        };
        let mut own: Vec<(String, bool)> = Vec::new();
        for one in gone(&side.alteration.constraints).filter(|one| !goes_along(one, of_column)) {
            let is_key = matches!(one.kind, ConstraintKind::PrimaryKey { .. });
            own.push((if is_key { " primary key".to_owned() } else { one.name.clone()? }, true));
        }
        for index in
            gone(&side.alteration.indexes).filter(|index| !is_of_key(side.flavour(), side.from, index))
        {
            let along = index
                .parts
                .iter()
                .any(|part| matches!(&part.key, schema::Key::Column(name) if of_column(name)));
            if !along {
                let is_unique = side.flavour().dialect() == Dialect::Mysql && index.unique;
                own.push((index.name.clone(), is_unique));
            }
        }
        own.sort();
        each.push(own);
    }
    let is_mysql = |side: &Tables<'_>| side.flavour().dialect() == Dialect::Mysql;
    // A unique index of MySQL and MariaDB is called as the others call it, which know constraints from indexes.
    let judge = sides.iter().position(|side| !is_mysql(side)).unwrap_or_default();
    let names = |own: &[(String, bool)]| own.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    alike(each.iter().map(|own| names(own)))?;
    let table = name(&sides.first()?.alteration.to.id);
    let dropped = each.get(judge)?.iter().map(|(name, is_constraint)| match (name.as_str(), is_constraint) {
        (" primary key", _) => DropConstraint::primary_key(table.clone()).into(),
        (name, true) => DropConstraint::new(table.clone(), name).into(),
        (name, false) => DropIndex::new(table.clone(), name).into(),
    });
    Some(dropped.collect())
}

/// Whether a constraint goes with a column that goes.
fn goes_along(one: &Constraint, of_column: impl Fn(&str) -> bool) -> bool {
    match &one.kind {
        ConstraintKind::NotNull { .. } => true,
        ConstraintKind::ForeignKey(key) => key.columns.iter().any(|column| of_column(column)),
        ConstraintKind::Unique { parts, .. } | ConstraintKind::PrimaryKey { parts } => {
            parts.iter().any(|part| matches!(&part.key, schema::Key::Column(name) if of_column(name)))
        }
        ConstraintKind::Check { .. } | ConstraintKind::Exclusion => false,
    }
}

/// One column of each server, before and after.
type ColumnEnds<'a> = (&'a Tables<'a>, &'a schema::Column, &'a schema::Column);

/// What becomes of the columns, and those that come.
fn columns(sides: &[Tables<'_>]) -> Option<(Vec<Operation>, Vec<Column>)> {
    let (mut operations, mut added) = (Vec::new(), Vec::new());
    let table = name(&sides.first()?.alteration.to.id);
    let shown = |change: &Change<schema::Column>| match change {
        Change::Drop { from } => (from.name.clone(), false),
        Change::Add { to } | Change::Alter { to, .. } => (to.name.clone(), true),
    };
    let all = alike(sides.iter().map(|side| {
        let mut names: Vec<(String, bool)> = side.alteration.columns.iter().map(shown).collect();
        names.sort();
        names
    }))?;
    // In the order of the first: what goes is in front, and what comes in the order of the table.
    let first = sides.iter().find(|side| side.flavour().dialect() == Dialect::Mysql).or(sides.first())?;
    let ordered = first.alteration.columns.iter().map(shown).filter(|one| all.contains(one));
    for own in ordered {
        let changes: Option<Vec<(&Tables<'_>, &Change<schema::Column>)>> = sides
            .iter()
            .map(|side| Some((side, side.alteration.columns.iter().find(|change| shown(change) == own)?)))
            .collect();
        let changes = changes?;
        if let Some((_, Change::Drop { from })) = changes.first() {
            operations.push(DropColumn::new(table.clone(), &from.name).into());
        } else if changes.iter().all(|(_, change)| matches!(change, Change::Add { .. })) {
            let column = coming_column(&changes)?;
            added.push(column.clone());
            operations.push(AddColumn::new(table.clone(), column).into());
        } else {
            let ends = changes.iter().map(|(side, change)| match change {
                Change::Alter { from, to } => Some((*side, from, to)),
                Change::Add { .. } | Change::Drop { .. } => None,
            });
            operations.push(altered(&table, &ends.collect::<Option<Vec<_>>>()?)?.into());
        }
    }
    Some((operations, added))
}

/// A column that comes, with its place where that counts.
fn coming_column(changes: &[(&Tables<'_>, &Change<schema::Column>)]) -> Option<Column> {
    let each: Option<Vec<_>> = changes
        .iter()
        .map(|(side, change)| match change {
            Change::Add { to } => Some((side.ends.1, (side.to, to))),
            Change::Alter { .. } | Change::Drop { .. } => None,
        })
        .collect();
    let each = each?;
    let mut said = column(&each)?;
    let placed = each.iter().find(|(side, _)| side.flavour.dialect() == Dialect::Mysql);
    if let Some((_, (table, own))) = placed {
        let at = table.columns.iter().position(|column| column.name == own.name)?;
        if at + 1 < table.columns.len() {
            said.position = Some(match at.checked_sub(1) {
                None => Position::First,
                Some(before) => Position::After(table.columns[before].name.clone()),
            });
        }
    }
    Some(said)
}

/// A column that changes.
fn altered(table: &ModelName, each: &[ColumnEnds<'_>]) -> Option<AlterColumn> {
    let (_, from, to) = each.first()?;
    let mut said = AlterColumn::new(table.clone(), &from.name);
    said.rename = (from.name != to.name).then(|| to.name.clone());
    let bare = |column: &schema::Column| schema::Column {
        name: String::new(),
        data_type: String::new(),
        nullable: false,
        default: None,
        comment: None,
        ..column.clone()
    };
    if each.iter().any(|(_, from, to)| bare(from) != bare(to)) {
        return None;
    }
    let wanted: Vec<(Side<'_>, (&Table, &schema::Column))> =
        each.iter().map(|(side, _, to)| (side.ends.1, (side.to, *to))).collect();
    let types = types(&wanted);
    let differs =
        |is: fn(&schema::Column, &schema::Column) -> bool| each.iter().any(|(_, from, to)| is(from, to));
    if differs(|from, to| from.nullable != to.nullable) {
        said.nullable = Some(alike(each.iter().map(|(_, _, to)| to.nullable))?);
    }
    if differs(|from, to| from.default != to.default) {
        let defaults = defaulted(&wanted, &types);
        said.default = Some(match defaults.len() {
            0 => PerFlavour::none(),
            some if some == wanted.len() => default(&defaults),
            _ => return None,
        });
    }
    if differs(|from, to| from.comment != to.comment) {
        said.comment = Some(comment(each.iter().map(|(side, _, to)| (side.ends.1, to.comment.as_ref())))?);
    }
    if differs(|from, to| from.data_type != to.data_type) {
        said.data_type = Some(types);
    }
    Some(said)
}

/// The constraints and indexes that come.
fn coming(sides: &[Tables<'_>], added: &[Column]) -> Option<Vec<Operation>> {
    let each: Vec<Parts> = sides
        .iter()
        .map(|side| Parts {
            flavour: side.flavour(),
            constraints: come(&side.alteration.constraints).cloned().collect(),
            indexes: come(&side.alteration.indexes)
                .filter(|index| !is_of_key(side.flavour(), side.to, index))
                .cloned()
                .collect(),
        })
        .collect();
    let own: Vec<Side<'_>> = sides.iter().map(|side| side.ends.1).collect();
    let id = &sides.first()?.alteration.to.id;
    let (constraints, indexes) = parts(&own, each, added, id)?;
    let table = name(id);
    let constraints = constraints.into_iter().map(|one| AddConstraint::new(table.clone(), one).into());
    let indexes = indexes.into_iter().map(|index| Index { table: Some(table.clone()), ..index }.into());
    Some(constraints.chain(indexes).collect())
}
