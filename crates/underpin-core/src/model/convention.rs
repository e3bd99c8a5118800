//! A team's own convention for the names of constraints and indexes: a pattern for each kind of them. What
//! has a pattern of its own is named by it; everything else as in `naming`.

use std::{collections::BTreeMap, fmt, str::FromStr};

/// How long a name may be on every engine: PostgreSQL has 63 bytes ("Identifiers and Key Words" in its
/// manual), MySQL 64 characters.
const LONGEST: usize = 63;

/// What can have a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NamedKind {
    /// A primary key. MySQL and MariaDB call every one `PRIMARY`.
    PrimaryKey,
    /// A unique constraint.
    Unique,
    /// A check.
    Check,
    /// A foreign key.
    ForeignKey,
    /// An index, unique or not.
    Index,
}

impl NamedKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::PrimaryKey, Self::Unique, Self::Check, Self::ForeignKey, Self::Index];

    /// What it is called in messages.
    pub const fn title(self) -> &'static str {
        match self {
            Self::PrimaryKey => "primary key",
            Self::Unique => "unique constraint",
            Self::Check => "check",
            Self::ForeignKey => "foreign key",
            Self::Index => "index",
        }
    }
}

/// A convention for names. Without any pattern, names are those that PostgreSQL would choose.
///
/// ```
/// use underpin_core::model::{NamedKind, Naming};
///
/// let naming = Naming::new()
///     .pattern(NamedKind::PrimaryKey, "pk_{table}".parse()?)
///     .pattern(NamedKind::ForeignKey, "fk_{table}_{column}_{referred_table}".parse()?);
/// # assert!("fk_{tabel}".parse::<underpin_core::model::NamePattern>().is_err());
/// # Ok::<(), underpin_core::model::PatternError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Naming(BTreeMap<NamedKind, NamePattern>);

impl Naming {
    /// No pattern.
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// This convention, with a pattern for one kind.
    #[must_use]
    pub fn pattern(mut self, kind: NamedKind, pattern: NamePattern) -> Self {
        self.0.insert(kind, pattern);
        self
    }

    /// This convention, where the patterns of another one count first.
    #[must_use]
    pub fn overridden_by(mut self, other: &Self) -> Self {
        self.0.extend(other.0.iter().map(|(kind, pattern)| (*kind, pattern.clone())));
        self
    }

    /// The pattern for one kind.
    pub fn get(&self, kind: NamedKind) -> Option<&NamePattern> {
        self.0.get(&kind)
    }
}

/// The pattern of a name: text with `{table}`, `{column}` (the first one), `{columns}` (all of them, with
/// underscores between), `{referred_table}` (of a foreign key) and `{name}` (what the model says) in it.
///
/// The tokens of SQLAlchemy's naming conventions mean the same: `%(table_name)s`, `%(column_0_name)s`,
/// `%(column_0_N_name)s`, `%(column_0_label)s`, `%(referred_table_name)s` and `%(constraint_name)s`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePattern {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Token(Token),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Table,
    Column,
    Columns,
    ReferredTable,
    Name,
}

/// Every word of a pattern. One of SQLAlchemy's is two of ours.
const WORDS: [(&str, &[Token]); 11] = [
    ("{table}", &[Token::Table]),
    ("{column}", &[Token::Column]),
    ("{columns}", &[Token::Columns]),
    ("{referred_table}", &[Token::ReferredTable]),
    ("{name}", &[Token::Name]),
    ("%(table_name)s", &[Token::Table]),
    ("%(column_0_name)s", &[Token::Column]),
    ("%(column_0_N_name)s", &[Token::Columns]),
    ("%(column_0_label)s", &[Token::Table, Token::Column]),
    ("%(referred_table_name)s", &[Token::ReferredTable]),
    ("%(constraint_name)s", &[Token::Name]),
];

/// What is wrong with a pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// A brace or a percent sign that begins no token.
    #[error(
        "{0:?} begins no token: there are {{table}}, {{columns}}, {{column}}, {{referred_table}} and {{name}}"
    )]
    UnknownToken(String),
    /// No token at all: everything would have one name.
    #[error("a pattern needs {{table}} or another token in it")]
    NoToken,
}

/// What the tokens of a pattern stand for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Parts<'a> {
    pub(super) table: &'a str,
    pub(super) columns: &'a [&'a str],
    pub(super) referred_table: &'a str,
    /// The name that the model says.
    pub(super) name: &'a str,
}

impl Parts<'_> {
    fn value(&self, token: Token) -> String {
        match token {
            Token::Table => self.table.to_owned(),
            Token::Column => self.columns.first().copied().unwrap_or_default().to_owned(),
            Token::Columns => self.columns.join("_"),
            Token::ReferredTable => self.referred_table.to_owned(),
            Token::Name => self.name.to_owned(),
        }
    }
}

