//! SQLite, as its pragmas tell it, and what only the statements say: the pieces of each `CREATE TABLE` between its
//! commas, without regard to their order, to blanks, to quotes around names and to case.

use super::{TestDatabase, lines};

/// The facts of a database.
pub(super) fn facts(database: &TestDatabase) -> Vec<String> {
    let mut facts = lines(database.query(
        "SELECT 'table', name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' \
         AND substr(name, 1, 7) <> 'sqlite_';
         SELECT 'column', m.name, c.name, lower(c.type), c.\"notnull\", c.dflt_value, c.pk, c.hidden \
         FROM sqlite_schema m, pragma_table_xinfo(m.name) c WHERE m.type IN ('table', 'view') AND substr(m.name, 1, 7) <> 'sqlite_';
         SELECT 'index', m.name, i.name, i.\"unique\", i.origin, i.partial, \
         (SELECT group_concat(coalesce(x.name, '?') || ' ' || x.desc || ' ' || x.coll) FROM \
          (SELECT * FROM pragma_index_xinfo(i.name) WHERE \"key\" ORDER BY seqno) x) \
         FROM sqlite_schema m, pragma_index_list(m.name) i WHERE m.type = 'table' AND i.origin = 'c';
         SELECT 'foreign key', m.name, lower(f.\"table\"), f.\"from\", f.\"to\", f.on_update, f.on_delete, f.match \
         FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
    ));
    let statements = database.query(
        "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND substr(name, 1, 7) <> 'sqlite_'",
    );
    for row in statements {
        let [Some(kind), Some(name), Some(sql)] = row.as_slice() else { continue };
        let sql = &without_comments(sql);
        match (kind.as_str(), pieces(sql)) {
            ("table", Some(pieces)) => {
                facts.extend(pieces.iter().map(|piece| format!("{kind} {name}: {}", plain(piece))));
            }
            _ => facts.push(format!("{kind} {name} {}", plain(sql))),
        }
    }
    facts
}

/// What stands between the outermost commas and parentheses of a `CREATE TABLE`, and what stands behind them.
fn pieces(sql: &str) -> Option<Vec<String>> {
    let open = sql.find('(')?;
    if sql[..open].to_ascii_lowercase().contains("virtual") {
        return None;
    }
    let mut pieces = vec![String::new()];
    let (mut depth, mut quote) = (0_u32, None);
    for character in sql[open..].chars() {
        match (quote, character) {
            (Some(mark), _) if character == mark => quote = None,
            (None, '\'' | '"' | '`') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            _ => {}
        }
        let outermost = quote.is_none() && (depth == 1 && character == ',' || depth == 0 && character == ')');
        match pieces.last_mut() {
            Some(piece) if !outermost => piece.push(character),
            _ => pieces.push(String::new()),
        }
    }
    Some(pieces)
}

/// A text without its comments. No test has the marks of one within a string.
fn without_comments(sql: &str) -> String {
    let mut text = String::new();
    for line in sql.lines() {
        text.push_str(line.split("--").next().unwrap_or_default());
        text.push('\n');
    }
    while let Some((before, after)) = text.split_once("/*") {
        text = format!("{before} {}", after.split_once("*/").map_or("", |(_, after)| after));
    }
    text
}

/// A text without what doesn't count.
fn plain(sql: &str) -> String {
    let mut text = sql.trim().to_ascii_lowercase().replace(['"', '`', '[', ']'], "");
    for (from, to) in
        [("(", " ( "), (")", " ) "), (",", " , "), ("create table if not exists", "create table")]
    {
        text = text.replace(from, to);
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.trim_start_matches("( ").replace("if not exists ", "")
}
