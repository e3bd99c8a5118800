//! An expression of a statement: its text, and the names and calls in it. Not its value.

use crate::{
    dialect::Dialect,
    sql::{Code, TokenKind, catalog_name},
};

/// An expression.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expression {
    /// As it stands in the statement.
    pub text: String,
    /// The functions that it calls, in lower case; with their schema on PostgreSQL, if it is another one than
    /// the server's own.
    pub calls: Vec<String>,
    /// Words and quoted names that are no calls, as the catalog would hold them: columns, and keywords.
    pub names: Vec<String>,
    /// Whether it is a single literal, a signed number or a keyword such as `NULL` or `TRUE`, with
    /// a cast behind it at most.
    pub constant: bool,
    /// Whether a text or a number stands in it.
    pub literals: bool,
}

impl Expression {
    pub(super) fn new(dialect: Dialect, source: &str, codes: &[Code<'_>]) -> Self {
        let (Some(first), Some(last)) = (codes.first(), codes.last()) else { return Self::default() };
        let text = source.get(first.start..last.start + last.text.len()).unwrap_or_default().to_owned();
        let literals = codes.iter().any(|code| matches!(code.kind, TokenKind::String | TokenKind::Number));
        let mut expression = Self { text, constant: constant(codes), literals, ..Self::default() };
        for (index, code) in codes.iter().enumerate() {
            let Some(name) = catalog_name(dialect, code) else { continue };
            if codes.get(index + 1).is_some_and(|next| next.is_operator("(")) {
                let schema = index.checked_sub(2).filter(|_| codes[index - 1].is_operator("."));
                let schema = schema.and_then(|schema| catalog_name(dialect, &codes[schema]));
                let own = schema.filter(|schema| dialect == Dialect::Postgres && schema != "pg_catalog");
                expression.calls.push(match own {
                    Some(schema) => format!("{schema}.{}", name.to_lowercase()),
                    None => name.to_lowercase(),
                });
            } else if !codes.get(index + 1).is_some_and(|next| next.is_operator(".")) {
                expression.names.push(name);
            }
        }
        expression
    }

    /// Reads the expression that `text` is, as a catalog writes it.
    pub fn parse(dialect: Dialect, text: &str) -> Self {
        let codes: Vec<Code<'_>> = crate::sql::codes(dialect, text).collect();
        Self::new(dialect, text, &codes)
    }

    /// Takes note that the column `from` is called `to` from now on.
    pub(crate) fn rename(&mut self, dialect: Dialect, from: &str, to: &str) {
        let mut text = String::with_capacity(self.text.len());
        let mut end = 0;
        for code in crate::sql::codes(dialect, &self.text) {
            if catalog_name(dialect, &code).is_some_and(|name| name.eq_ignore_ascii_case(from)) {
                text.push_str(&self.text[end..code.start]);
                text.push_str(&crate::name::quote(dialect, to));
                end = code.start + code.text.len();
            }
        }
        text.push_str(&self.text[end..]);
        *self = Self::parse(dialect, &text);
    }

    /// Whether it is the keyword `NULL`, with or without a cast.
    pub fn is_null(&self) -> bool {
        let text = self.text.trim_matches(['(', ')', ' ']);
        text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("null"))
            && !text[4..].starts_with(|next: char| next.is_alphanumeric() || next == '_')
    }

    /// Whether one of its names is this one, in any case.
    pub fn mentions(&self, name: &str) -> bool {
        self.names.iter().any(|mentioned| mentioned.eq_ignore_ascii_case(name))
    }
}

fn constant(codes: &[Code<'_>]) -> bool {
    let sign = usize::from(codes[0].is_operator("-") || codes[0].is_operator("+"));
    let Some(value) = codes.get(sign) else { return false };
    let literal = match value.kind {
        TokenKind::String | TokenKind::Number => true,
        TokenKind::Word => value.is_one_of(&["NULL", "TRUE", "FALSE"]),
        _ => false,
    };
    // A prefix such as B'1', DATE '…', INTERVAL '1 day'.
    let prefixed = value.kind == TokenKind::Word
        && codes.get(sign + 1).is_some_and(|next| next.kind == TokenKind::String);
    let rest = &codes[(sign + 1 + usize::from(prefixed)).min(codes.len())..];
    (literal || prefixed) && (rest.is_empty() || rest[0].is_operator("::"))
}
