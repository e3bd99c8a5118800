//! A convention for names, on every engine: it is what the server then has, and a change of it gives new
//! names to what is there, both ways.

use underpin::{
    Models, SchemaSource, Scope, ScratchServer,
    core::{
        difference::Difference,
        model::{NamedKind, Naming},
    },
};
use underpin_tests::{Engine, TestDatabase, on_every_engine};

use crate::{PATIENCE, inspected, made, names, place, shop, table, wait};

fn convention() -> Naming {
    [
        (NamedKind::PrimaryKey, "pk_{table}"),
        (NamedKind::Unique, "uq_{table}_{columns}"),
        (NamedKind::Check, "ck_{table}_{name}"),
        (NamedKind::ForeignKey, "fk_{table}_{column}_{referred_table}"),
        (NamedKind::Index, "%(table_name)s_%(column_0_N_name)s_ix"),
    ]
    .into_iter()
    .fold(Naming::new(), |naming, (kind, pattern)| naming.pattern(kind, pattern.parse().expect(pattern)))
}

/// What makes a database into these models.
fn difference(database: &TestDatabase, models: Models) -> Difference {
    let difference = wait(async {
        let server = ScratchServer::of(place(database)).patience(PATIENCE);
        let (from, to) = (SchemaSource::live(place(database)), SchemaSource::desired(models));
        from.difference(&to, &server, &Scope::default()).await
    });
    difference.expect("a difference")
}

fn run(database: &TestDatabase, difference: &Difference) -> Vec<String> {
    let statements: Vec<String> =
        difference.statements().expect("statements").into_iter().map(|statement| statement.sql).collect();
    for statement in &statements {
        database.execute(statement);
    }
    statements
}

on_every_engine! {
    fn a_convention_is_what_things_are_called(engine) {
        let models = shop::models().naming(convention());
        let database = made(engine, &models);
        assert!(difference(&database, models).is_empty());
        let schema = inspected(&database);
        let (_, orders) = table(&schema, "orders");
        let names = names(orders);
        for name in ["fk_orders_customer_id_customers", "uq_orders_number", "ck_orders_total_positive"] {
            assert!(names.contains(&name), "{name} is not among {names:?}");
        }
        assert!(names.contains(&"orders_customer_id_placed_at_ix"), "{names:?}");
    }

    fn another_convention_renames_and_keeps_everything(engine) {
        let database = made(engine, &shop::models());
        database.execute("INSERT INTO customers (id, shop, number, email) VALUES (7, 1, 2, 'ada@example.com')");
        let there = difference(&database, shop::models().naming(convention()));
        let statements = run(&database, &there);
        let text = statements.join("\n");
        match engine {
            // A constraint of SQLite has its name in the table's own text, and a table can only be written anew.
            Engine::Sqlite => {}
            Engine::Postgres => {
                assert!(statements.iter().all(|statement| statement.contains(" RENAME ")), "{text}");
            }
            // They rename indexes; keys and checks have to go and come.
            Engine::Mysql | Engine::Mariadb => {
                assert!(text.contains("RENAME INDEX `orders_number_key` TO `uq_orders_number`"), "{text}");
            }
        }
        assert!(difference(&database, shop::models().naming(convention())).is_empty());
        let back = difference(&database, shop::models());
        run(&database, &back);
        assert!(difference(&database, shop::models()).is_empty());
        assert_eq!(database.value("SELECT email FROM customers WHERE id = 7"), "ada@example.com");
    }
}
