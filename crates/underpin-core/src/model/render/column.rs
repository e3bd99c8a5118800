//! A column within CREATE TABLE. Its keys are constraints of the table, but for the one that counts on SQLite.

use super::{data_type::data_type, unsupported};
use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
    model::{Counting, ModelColumn, ModelDefault, ModelGenerated, ModelOption, ModelTable, ModelType},
    name::{self, literal, quote},
};

/// A column as it stands in CREATE TABLE.
pub(super) fn definition(
    table: &ModelTable,
    column: &ModelColumn,
    flavour: Flavour,
) -> Result<String, Diagnostic> {
    let owner = format!("{}.{}", table.name, column.name);
    let strict = table.option(flavour, ModelOption::Strict).is_some();
    let Some(model_type) = column.data_type.get(flavour) else {
        let message = format!("{owner} has no type on {}", flavour.title());
        return Err(Diagnostic::new(ErrorKind::Model, message).hint("say one: #[column(type = …)]"));
    };
    let data_type = data_type(model_type, flavour, strict, &owner)?;
    let mut words = vec![quote(flavour.dialect(), &column.name)];
    if is_row_number(table, column, flavour) {
        words.push(row_number(table, column, flavour));
        return Ok(words.join(" "));
    }
    if let Some(text) = Some(data_type).filter(|text| !text.is_empty()) {
        words.push(text);
    }
    words.extend(column.collation.get(flavour).map(|name| collate(name, flavour)));
    match column.generated.get(flavour) {
        Some(generated) => words.extend(computed(generated, column, flavour)),
        None => {
            words.extend(nullability(model_type, column, flavour));
            words.extend(counting(table, column, flavour)?);
            let default = column.default.get(flavour);
            words.extend(default.map(|default| self::default(default, model_type, flavour)));
            words.extend(on_update(column, flavour, &owner)?);
        }
    }
    words.extend(invisibility(column, flavour, &owner)?);
    if let Some(comment) = column.comment.as_ref().filter(|_| flavour.dialect() == Dialect::Mysql) {
        words.push(format!("COMMENT {}", name::mysql_string(comment)));
    }
    Ok(words.join(" "))
}

/// Whether this column is the number of the row itself: on SQLite, the only key that counts.
pub(crate) fn is_row_number(table: &ModelTable, column: &ModelColumn, flavour: Flavour) -> bool {
    flavour == Flavour::Sqlite
        && table.primary_key.columns == [column.name.as_str()]
        && table.option(flavour, ModelOption::WithoutRowid).is_none()
        && match column.data_type.get(flavour) {
            Some(ModelType::Integer { .. }) => true,
            Some(ModelType::Raw(text)) => text.eq_ignore_ascii_case("INTEGER"),
            _ => false,
        }
}

fn row_number(table: &ModelTable, column: &ModelColumn, flavour: Flavour) -> String {
    let name = table.primary_key.name.as_ref();
    let name =
        name.map_or_else(String::new, |name| format!(" CONSTRAINT {}", quote(flavour.dialect(), name)));
    let never_again = column.counting == Some(Counting::NeverAgain);
    format!("INTEGER{name} PRIMARY KEY{}", if never_again { " AUTOINCREMENT" } else { "" })
}

fn collate(name: &str, flavour: Flavour) -> String {
    match flavour.dialect() {
        // A collation is an object with a name there; words elsewhere.
        Dialect::Postgres => format!("COLLATE {}", quote(Dialect::Postgres, name)),
        Dialect::Sqlite | Dialect::Mysql => format!("COLLATE {name}"),
    }
}

fn computed(generated: &ModelGenerated, column: &ModelColumn, flavour: Flavour) -> Vec<String> {
    let kind = if generated.stored { "STORED" } else { "VIRTUAL" };
    let as_text = format!("GENERATED ALWAYS AS ({}) {kind}", generated.expression);
    // MariaDB's grammar has no NOT NULL behind an expression ("Generated Columns" in its manual).
    let not_null = (!column.nullable && flavour != Flavour::Mariadb).then(|| "NOT NULL".to_owned());
    [Some(as_text), not_null].into_iter().flatten().collect()
}

fn nullability(model_type: &ModelType, column: &ModelColumn, flavour: Flavour) -> Option<String> {
    match column.nullable {
        false => Some("NOT NULL".to_owned()),
        // Where `explicit_defaults_for_timestamp` is off, a timestamp is never null unless that is said.
        true if flavour.dialect() == Dialect::Mysql && is_timestamp(model_type) => Some("NULL".to_owned()),
        true => None,
    }
}

