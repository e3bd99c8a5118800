//! Statements that somebody wrote, with values in them.

use std::collections::BTreeSet;

use super::{Reverse, Value, WrittenOperation};
use crate::{
    diagnostic::{Diagnostic, ErrorKind, Place},
    dialect::{Dialect, Flavour},
    difference::Statement,
    model::PerFlavour,
    sql::{self, TokenKind},
};

/// One or more statements of SQL.
///
/// `:name` outside of strings and comments is a value that [`bind`](Self::bind) gives; `::` is PostgreSQL's cast
/// and stays. There is nothing to escape: a colon of another kind is written as a value or in a string.
///
/// ```
/// use underpin_core::operation::*;
///
/// Sql::new("UPDATE orders SET status = :status WHERE status IS NULL").bind("status", "open");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Sql {
    pub(super) text: PerFlavour<String>,
    pub(super) values: Vec<(String, Value)>,
    pub(super) reverse: Option<PerFlavour<String>>,
    pub(super) outside_transaction: bool,
}

impl Sql {
    /// This text on every engine.
    pub fn new(text: &str) -> Self {
        Self {
            text: PerFlavour::every(text.to_owned()),
            values: Vec::new(),
            reverse: None,
            outside_transaction: false,
        }
    }

    /// A text for one engine alone; on the others nothing is done.
    pub fn only_on(flavour: Flavour, text: &str) -> Self {
        Self { text: PerFlavour::none().on(flavour, text.to_owned()), ..Self::new("") }
    }

    /// The text on this engine, where it is another one.
    #[must_use]
    pub fn on(mut self, flavour: Flavour, text: &str) -> Self {
        self.text = self.text.on(flavour, text.to_owned());
        self
    }

    /// The value of `:name`.
    #[must_use]
    pub fn bind(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.values.push((name.to_owned(), value.into()));
        self
    }

    /// What takes it back; without it, it is irreversible.
    #[must_use]
    pub fn reverse(mut self, text: &str) -> Self {
        self.reverse = Some(PerFlavour::every(text.to_owned()));
        self
    }

    /// What takes it back on this engine.
    #[must_use]
    pub fn reverse_on(mut self, flavour: Flavour, text: &str) -> Self {
        self.reverse = Some(self.reverse.unwrap_or_default().on(flavour, text.to_owned()));
        self
    }

    setters! {
        /// It can't run in a transaction with others: `VACUUM`, `ALTER SYSTEM`.
        flag outside_transaction;
    }

    /// The statements with their values.
    pub(super) fn write(&self, flavour: Flavour) -> Result<WrittenOperation, Diagnostic> {
        let mut used = BTreeSet::new();
        let statements = match self.text.get(flavour) {
            Some(text) => self.statements(text, flavour.dialect(), &mut used)?,
            None => {
                return Ok(WrittenOperation {
                    statements: Vec::new(),
                    reverse: Reverse::Statements(Vec::new()),
                });
            }
        };
        let back = self.reverse.as_ref().and_then(|reverse| reverse.get(flavour));
        let reverse = match back {
            Some(text) => Reverse::Statements(self.statements(text, flavour.dialect(), &mut used)?),
            None => Reverse::Irreversible("nothing was said that takes these statements back".to_owned()),
        };
        // Another engine's text may have use for a value that this one has none for.
        let elsewhere = |name: &str| {
            Flavour::ALL
                .iter()
                .any(|other| self.text.get(*other).is_some_and(|text| text.contains(&format!(":{name}"))))
        };
        match self.values.iter().find(|(name, _)| !used.contains(name.as_str()) && !elsewhere(name)) {
            Some((name, _)) => {
                let message = format!("a value is given for :{name}, which the statements don't have");
                Err(Diagnostic::new(ErrorKind::Model, message))
            }
            None => Ok(WrittenOperation { statements, reverse }),
        }
    }

