//! The checksum of SQL text: two texts have the same one if a server can't tell them apart by
//! their tokens. Not a proof against forgery of the history, and not a comparison of meaning.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Pieces, SqlError, Token, hex::hex_forms, pieces};
use crate::dialect::Dialect;

/// The SHA-256 of a revision's statements.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Checksum([u8; 32]);

hex_forms!(Checksum);

impl Checksum {
    /// A checksum from its bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The checksum of the statements of `source`.
///
/// Blanks, comments, line endings, empty statements, the last terminator and the choice of a
/// `DELIMITER` don't change it; optimizer hints and the executable comments of MySQL do, because
/// they are code.
///
/// # Errors
/// As [`split`](super::split()).
pub fn checksum(dialect: Dialect, source: &str) -> Result<Checksum, SqlError> {
    let mut hasher = Hasher::default();
    hasher.source(dialect, source)?;
    Ok(hasher.finish())
}

/// A checksum under way.
#[derive(Default)]
pub(crate) struct Hasher {
    sha: Sha256,
    /// Tokens are short; handing them to the hash in larger portions halves its time.
    buffer: Vec<u8>,
}

impl Hasher {
    /// Adds the statements of a source.
    pub(crate) fn source(&mut self, dialect: Dialect, source: &str) -> Result<(), SqlError> {
        let Pieces { tokens, token_ends, .. } = pieces(dialect, source)?;
        let mut start = 0;
        for end in token_ends {
            self.length(end - start);
            for token in &tokens[start..end] {
                self.token(token, source);
            }
            start = end;
        }
        Ok(())
    }

    /// Adds a word that is no part of any statement.
    pub(crate) fn flag(&mut self, flag: &str) {
        // No statement has this many tokens, so that no statement can be taken for a flag.
        self.buffer.extend_from_slice(&u64::MAX.to_le_bytes());
        self.text(flag);
    }

    /// The checksum.
    pub(crate) fn finish(mut self) -> Checksum {
        self.sha.update(&self.buffer);
        Checksum(self.sha.finalize().into())
    }

    fn token(&mut self, token: &Token, source: &str) {
        let text = token.text(source);
        if text.contains("\r\n") { self.text(&text.replace("\r\n", "\n")) } else { self.text(text) }
    }

    fn text(&mut self, text: &str) {
        self.length(text.len());
        self.buffer.extend_from_slice(text.as_bytes());
        if self.buffer.len() >= 4096 {
            self.sha.update(&self.buffer);
            self.buffer.clear();
        }
    }

    fn length(&mut self, length: usize) {
        self.buffer.extend_from_slice(&(length as u64).to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(dialect: Dialect, source: &str) -> Checksum {
        checksum(dialect, source).unwrap()
    }

    #[test]
    fn layout_does_not_change_it() {
        let plain = of(Dialect::Sqlite, "CREATE TABLE a (b TEXT DEFAULT 'x\ny');DROP TABLE c");
        for source in [
            "CREATE TABLE a (b TEXT DEFAULT 'x\ny');\nDROP TABLE c;\n",
            "CREATE  TABLE a(b TEXT DEFAULT 'x\r\ny') ;;\r\n-- gone\r\nDROP TABLE /* ! */ c;;",
            "\u{feff}CREATE TABLE a (\n  b TEXT DEFAULT 'x\ny'\n)\n;\nDROP TABLE c -- the end",
        ] {
            assert_eq!(of(Dialect::Sqlite, source), plain, "{source:?}");
        }
    }

    #[test]
    fn code_changes_it() {
        let sources = [
            "SELECT 1",
            "select 1",
            "SELECT 1, 1",
            "SELECT 11",
            "SELECT '1'",
            "SELECT '1 '",
            "SELECT a < = 1",
            "SELECT a <= 1",
            "SELECT; 1",
            "SELECT /*+ hint */ 1",
            "SELECT /*!40101 1*/",
            "SELECT /*!40102 1*/",
            "",
        ];
        let mut checksums: Vec<_> = sources.iter().map(|source| of(Dialect::Mysql, source)).collect();
        checksums.sort_unstable();
        checksums.dedup();
        assert_eq!(checksums.len(), sources.len());
    }

    #[test]
    fn the_choice_of_a_delimiter_does_not_change_it() {
        let body = "CREATE PROCEDURE p() BEGIN SELECT 1; END";
        assert_eq!(
            of(Dialect::Mysql, &format!("{body};")),
            of(Dialect::Mysql, &format!("DELIMITER //\n{body};\n//\nDELIMITER ;\n"))
        );
    }

    #[test]
    fn a_flag_changes_it() {
        let mut hasher = Hasher::default();
        hasher.source(Dialect::Sqlite, "SELECT 1").unwrap();
        hasher.flag("transaction: off");
        assert_ne!(hasher.finish(), of(Dialect::Sqlite, "SELECT 1"));
    }

    #[test]
    fn it_is_what_it_was_when_histories_were_written() {
        assert_eq!(
            of(Dialect::Sqlite, "").to_string(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        // printf '\2\0\0\0\0\0\0\0\6\0\0\0\0\0\0\0SELECT\1\0\0\0\0\0\0\0001' | sha256sum
        assert_eq!(
            of(Dialect::Sqlite, " SELECT 1;").to_string(),
            "994eab356ef53283d5f6627669784eeff91c52b4e9bba1def0339c9f7c07cc55"
        );
    }

    #[test]
    fn it_survives_text_and_json() {
        let checksum = of(Dialect::Postgres, "SELECT 1");
        assert_eq!(checksum.to_string().parse(), Ok(checksum));
        let json = serde_json::to_string(&checksum).unwrap();
        assert_eq!(json, format!("\"{checksum}\""));
        assert_eq!(serde_json::from_str::<Checksum>(&json).unwrap(), checksum);
        for text in ["", "12", &"g".repeat(64), &"é".repeat(32)] {
            assert!(text.parse::<Checksum>().is_err(), "{text}");
        }
    }
}
