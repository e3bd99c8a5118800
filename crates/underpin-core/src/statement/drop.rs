//! `DROP` of an object. Not of parts of a table.

use super::{ObjectName, alter::behind, cursor::Cursor};
use crate::dialect::Dialect;

/// A `DROP`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drop {
    /// What kind of object.
    pub class: ObjectClass,
    /// Their names.
    pub names: Vec<ObjectName>,
    /// The table that it stands on: of an index on MySQL, of a trigger or policy on PostgreSQL.
    pub table: Option<ObjectName>,
    /// Whether it need not be there.
    pub if_exists: bool,
    /// Whether what depends on it goes with it.
    pub cascade: bool,
    /// Whether PostgreSQL drops the index without locking out anyone.
    pub concurrently: bool,
    /// Whether it is a temporary table (MySQL's `DROP TEMPORARY TABLE`).
    pub temporary: bool,
    /// The algorithm that is asked for, in upper case (MySQL).
    pub algorithm: Option<String>,
    /// The lock that is asked for, in upper case (MySQL).
    pub lock: Option<String>,
}

/// What kind of object is dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectClass {
    /// A table.
    Table,
    /// A foreign table.
    ForeignTable,
    /// An index.
    Index,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// A schema.
    Schema,
    /// A database (which is a schema on MySQL).
    Database,
    /// A type or a domain.
    Type,
    /// A sequence.
    Sequence,
    /// A trigger or rule.
    Trigger,
    /// A policy.
    Policy,
    /// An extension.
    Extension,
    /// All that a role owns; the names are the roles'.
    Owned,
    /// Anything else, in upper case: `FUNCTION`, `ROLE`.
    Other(String),
}

impl Drop {
    /// Reads what stands behind `DROP`.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<Self> {
        let temporary = cursor.eat("TEMPORARY");
        let class = class(cursor)?;
        let concurrently = cursor.eat("CONCURRENTLY");
        let if_exists = cursor.if_exists();
        let mut drop = Self {
            class,
            names: cursor.names(),
            table: None,
            if_exists,
            cascade: false,
            concurrently,
            temporary,
            algorithm: None,
            lock: None,
        };
        if cursor.dialect != Dialect::Sqlite && cursor.eat("ON") {
            drop.table = cursor.name();
        }
        drop.read_tail(cursor);
        Some(drop)
    }

    fn read_tail(&mut self, cursor: &mut Cursor<'_>) {
        while !cursor.ended() {
            if cursor.eat("ALGORITHM") {
                cursor.eat_operator("=");
                self.algorithm = cursor.word();
            } else if cursor.eat("LOCK") {
                cursor.eat_operator("=");
                self.lock = cursor.word();
            } else if behind(cursor) {
                self.cascade = true;
            } else {
                cursor.advance();
            }
        }
    }
}

fn class(cursor: &mut Cursor<'_>) -> Option<ObjectClass> {
    Some(match cursor.word()?.as_str() {
        "TABLE" | "TABLES" => ObjectClass::Table,
        "FOREIGN" if cursor.eat("TABLE") => ObjectClass::ForeignTable,
        "INDEX" => ObjectClass::Index,
        "VIEW" => ObjectClass::View,
        "MATERIALIZED" if cursor.eat("VIEW") => ObjectClass::MaterializedView,
        "SCHEMA" if cursor.dialect == Dialect::Mysql => ObjectClass::Database,
        "SCHEMA" => ObjectClass::Schema,
        "DATABASE" => ObjectClass::Database,
        "TYPE" | "DOMAIN" => ObjectClass::Type,
        "SEQUENCE" => ObjectClass::Sequence,
        "TRIGGER" | "RULE" => ObjectClass::Trigger,
        "POLICY" => ObjectClass::Policy,
        "EXTENSION" => ObjectClass::Extension,
        "OWNED" if cursor.eat("BY") => ObjectClass::Owned,
        other => ObjectClass::Other(other.to_owned()),
    })
}