    fn statements<'a>(
        &'a self,
        text: &'a str,
        dialect: Dialect,
        used: &mut BTreeSet<&'a str>,
    ) -> Result<Vec<Statement>, Diagnostic> {
        let broken = |error: sql::SqlError| Diagnostic::new(ErrorKind::Model, error.to_string());
        let mut statements = Vec::new();
        for statement in sql::split(dialect, text).map_err(broken)? {
            let sql = self.bound(statement.text, dialect, used)?;
            let statement =
                if self.outside_transaction { Statement::alone(sql) } else { Statement::new(sql) };
            statements.push(statement);
        }
        Ok(statements)
    }

    /// One statement with literals in place of `:name`.
    fn bound<'a>(
        &'a self,
        text: &'a str,
        dialect: Dialect,
        used: &mut BTreeSet<&'a str>,
    ) -> Result<String, Diagnostic> {
        let tokens = sql::tokens(dialect, text)
            .map_err(|error| Diagnostic::new(ErrorKind::Model, error.to_string()))?;
        let mut bound = String::with_capacity(text.len());
        let mut skipped_to = 0;
        for (at, token) in tokens.iter().enumerate() {
            if token.start < skipped_to {
                continue;
            }
            let Some(name) = parameter(text, &tokens, at) else {
                bound.push_str(token.text(text));
                continue;
            };
            let Some((known, value)) = self.values.iter().find(|(known, _)| known == name) else {
                let range = token.start..token.start + 1 + name.len();
                let message = format!("no value is given for :{name}");
                return Err(Diagnostic::new(ErrorKind::Model, message)
                    .at(Place::in_text("SQL", text, range, 1).label("no value"))
                    .hint(format!("give it one: .bind(\"{name}\", …)")));
            };
            used.insert(known);
            bound.push_str(&value.literal(dialect)?);
            skipped_to = token.start + 1 + name.len();
        }
        Ok(bound)
    }
}

/// The name of the parameter that begins at this token: `:name`, which is one token on SQLite and an operator and
/// a word elsewhere. What follows another colon, a word, a number or a bracket is a cast, a slice or a label.
fn parameter<'a>(text: &'a str, tokens: &[sql::Token], at: usize) -> Option<&'a str> {
    let token = tokens.get(at)?;
    let start = token.start;
    if !text[start..].starts_with(':') || text[..start].ends_with(':') {
        return None;
    }
    let is_free =
        !text[..start].ends_with(|before: char| before.is_alphanumeric() || "_])\"".contains(before));
    let kind = matches!(token.kind, TokenKind::Parameter | TokenKind::Operator | TokenKind::Unknown);
    let rest = &text[start + 1..];
    let end = rest.find(|character: char| !character.is_alphanumeric() && character != '_');
    let name = &rest[..end.unwrap_or(rest.len())];
    let begins = name.starts_with(|first: char| first.is_alphabetic() || first == '_');
    (kind && is_free && begins).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(sql: &Sql, flavour: Flavour) -> Vec<String> {
        let written = sql.write(flavour).unwrap();
        written.statements.into_iter().map(|statement| statement.sql).collect()
    }

    #[test]
    fn names_become_literals_outside_of_strings_comments_and_casts() {
        let text = "UPDATE t SET a = :a, b = ':a', c = '1'::int -- :a\n WHERE d[1:2] = x AND e = :a";
        let sql = Sql::new(text).bind("a", "it's");
        let expected =
            "UPDATE t SET a = E'it''s', b = ':a', c = '1'::int -- :a\n WHERE d[1:2] = x AND e = E'it''s'";
        assert_eq!(shown(&sql, Flavour::Postgres), [expected]);
        let plain = Sql::new("UPDATE t SET a = :a; DELETE FROM t WHERE b=:b").bind("a", 3).bind("b", true);
        for flavour in Flavour::ALL {
            assert_eq!(shown(&plain, flavour), ["UPDATE t SET a = 3", "DELETE FROM t WHERE b=TRUE"]);
        }
    }

    #[test]
    fn a_name_without_a_value_is_pointed_at_and_a_value_without_a_name_is_an_error() {
        let error = Sql::new("UPDATE t\nSET a = :valeu").bind("value", 3).write(Flavour::Mysql).unwrap_err();
        let place = error.place.unwrap();
        assert_eq!((place.line, place.column, place.length), (2, 9, 6));
        let error = Sql::new("SELECT 1").bind("value", 3).write(Flavour::Sqlite).unwrap_err();
        assert!(error.message.contains(":value"), "{error}");
    }

    #[test]
    fn what_is_for_other_engines_does_nothing_here() {
        let sql = Sql::only_on(Flavour::Mysql, "OPTIMIZE TABLE t");
        assert!(shown(&sql, Flavour::Postgres).is_empty());
        assert_eq!(shown(&sql, Flavour::Mariadb), ["OPTIMIZE TABLE t"]);
    }
}
