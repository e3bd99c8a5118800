//! What the statements of a plan ask of rows that are there before it runs, so that they can be counted then.
//! What an earlier statement of the plan makes or changes is known by its words alone, so it is told as open.

use super::{Plan, PlannedStatement, Step};
use crate::{
    dialect::Dialect,
    revision::Language,
    sql::{self, Requirement, words::Words},
};

/// Something that a statement of a plan asks of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Precondition<'a> {
    /// The revision.
    pub step: &'a Step,
    /// The place of the statement in it, from 0.
    pub statement: usize,
    /// What is asked.
    pub requirement: Requirement,
    /// Whether an earlier statement may change the rows, so that counting them now is no last word.
    pub open: bool,
}

/// What a plan asks of rows that are there already. Tables that it makes itself have none.
pub fn preconditions(plan: &Plan) -> Vec<Precondition<'_>> {
    let dialect = plan.flavour.dialect();
    let mut preconditions = Vec::new();
    let mut before = Before::default();
    for step in &plan.steps {
        for (index, statement) in step.statements.iter().enumerate() {
            for requirement in sql::requirements(dialect, &statement.text) {
                let table = bare(dialect, requirement.table());
                if !before.made.contains(&table) {
                    let open = before.anything || before.changed.contains(&table);
                    preconditions.push(Precondition { step, statement: index, requirement, open });
                }
            }
            before.note(dialect, statement);
        }
        before.anything |= step.language == Language::Rust || step.open_end.is_some();
    }
    preconditions
}

/// What the statements so far may have done.
#[derive(Debug, Default)]
struct Before {
    /// The tables that they make, or give another name.
    made: Vec<String>,
    /// Names in statements that change rows.
    changed: Vec<String>,
    /// Whether there was something among them that may have changed any row.
    anything: bool,
}

impl Before {
    fn note(&mut self, dialect: Dialect, statement: &PlannedStatement) {
        const CHANGES: [&str; 9] =
            ["INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "TRUNCATE", "COPY", "LOAD", "WITH"];
        const OPAQUE: [&str; 5] = ["DO", "CALL", "SELECT", "EXECUTE", "EXEC"];
        let words = Words::new(dialect, &statement.text);
        let names =
            || sql::object_names(dialect, &statement.text).into_iter().map(|name| name.to_lowercase());
        if words.first().is_one_of(&CHANGES) {
            self.changed.extend(names());
        } else if words.first().is_one_of(&OPAQUE) {
            self.anything = true;
        } else if (words.first().is("CREATE") && words.any(1, "TABLE")) || words.any(1, "RENAME") {
            self.made.extend(names());
        }
    }
}

/// The last part of a name as a statement writes it, without quotes and in small letters.
fn bare(dialect: Dialect, name: &str) -> String {
    sql::object_names(dialect, name).pop().unwrap_or_default().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dialect::Flavour, plan::sample};

    fn asked(statements: &[&str]) -> Vec<(usize, String, bool)> {
        let plan = sample::plan(Flavour::Postgres, &[("0001", statements)]);
        let told = preconditions(&plan).into_iter();
        told.map(|one| (one.statement, one.requirement.table().to_owned(), one.open)).collect()
    }

    #[test]
    fn what_rows_must_be_is_told_of_tables_that_are_there() {
        const NOT_NULL: &str = "ALTER TABLE orders ALTER COLUMN note SET NOT NULL";
        for (statements, expected) in [
            (vec![NOT_NULL], vec![(0, "orders", false)]),
            (vec!["CREATE TABLE orders (note text)", NOT_NULL], vec![]),
            (vec!["CREATE TABLE others (note text)", NOT_NULL], vec![(1, "orders", false)]),
            (vec!["UPDATE \"Orders\" SET note = 'x'", NOT_NULL], vec![(1, "orders", true)]),
            (vec!["UPDATE customers SET note = 'x'", NOT_NULL], vec![(1, "orders", false)]),
            (vec!["SELECT repair()", NOT_NULL], vec![(1, "orders", true)]),
            (vec!["ALTER TABLE old RENAME TO orders", NOT_NULL], vec![]),
            (vec!["CREATE UNIQUE INDEX a ON public.orders (note)"], vec![(0, "public.orders", false)]),
        ] {
            let expected: Vec<_> =
                expected.into_iter().map(|(at, table, open)| (at, table.to_owned(), open)).collect();
            assert_eq!(asked(&statements), expected, "{statements:?}");
        }
    }
}
