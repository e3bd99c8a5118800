//! Which tables a query reads for another statement, in all of its parts: `INSERT … SELECT`,
//! `CREATE TABLE … AS SELECT`. Not what it takes from them: that is `selection`.

use super::{ObjectName, cursor::Cursor};

/// A table that a query reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRead {
    /// The table, or a view.
    pub table: ObjectName,
    /// Whether nothing is said that could choose rows of it: no `WHERE`, no `LIMIT`.
    pub every_row: bool,
    /// The words of the condition that chooses them: columns are among them.
    pub chosen_by: Vec<String>,
}

/// The tables that are read from here to the end. What the query itself names (`WITH name AS`) is none.
pub(super) fn reads(cursor: &mut Cursor<'_>) -> Vec<TableRead> {
    read_from(cursor, false)
}

/// The same, where a `SELECT` is read already.
pub(super) fn behind_select(cursor: &mut Cursor<'_>) -> Vec<TableRead> {
    read_from(cursor, true)
}

fn read_from(cursor: &mut Cursor<'_>, selects: bool) -> Vec<TableRead> {
    let mut reading = Reading::default();
    reading.query(cursor, selects);
    let Reading { mut found, named } = reading;
    found.retain(|read| read.table.schema.is_some() || !named.contains(&read.table.name));
    found
}

#[derive(Default)]
struct Reading {
    found: Vec<TableRead>,
    /// What the query gives names to.
    named: Vec<String>,
}

/// What ends the tables behind a `FROM`, or a table of a join.
const AFTER_TABLE: &[&str] = &[
    "CROSS",
    "FOR",
    "GROUP",
    "HAVING",
    "INNER",
    "JOIN",
    "LEFT",
    "LIMIT",
    "NATURAL",
    "ON",
    "ORDER",
    "PROCEDURE",
    "RIGHT",
    "STRAIGHT_JOIN",
    "UNION",
    "EXCEPT",
    "INTERSECT",
    "USING",
    "WHERE",
    "WINDOW",
];

impl Reading {
    /// A query, or an expression with queries in parentheses; `selects` says whether its `SELECT` is read.
    fn query(&mut self, cursor: &mut Cursor<'_>, mut selects: bool) {
        let mut start = self.found.len();
        while !cursor.ended() {
            if let Some(mut inner) = cursor.parenthesised() {
                self.query(&mut inner, false);
            } else if cursor.eat("WITH") {
                self.named_queries(cursor);
            } else if cursor.eat_one_of(&["UNION", "EXCEPT", "INTERSECT"]).is_some() {
                (selects, start) = (false, self.found.len());
            } else if cursor.eat("SELECT") {
                selects = true;
            } else if (selects && cursor.eat("FROM"))
                || cursor.eat_one_of(&["JOIN", "STRAIGHT_JOIN"]).is_some()
                || (!selects && cursor.eat("TABLE"))
            {
                self.tables(cursor);
            } else if cursor.eat("WHERE") {
                let names = cursor.clone().expression_until(&["GROUP", "ORDER", "LIMIT", "UNION"]).names;
                self.choose(start, &names);
            } else if cursor.eat("LIMIT") {
                self.choose(start, &[]);
            } else {
                cursor.advance();
            }
        }
    }

    /// What stands behind `FROM` or `JOIN`.
    fn tables(&mut self, cursor: &mut Cursor<'_>) {
        loop {
            if let Some(mut inner) = cursor.parenthesised() {
                if !inner.is_one_of(&["SELECT", "WITH", "VALUES", "TABLE"]) && !inner.is_operator("(") {
                    self.tables(&mut inner);
                }
                self.query(&mut inner, false);
            } else if let Some(table) = cursor.name() {
                let is_function = cursor.is_operator("(");
                if !is_function && !table.name.eq_ignore_ascii_case("dual") {
                    self.found.push(TableRead { table, every_row: true, chosen_by: Vec::new() });
                }
            }
            cursor.skip_until(|cursor| cursor.is_operator(",") || cursor.is_one_of(AFTER_TABLE));
            if !cursor.eat_operator(",") {
                return;
            }
        }
    }

    /// What stands behind `WITH`.
    fn named_queries(&mut self, cursor: &mut Cursor<'_>) {
        cursor.eat("RECURSIVE");
        while let Some(name) = cursor.identifier() {
            self.named.push(name);
            cursor.skip_until(|cursor| cursor.is("AS"));
            cursor.advance();
            if let Some(mut inner) = cursor.parenthesised() {
                self.query(&mut inner, false);
            }
            if !cursor.eat_operator(",") {
                return;
            }
        }
    }

