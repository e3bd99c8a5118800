//! What a database of MySQL or MariaDB has, by the names of it, and the statements that drop it. Read from the
//! catalog of the server; nothing is changed here.

use underpin_core::{
    dialect::Dialect,
    name::{literal, quote},
};

use crate::database::{DatabaseError, Session};

/// The kind of a package (MariaDB).
const PACKAGE: &str = "PACKAGE";

/// What a database has.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// Its tables, those with a history of their rows and sequences (MariaDB) among them, with their kind.
    pub(super) tables: Vec<Named>,
    /// Its views.
    pub(super) views: Vec<Named>,
    /// Its procedures, functions, packages and events.
    programs: Vec<Named>,
    triggers: Vec<Named>,
}

/// Something that a database has.
#[derive(Debug)]
pub(super) struct Named {
    /// What is written behind `DROP`.
    kind: String,
    pub(super) name: String,
}

impl Contents {
    /// Reads what a database has.
    ///
    /// # Errors
    /// What the server says.
    pub(super) async fn of(session: &mut dyn Session, database: &str) -> Result<Self, DatabaseError> {
        let schema = literal(Dialect::Mysql, database);
        // A body of a package goes with the package ("DROP PACKAGE" of MariaDB).
        let question = format!(
            "SELECT CASE TABLE_TYPE WHEN 'VIEW' THEN 'VIEW' WHEN 'SEQUENCE' THEN 'SEQUENCE' ELSE 'TABLE' END, TABLE_NAME \
             FROM information_schema.TABLES WHERE TABLE_SCHEMA = {schema} AND TABLE_TYPE <> 'TEMPORARY' UNION ALL \
             SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = {schema} \
             AND ROUTINE_TYPE IN ('PROCEDURE', 'FUNCTION', 'PACKAGE') UNION ALL \
             SELECT 'EVENT', EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = {schema} UNION ALL \
             SELECT 'TRIGGER', TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = {schema}"
        );
        let mut contents = Self::default();
        for row in session.fetch(&question).await? {
            let named = Named { kind: row.text(0).to_owned(), name: row.text(1).to_owned() };
            let place = match row.text(0) {
                "VIEW" => &mut contents.views,
                "TABLE" | "SEQUENCE" => &mut contents.tables,
                "TRIGGER" => &mut contents.triggers,
                _ => &mut contents.programs,
            };
            place.push(named);
        }
        Ok(contents)
    }

    /// Whether there is nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.views.is_empty() && self.programs.is_empty()
    }

    /// The tables that can be locked: sequences can't.
    pub(super) fn lockable(&self) -> impl Iterator<Item = &String> {
        self.tables.iter().filter(|table| table.kind == "TABLE").map(|table| &table.name)
    }

    /// Whether it has a table of this name.
    pub(super) fn has_table(&self, name: &str) -> bool {
        self.tables.iter().any(|table| table.name == name)
    }

    /// Whether it has anything beside its tables.
    pub(super) fn has_dress(&self) -> bool {
        self.has_triggers() || !self.views.is_empty() || !self.programs.is_empty()
    }

    /// Whether a table has a trigger.
    pub(super) fn has_triggers(&self) -> bool {
        !self.triggers.is_empty()
    }

    /// Drops the triggers, without which no table can go into another database.
    pub(super) fn drop_triggers(&self, database: &str) -> String {
        drops(database, &self.triggers)
    }

    /// Drops everything but the tables and their rows.
    pub(super) fn drop_dress(&self, database: &str) -> String {
        drops(database, self.triggers.iter().chain(&self.views).chain(&self.programs))
    }

    /// Drops everything.
    pub(super) fn drop_everything(&self, database: &str) -> String {
        let everything = drops(database, self.views.iter().chain(&self.tables).chain(&self.programs));
        format!("SET FOREIGN_KEY_CHECKS = 0;\n{everything};\nSET FOREIGN_KEY_CHECKS = 1")
    }
}

/// The name of something in a database.
pub(super) fn qualified(database: &str, name: &str) -> String {
    format!("{}.{}", quote(Dialect::Mysql, database), quote(Dialect::Mysql, name))
}

fn drops<'a>(database: &str, all: impl IntoIterator<Item = &'a Named>) -> String {
    let drop = |named: &Named| {
        let drop = format!("DROP {} IF EXISTS {}", named.kind, qualified(database, &named.name));
        match named.kind == PACKAGE {
            // Elsewhere the word is none ("DROP PACKAGE" of MariaDB).
            true => format!(
                "SET @underpin_sql_mode = @@sql_mode, sql_mode = ORACLE;\n{drop};\nSET sql_mode = @underpin_sql_mode"
            ),
            false => drop,
        }
    };
    let statements: Vec<String> = all.into_iter().map(drop).collect();
    // A script of nothing is none.
    if statements.is_empty() { "DO 0".to_owned() } else { statements.join(";\n") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_dropped_where_the_server_knows_the_word() {
        let named = |kind: &str| Named { kind: kind.to_owned(), name: "a`b".to_owned() };
        assert_eq!(drops("x", &[named("VIEW")]), "DROP VIEW IF EXISTS `x`.`a``b`");
        let text = drops("x", &[named(PACKAGE), named("EVENT")]);
        let lines: Vec<&str> = text.lines().collect();
        assert!(
            lines[0].ends_with("sql_mode = ORACLE;") && lines[1] == "DROP PACKAGE IF EXISTS `x`.`a``b`;",
            "{text}"
        );
        assert_eq!(lines[2..], ["SET sql_mode = @underpin_sql_mode;", "DROP EVENT IF EXISTS `x`.`a``b`"]);
    }
}
