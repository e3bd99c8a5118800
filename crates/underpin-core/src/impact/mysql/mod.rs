//! MySQL 8.0 to 9.7 and MariaDB 10.6 to 11.8: what their statements lock, write anew and read, and the
//! algorithm of each `ALTER TABLE`. Measured on MySQL 9.7 and MariaDB 10.11 by the tests' suite
//! `impact`; the versions between and before as the manuals have it.

mod add_column;
mod alter;
mod column;
mod indexed;
mod partition;
mod rows;
mod server;
mod type_change;

use crate::{
    catalog::Catalog,
    dialect::Flavour,
    schema::ServerVersion,
    statement::{
        ActionKind, AlterTable, ConstraintKind, CreateTable, Drop, IndexDefinition, Maintenance, ObjectClass,
        ObjectName, Statement,
    },
};

use super::{Algorithm, Concurrency, LockMode, Way, gathering::Gathering};
use server::Server;

/// The best way that a server has for an `ALTER TABLE`: what it accepts behind `ALGORITHM=` and `LOCK=`.
/// A table that the catalog does not know is expected to need what most tables need, and a change of
/// a column that is not known a copy. `foreign_key_checks` is taken to be on, as it is by default.
///
/// ```
/// use underpin_core::{
///     catalog::Catalog,
///     dialect::{Dialect, Flavour},
///     impact::mysql::alter_way,
///     schema::ServerVersion,
///     statement::{self, Statement},
/// };
///
/// let catalog = Catalog::of_sql(Dialect::Mysql, "CREATE TABLE orders (id int, total int)");
/// let Statement::AlterTable(alter) = statement::parse(Dialect::Mysql, "ALTER TABLE orders MODIFY total bigint")
/// else { unreachable!() };
/// let way = alter_way(Flavour::Mysql, ServerVersion::new(8, 4, 0), &catalog, &alter);
/// assert_eq!(way.to_string(), "ALGORITHM=COPY, LOCK=SHARED");
/// ```
pub fn alter_way(flavour: Flavour, version: ServerVersion, catalog: &Catalog, alter: &AlterTable) -> Way {
    alter::way(Server { flavour, version }, catalog, alter)
}

/// What a statement does, of MySQL and MariaDB.
pub(super) fn gather(
    gathering: &mut Gathering<'_>,
    flavour: Flavour,
    version: ServerVersion,
    statement: &Statement,
) {
    let server = Server { flavour, version };
    match statement {
        Statement::CreateTable(create) => created(gathering, server, create),
        Statement::AlterTable(alter) => altered(gathering, server, alter),
        Statement::CreateIndex(index) => {
            if let Some(table) = &index.table {
                altered(
                    gathering,
                    server,
                    &one(table, ActionKind::AddIndex(index.clone()), &index.algorithm, &index.lock),
                );
            }
        }
        Statement::Drop(drop) => dropped(gathering, server, drop),
        Statement::RenameTables(renamed) => {
            for (from, _) in renamed {
                gathering.lock(from, LockMode::Metadata);
                partners(gathering, server, from);
            }
        }
        Statement::Truncate { tables, .. } => {
            for table in tables {
                gathering.lock(table, LockMode::Metadata);
            }
        }
        Statement::Rows(change) => rows::changed(gathering, change),
        Statement::Maintenance(maintenance) => maintained(gathering, server, maintenance),
        Statement::CreateTrigger(trigger) => {
            if let Some(table) = &trigger.table {
                gathering.lock(table, LockMode::Metadata);
            }
        }
        Statement::Lock { tables, .. } => {
            for table in tables {
                gathering.lock(table, LockMode::Whole);
            }
        }
        Statement::Other(_) => gathering.unknown(),
        Statement::CreateView(view) => {
            // A new one is waited for by nobody, and neither are its tables.
            if view.or_replace {
                gathering.lock(&view.view, LockMode::Metadata);
            }
        }
        Statement::AlterView(alter) => gathering.lock(&alter.view, LockMode::Metadata),
        Statement::AttachIndex { .. }
        | Statement::AlterIndex { .. }
        | Statement::Reindex(_)
        | Statement::CreateEnum(_)
        | Statement::AlterType(_)
        | Statement::CreateDomain(_)
        | Statement::AlterDomain(_)
        | Statement::RenameSchema { .. }
        | Statement::Transaction(_)
        | Statement::Set(_)
        | Statement::Define { .. }
        | Statement::Grant
        | Statement::Comment { .. } => {}
    }
}

