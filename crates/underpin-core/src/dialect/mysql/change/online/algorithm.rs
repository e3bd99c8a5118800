//! Which algorithm a statement that changes a table asserts, so that the server refuses it rather than
//! copies the table: "Online DDL Operations" in MySQL's manual, "InnoDB Online DDL Overview" in MariaDB's,
//! and measured. What a server takes in the end depends on more than the words (an index on a column that
//! goes, a type's length in bytes), so that whoever can ask it begins with the strongest.

use super::clause::{Alter, Clause};
use crate::{
    dialect::Flavour,
    impact::{self, Concurrency, Way},
    schema::ServerVersion,
};

/// How a server changes a table, the one that others notice least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Algorithm {
    /// Only what the server knows of the table changes.
    Instant,
    /// Besides, an index is built; rows stay where they are (MariaDB).
    Nocopy,
    /// The table may be written anew, while others write.
    Inplace,
    /// The table is copied, while others write (MariaDB 11.2).
    CopyOnline,
    /// Nothing is asserted: the table is copied, and nobody can write meanwhile.
    Unasserted,
}

use Algorithm::{CopyOnline, Inplace, Instant, Nocopy, Unasserted};

impl Algorithm {
    const ALL: [Self; 5] = [Instant, Nocopy, Inplace, CopyOnline, Unasserted];

    /// What stands at the end of the statement.
    const fn words(self) -> &'static str {
        match self {
            Instant => ",\n  ALGORITHM=INSTANT",
            Nocopy => ",\n  ALGORITHM=NOCOPY, LOCK=NONE",
            Inplace => ",\n  ALGORITHM=INPLACE, LOCK=NONE",
            CopyOnline => ",\n  ALGORITHM=COPY, LOCK=NONE",
            Unasserted => "",
        }
    }

    /// Whether a server knows it.
    fn is_known(self, flavour: Flavour, version: ServerVersion) -> bool {
        let since = |major, minor, patch| version >= ServerVersion::new(major, minor, patch);
        match (self, flavour) {
            (Instant, Flavour::Mysql) => since(8, 0, 12),
            (Instant | Nocopy, Flavour::Mariadb) => since(10, 3, 2),
            (CopyOnline, Flavour::Mariadb) => since(11, 2, 0),
            (Nocopy | CopyOnline, _) => false,
            (Inplace | Unasserted, _) => true,
            (Instant, Flavour::Sqlite | Flavour::Postgres) => false,
        }
    }

    /// This one, or the next one that the server knows.
    fn known(self, flavour: Flavour, version: ServerVersion) -> Self {
        let weaker = Self::ALL.into_iter().filter(|one| *one >= self);
        weaker.into_iter().find(|one| one.is_known(flavour, version)).unwrap_or(Unasserted)
    }

    /// The one whose assertion the server takes that goes this way.
    const fn of_way(way: Way) -> Self {
        match (way.algorithm, way.concurrency) {
            (impact::Algorithm::Instant, _) => Instant,
            (impact::Algorithm::NoCopy, Concurrency::None) => Nocopy,
            (impact::Algorithm::Inplace, Concurrency::None) => Inplace,
            (impact::Algorithm::Copy, Concurrency::None) => CopyOnline,
            (_, Concurrency::Shared | Concurrency::Exclusive) => Unasserted,
        }
    }

    /// What a statement asserts.
    pub(super) fn of(sql: &str) -> Self {
        let asserted = Self::ALL.into_iter().filter(|one| *one != Unasserted);
        asserted.into_iter().find(|one| sql.ends_with(one.words())).unwrap_or(Unasserted)
    }
}

/// A statement with what it asserts.
pub(super) fn asserting(sql: &str, algorithm: Algorithm) -> String {
    format!("{sql}{}", algorithm.words())
}

/// The same statement, asserting less; nothing where it asserts nothing.
pub(super) fn weaker(flavour: Flavour, version: ServerVersion, sql: &str) -> Option<String> {
    let own = Algorithm::of(sql);
    let bare = bare(sql)?;
    let next = Algorithm::ALL.into_iter().find(|one| *one > own).unwrap_or(Unasserted);
    Some(asserting(bare, next.known(flavour, version)))
}

/// The same statement, asserting no more than the way that is foretold for it.
pub(super) fn within(flavour: Flavour, version: ServerVersion, sql: &str, way: Way) -> String {
    let foretold = Algorithm::of_way(way).known(flavour, version);
    match bare(sql) {
        Some(bare) if Algorithm::of(sql) < foretold => asserting(bare, foretold),
        Some(_) | None => sql.to_owned(),
    }
}