impl NamePattern {
    /// Whether it wants to know the name that the model says.
    pub(super) fn has_name(&self) -> bool {
        self.pieces.contains(&Piece::Token(Token::Name))
    }

    /// Whether it is about the table that is referred to.
    pub fn has_referred_table(&self) -> bool {
        self.pieces.contains(&Piece::Token(Token::ReferredTable))
    }

    /// The name of something. What has no value, such as the column of a check on several, goes with one
    /// underscore beside it. A name that is too long is shortened where its values are longest.
    pub(super) fn name(&self, parts: &Parts<'_>) -> String {
        let mut values: Vec<(bool, String)> = Vec::new();
        let mut swallow = false;
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => {
                    let text = if swallow { text.strip_prefix('_').unwrap_or(text) } else { text };
                    swallow = false;
                    values.push((false, text.to_owned()));
                }
                Piece::Token(token) => match parts.value(*token) {
                    value if value.is_empty() => match values.last_mut() {
                        Some((false, before)) if before.ends_with('_') => {
                            before.pop();
                        }
                        _ => swallow = true,
                    },
                    value => values.push((true, value)),
                },
            }
        }
        shortened(values)
    }
}

/// The pieces behind each other, with those that may be cut as short as need be.
fn shortened(mut pieces: Vec<(bool, String)>) -> String {
    let length = |pieces: &[(bool, String)]| pieces.iter().map(|(_, text)| text.len()).sum::<usize>();
    while length(&pieces) > LONGEST {
        let longest = pieces.iter_mut().filter(|(cut, _)| *cut).max_by_key(|(_, text)| text.len());
        if longest.is_none_or(|(_, text)| text.pop().is_none()) {
            break;
        }
    }
    let mut name: String = pieces.into_iter().map(|(_, text)| text).collect();
    while name.len() > LONGEST {
        name.pop();
    }
    name
}

impl FromStr for NamePattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        let mut pieces = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let length = if rest.starts_with(['{', '}', '%']) {
                let word = WORDS.iter().find(|(word, _)| rest.starts_with(word));
                let (word, tokens) = word.ok_or_else(|| PatternError::UnknownToken(rest.to_owned()))?;
                for (index, token) in tokens.iter().enumerate() {
                    pieces.extend((index > 0).then(|| Piece::Text("_".to_owned())));
                    pieces.push(Piece::Token(*token));
                }
                word.len()
            } else {
                let length = rest.find(['{', '}', '%']).unwrap_or(rest.len());
                pieces.push(Piece::Text(rest[..length].to_owned()));
                length
            };
            rest = &rest[length..];
        }
        if !pieces.iter().any(|piece| matches!(piece, Piece::Token(_))) {
            return Err(PatternError::NoToken);
        }
        Ok(Self { text: text.trim().to_owned(), pieces })
    }
}

/// The pattern, as it was written.
impl fmt::Display for NamePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(pattern: &str, columns: &[&str]) -> String {
        let parts = Parts { table: "orders", columns, referred_table: "shops", name: "positive" };
        pattern.parse::<NamePattern>().expect(pattern).name(&parts)
    }

    #[test]
    fn every_token_has_its_value() {
        assert_eq!(name("fk_{table}_{column}_{referred_table}", &["shop", "n"]), "fk_orders_shop_shops");
        assert_eq!(name("{columns}-{name}", &["a", "b"]), "a_b-positive");
        assert_eq!(name("ck_%(table_name)s_%(constraint_name)s", &[]), "ck_orders_positive");
        assert_eq!(name("ix_%(column_0_label)s", &["a", "b"]), "ix_orders_a");
        assert_eq!(
            name("%(column_0_N_name)s%(column_0_name)s_%(referred_table_name)s", &["a", "b"]),
            "a_ba_shops"
        );
    }

    #[test]
    fn what_has_no_value_takes_an_underscore_with_it() {
        assert_eq!(name("ck_{table}_{column}", &[]), "ck_orders");
        assert_eq!(name("{column}_{table}_ck", &[]), "orders_ck");
    }

    #[test]
    fn a_long_name_is_cut_where_its_values_are_longest() {
        let long = "c".repeat(80);
        let cut = name("ix_{table}_{columns}_end", &[&long, "d"]);
        assert_eq!(cut, format!("ix_orders_{}_end", "c".repeat(49)));
        let umlauts = "ä".repeat(80);
        assert!(name("ix_{column}", &[&umlauts]).len() <= LONGEST);
        assert_eq!(name(&format!("{}{{table}}", "x".repeat(70)), &[]), "x".repeat(63));
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for text in ["", "pk", "{tabel}", "{table", "table}", "%(table)s", "100%_{table}"] {
            assert!(text.parse::<NamePattern>().is_err(), "{text}");
        }
    }
}
