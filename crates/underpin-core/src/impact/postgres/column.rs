//! What PostgreSQL does when a column is added, dropped, given another type or `NOT NULL`. Not its
//! default and its name, which touch no row.

use crate::{
    catalog::Table,
    statement::{ColumnDefinition, ConstraintKind, DataType, Expression, IndexPart, ObjectName},
};

use super::{
    super::{LockMode, gathering::Gathering},
    TypeChange,
    alter::{Target, lock_partners_of_column},
    type_change, using_is_plain, volatile_default,
};

/// `ADD COLUMN`.
pub(super) fn added(gathering: &mut Gathering<'_>, target: &Target<'_>, column: &ColumnDefinition) {
    let filled = fills(gathering, column);
    let rewrites = rewritten_by(gathering, target, column, filled.as_ref());
    if rewrites {
        target.rewrite(gathering);
    }
    let keyed = column.unique() || column.primary_key();
    if keyed && !rewrites {
        target.build(gathering, 1);
    }
    let unproven = column.not_null() && filled.is_none() && column.generated.is_none();
    if !rewrites && (column.checked() || unproven) {
        target.scan(gathering);
    }
    for reference in column.references().into_iter().map(|reference| reference.table.clone()) {
        gathering.lock(&reference, LockMode::ShareRowExclusive);
        let checked =
            column.constraints.iter().all(|constraint| !constraint.not_enforced && !constraint.not_valid);
        if checked && (filled.is_some() || rewrites) {
            target.scan(gathering);
            scan_family(gathering, &reference);
        }
    }
}

fn scan_family(gathering: &mut Gathering<'_>, table: &ObjectName) {
    for leaf in super::partition::leaves(gathering, table, false) {
        gathering.scan(&leaf);
    }
}

/// The value that rows get: the column's own default, or its domain's.
fn fills(gathering: &Gathering<'_>, column: &ColumnDefinition) -> Option<Expression> {
    let of_domain = || {
        let data_type = column.data_type.as_ref()?;
        gathering.catalog.domain(&data_type.name)?.default.clone()
    };
    column.default.clone().or_else(of_domain).filter(|default| !default.is_null())
}

/// Whether every row is written anew for a column that is added.
fn rewritten_by(
    gathering: &Gathering<'_>,
    target: &Target<'_>,
    column: &ColumnDefinition,
    filled: Option<&Expression>,
) -> bool {
    let constrained = column
        .data_type
        .as_ref()
        .and_then(|data_type| gathering.catalog.domain(&data_type.name))
        .is_some_and(|domain| domain.constrained);
    let stored = column.generated.as_ref().is_some_and(|generated| generated.stored);
    // Rows have had no room for a value that they don't hold before 11 (release notes of 11).
    let costly =
        |default: &Expression| target.version.major < 11 || volatile_default(gathering.catalog, default);
    constrained || stored || column.serial() || column.identity || filled.is_some_and(costly)
}

/// `DROP COLUMN`: foreign keys of the column go with it.
pub(super) fn dropped(gathering: &mut Gathering<'_>, target: &Target<'_>, column: &str) {
    target.lock_family(gathering, LockMode::AccessExclusive);
    lock_partners_of_column(gathering, target.table(), column);
}

/// `SET NOT NULL`: rows are read, unless a check that is validated says the same (12 and later).
pub(super) fn not_null(gathering: &mut Gathering<'_>, target: &Target<'_>, column: &str) {
    for leaf in target.leaves(gathering) {
        let known = gathering.table(&leaf);
        // The catalog of 18 calls a column NOT NULL whose constraint is yet to be validated.
        let pending = known.is_some_and(|table| unvalidated(table, column));
        let already =
            !pending && known.and_then(|table| table.column(column)).is_some_and(|column| !column.nullable);
        let proven = target.version.major >= 12
            && gathering
                .catalog
                .with_parents(&leaf)
                .any(|table| table.proves_not_null(column) && !drops_proof(target, table, column));
        if !already && !proven {
            gathering.scan(&leaf);
        }
    }
}