/// The statement without what it asserts; nothing where it asserts nothing.
pub(super) fn bare(sql: &str) -> Option<&str> {
    let own = Algorithm::of(sql);
    sql.strip_suffix(own.words()).filter(|_| own != Unasserted)
}

/// The strongest algorithm that a statement may have a chance with.
pub(super) fn best(flavour: Flavour, version: ServerVersion, alter: &Alter<'_>) -> Algorithm {
    let worst = alter.clauses.iter().map(|clause| of_clause(flavour, version, clause, alter)).max();
    worst.unwrap_or(Unasserted).known(flavour, version)
}

fn of_clause(flavour: Flavour, version: ServerVersion, clause: &Clause<'_>, alter: &Alter<'_>) -> Algorithm {
    let since = |mysql: [u32; 3], mariadb: [u32; 3]| {
        let [major, minor, patch] = if flavour == Flavour::Mariadb { mariadb } else { mysql };
        if version >= ServerVersion::new(major, minor, patch) { Instant } else { Inplace }
    };
    let is_mariadb = flavour == Flavour::Mariadb;
    match clause {
        clause if clause.starts(&["ADD", "COLUMN"]) => match () {
            () if clause.has("AUTO_INCREMENT") || clause.has("STORED") || clause.has("PERSISTENT") => {
                CopyOnline
            }
            () if clause.has_sequence(&["DEFAULT", "("]) && !is_mariadb => CopyOnline,
            () if clause.has("FIRST") || clause.has("AFTER") => since([8, 0, 29], [10, 4, 0]),
            () => since([8, 0, 12], [10, 3, 2]),
        },
        clause if clause.starts(&["DROP", "COLUMN"]) => since([8, 0, 29], [10, 4, 0]),
        clause if clause.starts(&["RENAME", "COLUMN"]) => since([8, 0, 28], [10, 5, 2]),
        clause if clause.starts(&["RENAME", "INDEX"]) && is_mariadb => Instant,
        clause if clause.starts(&["RENAME", "INDEX"]) => Nocopy,
        // What becomes of the type, the words don't tell.
        clause if clause.starts(&["MODIFY"]) || clause.starts(&["CHANGE"]) => Instant,
        clause if clause.starts(&["ALTER"]) => Instant,
        clause if clause.starts(&["DROP", "PRIMARY"]) => match alter.has_clause(&["ADD", "PRIMARY"]) {
            true => Inplace,
            false => CopyOnline,
        },
        clause if clause.starts(&["DROP", "FOREIGN"]) && is_mariadb => Instant,
        clause if clause.starts(&["DROP", "FOREIGN"]) || clause.starts(&["DROP", "INDEX"]) => Nocopy,
        clause if clause.starts(&["DROP", "CHECK"]) || clause.starts(&["DROP", "CONSTRAINT"]) => Instant,
        clause if clause.starts(&["ADD"]) => of_addition(clause),
        clause if clause.starts(&["COMMENT"]) => Instant,
        _ => Inplace,
    }
}

