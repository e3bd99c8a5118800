//! The way of MySQL and MariaDB to carry out an `ALTER TABLE`: that of each of its actions, and what
//! they need together. Measured by asking MySQL 9.7 and MariaDB 10.11 for each algorithm in turn;
//! earlier versions as their manuals have it.

use crate::{
    catalog::{Catalog, Constraint, Table},
    statement::{
        Action, ActionKind, AlterTable, ConstraintKind, IndexDefinition, IndexKind, IndexPart, ObjectName,
        PartitionWork, TableOption,
    },
};

use super::{super::Way, Server, add_column, column, indexed, type_change::in_its_table};

/// What one action needs.
#[derive(Clone, Copy)]
struct Need {
    way: Way,
    /// Whether it changes which columns a row has, or their order: what is instant alone and is
    /// written into every row when something else is not.
    structural: bool,
    /// Whether an index is built.
    builds: bool,
}

impl Need {
    const fn plain(way: Way) -> Self {
        Self { way, structural: false, builds: false }
    }

    const fn structural(way: Way) -> Self {
        Self { way, structural: true, builds: false }
    }

    const fn index(way: Way) -> Self {
        Self { way, structural: false, builds: true }
    }
}

/// The best way that the server has for the statement; with `foreign_key_checks` on, as it is by
/// default.
pub(super) fn way(server: Server, catalog: &Catalog, alter: &AlterTable) -> Way {
    let table = catalog.table(&alter.table);
    let needs: Vec<Need> = alter.actions.iter().map(|action| need(server, catalog, alter, action)).collect();
    let all = needs.iter().fold(Way::INSTANT, |way, need| way.and(need.way));
    let all = if computed_meanwhile(server, alter) { all.and(server.copy()) } else { all };
    let structural = needs.iter().any(|need| need.structural);
    let builds = needs.iter().any(|need| need.builds);
    let together = structural && (builds || (!server.mariadb() && all != Way::INSTANT));
    let all = if together { all.and(Way::REBUILD) } else { all };
    let all = indexed::with_indexes(server, table, alter, all, structural);
    // Names and defaults are the server's and not the engine's.
    let engines = structural || builds || all != Way::INSTANT || alter.actions.iter().any(is_setting);
    if engines && table.is_some_and(not_innodb) { all.and(server.copy()).shared() } else { all }
}

/// Whether a virtual column comes beside another change of columns: instant alone, and together a copy.
/// Measured: for both servers beside a column that gets another name or is said again, for MariaDB also
/// beside a new one that is kept in the row, and beside a default.
fn computed_meanwhile(server: Server, alter: &AlterTable) -> bool {
    let computed = |action: &Action| match &action.kind {
        ActionKind::AddColumn { column, .. } => column.generated.as_ref().is_some_and(|it| !it.stored),
        _ => false,
    };
    let beside = |action: &Action| match &action.kind {
        ActionKind::RenameColumn { .. } | ActionKind::Redefine { .. } => true,
        ActionKind::AddColumn { column, .. } => server.mariadb() && column.generated.is_none(),
        ActionKind::SetDefault { .. } | ActionKind::DropDefault { .. } => server.mariadb(),
        _ => false,
    };
    alter.actions.iter().any(computed) && alter.actions.iter().any(beside)
}

/// Whether a plain index is dropped and made again in the same columns, which changes the catalog alone
/// (MySQL 8.4 manual, 17.12.1, "Changing the index type").
fn made_again(table: Option<&Table>, alter: &AlterTable, name: &str) -> bool {
    let Some(before) = table.and_then(|table| table.index(name)) else { return false };
    let drops = alter.actions.iter().any(
        |action| matches!(&action.kind, ActionKind::DropIndex { index } if index.eq_ignore_ascii_case(name)),
    );
    drops
        && alter.actions.iter().any(|action| match &action.kind {
            ActionKind::AddIndex(index) => {
                let same = index.name.as_ref().is_some_and(|it| it.name.eq_ignore_ascii_case(name));
                same && index.parts == before.parts
                    && index.unique == before.unique
                    && index.kind == IndexKind::Plain
                    && before.kind == IndexKind::Plain
            }
            _ => false,
        })
}

