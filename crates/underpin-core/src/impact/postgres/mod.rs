//! PostgreSQL 10 to 18: what its statements lock, write anew and read. Measured on 15 and 18 by the
//! tests' suite `impact`; the versions between and before as the manual and the release notes have it.

mod alter;
mod cascade;
mod column;
mod constraint;
mod drop;
mod index;
mod partition;
mod rows;
mod trigger;
mod type_change;
mod volatile;

pub use type_change::{TypeChange, type_change, using_is_plain};
pub use volatile::{NOT_VOLATILE, volatile_default};

use crate::{
    catalog::Table,
    schema::ServerVersion,
    statement::{AlterDomain, AlterView, CreateTable, KeptRows, Maintenance, ObjectName, Statement},
};

use super::{LockMode, gathering::Gathering};

/// What a statement does, of PostgreSQL.
pub(super) fn gather(gathering: &mut Gathering<'_>, version: ServerVersion, statement: &Statement) {
    match statement {
        Statement::CreateTable(create) => created(gathering, create),
        Statement::AlterTable(alter) => alter::gather(gathering, version, alter),
        Statement::Drop(drop) => drop::gather(gathering, drop),
        Statement::CreateIndex(index) => index::created(gathering, index),
        Statement::AttachIndex { child, .. } => index::attached(gathering, child),
        Statement::AlterIndex { index, tablespace, .. } => index::altered(gathering, index, *tablespace),
        Statement::Reindex(reindex) => index::rebuilt(gathering, reindex),
        Statement::CreateView(view) => {
            if view.or_replace && gathering.catalog.view(&view.view).is_some() {
                gathering.lock(&view.view, LockMode::AccessExclusive);
            }
        }
        Statement::AlterView(view) => view_altered(gathering, view),
        Statement::AlterDomain(domain) => domain_altered(gathering, domain),
        Statement::CreateTrigger(trigger) => trigger::created(gathering, trigger),
        Statement::Truncate { tables, only, cascade } => drop::truncated(gathering, tables, *only, *cascade),
        Statement::Rows(change) => rows::changed(gathering, change),
        Statement::Maintenance(maintenance) => maintained(gathering, maintenance),
        Statement::Lock { tables, only, mode } => {
            let mode = mode.as_deref().map_or(LockMode::AccessExclusive, lock_mode);
            for table in tables {
                for member in partition::family(gathering, table, *only) {
                    gathering.lock(&member, mode);
                }
            }
        }
        Statement::Comment { table } => {
            if let Some(table) = table {
                gathering.lock(table, LockMode::ShareUpdateExclusive);
            }
        }
        Statement::Define { verb, class, name, on, moved, fixed: _, or_replace: _ } => {
            if let Some(name) = name.as_ref().filter(|_| verb == "ALTER" && class == "SEQUENCE") {
                let mode = if *moved { LockMode::AccessExclusive } else { LockMode::ShareRowExclusive };
                gathering.lock_object(name.clone(), mode);
            }
            defined(gathering, verb, class, on);
        }
        Statement::Other(words) if !words.starts_with("SELECT") => gathering.unknown(),
        Statement::CreateEnum(_)
        | Statement::AlterType(_)
        | Statement::CreateDomain(_)
        | Statement::RenameSchema { .. }
        | Statement::RenameTables(_)
        | Statement::Transaction(_)
        | Statement::Set(_)
        | Statement::Grant
        | Statement::Other(_) => {}
    }
}

fn created(gathering: &mut Gathering<'_>, create: &CreateTable) {
    let there = create.table.as_ref().is_some_and(|name| gathering.table(name).is_some());
    if create.if_not_exists && there {
        return;
    }
    rows::read(gathering, &create.reads);
    for parent in create.referenced() {
        gathering.lock(parent, LockMode::ShareRowExclusive);
    }
    for parent in &create.inherits {
        gathering.lock(parent, LockMode::ShareUpdateExclusive);
    }
    if let Some(of) = &create.partition_of {
        partition::created(gathering, &of.parent);
    }
}