fn one(
    table: &ObjectName,
    kind: ActionKind,
    algorithm: &Option<String>,
    lock: &Option<String>,
) -> AlterTable {
    AlterTable { algorithm: algorithm.clone(), lock: lock.clone(), ..AlterTable::of(table.clone(), kind) }
}

fn created(gathering: &mut Gathering<'_>, server: Server, create: &CreateTable) {
    for parent in create.referenced() {
        lock_partner(gathering, server, parent);
    }
    rows::read(gathering, &create.reads);
}

/// Locks a table that a foreign key ties to the one that is changed: MySQL does since 8.0 (manual,
/// 10.11.4 "Metadata Locking"), MariaDB does not.
fn lock_partner(gathering: &mut Gathering<'_>, server: Server, partner: &ObjectName) {
    if !server.mariadb() {
        gathering.lock(partner, LockMode::Metadata);
    }
}

fn altered(gathering: &mut Gathering<'_>, server: Server, alter: &AlterTable) {
    if partition::gather(gathering, server, alter) {
        return;
    }
    let way = asked(alter::way(server, gathering.catalog, alter), alter);
    if gathering.was_there(&alter.table) {
        gathering.way(way);
    }
    gathering.lock(&alter.table, held(way));
    if way.rebuild {
        gathering.rewrite(&alter.table);
    }
    let mut builds = 0;
    for action in &alter.actions {
        builds += usize::from(builds_index(&action.kind));
        linked(gathering, server, alter, way, &action.kind);
    }
    if !way.rebuild {
        gathering.build(&alter.table, builds);
    }
}

/// What is held on the table that is altered this way.
fn held(way: Way) -> LockMode {
    match way.concurrency {
        Concurrency::None => LockMode::Metadata,
        Concurrency::Shared => LockMode::Shared,
        Concurrency::Exclusive => LockMode::Whole,
    }
}

/// The way that is taken where the statement asks for a dearer one: `ALGORITHM=COPY`, `LOCK=SHARED`. A
/// cheaper one is refused by the server.
fn asked(best: Way, alter: &AlterTable) -> Way {
    let mut way = best;
    if alter.algorithm.as_deref() == Some("COPY") {
        way = way.and(Way::COPY);
    }
    match alter.lock.as_deref() {
        Some("SHARED") => way.and(Way::INSTANT.shared()),
        Some("EXCLUSIVE") => way.and(Way { concurrency: Concurrency::Exclusive, ..Way::INSTANT }),
        Some(_) | None => way,
    }
}

fn builds_index(action: &ActionKind) -> bool {
    match action {
        ActionKind::AddIndex(IndexDefinition { .. }) => true,
        ActionKind::AddConstraint(constraint) => {
            matches!(constraint.kind, ConstraintKind::Unique { .. } | ConstraintKind::PrimaryKey { .. })
        }
        ActionKind::Redefine { column, .. } => column.unique(),
        _ => false,
    }
}

