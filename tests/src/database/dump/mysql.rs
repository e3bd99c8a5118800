//! The schema of MySQL and MariaDB, as `SHOW CREATE` tells it.
//! The next value of AUTO_INCREMENT belongs to the data, the database's name to nothing: both are left out.

use super::{OWN, TestDatabase, lines};

/// What there is: a query for kind and name, and the column of `SHOW CREATE` that holds the statement.
const KINDS: [(&str, usize); 3] = [
    (
        "SELECT CASE table_type WHEN 'VIEW' THEN 'VIEW' ELSE 'TABLE' END, table_name \
         FROM information_schema.tables WHERE table_schema = database()",
        1,
    ),
    ("SELECT 'TRIGGER', trigger_name FROM information_schema.triggers WHERE trigger_schema = database()", 2),
    (
        "SELECT routine_type, routine_name FROM information_schema.routines WHERE routine_schema = database()",
        2,
    ),
];

/// The schema of a database.
pub(super) fn schema(database: &TestDatabase) -> String {
    let mut statements = Vec::new();
    for (query, column) in KINDS {
        for row in database.query(query) {
            let [Some(kind), Some(name)] = row.as_slice() else { continue };
            if !name.starts_with(OWN) {
                statements.push(vec![Some(statement(database, kind, name, column))]);
            }
        }
    }
    statements.sort();
    lines(statements)
}

fn statement(database: &TestDatabase, kind: &str, name: &str, column: usize) -> String {
    let rows = database.query(&format!("SHOW CREATE {kind} `{}`", name.replace('`', "``")));
    let shown = rows.into_iter().next().and_then(|row| row.into_iter().nth(column)).flatten();
    without_next_value(&shown.unwrap_or_default()).replace(&format!("`{}`.", database.name()), "")
}

/// A statement without ` AUTO_INCREMENT=12`, the option of the table.
pub(in super::super) fn without_next_value(statement: &str) -> String {
    const OPTION: &str = " AUTO_INCREMENT=";
    match statement.split_once(OPTION) {
        Some((before, behind)) => {
            format!("{before}{}", behind.trim_start_matches(|character: char| character.is_ascii_digit()))
        }
        None => statement.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_value_goes_and_the_column_s_own_word_stays() {
        let shown = "CREATE TABLE `a` (\n  `i` int NOT NULL AUTO_INCREMENT\n) ENGINE=InnoDB AUTO_INCREMENT=12 DEFAULT CHARSET=x";
        assert_eq!(
            without_next_value(shown),
            "CREATE TABLE `a` (\n  `i` int NOT NULL AUTO_INCREMENT\n) ENGINE=InnoDB DEFAULT CHARSET=x"
        );
    }
}