fn view_altered(gathering: &mut Gathering<'_>, alter: &AlterView) {
    match alter.kept {
        KeptRows::Untouched => gathering.lock(&alter.view, LockMode::AccessExclusive),
        KeptRows::Parameters => gathering.lock(&alter.view, LockMode::ShareUpdateExclusive),
        KeptRows::Rewritten => {
            gathering.lock(&alter.view, LockMode::AccessExclusive);
            gathering.rewrite(&alter.view);
        }
    }
}

fn domain_altered(gathering: &mut Gathering<'_>, domain: &AlterDomain) {
    let name = match domain {
        AlterDomain::Narrow { name, not_valid: false } | AlterDomain::Validate { name } => name,
        AlterDomain::Narrow { not_valid: true, .. } | AlterDomain::Other { .. } => return,
    };
    for table in tables_of_type(gathering, name) {
        gathering.lock(&table, LockMode::Share);
        for leaf in partition::leaves(gathering, &table, false) {
            gathering.scan(&leaf);
        }
    }
}

/// The tables with a column of the type.
fn tables_of_type(gathering: &Gathering<'_>, name: &ObjectName) -> Vec<ObjectName> {
    let of_type = |table: &&Table| {
        table.columns.iter().any(|column| column.data_type.as_ref().is_some_and(|it| it.name == name.name))
    };
    gathering.catalog.tables().filter(of_type).map(|table| table.name.clone()).collect()
}

fn maintained(gathering: &mut Gathering<'_>, maintenance: &Maintenance) {
    match maintenance {
        Maintenance::Vacuum { full, tables } => {
            for table in tables {
                let mode = if *full { LockMode::AccessExclusive } else { LockMode::ShareUpdateExclusive };
                gathering.lock(table, mode);
                if *full { gathering.rewrite(table) } else { gathering.scan(table) }
            }
            if tables.is_empty() {
                gathering.unknown();
            }
        }
        Maintenance::Cluster { table: Some(table) } => {
            gathering.lock(table, LockMode::AccessExclusive);
            gathering.rewrite(table);
        }
        Maintenance::Refresh { view, concurrently, empty } => {
            if *concurrently {
                gathering.lock(view, LockMode::Exclusive);
                gathering.scan(view);
            } else {
                gathering.lock(view, LockMode::AccessExclusive);
                gathering.rewrite(view);
            }
            for table in sources(gathering, view).into_iter().filter(|_| !empty) {
                gathering.scan(&table);
            }
        }
        Maintenance::Analyze { tables } => {
            for table in tables {
                for member in partition::family(gathering, table, false) {
                    gathering.lock(&member, LockMode::ShareUpdateExclusive);
                }
            }
        }
        Maintenance::Cluster { table: None } | Maintenance::Optimize { .. } | Maintenance::Repair { .. } => {
            gathering.unknown()
        }
    }
}

/// The tables that the query of a view names.
fn sources(gathering: &Gathering<'_>, view: &ObjectName) -> Vec<ObjectName> {
    let Some(known) = gathering.catalog.view(view) else { return Vec::new() };
    let named = known.names.iter().filter_map(|name| gathering.table(&ObjectName::plain(name.clone())));
    named.map(|table| table.name.clone()).collect()
}

/// Objects of other kinds, as far as tables are locked for them.
fn defined(gathering: &mut Gathering<'_>, verb: &str, class: &str, tables: &[ObjectName]) {
    let mode = match (verb, class) {
        ("ALTER", "TRIGGER") => return tables.iter().for_each(|table| trigger::renamed(gathering, table)),
        (_, "POLICY") | ("ALTER", "RULE") => LockMode::AccessExclusive,
        ("CREATE", "STATISTICS") | (_, "PUBLICATION") => LockMode::ShareUpdateExclusive,
        (_, _) => return,
    };
    for table in tables {
        gathering.lock(table, mode);
    }
}

/// The mode that `LOCK TABLE` names.
fn lock_mode(words: &str) -> LockMode {
    match words {
        "ROW SHARE" | "ACCESS SHARE" => LockMode::RowShare,
        "ROW EXCLUSIVE" => LockMode::RowExclusive,
        "SHARE UPDATE EXCLUSIVE" => LockMode::ShareUpdateExclusive,
        "SHARE" => LockMode::Share,
        "SHARE ROW EXCLUSIVE" => LockMode::ShareRowExclusive,
        "EXCLUSIVE" => LockMode::Exclusive,
        _ => LockMode::AccessExclusive,
    }
}
