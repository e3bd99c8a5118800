//! What the indexes that a table keeps make of the way to change it: FULLTEXT and SPATIAL ones, one of a virtual column,
//! and the unique one that its rows are ordered by. Measured by asking MySQL 9.7 and MariaDB 10.11.

use crate::{
    catalog::{Index, Table},
    statement::{ActionKind, AlterTable, ConstraintKind, IndexKind, IndexPart},
};

use super::{super::Way, Server, alter::adds_primary_key};

/// The way of a statement that by itself has another one, on a table with these indexes; `structural` says whether it
/// changes which columns a row has.
pub(super) fn with_indexes(
    server: Server,
    table: Option<&Table>,
    alter: &AlterTable,
    way: Way,
    structural: bool,
) -> Way {
    let Some(table) = table else { return way };
    let kept: Vec<&Index> = table.indexes.iter().filter(|index| is_kept(index, alter)).collect();
    let mut way = way;
    // A table with a FULLTEXT index is not written anew while others write.
    if (structural || way.rebuild) && kept.iter().any(|index| index.kind == IndexKind::Fulltext) {
        way = way.and(server.either(server.copy(), Way::REBUILD.shared()));
    }
    if way.rebuild && kept.iter().any(|index| index.kind == IndexKind::Spatial) {
        way = way.and(Way::REBUILD.shared());
    }
    // One that goes by the same statement counts.
    let computed = |index: &&Index| is_computed(table, index) && !loses_column(index, alter);
    if server.mariadb() && table.indexes.iter().any(|index| computed(&index)) {
        way = with_computed(server, alter, way);
    }
    way
}

/// MariaDB can't build the index of a virtual column while it writes rows anew that get other columns.
fn with_computed(server: Server, alter: &AlterTable, way: Way) -> Way {
    let shifts = alter.actions.iter().any(|action| match &action.kind {
        ActionKind::DropColumn { .. } => true,
        ActionKind::AddColumn { column, .. } => column.position.is_some(),
        _ => false,
    });
    let redefines = |kind: &ActionKind| match kind {
        ActionKind::Redefine { .. } | ActionKind::DropPrimaryKey => true,
        ActionKind::AddConstraint(added) => matches!(added.kind, ConstraintKind::PrimaryKey { .. }),
        _ => false,
    };
    if shifts || way.rebuild && alter.actions.iter().any(|action| redefines(&action.kind)) {
        way.and(server.copy())
    } else if way.rebuild {
        way.and(Way::REBUILD.shared())
    } else {
        way
    }
}

fn is_kept(index: &Index, alter: &AlterTable) -> bool {
    let drops = |kind: &ActionKind| matches!(kind, ActionKind::DropIndex { index: name } if index.name.eq_ignore_ascii_case(name));
    !loses_column(index, alter) && !alter.actions.iter().any(|action| drops(&action.kind))
}

fn loses_column(index: &Index, alter: &AlterTable) -> bool {
    let drops =
        |kind: &ActionKind| matches!(kind, ActionKind::DropColumn { column, .. } if index.about(column));
    alter.actions.iter().any(|action| drops(&action.kind))
}

/// Whether it has the values of a virtual column.
fn is_computed(table: &Table, index: &Index) -> bool {
    let mut columns = index.columns().into_iter();
    columns.any(|name| table.column(&name).is_some_and(|column| column.generated == Some(false)))
}

/// Whether the statement brings a virtual column of this name.
pub(super) fn adds_virtual(alter: &AlterTable, name: &str) -> bool {
    alter.actions.iter().any(|action| match &action.kind {
        ActionKind::AddColumn { column, .. } => {
            column.name.eq_ignore_ascii_case(name) && column.generated.as_ref().is_some_and(|it| !it.stored)
        }
        _ => false,
    })
}

/// The index that the rows are ordered by where there is no primary key: the first unique one of columns that are
/// never null (MySQL 8.4 manual, 17.6.2.1 "Clustered and Secondary Indexes").
pub(super) fn clustering(table: &Table) -> Option<&Index> {
    let first = || table.indexes.iter().find(|index| index.unique && is_never_null(table, &index.parts));
    if table.primary_key().is_some() { None } else { first() }
}

fn is_never_null(table: &Table, parts: &[IndexPart]) -> bool {
    parts.iter().all(|part| match part {
        IndexPart::Column(name) => table.column(name).is_some_and(|column| !column.nullable),
        IndexPart::Expression(_) => false,
    })
}

/// The way to bring a unique index: the rows are ordered by it where it is the first that they can be ordered by.
pub(super) fn unique_added(server: Server, table: Option<&Table>, parts: &[IndexPart]) -> Way {
    let orders = table.is_some_and(|table| {
        table.primary_key().is_none() && clustering(table).is_none() && is_never_null(table, parts)
    });
    if orders { Way::REBUILD } else { server.index() }
}

/// The way to drop an index: of the one that the rows are ordered by, another order has to be found.
pub(super) fn dropped(server: Server, table: Option<&Table>, alter: &AlterTable, index: &str) -> Way {
    let ordered = table.and_then(|table| Some((table, clustering(table)?)));
    let Some((table, known)) = ordered.filter(|(_, known)| known.name.eq_ignore_ascii_case(index)) else {
        return server.index();
    };
    if server.mariadb() && makes_primary(alter, known) {
        return Way::INSTANT;
    }
    if adds_primary_key(alter) {
        return Way::REBUILD;
    }
    let other =
        |other: &Index| other.unique && other.name != known.name && is_never_null(table, &other.parts);
    let another = table.indexes.iter().any(other);
    if another { server.either(server.copy(), Way::REBUILD) } else { server.copy() }
}

/// The way to bring a primary key: MariaDB leaves rows in the order of a unique key of the same columns.
pub(super) fn primary_added(server: Server, table: Option<&Table>, alter: &AlterTable) -> Way {
    let known = table.and_then(clustering).filter(|known| server.mariadb() && makes_primary(alter, known));
    let drops = |known: &Index| !is_kept(known, alter);
    known.map_or(Way::REBUILD, |known| if drops(known) { Way::INSTANT } else { Way::NOCOPY })
}

/// Whether the statement makes a primary key of the columns of an index.
fn makes_primary(alter: &AlterTable, index: &Index) -> bool {
    let same = |columns: &[String]| {
        let own = index.columns();
        own.len() == columns.len()
            && own.iter().zip(columns).all(|(one, other)| one.eq_ignore_ascii_case(other))
    };
    alter.actions.iter().any(|action| match &action.kind {
        ActionKind::AddConstraint(added) => {
            matches!(&added.kind, ConstraintKind::PrimaryKey { columns, .. } if same(columns))
        }
        _ => false,
    })
}
