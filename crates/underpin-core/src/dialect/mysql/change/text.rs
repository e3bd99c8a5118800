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
}
