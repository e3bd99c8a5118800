//! A sample of MySQL or MariaDB: rows of a snapshot as the bytes that are stored, and literals of the same bytes in
//! the scratch database, whose triggers are dropped meanwhile because they can't be disabled.

use std::collections::HashMap;

use async_trait::async_trait;
use futures_util::StreamExt as _;
use underpin_core::{
    dialect::{Dialect, Flavour},
    name::quote,
    sample::{
        Link, SamplePlan,
        mysql::{self, FormedTable, ValueForm},
    },
};

use super::{Fault, Key, Transfer, run};
use crate::database::{
    DatabaseError, Session,
    copy::{PIECE, raw_rows},
};

/// Where each table counts on from.
const COUNTS: &str = "\
    SELECT TABLE_NAME, AUTO_INCREMENT FROM information_schema.TABLES \
    WHERE TABLE_SCHEMA = DATABASE() AND AUTO_INCREMENT IS NOT NULL";

/// The sequences of MariaDB.
const SEQUENCES: &str = "\
    SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'SEQUENCE'";

/// Two sessions of MySQL or MariaDB.
pub(super) struct MysqlTransfer<'a> {
    plan: &'a SamplePlan,
    flavour: Flavour,
    from: &'a mut dyn Session,
    to: &'a mut dyn Session,
    /// The form of each column of each table.
    forms: HashMap<(String, String), ValueForm>,
    /// What makes the triggers again.
    triggers: Vec<[String; 2]>,
}

impl<'a> MysqlTransfer<'a> {
    pub(super) fn new(
        plan: &'a SamplePlan,
        flavour: Flavour,
        from: &'a mut dyn Session,
        to: &'a mut dyn Session,
    ) -> Self {
        Self { plan, flavour, from, to, forms: HashMap::new(), triggers: Vec::new() }
    }

    fn form(&self, table: usize, column: &str) -> ValueForm {
        let name = (self.plan.tables[table].id.name.clone(), column.to_owned());
        self.forms.get(&name).cloned().unwrap_or_else(|| ValueForm::of("", None))
    }

    fn formed(&self, table: usize) -> FormedTable<'a> {
        let plan = self.plan;
        let forms = plan.tables[table].columns.iter().map(|column| self.form(table, &column.name)).collect();
        FormedTable { table: &plan.tables[table], forms }
    }

    /// Takes the triggers away, and notes what makes them again.
    async fn drop_triggers(&mut self) -> Result<(), DatabaseError> {
        for row in self.to.fetch(mysql::TRIGGERS).await? {
            let name = quote(Dialect::Mysql, row.text(0));
            let shown = self.to.fetch(&format!("SHOW CREATE TRIGGER {name}")).await?;
            let Some(shown) = shown.first() else { continue };
            self.triggers.push(mysql::trigger_again(shown.text(1), shown.text(2)));
            run(self.to, &format!("DROP TRIGGER {name}")).await?;
        }
        Ok(())
    }

    /// Copies what a query reads into a table.
    async fn pour(&mut self, formed: &FormedTable<'_>, query: &str) -> Result<u64, Fault> {
        let (from, to) = (&mut *self.from, &mut *self.to);
        let failed = || Fault::new(format!("the rows of {}", formed.table.shown()));
        let (mut statement, mut count) = (String::new(), 0);
        let mut rows = raw_rows(from, query);
        while let Some(row) = rows.next().await {
            let row = row.map_err(failed())?;
            match statement.is_empty() {
                true => statement.push_str(&formed.take_in()),
                false => statement.push_str(", "),
            }
            statement.push_str(&formed.values(&row));
            count += 1;
            if statement.len() >= PIECE {
                run(to, &statement).await.map_err(failed())?;
                statement.clear();
            }
        }
        run(to, &statement).await.map_err(failed())?;
        Ok(count)
    }

    /// Lets tables and sequences count on from where they do in the database.
    async fn count_on(&mut self) -> Result<(), DatabaseError> {
        if self.flavour == Flavour::Mysql {
            // It would tell numbers of up to a day ago; a server before 8.0 has no such setting.
            let _ = self.from.execute("SET SESSION information_schema_stats_expiry = 0").await;
        }
        let is_ours = |name: &str| self.plan.tables.iter().any(|table| table.id.name == name);
        for row in self.from.fetch(COUNTS).await? {
            if let Some(next) = row.text(1).parse().ok().filter(|_| is_ours(row.text(0))) {
                run(self.to, &mysql::count_from(row.text(0), next)).await?;
            }
        }
        if self.flavour != Flavour::Mariadb {
            return Ok(());
        }
        let ours = self.to.fetch(SEQUENCES).await?;
        for row in self.from.fetch(SEQUENCES).await?.iter().filter(|row| ours.contains(row)) {
            let name = quote(Dialect::Mysql, row.text(0));
            let next = self.from.fetch(&format!("SELECT next_not_cached_value FROM {name}")).await?;
            if let Some(next) = next.first().and_then(|row| row.integer(0)) {
                self.to.fetch(&format!("SELECT SETVAL({name}, {next}, 0)")).await?;
            }
        }
        Ok(())
    }
}

