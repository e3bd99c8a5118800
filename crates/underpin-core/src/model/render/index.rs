//! An index: a statement of its own on SQLite and PostgreSQL, a part of the table on MySQL and MariaDB, where
//! a foreign key would otherwise bring one of its own.

use super::{list, qualified, unsupported};
use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
    model::{ModelIndex, ModelKey, ModelPart, ModelTable},
    name::{self, quote, quote_in},
};

/// An index as a statement.
pub(in crate::model) fn create(
    table: &ModelTable,
    index: &ModelIndex,
    flavour: Flavour,
) -> Result<String, Diagnostic> {
    let owner = index.name.clone().unwrap_or_default();
    let dialect = flavour.dialect();
    let mut text = format!(
        "CREATE {}INDEX {} ON {}",
        if index.unique { "UNIQUE " } else { "" },
        quote(dialect, &owner),
        qualified(&table.name, flavour),
    );
    if let Some(method) = method(index) {
        match dialect {
            Dialect::Postgres
                if ["fulltext", "spatial"].iter().any(|word| method.eq_ignore_ascii_case(word)) =>
            {
                return Err(limited(flavour, &owner, &format!("{method} indexes")));
            }
            Dialect::Postgres => text.push_str(&format!(" USING {method}")),
            Dialect::Sqlite | Dialect::Mysql => {
                return Err(limited(flavour, &owner, &format!("{method} indexes")));
            }
        }
    }
    text.push_str(&format!(" ({})", parts(index, flavour, &owner)?));
    if !index.include.is_empty() {
        only_postgres(flavour, &owner, "INCLUDE")?;
        text.push_str(&format!(" INCLUDE ({})", list(&index.include, flavour)));
    }
    if index.nulls_not_distinct {
        only_postgres(flavour, &owner, "NULLS NOT DISTINCT")?;
        text.push_str(" NULLS NOT DISTINCT");
    }
    if let Some(predicate) = &index.predicate {
        text.push_str(&format!(" WHERE {predicate}"));
    }
    Ok(text)
}

/// An index as it stands in CREATE TABLE on MySQL and MariaDB.
pub(in crate::model) fn inline(index: &ModelIndex, flavour: Flavour) -> Result<String, Diagnostic> {
    let owner = index.name.clone().unwrap_or_default();
    if index.predicate.is_some() {
        return Err(limited(flavour, &owner, "partial indexes"));
    }
    if !index.include.is_empty() {
        return Err(limited(flavour, &owner, "INCLUDE"));
    }
    if index.nulls_not_distinct {
        return Err(limited(flavour, &owner, "NULLS NOT DISTINCT"));
    }
    let (kind, using) = match method(index).map(str::to_ascii_lowercase).as_deref() {
        Some("fulltext") => ("FULLTEXT ", ""),
        Some("spatial") => ("SPATIAL ", ""),
        Some("hash") => (unique(index), " USING HASH"),
        None => (unique(index), ""),
        Some(method) => return Err(limited(flavour, &owner, &format!("{method} indexes"))),
    };
    let parts = parts(index, flavour, &owner)?;
    let comment = index.comment.as_ref();
    let comment = comment.map_or_else(String::new, |text| format!(" COMMENT {}", name::mysql_string(text)));
    Ok(format!("{kind}INDEX {}{using} ({parts}){comment}", quote(flavour.dialect(), &owner)))
}

const fn unique(index: &ModelIndex) -> &'static str {
    if index.unique { "UNIQUE " } else { "" }
}

/// How an index is built, if not as every engine builds one anyway.
pub(in crate::model) fn method(index: &ModelIndex) -> Option<&str> {
    index.method.as_deref().filter(|method| !method.eq_ignore_ascii_case("btree"))
}

fn parts(index: &ModelIndex, flavour: Flavour, owner: &str) -> Result<String, Diagnostic> {
    if index.parts.is_empty() {
        return Err(Diagnostic::new(ErrorKind::Model, format!("{owner} is an index over nothing")));
    }
    let parts: Result<Vec<String>, Diagnostic> =
        index.parts.iter().map(|part| self::part(part, flavour, owner)).collect();
    Ok(parts?.join(", "))
}

fn part(part: &ModelPart, flavour: Flavour, owner: &str) -> Result<String, Diagnostic> {
    let mut text = match &part.key {
        ModelKey::Column(column) => quote(flavour.dialect(), column),
        ModelKey::Expression(_) if flavour == Flavour::Mariadb => {
            return Err(limited(flavour, owner, "indexes over expressions"));
        }
        ModelKey::Expression(expression) => format!("({expression})"),
    };
    if let Some(length) = part.length.filter(|_| flavour.dialect() == Dialect::Mysql) {
        text.push_str(&format!("({length})"));
    }
    if let Some(class) = &part.operator_class {
        only_postgres(flavour, owner, "operator classes")?;
        text.push_str(&format!(" {}", class_name(class)));
    }
    if part.descending {
        text.push_str(" DESC");
    }
    match (part.nulls_first, flavour.dialect()) {
        (None, _) => {}
        (Some(_), Dialect::Mysql) => return Err(limited(flavour, owner, "NULLS FIRST and NULLS LAST")),
        // It looks for the rows with such an index, and does not build one.
        (Some(_), Dialect::Sqlite) => {
            return Err(limited(flavour, owner, "NULLS FIRST and NULLS LAST in an index"));
        }
        (Some(first), Dialect::Postgres) => {
            text.push_str(if first { " NULLS FIRST" } else { " NULLS LAST" });
        }
    }
    Ok(text)
}

/// The name of an operator class, which may have its namespace before a dot.
pub(crate) fn class_name(class: &str) -> String {
    match class.split_once('.') {
        Some((schema, name)) => quote_in(Dialect::Postgres, Some(schema), name),
        None => quote(Dialect::Postgres, class),
    }
}

fn only_postgres(flavour: Flavour, owner: &str, what: &str) -> Result<(), Diagnostic> {
    match flavour {
        Flavour::Postgres => Ok(()),
        Flavour::Sqlite | Flavour::Mysql | Flavour::Mariadb => Err(limited(flavour, owner, what)),
    }
}

fn limited(flavour: Flavour, owner: &str, what: &str) -> Diagnostic {
    unsupported(flavour, owner, what)
        .hint("limit it to the engines that have such a thing: index(columns(…), …, only(postgres))")
}
