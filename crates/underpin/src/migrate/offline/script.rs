//! The text of a script: statements, comments and transactions as the client of a flavour reads
//! them. What they do is decided elsewhere.

use underpin_core::{
    dialect::{Dialect, Flavour},
    sql::{self, TokenKind},
};

/// What may end a statement for the mysql program where the statement has semicolons of its own.
const DELIMITERS: [&str; 4] = ["//", "$$", "%%", "@@@@"];

/// A script that is being written.
pub(super) struct Script {
    dialect: Dialect,
    text: String,
}

impl Script {
    pub(super) fn new(flavour: Flavour) -> Self {
        Self { dialect: flavour.dialect(), text: String::new() }
    }

    /// A comment of one line.
    pub(super) fn comment(&mut self, comment: &str) {
        self.text.push_str(&sql::comment(comment));
    }

    /// What makes the dialect's own client stop at the first error, where it would go on.
    pub(super) fn stop_at_error(&mut self) {
        self.text.push_str(match self.dialect {
            Dialect::Sqlite => ".bail on\n",
            Dialect::Postgres => "\\set ON_ERROR_STOP on\n",
            Dialect::Mysql => "",
        });
    }

    /// An empty line, between things that belong apart.
    pub(super) fn gap(&mut self) {
        self.text.push('\n');
    }

    pub(super) fn begin(&mut self) {
        self.statement(match self.dialect {
            // A transaction that begins with a read can lose its place to another writer.
            Dialect::Sqlite => "BEGIN IMMEDIATE",
            Dialect::Postgres => "BEGIN",
            Dialect::Mysql => "START TRANSACTION",
        });
    }

    pub(super) fn commit(&mut self) {
        self.statement("COMMIT");
    }

    /// A statement with what ends it.
    pub(super) fn statement(&mut self, statement: &str) {
        match self.delimiter(statement) {
            Some(delimiter) => {
                self.text
                    .push_str(&format!("DELIMITER {delimiter}\n{statement}\n{delimiter}\nDELIMITER ;\n"));
            }
            None => {
                self.text.push_str(statement);
                // The semicolon must not become part of a comment in the last line.
                let last = statement.rsplit('\n').next().unwrap_or_default();
                self.text.push_str(if last.contains("--") || last.contains('#') { "\n;\n" } else { ";\n" });
            }
        }
    }

    /// The delimiter that the mysql program has to be told; it knows quotes and comments, but no
    /// BEGIN … END ("mysql Client Commands" in the manual).
    fn delimiter(&self, statement: &str) -> Option<&'static str> {
        if self.dialect != Dialect::Mysql || !has_semicolon(statement) {
            return None;
        }
        DELIMITERS.into_iter().find(|delimiter| !statement.contains(delimiter))
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}

fn has_semicolon(statement: &str) -> bool {
    match sql::tokens(Dialect::Mysql, statement) {
        Ok(tokens) => tokens.iter().any(|token| token.kind == TokenKind::Semicolon),
        Err(_) => statement.contains(';'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(flavour: Flavour, statement: &str) -> String {
        let mut script = Script::new(flavour);
        script.statement(statement);
        script.finish()
    }

    #[test]
    fn only_mysql_needs_a_delimiter_and_only_around_semicolons() {
        let body = "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET @a = 1; END";
        assert_eq!(written(Flavour::Mariadb, body), format!("DELIMITER //\n{body}\n//\nDELIMITER ;\n"));
        assert_eq!(written(Flavour::Sqlite, body), format!("{body};\n"));
        assert_eq!(written(Flavour::Mysql, "SELECT ';'"), "SELECT ';';\n");
        assert!(written(Flavour::Mysql, "BEGIN NOT ATOMIC SELECT '//'; END").starts_with("DELIMITER $$\n"));
    }

    #[test]
    fn a_comment_in_the_last_line_does_not_swallow_the_semicolon() {
        assert_eq!(written(Flavour::Postgres, "SELECT 1 -- one"), "SELECT 1 -- one\n;\n");
    }
}