pub(super) fn not_innodb(table: &Table) -> bool {
    table.options.iter().any(|option| matches!(option, TableOption::Engine(engine) if engine != "INNODB"))
}

/// Whether it is a setting of a table, which its engine keeps.
fn is_setting(action: &Action) -> bool {
    matches!(&action.kind, ActionKind::Option(TableOption::Setting(_)))
}

fn drops(alter: &AlterTable, name: &str) -> bool {
    alter.actions.iter().any(
        |action| matches!(&action.kind, ActionKind::DropColumn { column, .. } if column.eq_ignore_ascii_case(name)),
    )
}

fn compressed(table: &Table) -> bool {
    table.options.iter().any(|option| match option {
        TableOption::RowFormat(format) => format == "COMPRESSED",
        TableOption::KeyBlockSize => true,
        _ => false,
    })
}

fn need(server: Server, catalog: &Catalog, alter: &AlterTable, action: &Action) -> Need {
    let table = catalog.table(&alter.table);
    match &action.kind {
        ActionKind::AddColumn { column, .. } => {
            let virtual_column = column.generated.as_ref().is_some_and(|generated| !generated.stored);
            let way = add_column::way(server, table, column);
            if virtual_column { Need::plain(way) } else { Need::structural(instant_or_rebuild(table, way)) }
        }
        ActionKind::DropColumn { column, .. } => dropped_column(server, table, alter, column),
        ActionKind::RenameColumn { from, .. } => {
            // What refers to it has its name as well, in the engine's own tables.
            let in_place = server.mysql_before(8, 0, 28)
                || (!server.mariadb() && is_referred_to(catalog, &alter.table, from));
            Need::plain(if in_place { Way::INPLACE } else { Way::INSTANT })
        }
        ActionKind::Redefine { from, column } => {
            let column = &in_its_table(alter, column);
            let moves = table.is_none_or(|table| column::moves(table, from, column));
            let mut way = column::changed(server, table, from, column);
            let renamed = !from.eq_ignore_ascii_case(&column.name);
            if renamed && !server.mariadb() && is_referred_to(catalog, &alter.table, from) {
                way = way.and(Way::INPLACE);
            }
            if from != &column.name && drops(alter, &column.name) {
                // The name of one that goes by the same statement.
                way = way.and(server.either(server.copy(), Way::INSTANT));
            }
            Need { way, structural: moves && column.position.is_some(), builds: column.unique() }
        }
        ActionKind::AddIndex(IndexDefinition { name: Some(name), .. })
            if made_again(table, alter, &name.name) =>
        {
            Need::plain(Way::INSTANT)
        }
        ActionKind::AddIndex(index) => Need::index(added_index(server, table, alter, index)),
        ActionKind::AddConstraint(constraint) => match &constraint.kind {
            ConstraintKind::PrimaryKey { .. } => Need::index(indexed::primary_added(server, table, alter)),
            ConstraintKind::Unique { columns, .. } => {
                let parts: Vec<_> = columns.iter().cloned().map(IndexPart::Column).collect();
                Need::index(indexed::unique_added(server, table, &parts))
            }
            ConstraintKind::ForeignKey { .. } => Need::index(server.copy()),
            ConstraintKind::Check { .. } if constraint.not_enforced => Need::plain(Way::INSTANT),
            ConstraintKind::Check { .. } | ConstraintKind::Exclusion | ConstraintKind::NotNull { .. } => {
                Need::plain(server.copy())
            }
        },
        ActionKind::DropIndex { index } if made_again(table, alter, index) => Need::plain(Way::INSTANT),
        ActionKind::DropIndex { index } => Need::plain(indexed::dropped(server, table, alter, index)),
        ActionKind::DropPrimaryKey => {
            Need::plain(if adds_primary_key(alter) { Way::REBUILD } else { server.copy() })
        }
        ActionKind::DropForeignKey { .. }
        | ActionKind::RenameIndex { .. }
        | ActionKind::IndexVisibility { .. } => Need::plain(server.metadata()),
        ActionKind::DropConstraint { constraint, .. } => dropped_constraint(server, table, constraint),
        ActionKind::AlterConstraint { enforced, .. } => {
            Need::plain(if *enforced == Some(true) { server.copy() } else { Way::INSTANT })
        }
        ActionKind::SetDefault { .. }
        | ActionKind::DropDefault { .. }
        | ActionKind::ColumnStorage { .. }
        | ActionKind::RenameTable { .. }
        | ActionKind::Harmless => Need::plain(Way::INSTANT),
        ActionKind::Option(option) => Need::plain(table_option(server, table, option)),
        ActionKind::ConvertCharset => Need::plain(server.copy()),
        ActionKind::Force => Need::plain(Way::REBUILD),
        ActionKind::OrderBy => Need::plain(Way::COPY),
        ActionKind::Versioning(_) => Need::plain(server.copy()),
        ActionKind::Tablespace(_) => Need::plain(
            Way::INPLACE.and(Way { concurrency: super::super::Concurrency::Exclusive, ..Way::INPLACE }),
        ),
        ActionKind::Partition { work, .. } => Need::plain(partitions(server, work)),
        ActionKind::Other(_)
        | ActionKind::SetType { .. }
        | ActionKind::SetNotNull { .. }
        | ActionKind::DropNotNull { .. }
        | ActionKind::SetExpression { .. }
        | ActionKind::DropExpression { .. }
        | ActionKind::Identity { .. }
        | ActionKind::ColumnStatistics { .. }
        | ActionKind::ValidateConstraint { .. }
        | ActionKind::RenameConstraint { .. }
        | ActionKind::SetSchema { .. }
        | ActionKind::SetTablespace
        | ActionKind::SetLogged(_)
        | ActionKind::SetAccessMethod
        | ActionKind::StorageParameters
        | ActionKind::Owner
        | ActionKind::ClusterOn
        | ActionKind::ReplicaIdentity
        | ActionKind::Inherit { .. }
        | ActionKind::NoInherit { .. }
        | ActionKind::Trigger(_)
        | ActionKind::AttachPartition { .. }
        | ActionKind::DetachPartition { .. } => {
            // Not of these servers' dialect, or not known (a period is one that copies).
            Need::plain(server.copy())
        }
    }
}

