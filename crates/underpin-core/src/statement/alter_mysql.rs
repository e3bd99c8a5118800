//! The actions of `ALTER TABLE` as MySQL and MariaDB write them.

use super::{
    ActionKind, ColumnDefinition, ConstraintDefinition, IndexDefinition, PartitionWork, TableOption,
    alter::dropped_column, cursor::Cursor,
};

/// The actions that stand here; none if what stands here is not known.
pub(super) fn actions(piece: &mut Cursor<'_>) -> Vec<ActionKind> {
    if let Some(option) = TableOption::read(piece) {
        return vec![ActionKind::Option(option)];
    }
    let mut ahead = piece.clone();
    let actions = if ahead.eat("ADD") { added(&mut ahead) } else { single(&mut ahead).into_iter().collect() };
    if !actions.is_empty() {
        *piece = ahead;
    }
    actions
}

fn added(piece: &mut Cursor<'_>) -> Vec<ActionKind> {
    if piece.eat("PARTITION") {
        return vec![partition(added_partitions(&mut piece.clone()), piece)];
    }
    // MariaDB: every row gets the time of its change, in a copy of the table.
    if piece.eat("SYSTEM VERSIONING") {
        return vec![ActionKind::Versioning(true)];
    }
    if piece.eat("PERIOD FOR") {
        piece.skip_until(|_| false);
        return vec![ActionKind::Other("ADD PERIOD".to_owned())];
    }
    if let Some(index) = IndexDefinition::of_table(piece) {
        return vec![ActionKind::AddIndex(index)];
    }
    if let Some(constraint) = ConstraintDefinition::of_table(piece) {
        return vec![ActionKind::AddConstraint(constraint)];
    }
    piece.eat("COLUMN");
    let if_not_exists = piece.if_not_exists();
    let column = |column| ActionKind::AddColumn { column, if_not_exists };
    match piece.parenthesised() {
        // ADD (a int, b int, KEY (a))
        Some(mut inner) => inner
            .pieces()
            .iter_mut()
            .filter_map(|piece| match IndexDefinition::of_table(piece) {
                Some(index) => Some(ActionKind::AddIndex(index)),
                None => ColumnDefinition::read(piece).map(column),
            })
            .collect(),
        None => ColumnDefinition::read(piece).map(column).into_iter().collect(),
    }
}

fn single(piece: &mut Cursor<'_>) -> Option<ActionKind> {
    Some(match piece.word()?.as_str() {
        "DROP" => return dropped(piece),
        "MODIFY" => {
            piece.eat("COLUMN");
            piece.if_exists();
            let column = ColumnDefinition::read(piece)?;
            ActionKind::Redefine { from: column.name.clone(), column }
        }
        "CHANGE" => {
            piece.eat("COLUMN");
            piece.if_exists();
            let from = piece.identifier()?;
            ActionKind::Redefine { from, column: ColumnDefinition::read(piece)? }
        }
        "ALTER" => return altered(piece),
        "CONVERT" if piece.eat("TO") => {
            piece.skip_until(|_| false);
            ActionKind::ConvertCharset
        }
        "CONVERT" => partition(converted(&mut piece.clone()), piece),
        "EXCHANGE" => partition(exchanged(&mut piece.clone()), piece),
        "ORDER" => {
            piece.skip_until(|_| false);
            ActionKind::OrderBy
        }
        "FORCE" => ActionKind::Force,
        "DISCARD" => tablespace(true, piece),
        "IMPORT" => tablespace(false, piece),
        "ENABLE" | "DISABLE" | "WITH" | "WITHOUT" => {
            piece.advance();
            ActionKind::Harmless
        }
        "PARTITION" => partition(PartitionWork::By, piece),
        "REMOVE" => partition(PartitionWork::Remove, piece),
        "TRUNCATE" => partition(PartitionWork::Truncate, piece),
        "COALESCE" | "REORGANIZE" | "REBUILD" | "OPTIMIZE" => partition(PartitionWork::Rebuild, piece),
        "ANALYZE" | "CHECK" => partition(PartitionWork::Check, piece),
        "REPAIR" => partition(PartitionWork::Repair, piece),
        _ => return None,
    })
}

fn partition(work: PartitionWork, piece: &mut Cursor<'_>) -> ActionKind {
    let partitions = match work {
        PartitionWork::Drop | PartitionWork::Truncate => {
            piece.eat("PARTITION");
            piece.if_exists();
            piece.identifier().into_iter().filter(|name| !name.eq_ignore_ascii_case("ALL")).collect()
        }
        PartitionWork::By
        | PartitionWork::Remove
        | PartitionWork::Add
        | PartitionWork::Spread
        | PartitionWork::Rebuild
        | PartitionWork::Exchange { .. }
        | PartitionWork::Check
        | PartitionWork::Repair => Vec::new(),
    };
    piece.skip_until(|_| false);
    ActionKind::Partition { work, partitions }
}

