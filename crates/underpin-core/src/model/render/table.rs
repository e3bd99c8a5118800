//! CREATE TABLE. What stands between its parentheses is written by `column`, `constraint` and `index`.

use super::{
    column::{self, is_row_number},
    constraint, index,
    order::Order,
    qualified,
};
use crate::{
    diagnostic::Diagnostic,
    dialect::{Dialect, Flavour},
    model::{ModelOption, ModelTable},
    name::{self, quote},
};

/// The statement that creates a table, without those of its foreign keys that have to wait.
pub(super) fn create(table: &ModelTable, order: &Order<'_>, flavour: Flavour) -> Result<String, Diagnostic> {
    let mut lines = Vec::new();
    for column in &table.columns {
        lines.push(column::definition(table, column, flavour)?);
    }
    let numbered = table.columns.iter().any(|column| is_row_number(table, column, flavour));
    if !table.primary_key.columns.is_empty() && !numbered {
        lines.push(constraint::primary_key(table, flavour));
    }
    for unique in &table.uniques {
        lines.push(constraint::unique(table, unique, flavour)?);
    }
    for key in table.foreign_keys.iter().filter(|key| !order.defers(key)) {
        lines.push(constraint::foreign_key(key, flavour)?);
    }
    lines.extend(table.checks.iter().filter_map(|check| constraint::check(check, flavour)));
    if flavour.dialect() == Dialect::Mysql {
        for index in &table.indexes {
            lines.push(index::inline(index, flavour)?);
        }
    }
    let unlogged = table.option(flavour, ModelOption::Unlogged).map_or("", |_| "UNLOGGED ");
    Ok(format!(
        "CREATE {unlogged}TABLE {} (\n    {}\n){}",
        qualified(&table.name, flavour),
        lines.join(",\n    "),
        options(table, flavour)
    ))
}

/// What stands behind the parentheses.
fn options(table: &ModelTable, flavour: Flavour) -> String {
    let option = |option| table.option(flavour, option);
    match flavour.dialect() {
        Dialect::Sqlite => {
            let words = [(ModelOption::Strict, "STRICT"), (ModelOption::WithoutRowid, "WITHOUT ROWID")];
            let words: Vec<&str> =
                words.into_iter().filter_map(|(name, word)| option(name).map(|_| word)).collect();
            if words.is_empty() { String::new() } else { format!(" {}", words.join(", ")) }
        }
        Dialect::Postgres => {
            let quoted = |name: &str| quote(Dialect::Postgres, name);
            let partition = option(ModelOption::PartitionBy).map(|by| format!(" PARTITION BY {by}"));
            let fill = option(ModelOption::Fillfactor).map(|fill| format!(" WITH (fillfactor = {fill})"));
            let space = option(ModelOption::Tablespace).map(|name| format!(" TABLESPACE {}", quoted(name)));
            [partition, fill, space].into_iter().flatten().collect()
        }
        Dialect::Mysql => {
            let words = [
                (ModelOption::Engine, "ENGINE"),
                (ModelOption::AutoIncrement, "AUTO_INCREMENT"),
                (ModelOption::Charset, "CHARACTER SET"),
                (ModelOption::Collation, "COLLATE"),
                (ModelOption::RowFormat, "ROW_FORMAT"),
            ];
            let words = words.into_iter();
            let said = words.filter_map(|(name, word)| Some(format!(" {word} = {}", option(name)?)));
            let comment = table.comment.as_ref();
            let comment = comment.map(|text| format!(" COMMENT = {}", name::mysql_string(text)));
            let partition = option(ModelOption::PartitionBy).map(|by| format!(" PARTITION BY {by}"));
            said.chain(comment).chain(partition).collect()
        }
    }
}
