//! What `CREATE` makes besides tables and indexes: views, types, domains, triggers.

use super::{ConstraintDefinition, DataType, Expression, ObjectName, Selection, cursor::Cursor};

/// `CREATE VIEW`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateView {
    /// Its name.
    pub view: ObjectName,
    /// Whether it keeps its rows.
    pub materialized: bool,
    /// Whether it takes the place of one.
    pub or_replace: bool,
    /// Words of its query as the catalog would hold them; the tables are among them.
    pub names: Vec<String>,
    /// The functions that its query calls, as [`Expression::calls`] has them.
    pub calls: Vec<String>,
    /// The names that it gives its columns by itself.
    pub columns: Vec<String>,
    /// Its query, if it is a `SELECT`.
    pub selection: Option<Selection>,
}

/// `CREATE TYPE … AS ENUM`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateEnum {
    /// Its name.
    pub name: ObjectName,
    /// Its values.
    pub values: Vec<String>,
}

/// `CREATE DOMAIN`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateDomain {
    /// Its name.
    pub name: ObjectName,
    /// The type that it narrows.
    pub base: Option<DataType>,
    /// Whether it refuses values: `CHECK`, `NOT NULL`.
    pub constrained: bool,
    /// What a column of it gets without a value.
    pub default: Option<Expression>,
}

/// `CREATE TRIGGER`, `CREATE RULE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateTrigger {
    /// Its name.
    pub name: Option<ObjectName>,
    /// The table.
    pub table: Option<ObjectName>,
    /// Whether it is a rule, which locks more.
    pub rule: bool,
    /// The columns of the changed row that it names: `NEW.a`, `OLD.a`.
    pub columns: Vec<String>,
    /// Whether it fires for each row, so that the partitions of its table have it as well.
    pub each_row: bool,
    /// The function that it calls (PostgreSQL).
    pub function: Option<ObjectName>,
}

pub(super) fn view(cursor: &mut Cursor<'_>) -> Option<CreateView> {
    let mut ahead = cursor.clone();
    let or_replace = ahead.eat("OR REPLACE");
    // TEMP, RECURSIVE, and MySQL's ALGORITHM, DEFINER and SQL SECURITY.
    ahead.skip_until(|cursor| {
        cursor.is_one_of(&[
            "VIEW",
            "MATERIALIZED",
            "TABLE",
            "FUNCTION",
            "PROCEDURE",
            "TRIGGER",
            "INDEX",
            "AS",
            "EVENT",
        ])
    });
    let materialized = ahead.eat("MATERIALIZED");
    if !ahead.eat("VIEW") {
        return None;
    }
    ahead.if_not_exists();
    let view = ahead.name()?;
    let columns = ahead.clone().columns();
    let mut query = ahead.clone();
    query.skip_until(|cursor| cursor.is("AS"));
    query.advance();
    let selection = Selection::read(&mut query);
    let Expression { names, calls, .. } = ahead.rest();
    *cursor = ahead;
    Some(CreateView { view, materialized, or_replace, names, calls, columns, selection })
}

pub(super) fn enumeration(cursor: &mut Cursor<'_>) -> Option<CreateEnum> {
    let mut ahead = cursor.clone();
    if !ahead.eat("TYPE") {
        return None;
    }
    let name = ahead.name()?;
    if !ahead.eat("AS ENUM") {
        return None;
    }
    let values = ahead
        .parenthesised()
        .map(|mut inner| inner.pieces().iter_mut().filter_map(Cursor::text).collect())
        .unwrap_or_default();
    *cursor = ahead;
    Some(CreateEnum { name, values })
}

pub(super) fn domain(cursor: &mut Cursor<'_>) -> Option<CreateDomain> {
    let mut ahead = cursor.clone();
    if !ahead.eat("DOMAIN") {
        return None;
    }
    let name = ahead.name()?;
    ahead.eat("AS");
    let base = DataType::read(&mut ahead);
    let mut domain = CreateDomain { name, base, constrained: false, default: None };
    while !ahead.ended() {
        if ahead.eat("CONSTRAINT") {
            ahead.identifier();
        } else if ahead.eat("NOT NULL") {
            domain.constrained = true;
        } else if ahead.eat("DEFAULT") {
            domain.default = Some(ahead.expression_until(&["CONSTRAINT", "CHECK", "NOT", "NULL", "COLLATE"]));
        } else if ConstraintDefinition::of_column("", &mut ahead).is_some() {
            domain.constrained = true;
        } else {
            ahead.advance();
        }
    }
    *cursor = ahead;
    Some(domain)
}

pub(super) fn trigger(cursor: &mut Cursor<'_>) -> Option<CreateTrigger> {
    let mut ahead = cursor.clone();
    ahead.eat("OR REPLACE");
    // CONSTRAINT TRIGGER, TEMP TRIGGER, and MySQL's DEFINER.
    ahead.skip_until(|cursor| {
        cursor.is_one_of(&["TRIGGER", "RULE", "FUNCTION", "PROCEDURE", "EVENT", "VIEW"])
    });
    let rule = ahead.eat("RULE");
    if !rule && !ahead.eat("TRIGGER") {
        return None;
    }
    ahead.if_not_exists();
    let name = ahead.name();
    // A rule says `ON INSERT TO table`, a trigger `ON table`.
    ahead.skip_until(|cursor| cursor.is(if rule { "TO" } else { "ON" }));
    ahead.advance();
    let table = ahead.name();
    let columns = columns_of_row(&mut ahead.clone());
    ahead.skip_until(|cursor| cursor.is("EACH") || cursor.is("ROW") || cursor.is("EXECUTE"));
    let each_row = ahead.eat("EACH ROW") || ahead.eat("ROW");
    ahead.skip_until(|cursor| cursor.is("EXECUTE"));
    let calls = ahead.eat("EXECUTE FUNCTION") || ahead.eat("EXECUTE PROCEDURE");
    let function = if calls { ahead.name() } else { None };
    ahead.skip_until(|_| false);
    *cursor = ahead;
    Some(CreateTrigger { name, table, rule, columns, each_row, function })
}

/// What stands behind `NEW.` and `OLD.` from here to the end, also in parentheses.
fn columns_of_row(cursor: &mut Cursor<'_>) -> Vec<String> {
    let mut columns = Vec::new();
    while !cursor.ended() {
        let row = cursor.is_one_of(&["NEW", "OLD"]) && cursor.is_operator_at(1, ".");
        cursor.advance();
        if row {
            cursor.advance();
            columns.extend(cursor.identifier());
        }
    }
    columns
}
