//! An index as a statement creates it, and REINDEX. Not what the index holds.

use super::{Expression, ObjectName, cursor::Cursor};

/// An index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexDefinition {
    /// Its name, if it is given one.
    pub name: Option<ObjectName>,
    /// The table; the one that is altered, if it stands in an `ALTER TABLE`.
    pub table: Option<ObjectName>,
    /// What kind it is.
    pub kind: IndexKind,
    /// Whether values are unique.
    pub unique: bool,
    /// Whether PostgreSQL builds it without locking out writers.
    pub concurrently: bool,
    /// Whether one of that name is left as it is.
    pub if_not_exists: bool,
    /// Whether it is on a partitioned table alone: `ON ONLY`.
    pub only: bool,
    /// The access method, in lower case.
    pub method: Option<String>,
    /// Its columns and expressions.
    pub parts: Vec<IndexPart>,
    /// Whether it has a `WHERE`.
    pub partial: bool,
    /// What stands behind that.
    pub predicate: Option<Expression>,
    /// The algorithm that is asked for, in upper case (MySQL).
    pub algorithm: Option<String>,
    /// The lock that is asked for, in upper case (MySQL).
    pub lock: Option<String>,
}

/// What kind an index is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IndexKind {
    /// An index to look up and to sort by.
    #[default]
    Plain,
    /// `FULLTEXT`.
    Fulltext,
    /// `SPATIAL`.
    Spatial,
}

/// A column or an expression of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexPart {
    /// A column.
    Column(String),
    /// An expression, as it stands.
    Expression(String),
}

/// `REINDEX`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reindex {
    /// What is built again.
    pub scope: ReindexScope,
    /// Its name.
    pub name: Option<ObjectName>,
    /// Whether writers may go on.
    pub concurrently: bool,
}

/// What is built again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReindexScope {
    /// One index; also a name of SQLite, which may be a table's or a collation's.
    Index,
    /// The indexes of a table.
    Table,
    /// Those of a schema, a database or its catalogs.
    Wide,
}

impl IndexDefinition {
    /// The columns among its parts.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            IndexPart::Column(name) => Some(name.as_str()),
            IndexPart::Expression(_) => None,
        })
    }

    /// Reads what stands behind `CREATE`, if it is an index.
    pub(super) fn created(cursor: &mut Cursor<'_>) -> Option<Self> {
        let mut ahead = cursor.clone();
        ahead.eat("OR REPLACE");
        let mut index = Self::default();
        index.read_kind(&mut ahead);
        // MariaDB: CREATE ONLINE INDEX.
        let _ = ahead.eat("ONLINE") || ahead.eat("OFFLINE");
        if !ahead.eat("INDEX") {
            return None;
        }
        index.concurrently = ahead.eat("CONCURRENTLY");
        index.if_not_exists = ahead.if_not_exists();
        if !ahead.is("ON") {
            index.name = ahead.name();
        }
        if ahead.eat("USING") {
            index.method = ahead.word().map(|word| word.to_lowercase());
        }
        ahead.eat("ON");
        index.only = ahead.eat("ONLY");
        index.table = ahead.name();
        index.read_parts(&mut ahead);
        *cursor = ahead;
        Some(index)
    }

    /// Reads an index within a table of MySQL or MariaDB, if one stands here.
    pub(super) fn of_table(cursor: &mut Cursor<'_>) -> Option<Self> {
        let mut ahead = cursor.clone();
        let mut index = Self::default();
        if ahead.eat("CONSTRAINT") && !ahead.is_one_of(&["PRIMARY", "UNIQUE", "FOREIGN", "CHECK"]) {
            index.name = ahead.identifier().map(ObjectName::plain);
        }
        index.read_kind(&mut ahead);
        let special = index.unique || index.kind != IndexKind::Plain;
        if !(ahead.eat("INDEX") || ahead.eat("KEY") || special) {
            return None;
        }
        index.if_not_exists = ahead.if_not_exists();
        if !ahead.is_operator("(") && !ahead.is("USING") {
            index.name = ahead.identifier().map(ObjectName::plain).or(index.name);
        }
        if ahead.eat("USING") {
            index.method = ahead.word().map(|word| word.to_lowercase());
        }
        if !ahead.is_operator("(") {
            return None;
        }
        index.read_parts(&mut ahead);
        *cursor = ahead;
        Some(index)
    }

    fn read_kind(&mut self, cursor: &mut Cursor<'_>) {
        if cursor.eat("UNIQUE") {
            self.unique = true;
        } else if cursor.eat("FULLTEXT") {
            self.kind = IndexKind::Fulltext;
        } else if cursor.eat("SPATIAL") {
            self.kind = IndexKind::Spatial;
        }
    }

    fn read_parts(&mut self, cursor: &mut Cursor<'_>) {
        if cursor.eat("USING") {
            self.method = cursor.word().map(|word| word.to_lowercase());
        }
        if let Some(mut inner) = cursor.parenthesised() {
            self.parts = inner.pieces().iter_mut().map(part).collect();
        }
        while !cursor.ended() {
            if cursor.eat("WHERE") {
                self.partial = true;
                self.predicate = Some(cursor.rest());
            } else if cursor.eat("ALGORITHM") {
                cursor.eat_operator("=");
                self.algorithm = cursor.word();
            } else if cursor.eat("LOCK") {
                cursor.eat_operator("=");
                self.lock = cursor.word();
            } else {
                cursor.advance();
            }
        }
    }
}

fn part(piece: &mut Cursor<'_>) -> IndexPart {
    let mut ahead = piece.clone();
    let ends = |cursor: &Cursor<'_>| cursor.ended() || !cursor.is_operator("(") && !cursor.is_operator(".");
    match ahead.identifier() {
        // `name(10)` is a prefix on MySQL and a call on PostgreSQL.
        Some(name) if ends(&ahead) || prefix_length(&ahead) => IndexPart::Column(name),
        _ => IndexPart::Expression(piece.rest().text),
    }
}

fn prefix_length(cursor: &Cursor<'_>) -> bool {
    cursor.dialect == crate::dialect::Dialect::Mysql && cursor.is_operator("(")
}

impl Reindex {
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Self {
        let mut concurrently = options_say(cursor, "CONCURRENTLY");
        let scope = match cursor.eat_one_of(&["INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM"]) {
            Some("TABLE") => ReindexScope::Table,
            Some("INDEX") | None => ReindexScope::Index,
            Some(_) => ReindexScope::Wide,
        };
        concurrently |= cursor.eat("CONCURRENTLY");
        Self { scope, name: cursor.name(), concurrently }
    }
}

/// Steps over options in parentheses, and tells whether one of them is `word` and not off.
pub(super) fn options_say(cursor: &mut Cursor<'_>, word: &str) -> bool {
    let Some(mut options) = cursor.parenthesised() else { return false };
    let mut said = false;
    for mut option in options.pieces() {
        said |= option.eat(word) && !option.is_one_of(&["OFF", "FALSE"]) && option.rest().text != "0";
    }
    said
}
