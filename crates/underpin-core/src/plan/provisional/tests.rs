use super::*;
use crate::{dialect::Flavour, plan::sample};

const CUSTOMERS: &str = "CREATE TABLE customers (id INT PRIMARY KEY)";
const ORDERS: &str = "CREATE TABLE orders (id INT, customer INT REFERENCES customers (id))";
const INDEX: &str = "CREATE INDEX by_customer ON orders (customer)";

fn id(text: &str) -> RevisionId {
    RevisionId::new(text).expect("an id")
}

fn plan(steps: &[(&str, &[&str])]) -> Plan {
    sample::plan(Flavour::Sqlite, steps)
}

fn table(name: &str, rows: u64, statements: &[&str]) -> ProvisionalTable {
    ProvisionalTable {
        schema: "main".to_owned(),
        name: name.to_owned(),
        visible: true,
        statements: statements.iter().map(|text| (*text).to_owned()).collect(),
        rows,
        unchanged: true,
        adopted_by: None,
    }
}

fn decide(plan: &Plan, tables: &[ProvisionalTable]) -> Vec<Fate> {
    fates(plan, tables, None, true)
}

fn created(revision: &str) -> Fate {
    Fate::InTheWay(Obstacle::Created(id(revision)))
}

#[test]
fn an_empty_table_that_the_plan_brings_goes_and_any_other_stays() {
    let tables = [table("customers", 0, &[CUSTOMERS]), table("notes", 7, &["CREATE TABLE notes (id INT)"])];
    for statement in [
        "create table Customers (other INT)",
        "CREATE TABLE IF NOT EXISTS main.customers (id INT)",
        "ALTER TABLE clients RENAME TO customers",
    ] {
        assert_eq!(decide(&plan(&[("1", &[statement])]), &tables), [Fate::Drop, Fate::Stay], "{statement}");
    }
    for statement in ["CREATE TEMP TABLE customers (id INT)", "CREATE TABLE other.customers (id INT)"] {
        assert_eq!(decide(&plan(&[("1", &[statement])]), &tables), [Fate::Stay, Fate::Stay], "{statement}");
    }
}

#[test]
fn a_table_with_rows_is_adopted_if_one_revision_would_make_it_just_so() {
    let full = [table("orders", 3, &[ORDERS, INDEX])];
    let just_so = plan(&[
        ("1", &[CUSTOMERS]),
        (
            "2",
            &[
                "create table orders(id INT, customer INT REFERENCES customers (id))",
                "UPDATE a SET b = 1",
                INDEX,
            ],
        ),
    ]);
    // Another case of its words is another text, which nobody takes for the same.
    assert_eq!(decide(&just_so, &full), [created("2")]);
    let just_so = plan(&[
        ("1", &[CUSTOMERS]),
        (
            "2",
            &[
                "CREATE TABLE  orders (id INT, -- so\n customer INT REFERENCES customers (id))",
                "UPDATE a SET b = 1",
                INDEX,
            ],
        ),
    ]);
    assert_eq!(decide(&just_so, &full), [Fate::Adopt(id("2"))]);
    let left = without_adopted(&just_so, &full, &decide(&just_so, &full));
    let texts: Vec<_> = left.steps[1].statements.iter().map(|statement| statement.text.as_str()).collect();
    assert_eq!((texts, left.steps[0].statements.len()), (vec!["UPDATE a SET b = 1"], 1));
    // As the plan was shown, so it is to run.
    assert_eq!(fates(&just_so, &full, None, false), [created("2")]);

    let elsewhere = plan(&[("2", &[ORDERS]), ("3", &[INDEX])]);
    assert_eq!(decide(&elsewhere, &full), [created("2")]);
    let changed = [ProvisionalTable { unchanged: false, ..full[0].clone() }];
    assert_eq!(decide(&just_so, &changed), [created("2")]);
}

#[test]
fn what_refers_to_a_table_that_goes_goes_with_it_or_is_in_the_way() {
    let plan = plan(&[("1", &[CUSTOMERS])]);
    let empty = [table("customers", 0, &[CUSTOMERS]), table("orders", 0, &[ORDERS])];
    assert_eq!(decide(&plan, &empty), [Fate::Drop, Fate::Drop]);
    let full = [table("customers", 0, &[CUSTOMERS]), table("orders", 2, &[ORDERS])];
    let refers = Fate::InTheWay(Obstacle::Refers("customers".to_owned()));
    assert_eq!(decide(&plan, &full), [Fate::Drop, refers]);
}

#[test]
fn what_an_adopted_table_refers_to_is_adopted_or_in_the_way() {
    let tables = [table("customers", 0, &[CUSTOMERS]), table("orders", 2, &[ORDERS])];
    let same = plan(&[("1", &[CUSTOMERS, ORDERS])]);
    assert_eq!(decide(&same, &tables), [Fate::Adopt(id("1")), Fate::Adopt(id("1"))]);
    let other = plan(&[("1", &["CREATE TABLE customers (id INT, name TEXT)", ORDERS])]);
    let referred = Fate::InTheWay(Obstacle::Referred("orders".to_owned()));
    assert_eq!(decide(&other, &tables), [referred, Fate::Adopt(id("1"))]);
}

#[test]
fn a_run_that_was_cut_off_goes_on_as_it_began() {
    let plan = plan(&[("1", &[CUSTOMERS, "INSERT INTO customers VALUES (1)"])]);
    let cut_off = |statement| Some(CutOff { revision: "1", statement });
    let empty = [table("customers", 0, &[CUSTOMERS])];
    // What is done already is not done again.
    assert_eq!(fates(&plan, &empty, cut_off(1), true), [Fate::Stay]);
    assert_eq!(fates(&plan, &empty, cut_off(0), true), [Fate::Drop]);
    let full = [table("customers", 1, &[CUSTOMERS])];
    assert_eq!(fates(&plan, &full, cut_off(0), true), [created("1")]);
    // Given to the revision before it began, and changed by it since.
    let given = [ProvisionalTable { unchanged: false, adopted_by: Some("1".to_owned()), ..full[0].clone() }];
    assert_eq!(fates(&plan, &given, cut_off(1), true), [Fate::Adopt(id("1"))]);
    // An adoption that nothing came of is decided anew.
    assert_eq!(decide(&plan, &given), [created("1")]);
}

#[test]
fn an_enumerated_type_goes_with_its_tables_and_is_adopted_with_them() {
    const STATUS: &str = "CREATE TYPE status AS ENUM ('open', 'closed')";
    const TICKETS: &str = "CREATE TABLE tickets (id INT, status status)";
    let brings = |statements: &[&str]| sample::plan(Flavour::Postgres, &[("1", statements)]);
    let made = |rows| [table("status", 0, &[STATUS]), table("tickets", rows, &[TICKETS])];
    let adopted = Fate::Adopt(id("1"));
    assert_eq!(decide(&brings(&[STATUS, TICKETS]), &made(0)), [Fate::Drop, Fate::Drop]);
    assert_eq!(decide(&brings(&[STATUS, TICKETS]), &made(2)), [adopted.clone(), adopted]);
    // Another type of that name: the rows are of the one that is there.
    let other = "CREATE TYPE status AS ENUM ('open')";
    let referred = Fate::InTheWay(Obstacle::Referred("tickets".to_owned()));
    assert_eq!(decide(&brings(&[other, TICKETS]), &made(2))[0], referred);
    let left = without_adopted(
        &brings(&[STATUS, TICKETS, "SELECT 1"]),
        &made(2),
        &[Fate::Adopt(id("1")), Fate::Adopt(id("1"))],
    );
    assert_eq!(left.steps[0].statements.len(), 1);
}
