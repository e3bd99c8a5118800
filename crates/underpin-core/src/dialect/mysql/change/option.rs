//! The options of a table: engine, character set, row format and whatever else its creation named.

use std::collections::BTreeSet;

use super::quoted;
use crate::{name::mysql_string, schema::Options};

/// What is no `NAME=VALUE`: written elsewhere.
fn is_special(name: &str) -> bool {
    matches!(name, "system_versioning" | "partitions" | "subpartitions") || name.starts_with("period ")
}

/// The options of a new table, in the order in which people expect them.
pub(super) fn of_new_table(options: &Options, comment: Option<&str>) -> String {
    let mut words: Vec<String> = ["engine", "charset", "collation"]
        .iter()
        .filter_map(|name| Some(assignment(name, options.get(*name)?)))
        .collect();
    for (name, value) in options {
        if !matches!(name.as_str(), "engine" | "charset" | "collation") && !is_special(name) {
            words.push(assignment(name, value));
        }
    }
    if let Some(comment) = comment {
        words.push(format!("COMMENT={}", mysql_string(comment)));
    }
    if options.contains_key("system_versioning") {
        words.push("WITH SYSTEM VERSIONING".to_owned());
    }
    words.join(" ")
}

/// The clauses that make the options of one table into those of another.
pub(super) fn changes(from: &Options, to: &Options) -> Vec<String> {
    let mut clauses = Vec::new();
    let names: BTreeSet<&String> = from.keys().chain(to.keys()).collect();
    for name in names {
        let (old, new) = (from.get(name), to.get(name));
        let is_usual = |value: &String| name == "tablespace" && value == reset(name);
        let is_same = old.filter(|old| !is_usual(old)) == new.filter(|new| !is_usual(new));
        if is_same || is_special(name) || name == "collation" {
            continue;
        }
        match new {
            Some(value) => clauses.push(assignment(name, value)),
            None => clauses.push(format!("{}={}", word(name), reset(name))),
        }
    }
    let collation = |options: &Options| options.get("collation").cloned();
    if let Some(wanted) = collation(to).filter(|wanted| collation(from).as_ref() != Some(wanted)) {
        // The character set alone would bring its own default collation.
        clauses.retain(|clause| !clause.starts_with("DEFAULT CHARACTER SET"));
        let charset = to.get("charset").map(|charset| format!("DEFAULT CHARACTER SET={charset} "));
        clauses.push(format!("{}COLLATE={wanted}", charset.unwrap_or_default()));
    }
    clauses
}

/// The periods of a table (MariaDB) that are only in the first of these, with their columns.
pub(super) fn periods_without<'a>(options: &'a Options, others: &Options) -> Vec<(&'a str, &'a str)> {
    options
        .iter()
        .filter(|(name, columns)| others.get(*name) != Some(columns))
        .filter_map(|(name, columns)| Some((name.strip_prefix("period ")?, columns.as_str())))
        .collect()
}

/// `FOR p (a, b)`. The name of the system's own period is a keyword.
pub(super) fn period(name: &str) -> String {
    if name == "SYSTEM_TIME" { name.to_owned() } else { quoted(name) }
}

/// The catalog has some values in double quotes, which are names where a session says so.
fn assignment(name: &str, value: &str) -> String {
    let text = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    format!("{}={}", word(name), text.map_or_else(|| value.to_owned(), mysql_string))
}

fn word(name: &str) -> String {
    match name {
        "charset" => "DEFAULT CHARACTER SET".to_owned(),
        "collation" => "COLLATE".to_owned(),
        _ => name.to_ascii_uppercase(),
    }
}

/// What takes an option away ("CREATE TABLE Statement", table options, in either manual).
fn reset(name: &str) -> &'static str {
    match name {
        "compression" | "connection" | "engine_attribute" | "secondary_engine_attribute" => "''",
        "encryption" => "'N'",
        "key_block_size" | "max_rows" | "min_rows" | "avg_row_length" | "checksum" | "delay_key_write"
        | "autoextend_size" => "0",
        "secondary_engine" => "NULL",
        "union" => "()",
        "insert_method" => "NO",
        "tablespace" => "`innodb_file_per_table`",
        _ => "DEFAULT",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(pairs: &[(&str, &str)]) -> Options {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_text_is_written_in_single_quotes_and_what_it_holds_stays() {
        assert_eq!(assignment("compression", "\"zlib\""), "COMPRESSION='zlib'");
        let attribute = r#"'{"a": "it''s"}'"#;
        assert_eq!(
            assignment("secondary_engine_attribute", attribute),
            format!("SECONDARY_ENGINE_ATTRIBUTE={attribute}")
        );
    }

    #[test]
    fn a_collation_is_changed_together_with_its_character_set() {
        let from = options(&[("charset", "latin1"), ("collation", "latin1_swedish_ci")]);
        let to = options(&[("charset", "utf8mb4"), ("collation", "utf8mb4_bin"), ("row_format", "COMPACT")]);
        assert_eq!(
            changes(&from, &to),
            ["ROW_FORMAT=COMPACT", "DEFAULT CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin"]
        );
        assert_eq!(changes(&to, &from)[0], "ROW_FORMAT=DEFAULT");
    }
}