fn is_timestamp(model_type: &ModelType) -> bool {
    match model_type {
        ModelType::Instant(_) => true,
        ModelType::Raw(text) => text.to_ascii_uppercase().starts_with("TIMESTAMP"),
        _ => false,
    }
}

pub(in crate::model) fn counting(
    table: &ModelTable,
    column: &ModelColumn,
    flavour: Flavour,
) -> Result<Option<String>, Diagnostic> {
    let Some(counting) = column.counting else { return Ok(None) };
    match (flavour.dialect(), counting) {
        (Dialect::Postgres, Counting::Always) => Ok(Some("GENERATED ALWAYS AS IDENTITY".to_owned())),
        (Dialect::Postgres, Counting::ByDefault | Counting::NeverAgain) => {
            Ok(Some("GENERATED BY DEFAULT AS IDENTITY".to_owned()))
        }
        (Dialect::Mysql, _) => Ok(Some("AUTO_INCREMENT".to_owned())),
        (Dialect::Sqlite, _) => {
            let message =
                format!("{}.{}: SQLite counts only in a primary key of one integer", table.name, column.name);
            Err(Diagnostic::new(ErrorKind::Unsupported, message))
        }
    }
}

pub(in crate::model) fn default(default: &ModelDefault, model_type: &ModelType, flavour: Flavour) -> String {
    let expression = match default {
        ModelDefault::Now => now(model_type, flavour),
        ModelDefault::Boolean(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        ModelDefault::Number(number) => number.clone(),
        ModelDefault::Text(text) if flavour.dialect() == Dialect::Mysql => name::mysql_string(text),
        ModelDefault::Text(text) => literal(flavour.dialect(), text),
        ModelDefault::Sql(text) => text.clone(),
    };
    let needs_parentheses = match flavour.dialect() {
        Dialect::Postgres => false,
        Dialect::Sqlite => !is_simple(&expression) && !is_day_or_time(&expression),
        Dialect::Mysql => !is_simple(&expression) || !takes_literal(model_type) && !is_null(&expression),
    };
    match needs_parentheses && !is_parenthesised(&expression) {
        true => format!("DEFAULT ({expression})"),
        false => format!("DEFAULT {expression}"),
    }
}

fn now(model_type: &ModelType, flavour: Flavour) -> String {
    let dialect = flavour.dialect();
    match model_type {
        ModelType::Date => "CURRENT_DATE".to_owned(),
        ModelType::Time(_) => "CURRENT_TIME".to_owned(),
        ModelType::Timestamp(digits) | ModelType::Instant(digits) if dialect == Dialect::Mysql => {
            match digits.unwrap_or(6) {
                0 => "CURRENT_TIMESTAMP".to_owned(),
                digits => format!("CURRENT_TIMESTAMP({digits})"),
            }
        }
        // The same digits as the type has are demanded: `DATETIME(3)`.
        ModelType::Raw(text) if dialect == Dialect::Mysql => {
            let digits = text.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
            digits.map_or_else(
                || "CURRENT_TIMESTAMP".to_owned(),
                |(digits, _)| format!("CURRENT_TIMESTAMP({digits})"),
            )
        }
        _ => "CURRENT_TIMESTAMP".to_owned(),
    }
}

/// Whether MySQL takes a literal as a default of this type rather than an expression alone
/// ("Data Type Default Values" in its manual).
fn takes_literal(model_type: &ModelType) -> bool {
    match model_type {
        ModelType::Text | ModelType::Bytes | ModelType::Json => false,
        ModelType::Raw(text) => {
            let text = text.to_ascii_uppercase();
            !["TEXT", "BLOB", "JSON", "GEOMETRY", "POINT", "POLYGON", "LINESTRING"]
                .iter()
                .any(|name| text.contains(name))
        }
        _ => true,
    }
}

fn is_null(expression: &str) -> bool {
    expression.trim().eq_ignore_ascii_case("NULL")
}

/// Whether SQLite and MySQL take this as a default without parentheses: a literal, or the current time.
fn is_simple(expression: &str) -> bool {
    let text = expression.trim();
    let upper = text.to_ascii_uppercase();
    let is_moment = upper.strip_prefix("CURRENT_TIMESTAMP").is_some_and(|digits| {
        let digits = digits.strip_prefix('(').and_then(|digits| digits.strip_suffix(')')).unwrap_or(digits);
        digits.chars().all(|digit| digit.is_ascii_digit())
    });
    // Rust reads "inf" and "nan" as numbers.
    let is_number = text.parse::<f64>().is_ok() && text.contains(|digit: char| digit.is_ascii_digit());
    matches!(&*upper, "NULL" | "TRUE" | "FALSE") || is_moment || is_number || is_string(text)
}

/// The words that SQLite takes as they are, and MySQL as an expression only.
fn is_day_or_time(expression: &str) -> bool {
    matches!(&*expression.trim().to_ascii_uppercase(), "CURRENT_DATE" | "CURRENT_TIME")
}

/// Whether a text is one literal of text, or one of bytes (`X'00'`).
fn is_string(text: &str) -> bool {
    let text = text.strip_prefix(['x', 'X', 'b', 'B']).unwrap_or(text);
    let Some(inside) = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) else { return false };
    !inside.replace("''", "").contains('\'')
}