/// What stands behind `ADD PARTITION`. Those of a hash or a key have no values: `PARTITIONS 2`,
/// `(PARTITION p4)`.
fn added_partitions(piece: &mut Cursor<'_>) -> PartitionWork {
    let mut spread = false;
    while !piece.ended() {
        spread |= piece.is("PARTITIONS");
        let Some(mut inner) = piece.parenthesised() else {
            piece.advance();
            continue;
        };
        // HISTORY and CURRENT are those of a table's versions (MariaDB).
        inner.skip_until(|inner| inner.is_one_of(&["VALUES", "DEFAULT", "HISTORY", "CURRENT"]));
        spread |= inner.ended();
    }
    if spread { PartitionWork::Spread } else { PartitionWork::Add }
}

/// What stands behind `EXCHANGE`: `PARTITION p WITH TABLE t [WITHOUT VALIDATION]`.
fn exchanged(piece: &mut Cursor<'_>) -> PartitionWork {
    piece.skip_until(|piece| piece.is("TABLE"));
    piece.advance();
    PartitionWork::Exchange { with: piece.name(), validated: !piece.eat("WITHOUT VALIDATION") }
}

/// What stands behind `CONVERT` (MariaDB): `TABLE t TO PARTITION p …`, `PARTITION p TO TABLE t`, which is a
/// new one.
fn converted(piece: &mut Cursor<'_>) -> PartitionWork {
    if !piece.eat("TABLE") {
        return PartitionWork::Exchange { with: None, validated: false };
    }
    let with = piece.name();
    piece.skip_until(|piece| piece.is("WITHOUT"));
    PartitionWork::Exchange { with, validated: !piece.eat("WITHOUT VALIDATION") }
}

fn tablespace(discard: bool, piece: &mut Cursor<'_>) -> ActionKind {
    piece.skip_until(|_| false);
    ActionKind::Tablespace(discard)
}

fn dropped(piece: &mut Cursor<'_>) -> Option<ActionKind> {
    if piece.eat("PRIMARY KEY") {
        return Some(ActionKind::DropPrimaryKey);
    }
    if piece.eat("FOREIGN KEY") {
        piece.if_exists();
        return Some(ActionKind::DropForeignKey { constraint: piece.identifier()? });
    }
    if piece.eat("INDEX") || piece.eat("KEY") {
        piece.if_exists();
        let index = piece.identifier()?;
        return Some(match index.eq_ignore_ascii_case("PRIMARY") {
            true => ActionKind::DropPrimaryKey,
            false => ActionKind::DropIndex { index },
        });
    }
    if piece.eat("CHECK") {
        let constraint = piece.identifier()?;
        return Some(ActionKind::DropConstraint { constraint, if_exists: false, cascade: false });
    }
    if piece.eat("PARTITION") {
        return Some(partition(PartitionWork::Drop, piece));
    }
    if piece.eat("SYSTEM VERSIONING") {
        return Some(ActionKind::Versioning(false));
    }
    if piece.eat("PERIOD FOR") {
        piece.skip_until(|_| false);
        return Some(ActionKind::Other("DROP PERIOD".to_owned()));
    }
    dropped_column(piece)
}

fn altered(piece: &mut Cursor<'_>) -> Option<ActionKind> {
    if piece.eat("INDEX") || piece.eat("KEY") {
        piece.if_exists();
        let index = piece.identifier()?;
        piece.skip_until(|_| false);
        return Some(ActionKind::IndexVisibility { index });
    }
    if piece.eat("CONSTRAINT") || piece.eat("CHECK") {
        let constraint = piece.identifier()?;
        let not = piece.eat("NOT");
        piece.eat("ENFORCED");
        return Some(ActionKind::AlterConstraint { constraint, enforced: Some(!not) });
    }
    piece.eat("COLUMN");
    piece.if_exists();
    let column = piece.identifier()?;
    Some(if piece.eat("SET DEFAULT") {
        ActionKind::SetDefault { column, default: piece.rest() }
    } else if piece.eat("DROP DEFAULT") {
        ActionKind::DropDefault { column }
    } else {
        piece.skip_until(|_| false);
        ActionKind::ColumnStorage { column }
    })
}
