//! The actions of `ALTER TABLE` as PostgreSQL writes them.

use super::{
    ActionKind, ColumnDefinition, ConstraintDefinition, DataType, TriggerState, alter::dropped_column,
    cursor::Cursor,
};

/// The action that stands here; none if it is not known.
pub(super) fn actions(piece: &mut Cursor<'_>) -> Vec<ActionKind> {
    let mut ahead = piece.clone();
    let Some(kind) = action(&mut ahead) else { return Vec::new() };
    // What follows (CASCADE, options) belongs to it.
    ahead.skip_until(|_| false);
    *piece = ahead;
    vec![kind]
}

fn action(piece: &mut Cursor<'_>) -> Option<ActionKind> {
    match piece.word()?.as_str() {
        "ADD" => added(piece),
        "DROP" => dropped_column(piece),
        "ALTER" => {
            if piece.eat("CONSTRAINT") {
                return altered_constraint(piece);
            }
            piece.eat("COLUMN");
            altered_column(piece)
        }
        "VALIDATE" => {
            piece.eat("CONSTRAINT");
            Some(ActionKind::ValidateConstraint { constraint: piece.identifier()? })
        }
        "SET" => set(piece),
        "RESET" => Some(ActionKind::StorageParameters),
        "OWNER" => Some(ActionKind::Owner),
        "CLUSTER" => Some(ActionKind::ClusterOn),
        "REPLICA" => Some(ActionKind::ReplicaIdentity),
        "INHERIT" => Some(ActionKind::Inherit { parent: piece.name()? }),
        "NO" if piece.eat("INHERIT") => Some(ActionKind::NoInherit { parent: piece.name()? }),
        "NO" | "FORCE" => Some(ActionKind::Trigger(TriggerState::RowSecurity)),
        "ENABLE" | "DISABLE" => {
            let _ = piece.eat("REPLICA") || piece.eat("ALWAYS");
            Some(ActionKind::Trigger(match piece.word()?.as_str() {
                "RULE" => TriggerState::Rule,
                "ROW" => TriggerState::RowSecurity,
                _ => TriggerState::Trigger,
            }))
        }
        "ATTACH" => attached(piece),
        "DETACH" => {
            piece.eat("PARTITION");
            let partition = piece.name()?;
            let concurrently = piece.eat("CONCURRENTLY");
            Some(ActionKind::DetachPartition { partition, concurrently, finalize: piece.eat("FINALIZE") })
        }
        _ => None,
    }
}

fn added(piece: &mut Cursor<'_>) -> Option<ActionKind> {
    if let Some(constraint) = ConstraintDefinition::of_table(piece) {
        return Some(ActionKind::AddConstraint(constraint));
    }
    piece.eat("COLUMN");
    let if_not_exists = piece.if_not_exists();
    Some(ActionKind::AddColumn { column: ColumnDefinition::read(piece)?, if_not_exists })
}

fn attached(piece: &mut Cursor<'_>) -> Option<ActionKind> {
    piece.eat("PARTITION");
    let partition = piece.name()?;
    let bounds = piece.rest();
    let default = bounds.text.eq_ignore_ascii_case("default");
    Some(ActionKind::AttachPartition { partition, default, bounds })
}

fn altered_constraint(piece: &mut Cursor<'_>) -> Option<ActionKind> {
    let constraint = piece.identifier()?;
    let mut enforced = None;
    while !piece.ended() {
        if piece.eat("NOT ENFORCED") {
            enforced = Some(false);
        } else if piece.eat("ENFORCED") {
            enforced = Some(true);
        } else {
            piece.advance();
        }
    }
    Some(ActionKind::AlterConstraint { constraint, enforced })
}

/// What stands behind `ALTER COLUMN`.
pub(super) fn altered_column(piece: &mut Cursor<'_>) -> Option<ActionKind> {
    let column = piece.identifier()?;
    if piece.eat("TYPE") || piece.eat("SET DATA TYPE") {
        return retyped(column, piece);
    }
    let dropped = piece.is("DROP") && piece.is_at(1, "IDENTITY");
    Some(if piece.eat("SET NOT NULL") {
        ActionKind::SetNotNull { column }
    } else if piece.eat("DROP NOT NULL") {
        ActionKind::DropNotNull { column }
    } else if piece.eat("SET DEFAULT") {
        ActionKind::SetDefault { column, default: piece.rest() }
    } else if piece.eat("DROP DEFAULT") {
        ActionKind::DropDefault { column }
    } else if piece.eat("SET EXPRESSION") {
        ActionKind::SetExpression { column }
    } else if piece.eat("DROP EXPRESSION") {
        ActionKind::DropExpression { column }
    } else if piece.is("ADD") || dropped || piece.is("RESTART") || piece.is_at(1, "GENERATED") {
        ActionKind::Identity { column, dropped }
    } else if piece.eat("SET STORAGE") || piece.eat("SET COMPRESSION") {
        ActionKind::ColumnStorage { column }
    } else if piece.eat("SET STATISTICS") || piece.is("SET") || piece.is("RESET") {
        ActionKind::ColumnStatistics { column }
    } else {
        return None;
    })
}

fn retyped(column: String, piece: &mut Cursor<'_>) -> Option<ActionKind> {
    let data_type = DataType::read(piece)?;
    let collation = if piece.eat("COLLATE") { piece.name().map(|name| name.name) } else { None };
    let using = piece.eat("USING").then(|| piece.rest());
    Some(ActionKind::SetType { column, data_type, using, collation })
}

fn set(piece: &mut Cursor<'_>) -> Option<ActionKind> {
    if piece.is_operator("(") {
        return Some(ActionKind::StorageParameters);
    }
    Some(match piece.word()?.as_str() {
        "SCHEMA" => ActionKind::SetSchema { schema: piece.identifier()? },
        "TABLESPACE" => ActionKind::SetTablespace,
        "LOGGED" => ActionKind::SetLogged(true),
        "UNLOGGED" => ActionKind::SetLogged(false),
        "ACCESS" => ActionKind::SetAccessMethod,
        "WITHOUT" => ActionKind::ClusterOn,
        _ => return None,
    })
}
