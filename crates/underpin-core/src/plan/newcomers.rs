//! Which steps of a plan make something new and touch nothing that was there before the run: nobody waits for
//! them, however long their transaction lasts, so that several may share one. Only what is sure counts.

use super::{Plan, Step};
use crate::{
    catalog::{Birth, Catalog},
    dialect::{Dialect, Flavour},
    impact::impact,
    revision::{Direction, Language},
    schema::ServerVersion,
    statement::{self, ObjectName, RowChange, RowVerb, Statement},
};

/// What the plan has made counts as made by a transaction, whichever it was.
const NEW: Birth = Birth::Transaction(0);

/// After how many steps what was made is taken to have been there: a catalog that is searched for each name
/// must not grow with the plan.
const REMEMBERED: usize = 1_000;

/// Of each step of a plan for PostgreSQL, whether it makes something new only; no step of another server does.
///
/// A table that an earlier step of the plan has made is new to everybody else, too.
pub fn newcomers(plan: &Plan, version: ServerVersion) -> Vec<bool> {
    if plan.flavour != Flavour::Postgres {
        return vec![false; plan.steps.len()];
    }
    let stretch = |steps: &[Step]| {
        let mut catalog = Catalog::unknown(Dialect::Postgres);
        steps.iter().map(|step| makes_only(&mut catalog, step, version)).collect::<Vec<bool>>()
    };
    plan.steps.chunks(REMEMBERED).flat_map(stretch).collect()
}

fn makes_only(catalog: &mut Catalog, step: &Step, version: ServerVersion) -> bool {
    let mut new =
        step.transactional && step.direction == Direction::Upgrade && step.language == Language::Sql;
    for planned in &step.statements {
        let statement = statement::parse(Dialect::Postgres, &planned.text);
        new &= is_new(catalog, &statement, version);
        catalog.apply(&statement, if is_surely_made(&statement) { NEW } else { Birth::Before });
    }
    new
}

/// Whether what a statement makes can't have been there.
const fn is_surely_made(statement: &Statement) -> bool {
    match statement {
        Statement::CreateTable(create) => !create.if_not_exists,
        _ => true,
    }
}

fn is_new(catalog: &Catalog, statement: &Statement, version: ServerVersion) -> bool {
    let of_a_kind = match statement {
        Statement::CreateTable(create) => {
            !create.temporary && !create.if_not_exists && !create.as_query && create.like.is_empty()
        }
        Statement::Rows(change) => adds_literals(catalog, change),
        Statement::AlterTable(alter) => is_made(catalog, &alter.table),
        Statement::CreateIndex(index) => index.table.as_ref().is_some_and(|table| is_made(catalog, table)),
        Statement::Comment { table: Some(table) } => is_made(catalog, table),
        Statement::CreateEnum(_) => true,
        _ => false,
    };
    if !of_a_kind {
        return false;
    }
    let impact = impact(Flavour::Postgres, version, catalog, statement);
    impact.known && impact.locks.is_empty() && impact.scans.is_empty() && impact.rewrites.is_empty()
}

/// Whether it adds rows that are written out to a table that is new and without triggers.
fn adds_literals(catalog: &Catalog, change: &RowChange) -> bool {
    let table = change.table.as_ref().filter(|table| is_made(catalog, table));
    let quiet = table.and_then(|table| catalog.table(table)).is_some_and(|table| table.triggers.is_empty());
    change.verb == RowVerb::Insert && !change.from_query && quiet
}