/// The other tables that an action is about: those that foreign keys tie to the table.
fn linked(gathering: &mut Gathering<'_>, server: Server, alter: &AlterTable, way: Way, action: &ActionKind) {
    let table = &alter.table;
    match action {
        ActionKind::AddConstraint(constraint) => {
            if let ConstraintKind::ForeignKey { reference, .. } = &constraint.kind {
                key_added(gathering, server, alter, way, &reference.table);
            }
        }
        ActionKind::AddColumn { column, .. } => {
            if let Some(reference) = column.references() {
                key_added(gathering, server, alter, way, &reference.table);
            }
        }
        ActionKind::DropForeignKey { constraint } | ActionKind::DropConstraint { constraint, .. } => {
            let known = gathering.table(table).and_then(|table| table.constraint(constraint));
            if let Some(parent) = known.and_then(|constraint| constraint.reference()) {
                lock_partner(gathering, server, parent);
            }
        }
        ActionKind::RenameTable { .. } => partners(gathering, server, table),
        _ => {}
    }
}

/// A new foreign key: with a copy each row is looked up in the table that is referred to, whose writers wait
/// until all are. Who asks for less has switched the checks off, or is refused.
fn key_added(
    gathering: &mut Gathering<'_>,
    server: Server,
    alter: &AlterTable,
    way: Way,
    parent: &ObjectName,
) {
    let asks_for_less = matches!(alter.algorithm.as_deref(), Some("INSTANT" | "NOCOPY" | "INPLACE"));
    if way.algorithm == Algorithm::Copy && !asks_for_less {
        gathering.lock(parent, if server.mariadb() { LockMode::SharedRows } else { LockMode::Shared });
    } else {
        lock_partner(gathering, server, parent);
    }
    gathering.scan(parent);
}

/// The tables that foreign keys tie to this one, either way.
fn partners(gathering: &mut Gathering<'_>, server: Server, table: &ObjectName) {
    let catalog = gathering.catalog;
    let parents = catalog.table(table).into_iter().flat_map(|table| table.references());
    let children = catalog.referring(table).into_iter().map(|child| &child.name);
    for partner in parents.chain(children) {
        lock_partner(gathering, server, partner);
    }
}

fn dropped(gathering: &mut Gathering<'_>, server: Server, drop: &Drop) {
    match drop.class {
        ObjectClass::Table if !drop.temporary => {
            for table in &drop.names {
                gathering.lock(table, LockMode::Metadata);
                partners(gathering, server, table);
            }
        }
        ObjectClass::Index => {
            let index = drop.names.first().map(|name| name.name.clone());
            if let (Some(table), Some(index)) = (&drop.table, index) {
                altered(
                    gathering,
                    server,
                    &one(table, ActionKind::DropIndex { index }, &drop.algorithm, &drop.lock),
                );
            }
        }
        ObjectClass::View => {
            for view in &drop.names {
                gathering.lock(view, LockMode::Metadata);
            }
        }
        ObjectClass::Trigger => trigger_dropped(gathering, &drop.names),
        ObjectClass::Table
        | ObjectClass::ForeignTable
        | ObjectClass::MaterializedView
        | ObjectClass::Type
        | ObjectClass::Sequence
        | ObjectClass::Policy
        | ObjectClass::Extension
        | ObjectClass::Owned
        | ObjectClass::Other(_) => {}
        ObjectClass::Schema | ObjectClass::Database => gathering.unknown(),
    }
}

/// The statement does not say which table it locks: the catalog does, or nobody knows.
fn trigger_dropped(gathering: &mut Gathering<'_>, triggers: &[ObjectName]) {
    let catalog = gathering.catalog;
    for trigger in triggers {
        match catalog.table_of_trigger(&trigger.name) {
            Some(table) => gathering.lock(&table.name, LockMode::Metadata),
            None if catalog.is_complete() => {}
            None => gathering.unknown(),
        }
    }
}

fn maintained(gathering: &mut Gathering<'_>, server: Server, maintenance: &Maintenance) {
    match maintenance {
        Maintenance::Optimize { tables } => {
            for table in tables {
                let anew = AlterTable::of(table.clone(), ActionKind::Force);
                let way = alter::way(server, gathering.catalog, &anew);
                gathering.lock(table, if own_engine(gathering, table) { LockMode::Whole } else { held(way) });
                gathering.rewrite(table);
            }
        }
        // InnoDB repairs nothing, and says so once nobody uses the table.
        Maintenance::Repair { tables } => {
            for table in tables {
                let whole = own_engine(gathering, table);
                gathering.lock(table, if whole { LockMode::Whole } else { LockMode::Metadata });
                if whole {
                    gathering.rewrite(table);
                }
            }
        }
        Maintenance::Analyze { .. } => {}
        Maintenance::Vacuum { .. } | Maintenance::Cluster { .. } | Maintenance::Refresh { .. } => {
            gathering.unknown()
        }
    }
}

