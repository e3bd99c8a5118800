//! MySQL and MariaDB, as `SHOW CREATE` tells them. The next value of AUTO_INCREMENT belongs to the data, the
//! database's name to nothing, the order of keys to chance: all are left out. The order of columns stays.

use super::super::dump::mysql::without_next_value;
use super::TestDatabase;

/// What there is: a query for kind and name, and the column of `SHOW CREATE` that holds the statement.
const KINDS: [(&str, usize); 3] = [
    (
        "SELECT CASE table_type WHEN 'VIEW' THEN 'VIEW' WHEN 'SEQUENCE' THEN 'SEQUENCE' ELSE 'TABLE' END, table_name \
         FROM information_schema.tables WHERE table_schema = database()",
        1,
    ),
    (
        "SELECT routine_type, routine_name FROM information_schema.routines WHERE routine_schema = database() \
         AND routine_type IN ('FUNCTION', 'PROCEDURE')",
        2,
    ),
    ("SELECT 'EVENT', event_name FROM information_schema.events WHERE event_schema = database()", 3),
];

/// The facts of a database.
pub(super) fn facts(database: &TestDatabase) -> Vec<String> {
    let mut facts = super::lines(database.query(
        "SELECT 'database', default_character_set_name, default_collation_name FROM information_schema.schemata \
         WHERE schema_name = database()",
    ));
    // MariaDB shows a trigger in the words of whoever made it.
    facts.extend(super::lines(database.query(
        "SELECT 'trigger', trigger_name, event_object_table, action_timing, event_manipulation, action_order, \
         trim(TRAILING ';' FROM action_statement), sql_mode, definer FROM information_schema.triggers WHERE trigger_schema = database()",
    )));
    for (query, column) in KINDS {
        for row in database.query(query) {
            let [Some(kind), Some(name)] = row.as_slice() else { continue };
            let text = statement(database, kind, name, column);
            match kind.as_str() {
                "TABLE" => facts.extend(of_table(name, &text)),
                _ => facts.push(format!("{kind} {name} {text}")),
            }
        }
    }
    facts
}

fn statement(database: &TestDatabase, kind: &str, name: &str, column: usize) -> String {
    let rows = database.query(&format!("SHOW CREATE {kind} `{}`", name.replace('`', "``")));
    let shown = rows.into_iter().next().and_then(|row| row.into_iter().nth(column)).flatten();
    // `USING BTREE` is shown where somebody wrote it, and is the only kind there is; bodies that came with
    // others in one request keep the semicolon behind them.
    let text = without_next_value(&shown.unwrap_or_default())
        .replace(&format!("`{}`.", database.name()), "")
        .replace(" USING BTREE", "");
    text.trim_end_matches(';').to_owned()
}

/// The columns in their order are one fact, every key and constraint another.
fn of_table(name: &str, text: &str) -> Vec<String> {
    let mut facts = Vec::new();
    let mut columns = String::new();
    let mut inside = true;
    let mut last = String::new();
    for line in text.lines() {
        if line.starts_with(')') {
            inside = false;
        }
        match (inside, line.trim_start().starts_with('`')) {
            (true, true) => columns.push_str(line.trim().trim_end_matches(',')),
            (true, false) => facts.push(format!("TABLE {name}: {}", line.trim().trim_end_matches(','))),
            (false, _) => last.push_str(line),
        }
        columns.push(' ');
    }
    facts.push(format!("TABLE {name} columns: {}", columns.split_whitespace().collect::<Vec<_>>().join(" ")));
    facts.push(format!("TABLE {name} {last}"));
    facts
}