/// Whether a foreign key of another table, or its own, refers to this column.
fn is_referred_to(catalog: &Catalog, table: &ObjectName, column: &str) -> bool {
    let Some(known) = catalog.table(table) else { return false };
    let to_column = |key: &Constraint| match &key.kind {
        ConstraintKind::ForeignKey { reference, .. } => {
            catalog.same_table(&reference.table, table)
                && reference.columns.iter().any(|name| name.eq_ignore_ascii_case(column))
        }
        ConstraintKind::PrimaryKey { .. }
        | ConstraintKind::Unique { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclusion
        | ConstraintKind::NotNull { .. } => false,
    };
    let others = catalog.referring(table);
    others.into_iter().chain([known]).flat_map(|table| &table.constraints).any(to_column)
}

/// What is instant on other tables writes every row of one in ROW_FORMAT=COMPRESSED.
fn instant_or_rebuild(table: Option<&Table>, way: Way) -> Way {
    if table.is_some_and(compressed) { way.and(Way::REBUILD) } else { way }
}

fn dropped_column(server: Server, table: Option<&Table>, alter: &AlterTable, column: &str) -> Need {
    let Some(table) = table else { return Need::structural(instant_drop(server)) };
    let virtual_column = table.column(column).is_some_and(|column| column.generated == Some(false));
    let mut indexes = table.indexes.iter().filter(|index| index.about(column)).peekable();
    if table.primary_key().is_some_and(|key| key.iter().any(|name| name.eq_ignore_ascii_case(column)))
        && !adds_primary_key(alter)
    {
        return Need::structural(server.copy());
    }
    if indexes.peek().is_some() && virtual_column {
        return Need::plain(server.index());
    }
    let mut way = instant_or_rebuild(Some(table), instant_drop(server));
    for index in indexes {
        let whole = index.parts.len() == 1 && index.kind != IndexKind::Fulltext;
        way = way.and(if whole { server.either(Way::REBUILD, Way::NOCOPY) } else { Way::REBUILD });
    }
    Need::structural(way)
}

fn instant_drop(server: Server) -> Way {
    let rebuilds = server.mysql_before(8, 0, 29) || server.mariadb_before(10, 4, 0);
    if rebuilds { Way::REBUILD } else { Way::INSTANT }
}

fn added_index(server: Server, table: Option<&Table>, alter: &AlterTable, index: &IndexDefinition) -> Way {
    match index.kind {
        IndexKind::Plain => {
            // The values of a virtual column that comes with it are computed under a lock, as are those of the
            // hidden column that MySQL has for an expression.
            let computed = index.parts.iter().any(|part| match part {
                IndexPart::Expression(_) => true,
                IndexPart::Column(name) => indexed::adds_virtual(alter, name),
            });
            let way = if index.unique {
                indexed::unique_added(server, table, &index.parts)
            } else {
                server.index()
            };
            if computed { way.shared() } else { way }
        }
        IndexKind::Fulltext => {
            // The first one brings a hidden column.
            let first = table
                .is_none_or(|table| !table.indexes.iter().any(|index| index.kind == IndexKind::Fulltext));
            if first { Way::REBUILD.shared() } else { server.index().shared() }
        }
        IndexKind::Spatial => server.index().shared(),
    }
}

pub(super) fn adds_primary_key(alter: &AlterTable) -> bool {
    alter.actions.iter().any(|action| match &action.kind {
        ActionKind::AddConstraint(constraint) => matches!(constraint.kind, ConstraintKind::PrimaryKey { .. }),
        ActionKind::AddColumn { column, .. } => column.primary_key(),
        _ => false,
    })
}

fn dropped_constraint(server: Server, table: Option<&Table>, constraint: &str) -> Need {
    let kind = table.and_then(|table| table.constraint(constraint)).map(|constraint| &constraint.kind);
    Need::plain(match kind {
        Some(ConstraintKind::ForeignKey { .. }) => server.metadata(),
        Some(ConstraintKind::Unique { .. }) => server.index(),
        Some(ConstraintKind::PrimaryKey { .. }) => server.copy(),
        Some(ConstraintKind::Check { .. } | ConstraintKind::Exclusion | ConstraintKind::NotNull { .. })
        | None => Way::INSTANT,
    })
}

fn table_option(server: Server, table: Option<&Table>, option: &TableOption) -> Way {
    match option {
        TableOption::Engine(engine) if engine == "INNODB" => Way::REBUILD,
        TableOption::Engine(_) => Way::COPY,
        TableOption::RowFormat(_) | TableOption::KeyBlockSize => Way::REBUILD,
        // MySQL 8.4 manual, 17.12.1, "Tablespace Operations": not in place; measured: nothing is done where
        // it is as it was.
        TableOption::Encryption(on) => {
            let before = |option: &TableOption| *option == TableOption::Encryption(true);
            let encrypted = table.is_some_and(|table| table.options.iter().any(before));
            if *on == encrypted { Way::REBUILD } else { server.either(server.copy(), Way::REBUILD) }
        }
        TableOption::Tablespace | TableOption::Storage(_) => Way::REBUILD,
        TableOption::Charset(_)
        | TableOption::AutoIncrement
        | TableOption::Comment
        | TableOption::Setting(_) => server.metadata(),
    }
}

/// Partitions (MySQL manual, 17.12.1, "Partitioning Operations"). MariaDB takes no ALGORITHM with
/// them: writers wait there as they do for a copy. What a partition is exchanged with, `partition` tells.
fn partitions(server: Server, work: &PartitionWork) -> Way {
    match work {
        PartitionWork::By | PartitionWork::Remove => Way::COPY,
        PartitionWork::Rebuild | PartitionWork::Spread => server.either(Way::REBUILD.shared(), Way::COPY),
        PartitionWork::Add
        | PartitionWork::Drop
        | PartitionWork::Truncate
        | PartitionWork::Exchange { .. } => Way::INPLACE,
        PartitionWork::Check | PartitionWork::Repair => Way::INSTANT,
    }
}
