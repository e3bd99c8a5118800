use super::*;
use crate::{dialect::Dialect, plan::sample};

fn plan(statements: &[&[&str]]) -> Plan {
    let steps = statements.iter().enumerate();
    Plan {
        flavour: crate::dialect::Flavour::Postgres,
        steps: steps.map(|(index, texts)| sample::step(&format!("r{index}"), texts)).collect(),
        heads_before: Vec::new(),
        heads_after: Vec::new(),
    }
}

fn orders() -> (Catalog, Vec<TableSize>) {
    let catalog = Catalog::of_sql(Dialect::Postgres, "CREATE TABLE orders (id int PRIMARY KEY, total int)");
    let size = TableSize {
        schema: Some("public".into()),
        name: "orders".into(),
        rows: Some(9),
        bytes: Some(600_000_000),
    };
    (catalog, vec![size])
}

fn of(statements: &[&[&str]]) -> Forecast {
    let (catalog, sizes) = orders();
    forecast(&plan(statements), ServerVersion::new(16, 0, 0), catalog, &sizes, &LintSettings::default())
}

#[test]
fn the_size_of_a_table_and_the_work_make_an_estimate_with_its_basis() {
    let forecast = of(&[&["ALTER TABLE orders ALTER total TYPE bigint"]]);
    let statement = &forecast.steps[0].statements[0];
    assert_eq!(statement.tables[0].in_words().as_deref(), Some("600 MB, about 9 rows"));
    let estimate = statement.estimate.as_ref().unwrap();
    assert_eq!((estimate.seconds, estimate.basis.as_str()), (12, "600 MB written at 50 MB/s"));
}

#[test]
fn a_statement_that_touches_no_row_has_no_estimate() {
    let forecast = of(&[&["ALTER TABLE orders ADD note text"]]);
    assert_eq!(forecast.steps[0].statements[0].estimate, None);
    assert_eq!(forecast.steps[0].statements[0].impact.locks.len(), 1);
}

#[test]
fn what_an_earlier_step_makes_is_known_and_locked_for_nobody() {
    let forecast = of(&[
        &["CREATE TABLE lines (id int)"],
        &["CREATE INDEX ON lines (id)", "CREATE INDEX ON orders (total)"],
    ]);
    let [own, others] = forecast.steps[1].statements.as_slice() else { panic!("two statements") };
    assert_eq!(own.impact.locks, []);
    assert!(own.hazards.is_empty());
    assert_eq!(others.impact.locks[0].to_string(), "SHARE on orders");
    assert_eq!(others.hazards[0].rule, "blocking-index");
}

#[test]
fn a_step_in_a_transaction_stops_before_or_after() {
    let mut plan = plan(&[&["SELECT 1"], &["SELECT 1"]]);
    plan.steps[1].transactional = false;
    let (catalog, sizes) = orders();
    let forecast = forecast(&plan, ServerVersion::new(16, 0, 0), catalog, &sizes, &LintSettings::default());
    assert_eq!(forecast.steps[0].stops, Stops::Step);
    assert_eq!(forecast.steps[1].stops, Stops::Statement);
}

#[test]
fn what_a_server_of_the_usual_version_does_not_know_is_an_error() {
    let plan = plan(&[&["CREATE UNIQUE INDEX CONCURRENTLY i ON orders (total) NULLS NOT DISTINCT"]]);
    let (catalog, sizes) = orders();
    let version = crate::lint::usual_version(plan.flavour);
    let forecast = forecast(&plan, version, catalog, &sizes, &LintSettings::default());
    let hazards = &forecast.steps[0].statements[0].hazards;
    let found = hazards.iter().find(|hazard| hazard.rule == "unsupported-syntax").unwrap();
    assert_eq!(found.severity, crate::lint::Severity::Error, "{}", found.message);
}

#[test]
fn what_a_statement_runs_itself_is_foretold_with_it() {
    let forecast = of(&[
        &[
            "CREATE FUNCTION work() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE orders ADD b int; END $$",
        ],
        &["SELECT work()", "DO $$ BEGIN CREATE INDEX i ON orders (b); END $$", "SELECT 1"],
    ]);
    let locks = |index: usize| {
        let locks = &forecast.steps[1].statements[index].impact.locks;
        locks.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(forecast.steps[0].statements[0].impact.locks, []);
    assert_eq!(locks(0), ["ACCESS EXCLUSIVE on orders"]);
    assert_eq!(locks(1), ["SHARE on orders"]);
    assert_eq!(locks(2), Vec::<String>::new());
}
