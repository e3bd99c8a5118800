//! `ALTER TABLE`: the table, and its actions in order. What an action of each dialect looks like is
//! in the files beside this one.

use super::{
    Action, ActionKind, ConstraintDefinition, ObjectName, alter_mysql, alter_postgres, cursor::Cursor,
};
use crate::dialect::Dialect;

/// An `ALTER TABLE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterTable {
    /// The table.
    pub table: ObjectName,
    /// Whether it need not be there.
    pub if_exists: bool,
    /// Whether its partitions and children are left alone.
    pub only: bool,
    /// What it does, in order.
    pub actions: Vec<Action>,
    /// The algorithm that is asked for, in upper case (MySQL, MariaDB).
    pub algorithm: Option<String>,
    /// The lock that is asked for, in upper case (MySQL, MariaDB); `ONLINE` asks for `NONE`.
    pub lock: Option<String>,
    /// Whether MariaDB drops the rows that are in its way: `ALTER IGNORE TABLE`.
    pub ignore: bool,
}

impl AlterTable {
    /// A statement of one action, of which only what it does counts.
    pub fn of(table: ObjectName, kind: ActionKind) -> Self {
        Self {
            table,
            if_exists: false,
            only: false,
            actions: vec![Action { kind, start: 0, end: 0 }],
            algorithm: None,
            lock: None,
            ignore: false,
        }
    }

    /// Reads what stands behind `ALTER TABLE`.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<Self> {
        let if_exists = cursor.if_exists();
        let only = cursor.eat("ONLY");
        let table = cursor.name()?;
        cursor.eat_operator("*");
        // MariaDB: WAIT n, NOWAIT.
        if cursor.eat("WAIT") {
            cursor.advance();
        }
        cursor.eat("NOWAIT");
        let mut alter =
            Self { table, if_exists, only, actions: Vec::new(), algorithm: None, lock: None, ignore: false };
        for mut piece in cursor.pieces() {
            if !alter.read_partition(&mut piece) {
                alter.read_piece(&mut piece);
            }
        }
        Some(alter)
    }

    /// Reads one more partition, if the action before names some: `DROP PARTITION p1, p2`.
    fn read_partition(&mut self, piece: &mut Cursor<'_>) -> bool {
        let Some(Action { kind: ActionKind::Partition { partitions, .. }, end, .. }) =
            self.actions.last_mut()
        else {
            return false;
        };
        let mut ahead = piece.clone();
        let Some(name) = ahead.identifier().filter(|_| ahead.ended()) else { return false };
        partitions.push(name);
        *end = ahead.end();
        true
    }

    fn read_piece(&mut self, piece: &mut Cursor<'_>) {
        let dialect = piece.dialect;
        // MySQL's options of a table follow each other without commas.
        while !piece.ended() {
            let start = piece.start();
            if dialect == Dialect::Mysql && self.read_asked(piece) {
                continue;
            }
            for kind in actions(piece) {
                self.actions.push(Action { kind, start, end: piece.end() });
            }
        }
    }

    /// Reads `ALGORITHM = …` and `LOCK = …`, if one stands here.
    fn read_asked(&mut self, piece: &mut Cursor<'_>) -> bool {
        let asked = if piece.eat("ALGORITHM") {
            &mut self.algorithm
        } else if piece.eat("LOCK") {
            &mut self.lock
        } else {
            return false;
        };
        piece.eat_operator("=");
        *asked = piece.word();
        true
    }
}

fn actions(piece: &mut Cursor<'_>) -> Vec<ActionKind> {
    let actions = common(piece).map_or_else(
        || match piece.dialect {
            Dialect::Postgres => alter_postgres::actions(piece),
            Dialect::Mysql => alter_mysql::actions(piece),
            Dialect::Sqlite => sqlite(piece),
        },
        |kind| vec![kind],
    );
    if !actions.is_empty() {
        return actions;
    }
    let words: Vec<String> = piece.word().into_iter().chain(piece.word()).collect();
    piece.skip_until(|_| false);
    vec![ActionKind::Other(words.join(" "))]
}

/// The actions that more than one dialect writes alike.
fn common(piece: &mut Cursor<'_>) -> Option<ActionKind> {
    if piece.is("RENAME") {
        return renamed(piece);
    }
    if piece.is("DROP") {
        let mut ahead = piece.clone();
        ahead.advance();
        if ahead.eat("CONSTRAINT") {
            let if_exists = ahead.if_exists();
            let constraint = ahead.identifier()?;
            let cascade = behind(&mut ahead);
            *piece = ahead;
            return Some(ActionKind::DropConstraint { constraint, if_exists, cascade });
        }
    }
    None
}

/// Steps over `CASCADE` or `RESTRICT`, and tells whether it was the first.
pub(super) fn behind(cursor: &mut Cursor<'_>) -> bool {
    let cascade = cursor.eat("CASCADE");
    cursor.eat("RESTRICT");
    cascade
}

/// `DROP [COLUMN] [IF EXISTS] name [CASCADE]`, behind `DROP`.
pub(super) fn dropped_column(piece: &mut Cursor<'_>) -> Option<ActionKind> {
    piece.eat("COLUMN");
    let if_exists = piece.if_exists();
    let column = piece.identifier()?;
    Some(ActionKind::DropColumn { column, if_exists, cascade: behind(piece) })
}

fn renamed(piece: &mut Cursor<'_>) -> Option<ActionKind> {
    let mut ahead = piece.clone();
    ahead.advance();
    let class = ahead.eat_one_of(&["CONSTRAINT", "INDEX", "KEY", "COLUMN"]);
    if class.is_none() && (ahead.eat("TO") || ahead.eat("AS")) {
        let to = ahead.name()?;
        *piece = ahead;
        return Some(ActionKind::RenameTable { to });
    }
    ahead.if_exists();
    let from = ahead.identifier()?;
    if !ahead.eat("TO") {
        // MySQL: RENAME new_name.
        *piece = ahead;
        return Some(ActionKind::RenameTable { to: ObjectName::plain(from) });
    }
    let to = ahead.identifier()?;
    *piece = ahead;
    Some(match class {
        Some("CONSTRAINT") => ActionKind::RenameConstraint { from, to },
        Some("INDEX" | "KEY") => ActionKind::RenameIndex { from, to },
        Some(_) | None => ActionKind::RenameColumn { from, to },
    })
}

fn sqlite(piece: &mut Cursor<'_>) -> Vec<ActionKind> {
    let mut ahead = piece.clone();
    // SQLite reserves the word INDEX: what stands behind it is no column.
    let index =
        ahead.is("ADD") && (ahead.is_at(1, "INDEX") || ahead.is_at(1, "KEY") && ahead.is_operator_at(2, "("));
    let kind = if index {
        None
    } else if ahead.eat("ADD") {
        match ConstraintDefinition::of_table(&mut ahead) {
            Some(constraint) => Some(ActionKind::AddConstraint(constraint)),
            None => {
                ahead.eat("COLUMN");
                // SQLite has no such words, and says so; they are no column.
                let if_not_exists = ahead.if_not_exists();
                let column = super::ColumnDefinition::read(&mut ahead);
                column.map(|column| ActionKind::AddColumn { column, if_not_exists })
            }
        }
    } else if ahead.eat("DROP") {
        dropped_column(&mut ahead)
    } else if ahead.eat("ALTER") {
        ahead.eat("COLUMN");
        alter_postgres::altered_column(&mut ahead)
    } else {
        None
    };
    if kind.is_some() {
        *piece = ahead;
    }
    kind.into_iter().collect()
}
