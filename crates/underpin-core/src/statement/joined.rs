//! Which table an `UPDATE` or a `DELETE` of MySQL and MariaDB changes that joins several: the names that it calls
//! them by are looked up ("UPDATE Statement", "DELETE Statement" in the manuals). Not which rows.

use std::collections::VecDeque;

use super::{ObjectName, alias::alias, cursor::Cursor};

/// The table that an `UPDATE` changes whose tables stand here. Of several tables it is the one of the first
/// column that says its own.
pub(super) fn updated(cursor: &mut Cursor<'_>) -> Option<ObjectName> {
    let tables = tables(cursor);
    let first = || tables.first().map(|joined| joined.table.clone());
    if !cursor.eat("SET") {
        return first();
    }
    let column = cursor.name();
    let named = column.and_then(|column| column.schema).and_then(|name| called(cursor, &tables, &name));
    named.or_else(first)
}

/// The tables that a `DELETE` empties whose tables stand here, without its `FROM`: `t WHERE …`, `a, b FROM …`,
/// `a.* USING …`.
pub(super) fn deleted(cursor: &mut Cursor<'_>) -> VecDeque<ObjectName> {
    let mut named = VecDeque::new();
    while let Some(first) = cursor.identifier() {
        let second = if cursor.eat_operator(".") { cursor.identifier() } else { None };
        named.push_back(match second {
            Some(name) => ObjectName { schema: Some(first), name },
            None => ObjectName { schema: None, name: first },
        });
        cursor.skip_until(|cursor| cursor.is_operator(",") || cursor.is_one_of(ENDS));
        if !cursor.eat_operator(",") {
            break;
        }
    }
    if !cursor.eat("FROM") && !cursor.eat("USING") {
        return named;
    }
    let tables = tables(cursor);
    let meant = |table: ObjectName| {
        let found = if table.schema.is_none() { called(cursor, &tables, &table.name) } else { None };
        found.unwrap_or(table)
    };
    named.into_iter().map(meant).collect()
}

/// What stands behind the tables that rows are deleted from.
const ENDS: &[&str] = &["FROM", "USING", "WHERE", "ORDER", "LIMIT", "RETURNING"];

/// A table of a join.
struct Joined {
    table: ObjectName,
    /// What the rest of the statement calls it.
    name: String,
}

fn called(cursor: &Cursor<'_>, tables: &[Joined], name: &str) -> Option<ObjectName> {
    let found = tables.iter().find(|joined| cursor.dialect.same_names(&joined.name, name));
    found.map(|joined| joined.table.clone())
}

/// The tables of a join, up to what is done with them. One in parentheses is left out.
fn tables(cursor: &mut Cursor<'_>) -> Vec<Joined> {
    let mut tables = Vec::new();
    loop {
        if let Some(table) = cursor.name() {
            let _ = cursor.eat("PARTITION") && cursor.parenthesised().is_some();
            let name = alias(cursor);
            tables.push(Joined { name: name.unwrap_or_else(|| table.name.clone()), table });
        }
        cursor.skip_until(|cursor| {
            cursor.is_operator(",") || cursor.is_one_of(&["JOIN", "STRAIGHT_JOIN", "SET", "WHERE", "ORDER"])
        });
        let next = cursor.eat_operator(",") || cursor.eat_one_of(&["JOIN", "STRAIGHT_JOIN"]).is_some();
        if !next {
            return tables;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Statement, parse};
    use crate::dialect::Dialect;

    fn changed(text: &str) -> String {
        match parse(Dialect::Mysql, text) {
            Statement::Rows(change) => change.table.expect(text).to_string(),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn an_update_changes_the_table_whose_column_it_sets() {
        for (text, table) in [
            ("UPDATE orders SET note = 1", "orders"),
            ("UPDATE orders o SET o.note = 1 WHERE id = 1", "orders"),
            ("UPDATE fresh f JOIN shop.orders AS o ON f.id = o.id SET o.note = f.note", "shop.orders"),
            ("UPDATE fresh f, `orders` SET `Orders`.note = f.note", "orders"),
            ("UPDATE fresh LEFT JOIN orders USING (id) SET shop.orders.note = 1", "orders"),
            (
                "UPDATE IGNORE (SELECT 1) f JOIN orders o USE INDEX (i, j) ON f.id = o.id SET o.a = 1",
                "orders",
            ),
            ("UPDATE orders o JOIN fresh f ON f.id = o.id SET note = f.note", "orders"),
        ] {
            assert_eq!(changed(text), table, "{text}");
        }
    }

    #[test]
    fn a_delete_empties_the_table_that_it_names_before_its_join() {
        for (text, table) in [
            ("DELETE FROM orders", "orders"),
            ("DELETE FROM shop.orders WHERE id = 1", "shop.orders"),
            ("DELETE o FROM fresh f JOIN orders o ON f.id = o.id", "orders"),
            ("DELETE o.* FROM orders AS o, fresh", "orders"),
            ("DELETE FROM o USING orders o STRAIGHT_JOIN fresh", "orders"),
            ("DELETE shop.orders FROM shop.orders JOIN fresh", "shop.orders"),
            ("DELETE orders, fresh FROM orders JOIN fresh", "orders"),
        ] {
            assert_eq!(changed(text), table, "{text}");
        }
    }
}
