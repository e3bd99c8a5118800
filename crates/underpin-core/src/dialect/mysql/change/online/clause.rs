//! A statement of ours that changes a table, as its clauses. Not a parser: it reads what is written
//! beside it.

use crate::{
    dialect::Dialect,
    sql::{Code, words::codes},
};

/// `ALTER TABLE`, the table, and what is done to it.
#[derive(Debug)]
pub(super) struct Alter<'a> {
    /// `ALTER TABLE` and the table.
    pub(super) head: &'a str,
    /// What is done to it.
    pub(super) clauses: Vec<Clause<'a>>,
}

/// One thing that is done to a table.
#[derive(Debug)]
pub(super) struct Clause<'a> {
    /// As it is written.
    pub(super) text: &'a str,
    codes: Vec<Code<'a>>,
}

impl<'a> Alter<'a> {
    /// Reads a statement; nothing where it is another one, or divides a table into partitions, which is no
    /// clause among others.
    pub(super) fn parse(sql: &'a str) -> Option<Self> {
        let (head, rest) = sql.split_once("\n  ").filter(|(head, _)| head.starts_with("ALTER TABLE "))?;
        let mut clauses = Vec::new();
        let (mut depth, mut start, mut own) = (0_usize, 0, Vec::new());
        let all: Vec<Code<'a>> = codes(Dialect::Mysql, rest).collect();
        for code in &all {
            match code {
                code if code.is_operator("(") => depth += 1,
                code if code.is_operator(")") => depth = depth.saturating_sub(1),
                code if code.is_operator(",") && depth == 0 => {
                    let text = rest[start..code.start].trim();
                    clauses.push(Clause { text, codes: std::mem::take(&mut own) });
                    start = code.start + 1;
                    continue;
                }
                _ => {}
            }
            own.push(*code);
        }
        clauses.push(Clause { text: rest[start..].trim(), codes: own });
        let of_partitions = |clause: &Clause<'_>| clause.has("PARTITION") || clause.has("PARTITIONING");
        (!clauses.iter().any(of_partitions)).then_some(Self { head, clauses })
    }

    /// Whether a clause starts with these words.
    pub(super) fn has_clause(&self, words: &[&str]) -> bool {
        self.clauses.iter().any(|clause| clause.starts(words))
    }