/// Whether the parenthesis at the beginning ends at the end.
pub(in crate::model) fn is_parenthesised(text: &str) -> bool {
    let text = text.trim();
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at > 0 && at + character.len_utf8() == text.len();
        }
    }
    false
}

pub(in crate::model) fn on_update(
    column: &ModelColumn,
    flavour: Flavour,
    owner: &str,
) -> Result<Option<String>, Diagnostic> {
    match (column.on_update.get(flavour), flavour.dialect()) {
        (None, _) => Ok(None),
        (Some(expression), Dialect::Mysql) => Ok(Some(format!("ON UPDATE {expression}"))),
        (Some(_), Dialect::Sqlite | Dialect::Postgres) => {
            Err(unsupported(flavour, owner, "ON UPDATE of a column")
                .hint("say it for MySQL and MariaDB alone: mysql(on_update = \"…\")"))
        }
    }
}

pub(in crate::model) fn invisibility(
    column: &ModelColumn,
    flavour: Flavour,
    owner: &str,
) -> Result<Option<String>, Diagnostic> {
    match (column.invisible, flavour.dialect()) {
        (false, _) => Ok(None),
        (true, Dialect::Mysql) => Ok(Some("INVISIBLE".to_owned())),
        (true, Dialect::Sqlite | Dialect::Postgres) => Err(unsupported(flavour, owner, "invisible columns")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_an_expression_gets_its_parentheses_where_the_engine_demands_them() {
        let sql = |text: &str| ModelDefault::Sql(text.to_owned());
        let text = ModelType::Varchar(9);
        assert_eq!(default(&sql("'it''s'"), &text, Flavour::Sqlite), "DEFAULT 'it''s'");
        assert_eq!(default(&sql("lower('A')"), &text, Flavour::Sqlite), "DEFAULT (lower('A'))");
        assert_eq!(default(&sql("(1) + (2)"), &text, Flavour::Mysql), "DEFAULT ((1) + (2))");
        assert_eq!(default(&sql("(1 + 2)"), &text, Flavour::Mysql), "DEFAULT (1 + 2)");
        assert_eq!(default(&sql("'{}'"), &ModelType::Json, Flavour::Mysql), "DEFAULT ('{}')");
        assert_eq!(default(&sql("now()"), &text, Flavour::Postgres), "DEFAULT now()");
        assert_eq!(default(&sql("-1.5e3"), &text, Flavour::Mysql), "DEFAULT -1.5e3");
    }

    #[test]
    fn now_has_as_many_digits_as_its_column() {
        let now = |data_type: ModelType, flavour| default(&ModelDefault::Now, &data_type, flavour);
        assert_eq!(now(ModelType::Instant(None), Flavour::Mysql), "DEFAULT CURRENT_TIMESTAMP(6)");
        assert_eq!(now(ModelType::Timestamp(Some(0)), Flavour::Mariadb), "DEFAULT CURRENT_TIMESTAMP");
        assert_eq!(now(ModelType::Date, Flavour::Mysql), "DEFAULT (CURRENT_DATE)");
        assert_eq!(now(ModelType::Date, Flavour::Postgres), "DEFAULT CURRENT_DATE");
        assert_eq!(
            now(ModelType::Raw("DATETIME(3)".to_owned()), Flavour::Mysql),
            "DEFAULT CURRENT_TIMESTAMP(3)"
        );
    }
}
