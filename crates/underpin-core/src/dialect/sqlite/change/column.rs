//! Columns: written out, and whether `ALTER TABLE ADD COLUMN` takes them.

use super::{constraint::on_conflict, quote};
use crate::{
    dialect::{
        Dialect,
        sqlite::create::{CreateColumn, Reader},
    },
    schema::{Column, Constraint, ConstraintKind, Key, Table},
    sql::{TokenKind, object_names},
};

/// Whether rows can be given this column as they are (sqlite.org, "ALTER TABLE ADD COLUMN").
///
/// A column that is never null and has no default can be added while there are no rows; if there are,
/// SQLite says so and nothing is changed, because nobody but a person knows their values.
pub(super) fn can_be_added<'a>(made: &CreateColumn, later: impl IntoIterator<Item = &'a str>) -> bool {
    let plain = made.constraints.iter().all(|constraint| match constraint.kind {
        ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) => true,
        ConstraintKind::PrimaryKey { .. }
        | ConstraintKind::Unique { .. }
        | ConstraintKind::Exclusion
        | ConstraintKind::NotNull { .. } => false,
    });
    let stored = made.column.generated.as_ref().is_some_and(|generated| generated.stored);
    let names_later = names_any(&made.definition, later);
    plain && !stored && !names_later && made.column.default.as_deref().is_none_or(is_constant)
}

/// Whether any of these names stands in a text.
pub(super) fn names_any<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> bool {
    let words = object_names(Dialect::Sqlite, text);
    names.into_iter().any(|name| words.iter().any(|word| word.eq_ignore_ascii_case(name)))
}

/// Whether a default is the same for every row, without being computed.
pub(super) fn is_constant(default: &str) -> bool {
    let mut reader = Reader::new(default);
    if !reader.eat_operator("-") {
        reader.eat_operator("+");
    }
    let [code] = reader.rest() else { return false };
    let constant = matches!(
        code.kind,
        TokenKind::Number | TokenKind::String | TokenKind::QuotedIdentifier | TokenKind::Word
    );
    constant && !code.is_one_of(&["CURRENT_TIME", "CURRENT_DATE", "CURRENT_TIMESTAMP"])
}

/// A default as an expression that can stand anywhere. A bare name is the text of it, to a default
/// alone.
pub(super) fn default_expression(default: &str) -> String {
    match Reader::new(default).rest() {
        [code] if code.kind == TokenKind::QuotedIdentifier => super::literal(&crate::sql::unquote(code.text)),
        [code]
            if code.kind == TokenKind::Word
                && !code.is_one_of(&[
                    "NULL",
                    "TRUE",
                    "FALSE",
                    "CURRENT_TIME",
                    "CURRENT_DATE",
                    "CURRENT_TIMESTAMP",
                ]) =>
        {
            super::literal(code.text)
        }
        [_] => default.to_owned(),
        _ => format!("({default})"),
    }
}

/// Whether this is the key of the column that counts up, which only stands beside it.
pub(super) fn is_counted_key(table: &Table, constraint: &Constraint) -> bool {
    let ConstraintKind::PrimaryKey { parts } = &constraint.kind else { return false };
    let [part] = &parts[..] else { return false };
    let Key::Column(name) = &part.key else { return false };
    table.column(name).is_some_and(|column| column.auto_increment)
        || constraint.options.contains_key("rowid_alias")
}

/// A column written out; `key` where it is this column's.
pub(super) fn definition(column: &Column, key: Option<&Constraint>) -> String {
    let mut text = quote(&column.name);
    let mut add = |words: &str| {
        text.push(' ');
        text.push_str(words);
    };
    if !column.data_type.is_empty() {
        add(&column.data_type);
    }
    if let Some((constraint, descending)) = key.and_then(|key| Some((key, of_column(key, column)?))) {
        if let Some(name) = &constraint.name {
            add(&format!("CONSTRAINT {}", quote(name)));
        }
        add(if descending { "PRIMARY KEY DESC" } else { "PRIMARY KEY" });
        add_clause(&mut add, on_conflict(&constraint.options, "on_conflict"));
        if column.auto_increment {
            add("AUTOINCREMENT");
        }
    }
    if !column.nullable {
        if let Some(name) = column.options.get("not_null_name") {
            add(&format!("CONSTRAINT {}", quote(name)));
        }
        add("NOT NULL");
        add_clause(&mut add, on_conflict(&column.options, "not_null_on_conflict"));
    }
    if let Some(default) = &column.default {
        add(&format!("DEFAULT {}", default_expression(default)));
    }
    if let Some(collation) = &column.collation {
        add(&format!("COLLATE {}", quote(collation)));
    }
    if let Some(generated) = &column.generated {
        let kept = if generated.stored { "STORED" } else { "VIRTUAL" };
        add(&format!("GENERATED ALWAYS AS ({}) {kept}", generated.expression));
    }
    text
}

fn add_clause(add: &mut impl FnMut(&str), clause: Option<String>) {
    if let Some(clause) = clause {
        add(&clause);
    }
}

/// Whether a key over this column alone is descending; `None` if it is another's.
fn of_column(key: &Constraint, column: &Column) -> Option<bool> {
    match &key.kind {
        ConstraintKind::PrimaryKey { parts } => match &parts[..] {
            [part] if part.key == Key::Column(column.name.clone()) => Some(part.descending),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_is_constant_or_is_not() {
        for constant in ["1", "-1.5", "'x'", "x'00'", "NULL", "true", "\"x\"", "draft"] {
            assert!(is_constant(constant), "{constant}");
        }
        for computed in ["CURRENT_TIMESTAMP", "1 + 1", "datetime('now')", ""] {
            assert!(!is_constant(computed), "{computed}");
        }
    }

    #[test]
    fn a_default_without_quotes_is_a_text() {
        assert_eq!(default_expression("draft"), "'draft'");
        assert_eq!(default_expression("\"draft\""), "'draft'");
        assert_eq!(default_expression("TRUE"), "TRUE");
        assert_eq!(default_expression("-1"), "(-1)");
    }
}