    /// A condition of the `SELECT` whose tables begin at `start`.
    fn choose(&mut self, start: usize, names: &[String]) {
        for read in self.found.iter_mut().skip(start) {
            read.every_row = false;
            read.chosen_by.extend_from_slice(names);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Statement, parse};
    use crate::dialect::Dialect;

    fn read(text: &str) -> String {
        let reads = match parse(Dialect::Mysql, text) {
            Statement::Rows(change) => change.reads,
            Statement::CreateTable(create) => create.reads,
            other => panic!("{text}: {other:?}"),
        };
        let each = reads.iter().map(|read| match (read.every_row, read.chosen_by.first()) {
            (true, _) => read.table.to_string(),
            (false, by) => format!("{} by {}", read.table, by.map_or("", |name| name)),
        });
        each.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn every_table_of_a_query_is_read_and_what_it_names_itself_is_none() {
        for (text, tables) in [
            ("INSERT INTO d SELECT * FROM s", "s"),
            ("INSERT INTO d (a, b) SELECT a, b FROM shop.s AS x, u y", "shop.s, u"),
            ("REPLACE INTO d (SELECT * FROM s JOIN u ON u.id = s.id)", "s, u"),
            ("INSERT INTO d SELECT * FROM s LEFT JOIN u USING (id)", "s, u"),
            ("INSERT INTO d SELECT * FROM s WHERE id = 3", "s by id"),
            ("INSERT INTO d SELECT * FROM s WHERE id = 3 UNION SELECT * FROM u", "s by id, u"),
            ("INSERT INTO d SELECT * FROM s ORDER BY id LIMIT 10", "s by "),
            ("INSERT INTO d SELECT * FROM s WHERE id IN (SELECT p FROM u)", "s by id, u"),
            ("INSERT INTO d SELECT a FROM (SELECT * FROM s) x", "s"),
            ("INSERT INTO d SELECT a FROM (s, u)", "s, u"),
            ("INSERT INTO d WITH x AS (SELECT * FROM s) SELECT * FROM x", "s"),
            ("INSERT INTO d VALUES ((SELECT max(a) FROM s), trim(LEADING 'x' FROM 'xa'))", "s"),
            ("INSERT INTO d TABLE s", "s"),
            ("INSERT INTO d SELECT trim('x' FROM a) FROM s FORCE INDEX (i)", "s"),
            ("INSERT INTO d SELECT 1 FROM dual", ""),
            ("INSERT INTO d VALUES (1) ON DUPLICATE KEY UPDATE a = 2", ""),
            ("UPDATE d SET a = (SELECT max(a) FROM s)", "s"),
            ("DELETE FROM d WHERE id IN (SELECT id FROM s WHERE a > 1)", "s by a"),
            ("CREATE TABLE n AS SELECT * FROM s", "s"),
            ("CREATE TABLE n (PRIMARY KEY (id)) ENGINE=InnoDB SELECT * FROM s, u", "s, u"),
            ("CREATE TABLE n (SELECT * FROM s)", "s"),
            ("CREATE TABLE n AS (SELECT * FROM s)", "s"),
            ("CREATE TABLE n AS WITH x AS (SELECT * FROM s) SELECT * FROM x", "s"),
            ("CREATE TABLE n (a int DEFAULT 1)", ""),
        ] {
            assert_eq!(read(text), tables, "{text}");
        }
    }

    #[test]
    fn nothing_is_read_that_stands_deeper_than_anybody_writes() {
        let nested = |depth: usize| {
            let (open, close) = ("(SELECT * FROM a, ".repeat(depth), ") x".repeat(depth));
            read(&format!("INSERT INTO d SELECT * FROM {open}s{close}"))
        };
        assert!(nested(50).ends_with("a, s"), "{}", nested(50));
        assert!(!nested(20_000).contains('s'));
        let open = "(".repeat(50_000);
        assert_eq!(read(&format!("INSERT INTO d {open}SELECT * FROM s")), "");
        assert_eq!(read(&format!("DELETE FROM d WHERE {open}SELECT id FROM s")), "");
        assert_eq!(read(&format!("UPDATE d SET a = {open}SELECT id FROM s")), "");
        assert_eq!(read(&format!("CREATE TABLE n AS {open}SELECT * FROM s")), "");
    }
}
