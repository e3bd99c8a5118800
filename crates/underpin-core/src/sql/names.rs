//! The names that stand in a statement, far too many rather than one too few. Not a resolver: it
//! does not know which of them are objects.

use std::collections::HashSet;

use super::{Code, TokenKind, words::codes};
use crate::dialect::Dialect;

/// Every word and quoted identifier of `statement` as the catalog would hold it, in the order of
/// first appearance, keywords included and strings left out.
///
/// PostgreSQL folds words without quotes to lower case; the others keep them as they are written.
pub fn object_names(dialect: Dialect, statement: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    codes(dialect, statement)
        .filter_map(|code| name(dialect, &code))
        .filter(|name| seen.insert(name.clone()))
        .collect()
}

/// The name that a word or quoted identifier stands for.
pub(crate) fn name(dialect: Dialect, code: &Code<'_>) -> Option<String> {
    match code.kind {
        TokenKind::Word if dialect == Dialect::Postgres => Some(code.text.to_lowercase()),
        TokenKind::Word => Some(code.text.to_owned()),
        TokenKind::QuotedIdentifier => Some(unquote(code.text)),
        _ => None,
    }
}

/// The text inside of quotes of any kind, with doubled quotes as one.
pub(crate) fn unquote(text: &str) -> String {
    let unicode = text.get(..2).is_some_and(|prefix| prefix.eq_ignore_ascii_case("u&"));
    let text = if unicode { &text[2..] } else { text };
    let Some(quote) = text.chars().next() else { return String::new() };
    let content = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
    match quote {
        '[' => content.to_owned(),
        _ if unicode => unescape(&content.replace("\"\"", "\"")),
        _ => content.replace(&format!("{quote}{quote}"), &quote.to_string()),
    }
}

/// The escapes of `U&"…"`, four hexadecimal digits behind a backslash or six behind `\+`, as characters;
/// with an escape character of its own (UESCAPE) the text stays as it is.
fn unescape(content: &str) -> String {
    let mut name = String::with_capacity(content.len());
    let mut rest = content;
    while let Some(at) = rest.find('\\') {
        name.push_str(&rest[..at]);
        let escape = &rest[at + 1..];
        let (start, end) = if escape.starts_with('+') { (1, 7) } else { (0, 4) };
        let character =
            escape.get(start..end).and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
        rest = match character {
            Some(character) => {
                name.push(character);
                &escape[end..]
            }
            None => {
                name.push('\\');
                escape.strip_prefix('\\').unwrap_or(escape)
            }
        };
    }
    name + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_quoted_names_are_found_and_strings_are_not() {
        let cases: &[(Dialect, &str, &[&str])] = &[
            (
                Dialect::Sqlite,
                "DROP TABLE [a b].\"c\"\"d\" -- x\n, `e``f`",
                &["DROP", "TABLE", "a b", "c\"d", "e`f"],
            ),
            (
                Dialect::Postgres,
                "Alter TABLE Foo ADD \"Bar\" text DEFAULT 'x' $$y$$",
                &["alter", "table", "foo", "add", "Bar", "text", "default"],
            ),
            (
                Dialect::Postgres,
                r#"DROP TABLE U&"d\0061t\+000061\\" , "É""#,
                &["drop", "table", "data\\", "É"],
            ),
            (
                Dialect::Mysql,
                "/*!50003 DROP TABLE `a`.2024_b */ \"no\" @no a A a",
                &["DROP", "TABLE", "a", "2024_b", "A"],
            ),
            (Dialect::Mysql, "DROP TABLE 2024_b, $x", &["DROP", "TABLE", "2024_b", "$x"]),
        ];
        for (dialect, statement, names) in cases {
            assert_eq!(&object_names(*dialect, statement), names, "{statement}");
        }
    }
}