/// Whether the column has a NOT NULL that is not validated (18 and later).
fn unvalidated(table: &Table, column: &str) -> bool {
    table.constraints.iter().any(|constraint| match &constraint.kind {
        ConstraintKind::NotNull { column: of } => of == column && !constraint.validated,
        ConstraintKind::PrimaryKey { .. }
        | ConstraintKind::Unique { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::ForeignKey { .. }
        | ConstraintKind::Exclusion => false,
    })
}

/// Whether the same statement drops the check, which is done before the rows are looked at.
fn drops_proof(target: &Target<'_>, table: &Table, column: &str) -> bool {
    let mut left = table.clone();
    left.constraints.retain(|constraint| {
        !target.alter.actions.iter().any(|action| match &action.kind {
            crate::statement::ActionKind::DropConstraint { constraint: name, .. } => *name == constraint.name,
            _ => false,
        })
    });
    !left.proves_not_null(column)
}

/// Whether a column is generated and kept in the row; one that is not known is taken to be.
pub(super) fn is_stored(gathering: &Gathering<'_>, target: &Target<'_>, column: &str) -> bool {
    let known = gathering.table(target.table()).and_then(|table| table.column(column));
    known.is_none_or(|column| column.generated != Some(false))
}

/// `ALTER COLUMN … TYPE`.
pub(super) fn retyped(
    gathering: &mut Gathering<'_>,
    target: &Target<'_>,
    column: &str,
    to: &DataType,
    using: Option<&Expression>,
    collation: Option<&str>,
) {
    let change = change(gathering, target, column, to, using);
    let partners = gathering.table(target.table()).is_some();
    if partners {
        lock_partners_of_column(gathering, target.table(), column);
    }
    if change != TypeChange::Free {
        return target.rewrite(gathering);
    }
    for leaf in target.leaves(gathering) {
        let Some(table) = gathering.table(&leaf) else { continue };
        let checked = table.checks_on(column).any(|check| check.validated && check.enforced);
        let indexes = table
            .indexes
            .iter()
            .filter(|index| index.about(column) && rebuilt(table, index, column, to, collation));
        let (name, indexes) = (table.name.clone(), indexes.count());
        gathering.build(&name, indexes);
        if checked {
            gathering.scan(&name);
        }
    }
}

/// What the change costs by the types; a column that is not known is taken to be written anew.
fn change(
    gathering: &Gathering<'_>,
    target: &Target<'_>,
    column: &str,
    to: &DataType,
    using: Option<&Expression>,
) -> TypeChange {
    let known = gathering.table(target.table()).and_then(|table| table.column(column));
    let Some(from) = known.and_then(|column| column.data_type.as_ref()) else { return TypeChange::Rewrite };
    if using.is_some_and(|using| !using_is_plain(using, column, to)) {
        return TypeChange::Rewrite;
    }
    let of_domain = |name: &str| gathering.catalog.domain(name);
    if from.name != to.name && of_domain(&to.name).is_some_and(|domain| domain.constrained) {
        return TypeChange::Rewrite;
    }
    let base = |data_type: &DataType| {
        let base = of_domain(&data_type.name).and_then(|domain| domain.base.clone());
        base.unwrap_or_else(|| data_type.clone())
    };
    type_change(&base(from), &base(to), target.version)
}

/// Whether an index is built again though rows stay: one with an expression or a condition, one in
/// another order, one of a type with an order of its own (`CheckIndexCompatible` in indexcmds.c).
fn rebuilt(
    table: &Table,
    index: &crate::catalog::Index,
    column: &str,
    to: &DataType,
    collation: Option<&str>,
) -> bool {
    let computed = index.parts.iter().any(|part| matches!(part, IndexPart::Expression(_)));
    let known = table.column(column);
    let reordered = known.is_some_and(|column| column.collation.as_deref() != collation);
    let other_order = |name: &str| matches!(name, "citext" | "oid" | "integer") || name.starts_with("reg");
    let before = known.and_then(|column| column.data_type.as_ref()).map_or("", |it| it.name.as_str());
    computed
        || index.partial
        || reordered
        || (before != to.name && (other_order(before) || other_order(&to.name)))
}

/// The columns of a primary key that may be NULL until then.
pub(super) fn nullable_columns(
    gathering: &Gathering<'_>,
    table: &ObjectName,
    kind: &ConstraintKind,
) -> Vec<String> {
    let ConstraintKind::PrimaryKey { columns, index } = kind else { return Vec::new() };
    let table = gathering.table(table);
    let of_index = index.as_ref().and_then(|name| table?.index(name)).map(|index| index.columns());
    let mut columns = of_index.unwrap_or_else(|| columns.clone());
    columns.retain(|name| table.and_then(|table| table.column(name)).is_none_or(|column| column.nullable));
    columns
}
