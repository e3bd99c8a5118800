use crate::{
    dialect::Flavour::{Mariadb, Mysql},
    statement::{Action, ActionKind, DataType, ObjectName},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, MYSQL, Rule, required_column,
};

pub(super) static RULE: Rule = Rule {
    id: "implicit-update",
    summary: "a column that is filled with a value that nobody chose",
    flavours: MYSQL,
    why: "MySQL and MariaDB let a column be added that is NOT NULL and has no default: every row gets `0`, \
          an empty text, the first value of the ENUM. (MariaDB writes `0000-00-00` for a date; MySQL \
          refuses that in its strict mode.) Nobody sees later which values were meant. Say the default.",
    examples: &[
        Example::bad(Mysql, "ALTER TABLE orders ADD COLUMN total int NOT NULL"),
        Example::bad(Mysql, "ALTER TABLE orders ADD COLUMN state enum('new', 'paid') NOT NULL"),
        Example::bad(Mysql, "ALTER TABLE orders ADD note text NOT NULL"),
        Example::bad(Mariadb, "ALTER TABLE orders ADD COLUMN due date NOT NULL"),
        Example::good(Mysql, "ALTER TABLE orders ADD COLUMN due date NOT NULL"),
        Example::good(Mysql, "ALTER TABLE orders ADD COLUMN total int NOT NULL DEFAULT 0"),
        Example::good(Mysql, "ALTER TABLE orders ADD COLUMN total int NULL"),
        Example::good(Mysql, "CREATE TABLE orders (id int); ALTER TABLE orders ADD total int NOT NULL"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let found = |(table, action): (&ObjectName, &Action)| {
        let ActionKind::AddColumn { column, .. } = &action.kind else { return None };
        if !column.not_null() || required_column::has_value(context, column) {
            return None;
        }
        let value = filled(context, column.data_type.as_ref()?)?;
        let message = format!("every row of {table} gets {value} for {}, and nobody chose that", column.name);
        let text = context.text.get(action.start..action.end).unwrap_or_default();
        let help = format!("ALTER TABLE {} {text} DEFAULT …", context.quoted(table));
        Some(Found::new(Severity::Warning, message, help).at(action))
    };
    context.actions_in_use().filter_map(found).collect()
}

/// What rows get; nothing where the server refuses (measured on MySQL 9.7 and MariaDB 10.11, in the
/// strict mode that both have by default).
fn filled(context: &Context<'_>, data_type: &DataType) -> Option<String> {
    let mariadb = context.flavour == Mariadb;
    Some(match data_type.name.as_str() {
        "date" | "datetime" if !mariadb => return None,
        "timestamp" if !mariadb => "'0000-00-00 00:00:00'".to_owned(),
        "date" | "datetime" | "timestamp" => "'0000-00-00'".to_owned(),
        "geometry" | "point" | "linestring" | "polygon" | "multipoint" | "multipolygon" if !mariadb => {
            return None;
        }
        "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" | "binary" | "varbinary"
        | "tinyblob" | "blob" | "mediumblob" | "longblob" => "''".to_owned(),
        "json" => if mariadb { "''" } else { "'null'" }.to_owned(),
        "enum" => format!("'{}'", data_type.arguments.first().map(String::as_str).unwrap_or_default()),
        "set" => "''".to_owned(),
        _ => "0".to_owned(),
    })
}
