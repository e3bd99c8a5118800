//! The columns of tables.

use underpin_core::{
    name::mysql_string,
    schema::{Column, Generated, Options},
};

use super::{
    catalog::Catalog,
    table::{Draft, Drafts, charset},
    text,
};
use crate::database::{DatabaseError, Row};

/// Reads the columns of all tables.
pub(super) async fn read(catalog: &mut Catalog<'_>, drafts: &mut Drafts) -> Result<(), DatabaseError> {
    let srid = if catalog.is_mariadb() { "NULL" } else { "SRS_ID" };
    let mut rows = catalog
        .fetch(&format!(
            "SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA, \
             GENERATION_EXPRESSION, COLLATION_NAME, COLUMN_COMMENT, {srid}, ORDINAL_POSITION \
             FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = {{database}}"
        ))
        .await?;
    rows.sort_by_cached_key(|row| row.integer(10));
    for row in &rows {
        if let Some(draft) = drafts.get_mut(row.text(0)) {
            let column = column(catalog, draft, row);
            draft.table.columns.push(column);
        }
    }
    Ok(())
}

fn column(catalog: &Catalog<'_>, draft: &Draft, row: &Row) -> Column {
    let extra = row.text(5);
    let upper = extra.to_ascii_uppercase();
    let flag = |word: &str| upper.contains(word);
    let collation = row.optional(7).filter(|collation| *collation != draft.collation);
    let mut options = Options::new();
    if let Some(srid) = row.optional(9) {
        options.insert("srid".to_owned(), srid.to_owned());
    }
    if flag("WITHOUT SYSTEM VERSIONING") {
        options.insert("without_system_versioning".to_owned(), String::new());
    }
    let generated = generated(catalog, row);
    Column {
        name: row.text(1).to_owned(),
        data_type: data_type(row.text(2)),
        nullable: row.text(3) == "YES",
        default: if generated.is_some() { None } else { default(catalog, row) },
        generated,
        auto_increment: flag("AUTO_INCREMENT"),
        charset: collation.map(|collation| charset(collation).to_owned()),
        collation: collation.map(str::to_owned),
        on_update: on_update(extra),
        invisible: flag("INVISIBLE"),
        comment: Some(row.text(8)).filter(|comment| !comment.is_empty()).map(str::to_owned),
        options,
        ..Column::default()
    }
}

/// The type, with what MariaDB hides in a comment from other servers (`COMPRESSED`).
fn data_type(text: &str) -> String {
    let Some((before, after)) = text.split_once(" /*M!") else { return text.to_owned() };
    let word = after.trim_end_matches("*/").trim_start_matches(|character: char| character.is_ascii_digit());
    format!("{before} {}", word.trim())
}

/// What the column is computed from. MySQL puts parentheses around it, MariaDB does not.
fn generated(catalog: &Catalog<'_>, row: &Row) -> Option<Generated> {
    let expression = row.text(6);
    if expression.is_empty() {
        return None;
    }
    let stored = row.text(5).to_ascii_uppercase().contains("STORED");
    let expression = if catalog.is_mariadb() { expression.to_owned() } else { text::unescaped(expression) };
    Some(Generated { expression: catalog.local(&expression), stored })
}

/// The default as an expression: MariaDB writes one, MySQL writes the bare value of a literal, and
/// says of everything else that it is generated (`EXTRA`).
fn default(catalog: &Catalog<'_>, row: &Row) -> Option<String> {
    let value = row.optional(4)?;
    if catalog.is_mariadb() {
        return (value != "NULL").then(|| catalog.local(value));
    }
    if !row.text(5).contains("DEFAULT_GENERATED") {
        return Some(literal(row.text(2), value));
    }
    let upper = value.to_ascii_uppercase();
    let is_now = upper == "CURRENT_TIMESTAMP" || upper.starts_with("CURRENT_TIMESTAMP(");
    Some(if is_now { value.to_owned() } else { format!("({})", text::unescaped(value)) })
}

fn literal(data_type: &str, value: &str) -> String {
    let data_type = data_type.to_ascii_lowercase();
    let is_bits = data_type.starts_with("bit") && value.starts_with("b'");
    let is_bytes = data_type.contains("binary") && value.starts_with("0x");
    match is_bits || is_bytes {
        // No byte at all has no hexadecimal form.
        true if value == "0x" => "''".to_owned(),
        true => value.to_owned(),
        false => mysql_string(value),
    }
}

/// What stands behind `on update`, without what may follow.
fn on_update(extra: &str) -> Option<String> {
    let start = extra.to_ascii_lowercase().find("on update ")? + "on update ".len();
    let rest = &extra[start..];
    Some(rest[..rest.find([' ', ',']).unwrap_or(rest.len())].to_owned())
}