    /// The statements that do the same, where what is instant by itself is not mixed with what is not: columns
    /// that come are first, and columns that go are last. An index is built by itself, because at the end of a
    /// statement nobody can write for a moment, which is longer the more was built. One statement where words
    /// alone don't tell what belongs together.
    pub(super) fn divided(&self) -> Vec<String> {
        let adds = |clause: &&Clause<'_>| clause.starts(&["ADD", "COLUMN"]);
        let drops = |clause: &&Clause<'_>| clause.starts(&["DROP", "COLUMN"]);
        let (coming, rest): (Vec<_>, Vec<_>) = self.clauses.iter().partition(adds);
        let (going, rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(drops);
        if (!coming.is_empty() && !going.is_empty()) || self.clauses.iter().any(Clause::is_bound) {
            return vec![self.of(&self.clauses.iter().collect::<Vec<_>>())];
        }
        // What replaces an index comes in the statement in which that one goes.
        let replaces = self.has_clause(&["DROP", "INDEX"]);
        let (building, middle): (Vec<_>, Vec<_>) =
            rest.into_iter().partition(|clause| !replaces && clause.builds_index());
        let building = building.into_iter().map(|clause| vec![clause]);
        let groups = [coming, middle].into_iter().chain(building).chain([going]);
        groups.filter(|clauses| !clauses.is_empty()).map(|clauses| self.of(&clauses)).collect()
    }

    fn of(&self, clauses: &[&Clause<'_>]) -> String {
        let texts: Vec<&str> = clauses.iter().map(|clause| clause.text).collect();
        format!("{}\n  {}", self.head, texts.join(",\n  "))
    }
}

impl Clause<'_> {
    /// Whether it has to stay with the others: a column that gets another place, a counter that comes with its
    /// key, a primary key that goes, and an option of the table, which is about the columns beside it.
    fn is_bound(&self) -> bool {
        let begins = [&["ADD"][..], &["DROP"], &["MODIFY"], &["ALTER"], &["RENAME", "INDEX"]];
        let is_placed = self.starts(&["MODIFY"]) && (self.has("FIRST") || self.has("AFTER"));
        is_placed
            || self.has("AUTO_INCREMENT")
            || self.starts(&["DROP", "PRIMARY"])
            || !begins.iter().any(|begin| self.starts(begin))
    }

    /// Whether it builds an index that is no primary key.
    fn builds_index(&self) -> bool {
        let is_key = self.has_before_parenthesis("KEY") || self.has_before_parenthesis("INDEX");
        let is_other = self.has_before_parenthesis("PRIMARY") || self.has_before_parenthesis("FOREIGN");
        self.starts(&["ADD"]) && is_key && !is_other
    }

    /// Whether it starts with these words.
    pub(super) fn starts(&self, words: &[&str]) -> bool {
        self.codes.len() >= words.len() && self.codes.iter().zip(words).all(|(code, word)| code.is(word))
    }

    /// Whether it has this word outside of quotes.
    pub(super) fn has(&self, word: &str) -> bool {
        self.codes.iter().any(|code| code.is(word))
    }

    /// Whether it has this word before its first parenthesis.
    pub(super) fn has_before_parenthesis(&self, word: &str) -> bool {
        let before = self.codes.iter().take_while(|code| !code.is_operator("("));
        before.into_iter().any(|code| code.is(word))
    }

    /// Whether these words or operators follow each other in it.
    pub(super) fn has_sequence(&self, words: &[&str]) -> bool {
        let is = |code: &Code<'_>, word: &str| code.is(word) || code.is_operator(word);
        self.codes
            .windows(words.len())
            .any(|window| window.iter().zip(words).all(|(code, word)| is(code, word)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn divided(clauses: &str) -> Vec<String> {
        Alter::parse(&format!("ALTER TABLE `t`\n  {clauses}")).expect("an alteration").divided()
    }

    #[test]
    fn a_comma_within_quotes_or_parentheses_ends_no_clause() {
        let sql =
            "ALTER TABLE `t`\n  ADD COLUMN `a` enum('x,\n  y','z') COMMENT ', ',\n  ADD KEY `k` (`a`, `b`)";
        let alter = Alter::parse(sql).expect("an alteration");
        let texts: Vec<&str> = alter.clauses.iter().map(|clause| clause.text).collect();
        assert_eq!(texts, ["ADD COLUMN `a` enum('x,\n  y','z') COMMENT ', '", "ADD KEY `k` (`a`, `b`)"]);
        assert!(Alter::parse("ALTER TABLE `t`\n  ADD PARTITION (PARTITION p VALUES IN (1))").is_none());
        assert!(Alter::parse("DROP TABLE `t`").is_none());
    }

    #[test]
    fn what_is_instant_is_not_mixed_with_what_is_not() {
        let mixed = divided("ADD KEY `k` (`a`),\n  ADD COLUMN `a` int");
        assert_eq!(mixed, ["ALTER TABLE `t`\n  ADD COLUMN `a` int", "ALTER TABLE `t`\n  ADD KEY `k` (`a`)"]);
        assert_eq!(divided("DROP INDEX `k`,\n  DROP COLUMN `a`").len(), 2);
        let keys =
            divided("MODIFY COLUMN `a` int NOT NULL,\n  ADD KEY `k` (`a`),\n  ADD UNIQUE KEY `l` (`a`)");
        assert_eq!(keys.len(), 3, "{keys:?}");
        assert_eq!(divided("DROP INDEX `k`,\n  ADD KEY `k` (`a`, `b`)").len(), 1, "there is always one");
        assert_eq!(divided("DROP PRIMARY KEY,\n  DROP COLUMN `id`").len(), 1);
        assert_eq!(divided("DROP COLUMN `a`,\n  ADD COLUMN `a` text").len(), 1, "it is made anew");
        assert_eq!(divided("ADD COLUMN `a` int AUTO_INCREMENT,\n  ADD KEY `k` (`a`)").len(), 1);
        assert_eq!(divided("ADD COLUMN `a` text,\n  DEFAULT CHARACTER SET=latin1").len(), 1);
        assert_eq!(divided("MODIFY COLUMN `b` int AFTER `c`,\n  ADD COLUMN `a` int AFTER `b`").len(), 1);
    }
}