/// Whether a table was made by the plan. A name that says a schema in one place and none in another may be two.
fn is_made(catalog: &Catalog, name: &ObjectName) -> bool {
    catalog
        .table(name)
        .is_some_and(|table| table.birth == NEW && !table.temporary && table.name.schema == name.schema)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::sample;

    fn of(steps: &[(&str, &[&str])]) -> Vec<bool> {
        newcomers(&sample::plan(Flavour::Postgres, steps), ServerVersion::new(15, 0, 0))
    }

    /// Whether a statement that follows `CREATE TABLE a (i int)` touches nothing else.
    fn after_a_table(statement: &str) -> bool {
        of(&[("0001", &["CREATE TABLE a (i int PRIMARY KEY, t text)"]), ("0002", &[statement])])[1]
    }

    #[test]
    fn what_is_made_and_what_is_done_to_it_is_new() {
        for statement in [
            "CREATE TABLE b (i int PRIMARY KEY REFERENCES a, t text NOT NULL DEFAULT 'x')",
            "CREATE INDEX ON a (t)",
            "ALTER TABLE a ADD COLUMN n int, ALTER COLUMN t SET NOT NULL",
            "ALTER TABLE a RENAME TO c",
            "INSERT INTO a VALUES (1, 'x'), (2, 'y')",
            "COMMENT ON TABLE a IS 'it'",
            "CREATE TYPE mood AS ENUM ('sad', 'ok')",
        ] {
            assert!(after_a_table(statement), "{statement}");
        }
    }

    #[test]
    fn what_may_touch_anything_else_is_not() {
        for statement in [
            "CREATE TABLE b (i int REFERENCES there)",
            "CREATE TABLE IF NOT EXISTS b (i int)",
            "CREATE TABLE b AS SELECT * FROM there",
            "CREATE TABLE b (LIKE there)",
            "CREATE TABLE b () INHERITS (there)",
            "CREATE TABLE b PARTITION OF there DEFAULT",
            "CREATE TEMPORARY TABLE b (i int)",
            "CREATE INDEX ON there (t)",
            "ALTER TABLE there ADD COLUMN n int",
            "ALTER TABLE a ADD FOREIGN KEY (i) REFERENCES there",
            "ALTER TABLE other.a ADD COLUMN n int",
            "INSERT INTO a SELECT i, t FROM there",
            "INSERT INTO there VALUES (1)",
            "UPDATE a SET t = 'x'",
            "COMMENT ON TABLE there IS 'it'",
            "COMMENT ON FUNCTION f IS 'it'",
            "ALTER TYPE mood ADD VALUE 'x'",
            "SELECT pg_sleep(1)",
            "DO $$ BEGIN END $$",
            "DROP TABLE a",
            "CREATE VIEW v AS SELECT * FROM there",
            "LOCK TABLE a",
            "GRANT SELECT ON a TO PUBLIC",
            "what is this",
        ] {
            assert!(!after_a_table(statement), "{statement}");
        }
    }

    #[test]
    fn a_table_that_may_have_been_there_stays_so() {
        let steps: [(&str, &[&str]); 2] =
            [("0001", &["CREATE TABLE IF NOT EXISTS a (i int)"]), ("0002", &["CREATE INDEX ON a (i)"])];
        assert_eq!(of(&steps), [false, false]);
    }

    #[test]
    fn a_row_that_a_trigger_may_carry_elsewhere_is_not_new() {
        let trigger = "CREATE TRIGGER g AFTER INSERT ON a FOR EACH ROW EXECUTE FUNCTION f()";
        let steps: [(&str, &[&str]); 3] = [
            ("0001", &["CREATE TABLE a (i int)"]),
            ("0002", &[trigger]),
            ("0003", &["INSERT INTO a VALUES (1)"]),
        ];
        assert_eq!(of(&steps), [true, false, false]);
    }

    #[test]
    fn a_step_is_new_as_a_whole_and_only_on_postgresql() {
        let steps: [(&str, &[&str]); 1] = [("0001", &["CREATE TABLE a (i int)", "DROP TABLE there"])];
        assert_eq!(of(&steps), [false]);
        let steps: [(&str, &[&str]); 1] = [("0001", &["CREATE TABLE a (i int)"])];
        for flavour in [Flavour::Sqlite, Flavour::Mysql, Flavour::Mariadb] {
            assert_eq!(newcomers(&sample::plan(flavour, &steps), ServerVersion::new(15, 0, 0)), [false]);
        }
        let mut plan = sample::plan(Flavour::Postgres, &steps);
        plan.steps[0].transactional = false;
        assert_eq!(newcomers(&plan, ServerVersion::new(15, 0, 0)), [false]);
        plan.steps[0].transactional = true;
        plan.steps[0].direction = Direction::Downgrade;
        assert_eq!(newcomers(&plan, ServerVersion::new(15, 0, 0)), [false]);
    }
}