#[async_trait]
impl Transfer for MysqlTransfer<'_> {
    async fn begin(&mut self) -> Result<(), Fault> {
        let snapshot = format!("{}; START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", mysql::READING);
        run(self.from, &snapshot).await.map_err(Fault::new("the snapshot"))?;
        let forms = self.from.fetch(mysql::FORMS).await.map_err(Fault::new("the forms of the columns"))?;
        let form = |row: &crate::database::Row| {
            let name = (row.text(0).to_owned(), row.text(1).to_owned());
            (name, ValueForm::of(row.text(2), row.optional(3)))
        };
        self.forms = forms.iter().map(form).collect();
        let unready = || Fault::new("making the copy ready");
        run(self.to, mysql::WRITING).await.map_err(unready())?;
        if self.flavour == Flavour::Mariadb {
            run(self.to, "SET SESSION check_constraint_checks = 0").await.map_err(unready())?;
        }
        self.drop_triggers().await.map_err(unready())?;
        for (_, table) in self.plan.chosen() {
            run(self.to, &mysql::empty(table)).await.map_err(unready())?;
        }
        Ok(())
    }

    async fn first_rows(&mut self, table: usize, limit: u64) -> Result<u64, Fault> {
        let formed = self.formed(table);
        let query = formed.first_rows(limit);
        self.pour(&formed, &query).await
    }

    async fn missing(&mut self, link: &Link, offset: u64) -> Result<Vec<Key>, Fault> {
        let (child, parent) = (&self.plan.tables[link.child], &self.plan.tables[link.parent]);
        let forms: Vec<ValueForm> =
            link.columns.iter().map(|column| self.form(link.child, &column.name)).collect();
        let query = mysql::missing(link, &forms, child, parent, offset);
        let mut rows = raw_rows(&mut *self.to, &query);
        let mut keys = Vec::new();
        while let Some(row) = rows.next().await {
            let row = row.map_err(Fault::new(format!("what {} refers to", child.shown())))?;
            keys.push(forms.iter().zip(&row).map(|(form, value)| form.literal(value.as_deref())).collect());
        }
        Ok(keys)
    }

    async fn rows_of(&mut self, link: &Link, keys: &[Key]) -> Result<u64, Fault> {
        let formed = self.formed(link.parent);
        let query = formed.rows_of(link, keys);
        self.pour(&formed, &query).await
    }

    async fn finish(&mut self) -> Result<(), Fault> {
        self.count_on().await.map_err(Fault::new("where the tables count on from"))?;
        for [mode, trigger] in std::mem::take(&mut self.triggers) {
            let again = || Fault::new("making a trigger again");
            run(self.to, &mode).await.map_err(again())?;
            run(self.to, &trigger).await.map_err(again())?;
        }
        Ok(())
    }
}
