//! Names within the expressions that these servers write. Not a parser of SQL.

use super::quoted;

/// Whether an expression of the server's, which quotes every name, uses this column.
pub(super) fn mentions(expression: &str, column: &str) -> bool {
    expression.contains(&quoted(column))
}

/// The labels of an `enum(…)` or `set(…)`, as literals; none of another type.
pub(crate) fn labels(data_type: &str) -> Vec<String> {
    let inner = data_type.strip_prefix("enum(").or_else(|| data_type.strip_prefix("set("));
    let Some(inner) = inner.and_then(|inner| inner.strip_suffix(')')) else { return Vec::new() };
    let mut labels = Vec::new();
    let mut label = String::new();
    let mut in_string = false;
    for character in inner.chars() {
        if character == '\'' {
            in_string = !in_string;
        }
        if character == ',' && !in_string {
            labels.push(std::mem::take(&mut label));
        } else {
            label.push(character);
        }
    }
    labels.push(label);
    labels
}

/// Whether values of this type are labels.
pub(super) fn has_labels(data_type: &str) -> bool {
    data_type.starts_with("enum(") || data_type.starts_with("set(")
}

/// The labels of one `enum` that another one lacks, as the server compares them when it gives rows their new type: in any
/// case of their letters, unless the collation says otherwise ("The ENUM Type" in MySQL's manual).
pub(crate) fn labels_gone(old: &str, new: &str, collation: Option<&str>) -> Vec<String> {
    if !old.starts_with("enum(") || !new.starts_with("enum(") {
        return Vec::new();
    }
    without(labels(old), &labels(new), collation)
}

/// The labels that are none of `others`.
pub(super) fn without(labels: Vec<String>, others: &[String], collation: Option<&str>) -> Vec<String> {
    let is_exact =
        collation.is_some_and(|name| ["_bin", "_cs", "binary"].iter().any(|end| name.ends_with(end)));
    let same = |one: &str, other: &str| {
        if is_exact { one == other } else { one.to_lowercase() == other.to_lowercase() }
    };
    labels.into_iter().filter(|label| !others.iter().any(|other| same(label, other))).collect()
}

/// Whether values of this type have a character set.
pub(super) fn is_text(data_type: &str) -> bool {
    let word = data_type.split(['(', ' ']).next().unwrap_or_default();
    matches!(word, "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" | "enum" | "set")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_may_hold_commas_and_quotes() {
        assert_eq!(labels("enum('a,b','it''s','c')"), ["'a,b'", "'it''s'", "'c'"]);
        assert!(labels("varchar(3)").is_empty());
    }

    #[test]
    fn a_label_in_another_case_is_the_same_unless_its_collation_says_otherwise() {
        let gone = |collation| labels_gone("enum('A','b')", "enum('a','c')", collation);
        assert_eq!(gone(Some("utf8mb4_0900_ai_ci")), ["'b'"]);
        assert_eq!(gone(None), ["'b'"]);
        for exact in ["utf8mb4_bin", "utf8mb4_0900_as_cs", "binary"] {
            assert_eq!(gone(Some(exact)), ["'A'", "'b'"], "{exact}");
        }
    }
}