fn of_addition(clause: &Clause<'_>) -> Algorithm {
    let is = |word: &str| clause.has_before_parenthesis(word);
    match () {
        () if is("FULLTEXT") || is("SPATIAL") || is("VECTOR") || is("SYSTEM") || is("PERIOD") => Unasserted,
        () if is("FOREIGN") => CopyOnline,
        () if is("CHECK") && clause.has_sequence(&["NOT", "ENFORCED"]) => Instant,
        () if is("CHECK") => CopyOnline,
        () if is("PRIMARY") => Inplace,
        () if is("KEY") || is("INDEX") || is("UNIQUE") => Nocopy,
        () => Unasserted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MYSQL: ServerVersion = ServerVersion::new(9, 7, 4);
    const MARIADB: ServerVersion = ServerVersion::new(10, 11, 19);

    fn of(flavour: Flavour, version: ServerVersion, clauses: &str) -> Algorithm {
        let sql = format!("ALTER TABLE `t`\n  {clauses}");
        best(flavour, version, &Alter::parse(&sql).expect("a statement that alters a table"))
    }

    #[test]
    fn what_is_asserted_is_what_the_servers_took() {
        for (clauses, mysql, mariadb) in [
            ("ADD COLUMN `z` int", Instant, Instant),
            ("ADD COLUMN `z` int AFTER `a`", Instant, Instant),
            ("ADD COLUMN `z` int DEFAULT (1 + 1)", Unasserted, Instant),
            ("ADD COLUMN `z` int GENERATED ALWAYS AS (`a`) STORED", Unasserted, Unasserted),
            ("DROP COLUMN `a`", Instant, Instant),
            ("RENAME COLUMN `a` TO `b`", Instant, Instant),
            ("ADD KEY `k` (`a`)", Inplace, Nocopy),
            ("ADD UNIQUE KEY `k` (`a`, `b`)", Inplace, Nocopy),
            ("ADD FULLTEXT KEY `k` (`a`)", Unasserted, Unasserted),
            ("DROP INDEX `k`", Inplace, Nocopy),
            ("RENAME INDEX `k` TO `l`", Inplace, Instant),
            ("DROP PRIMARY KEY", Unasserted, Unasserted),
            ("DROP PRIMARY KEY,\n  ADD PRIMARY KEY (`a`, `b`)", Inplace, Inplace),
            ("ADD CONSTRAINT `c` CHECK (`a` > 0)", Unasserted, Unasserted),
            ("ADD CONSTRAINT `c` CHECK (`a` > 0) NOT ENFORCED", Instant, Instant),
            ("ADD COLUMN `z` int,\n  ADD KEY `k` (`z`)", Inplace, Nocopy),
        ] {
            assert_eq!(of(Flavour::Mysql, MYSQL, clauses), mysql, "MySQL: {clauses}");
            assert_eq!(of(Flavour::Mariadb, MARIADB, clauses), mariadb, "MariaDB: {clauses}");
        }
    }

    #[test]
    fn an_older_server_is_asked_for_what_it_knows() {
        let mysql = |major, minor, patch, clauses: &str| {
            of(Flavour::Mysql, ServerVersion::new(major, minor, patch), clauses)
        };
        assert_eq!(mysql(5, 7, 44, "ADD COLUMN `z` int"), Inplace);
        assert_eq!(mysql(8, 0, 12, "ADD COLUMN `z` int"), Instant);
        assert_eq!(mysql(8, 0, 12, "ADD COLUMN `z` int AFTER `a`"), Inplace);
        assert_eq!(mysql(8, 0, 28, "DROP COLUMN `a`"), Inplace);
        let mariadb =
            |major, minor, clauses: &str| of(Flavour::Mariadb, ServerVersion::new(major, minor, 3), clauses);
        assert_eq!(mariadb(10, 2, "ADD COLUMN `z` int"), Inplace);
        assert_eq!(mariadb(10, 3, "DROP COLUMN `a`"), Inplace);
        assert_eq!(mariadb(11, 8, "ADD CONSTRAINT `c` CHECK (`a` > 0)"), CopyOnline);
    }

    #[test]
    fn what_is_foretold_to_copy_asserts_nothing() {
        let instant = asserting("ALTER TABLE `t`\n  MODIFY COLUMN `a` varchar(20)", Instant);
        let within = |flavour, version, way| within(flavour, version, &instant, way);
        assert_eq!(Algorithm::of(&within(Flavour::Mysql, MYSQL, Way::COPY)), Unasserted);
        assert_eq!(Algorithm::of(&within(Flavour::Mysql, MYSQL, Way::REBUILD)), Inplace);
        assert_eq!(Algorithm::of(&within(Flavour::Mysql, MYSQL, Way::REBUILD.shared())), Unasserted);
        assert_eq!(within(Flavour::Mariadb, MARIADB, Way::INSTANT), instant);
    }

    #[test]
    fn what_is_refused_is_tried_with_less_until_nothing_is_asserted() {
        let mut sql = asserting("ALTER TABLE `t`\n  MODIFY COLUMN `a` bigint", Instant);
        let mut endings = Vec::new();
        while let Some(next) = weaker(Flavour::Mysql, MYSQL, &sql) {
            endings.push(next.lines().last().unwrap_or_default().trim().to_owned());
            sql = next;
        }
        assert_eq!(endings, ["ALGORITHM=INPLACE, LOCK=NONE", "MODIFY COLUMN `a` bigint"]);
        let sql = asserting("ALTER TABLE `t`\n  ADD KEY `k` (`a`)", Nocopy);
        assert!(
            weaker(Flavour::Mariadb, MARIADB, &sql).is_some_and(|sql| sql.ends_with("INPLACE, LOCK=NONE"))
        );
    }
}
