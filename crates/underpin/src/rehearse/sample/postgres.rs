//! A sample of PostgreSQL: `COPY` from a snapshot into a transaction of the scratch database, in which foreign keys,
//! triggers and what was never checked are put aside meanwhile. Being the owner is enough for that.

use async_trait::async_trait;
use underpin_core::{
    dialect::Dialect,
    name::{literal, quote_in},
    sample::{Link, SamplePlan, postgres},
};

use super::{Fault, Key, Transfer, run};
use crate::database::{DatabaseError, ErrorClass, Row, Session, copy::copy};

/// What drops and what makes again each foreign key, and each constraint that rows may break because nobody has
/// checked them.
const CONSTRAINTS: &str = "\
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname), \
      format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_catalog.pg_get_constraintdef(c.oid)) \
    FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_class t ON t.oid = c.conrelid \
    JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace \
    WHERE c.conparentid = 0 AND c.coninhcount = 0 AND (c.contype = 'f' OR NOT c.convalidated) \
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY c.oid";

/// What disables and what enables again each trigger of a user's that fires.
const TRIGGERS: &str = "\
    SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', g.tgrelid::regclass, g.tgname), \
      format('ALTER TABLE %s ENABLE%s TRIGGER %I', g.tgrelid::regclass, \
        CASE g.tgenabled WHEN 'A' THEN ' ALWAYS' WHEN 'R' THEN ' REPLICA' ELSE '' END, g.tgname) \
    FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_class t ON t.oid = g.tgrelid \
    WHERE NOT g.tgisinternal AND g.tgenabled <> 'D' AND t.relkind IN ('r', 'p') ORDER BY g.oid";

/// Where each sequence is; without a last number it has given none, or this role may not know.
const SEQUENCES: &str = "\
    SELECT schemaname, sequencename, coalesce(last_value, start_value), last_value IS NOT NULL \
    FROM pg_catalog.pg_sequences WHERE schemaname !~ '^pg_'";

/// Two sessions of PostgreSQL.
pub(super) struct PostgresTransfer<'a> {
    plan: &'a SamplePlan,
    from: &'a mut dyn Session,
    to: &'a mut dyn Session,
    /// What makes again what was put aside.
    constraints: Vec<String>,
    triggers: Vec<String>,
}

impl<'a> PostgresTransfer<'a> {
    pub(super) fn new(plan: &'a SamplePlan, from: &'a mut dyn Session, to: &'a mut dyn Session) -> Self {
        Self { plan, from, to, constraints: Vec::new(), triggers: Vec::new() }
    }

    /// Puts aside what a query tells how to, and returns what makes it again.
    async fn put_aside(&mut self, query: &str) -> Result<Vec<String>, DatabaseError> {
        let rows = self.to.fetch(query).await?;
        let script: Vec<&str> = rows.iter().map(|row| row.text(0)).collect();
        run(self.to, &script.join("; ")).await?;
        Ok(rows.iter().map(|row| row.text(1).to_owned()).collect())
    }

    async fn pour(&mut self, table: usize, out: &str) -> Result<u64, Fault> {
        let table = &self.plan.tables[table];
        let into = postgres::take_in(table);
        let poured = copy((&mut *self.from, out), (&mut *self.to, &into)).await;
        poured.map_err(Fault::new(format!("the rows of {}", table.shown())))
    }

    /// Makes a constraint again; where rows of the database itself break it, as it may be left unchecked.
    async fn constrain(&mut self, add: &str) -> Result<(), DatabaseError> {
        run(self.to, "SAVEPOINT underpin_constraint").await?;
        match run(self.to, add).await {
            Err(error) if error.class == ErrorClass::Violation => {
                run(self.to, &format!("ROLLBACK TO underpin_constraint; {add} NOT VALID")).await
            }
            made => made,
        }
    }
}

#[async_trait]
impl Transfer for PostgresTransfer<'_> {
    async fn begin(&mut self) -> Result<(), Fault> {
        let settings = postgres::SETTINGS;
        run(self.from, &format!("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; {settings}"))
            .await
            .map_err(Fault::new("the snapshot"))?;
        let unready = || Fault::new("making the copy ready");
        run(self.to, &format!("BEGIN; {settings}")).await.map_err(unready())?;
        self.constraints = self.put_aside(CONSTRAINTS).await.map_err(unready())?;
        self.triggers = self.put_aside(TRIGGERS).await.map_err(unready())?;
        if self.plan.chosen().next().is_some() {
            let empty = postgres::empty(self.plan.chosen().map(|(_, table)| table));
            run(self.to, &empty).await.map_err(unready())?;
        }
        Ok(())
    }

    async fn first_rows(&mut self, table: usize, limit: u64) -> Result<u64, Fault> {
        let out = postgres::first_rows(&self.plan.tables[table], limit);
        self.pour(table, &out).await
    }

    async fn missing(&mut self, link: &Link, offset: u64) -> Result<Vec<Key>, Fault> {
        let (child, parent) = (&self.plan.tables[link.child], &self.plan.tables[link.parent]);
        let query = postgres::missing(link, child, parent, offset);
        let rows = self.to.fetch(&query).await;
        let rows = rows.map_err(Fault::new(format!("what {} refers to", child.shown())))?;
        Ok(rows.into_iter().map(|Row(values)| values.into_iter().flatten().collect()).collect())
    }

    async fn rows_of(&mut self, link: &Link, keys: &[Key]) -> Result<u64, Fault> {
        let out = postgres::rows_of(link, &self.plan.tables[link.parent], keys);
        self.pour(link.parent, &out).await
    }

    async fn finish(&mut self) -> Result<(), Fault> {
        let sequences = self.from.fetch(SEQUENCES).await.map_err(Fault::new("the sequences"))?;
        let sequences: Vec<String> = sequences.iter().map(set_sequence).collect();
        run(self.to, &sequences.join("; ")).await.map_err(Fault::new("the sequences"))?;
        for add in std::mem::take(&mut self.constraints) {
            self.constrain(&add).await.map_err(Fault::new("making a constraint again"))?;
        }
        let triggers = std::mem::take(&mut self.triggers).join("; ");
        run(self.to, &triggers).await.map_err(Fault::new("enabling the triggers again"))?;
        run(self.to, "COMMIT").await.map_err(Fault::new("the end of the copy"))
    }
}

/// Sets a sequence of the copy, if it is there (`setval` of nothing is nothing).
fn set_sequence(row: &Row) -> String {
    let name = quote_in(Dialect::Postgres, row.optional(0), row.text(1));
    let value = row.integer(2).unwrap_or(1);
    format!(
        "SELECT pg_catalog.setval(pg_catalog.to_regclass({}), {value}, {})",
        literal(Dialect::Postgres, &name),
        row.truth(3)
    )
}