/// Whether a table is known to be kept by another engine than InnoDB.
fn own_engine(gathering: &Gathering<'_>, table: &ObjectName) -> bool {
    gathering.table(table).is_some_and(alter::not_innodb)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dialect::Dialect, statement};

    fn way(flavour: Flavour, version: (u32, u32, u32), before: &str, sql: &str) -> String {
        let catalog = Catalog::of_sql(Dialect::Mysql, before);
        let Statement::AlterTable(alter) = statement::parse(Dialect::Mysql, sql) else { panic!("{sql}") };
        alter_way(flavour, ServerVersion::new(version.0, version.1, version.2), &catalog, &alter).to_string()
    }

    const TABLE: &str = "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(40) CHARACTER SET utf8mb4)";

    #[test]
    fn what_was_instant_later_is_in_place_before() {
        let mysql = |version, sql| way(Flavour::Mysql, version, TABLE, sql);
        assert_eq!(mysql((8, 0, 11), "ALTER TABLE t ADD c int"), "ALGORITHM=INPLACE, LOCK=NONE");
        assert_eq!(mysql((8, 0, 12), "ALTER TABLE t ADD c int"), "ALGORITHM=INSTANT");
        assert_eq!(mysql((8, 0, 28), "ALTER TABLE t ADD c int FIRST"), "ALGORITHM=INPLACE, LOCK=NONE");
        assert_eq!(mysql((8, 0, 29), "ALTER TABLE t ADD c int FIRST"), "ALGORITHM=INSTANT");
        assert_eq!(mysql((8, 0, 28), "ALTER TABLE t DROP a"), "ALGORITHM=INPLACE, LOCK=NONE");
        assert_eq!(mysql((8, 0, 27), "ALTER TABLE t RENAME COLUMN a TO c"), "ALGORITHM=INPLACE, LOCK=NONE");
        assert_eq!(mysql((8, 4, 0), "ALTER TABLE t ADD c int REFERENCES p (id)"), "ALGORITHM=INSTANT");
    }

    #[test]
    fn a_text_that_names_no_character_set_gets_that_of_its_table() {
        let mysql = |sql| way(Flavour::Mysql, (8, 4, 0), TABLE, sql);
        let copied = "ALGORITHM=COPY, LOCK=SHARED";
        assert_eq!(mysql("ALTER TABLE t MODIFY b varchar(40), DEFAULT CHARACTER SET=latin1"), copied);
        assert_eq!(
            mysql("ALTER TABLE t MODIFY a int, COMMENT='x', COLLATE=latin1_bin"),
            "ALGORITHM=INPLACE, LOCK=NONE"
        );
    }

    #[test]
    fn mariadb_copies_while_others_write_since_11_2() {
        let mariadb = |version, sql| way(Flavour::Mariadb, version, TABLE, sql);
        assert_eq!(mariadb((11, 1, 0), "ALTER TABLE t MODIFY a bigint"), "ALGORITHM=COPY, LOCK=SHARED");
        assert_eq!(mariadb((11, 2, 0), "ALTER TABLE t MODIFY a bigint"), "ALGORITHM=COPY, LOCK=NONE");
    }

    #[test]
    fn a_column_that_is_not_known_is_expected_to_be_copied() {
        let copied = way(Flavour::Mysql, (9, 7, 0), "", "ALTER TABLE u MODIFY a int");
        assert_eq!(copied, "ALGORITHM=COPY, LOCK=SHARED");
    }
}
