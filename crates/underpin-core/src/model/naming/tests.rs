use super::*;
use crate::model::{ModelColumn, ModelIndex, ModelUnique};

fn table() -> ModelTable {
    let mut table = ModelTable::new(ModelName::new("orders"));
    for name in ["id", "total", "email"] {
        table.columns.push(ModelColumn::new(name, ModelType::Text));
    }
    table
}

fn check(expression: &str) -> ModelCheck {
    ModelCheck { expression: PerFlavour::every(expression.to_owned()), ..ModelCheck::default() }
}

#[test]
fn names_are_those_that_postgresql_would_choose() {
    let mut orders = table();
    orders.uniques.push(ModelUnique { columns: vec!["email".to_owned()], ..ModelUnique::default() });
    orders.checks = vec![check("Total >= 0"), check("total < 10"), check("total > 0 OR id = 'email'")];
    let parts = |expression: &str| vec![ModelPart::of(ModelKey::Expression(expression.to_owned()))];
    orders.indexes = vec![
        ModelIndex { parts: parts("lower(email)"), ..ModelIndex::default() },
        ModelIndex { parts: parts("(total || id)"), ..ModelIndex::default() },
    ];
    let orders = &named(&[orders], &Naming::new()).expect("names")[0];
    assert_eq!(orders.uniques[0].name.as_deref(), Some("orders_email_key"));
    let checks: Vec<_> = orders.checks.iter().filter_map(|check| check.name.as_deref()).collect();
    assert_eq!(checks, ["orders_total_check", "orders_total_check1", "orders_check"]);
    let indexes: Vec<_> = orders.indexes.iter().filter_map(|index| index.name.as_deref()).collect();
    assert_eq!(indexes, ["orders_lower_idx", "orders_expr_idx"]);
}

#[test]
fn a_name_that_was_said_is_taken() {
    let mut orders = table();
    let mut said = check("id > 0");
    said.name = Some("orders_total_check".to_owned());
    orders.checks = vec![check("total > 0"), said];
    let orders = &named(&[orders], &Naming::new()).expect("names")[0];
    assert_eq!(orders.checks[0].name.as_deref(), Some("orders_total_check1"));
}

fn convention(patterns: [(NamedKind, &str); 3]) -> Naming {
    patterns
        .into_iter()
        .fold(Naming::new(), |naming, (kind, pattern)| naming.pattern(kind, pattern.parse().expect(pattern)))
}

fn sqlalchemy() -> Naming {
    convention([
        (NamedKind::PrimaryKey, "pk_{table}"),
        (NamedKind::Unique, "uq_{table}_{column}"),
        (NamedKind::Check, "ck_{table}_{name}"),
    ])
}

fn unique(columns: &[&str]) -> ModelUnique {
    ModelUnique {
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        ..ModelUnique::default()
    }
}

#[test]
fn a_convention_names_what_it_has_a_pattern_for_and_nothing_else() {
    let mut orders = table();
    orders.primary_key.columns = vec!["id".to_owned()];
    orders.uniques = vec![unique(&["email", "id"])];
    orders.checks = vec![check("total > 0")];
    orders.checks[0].name = Some("positive".to_owned());
    orders.indexes = vec![ModelIndex { parts: vec![ModelPart::column("total")], ..ModelIndex::default() }];
    let orders = &named(&[orders], &sqlalchemy()).expect("names")[0];
    assert_eq!(orders.primary_key.name.as_deref(), Some("pk_orders"));
    assert_eq!(orders.uniques[0].name.as_deref(), Some("uq_orders_email"));
    assert_eq!(orders.checks[0].name.as_deref(), Some("ck_orders_positive"));
    assert_eq!(orders.indexes[0].name.as_deref(), Some("orders_total_idx"));
}

#[test]
fn two_things_of_one_name_are_refused_with_both() {
    let mut orders = table();
    orders.uniques = vec![unique(&["email"]), unique(&["email", "total"])];
    let error = named(&[orders.clone()], &sqlalchemy()).expect_err("one name");
    assert_eq!(error.kind, ErrorKind::Model);
    assert_eq!(
        error.message,
        "the unique constraint of orders on email, total would be called uq_orders_email by the convention \
         `uq_{table}_{column}`, as the unique constraint of orders on email is"
    );
    // On no engine are both of them.
    orders.uniques[0].only = vec![Flavour::Postgres];
    orders.uniques[1].only = vec![Flavour::Mysql, Flavour::Sqlite];
    assert!(named(&[orders], &sqlalchemy()).is_ok());
}

#[test]
fn a_convention_that_asks_for_a_name_gets_that_of_the_one_column_or_is_told() {
    let mut orders = table();
    orders.checks = vec![check("total > 0")];
    let one = &named(&[orders.clone()], &sqlalchemy()).expect("names")[0];
    assert_eq!(one.checks[0].name.as_deref(), Some("ck_orders_total"));
    orders.checks = vec![check("total > id")];
    let error = named(&[orders], &sqlalchemy()).expect_err("no name");
    assert_eq!(
        error.message,
        "the check of orders has no name, which the convention `ck_{table}_{name}` asks for"
    );
}
