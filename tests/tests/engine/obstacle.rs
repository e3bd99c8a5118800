//! Rows that stand in the way of a statement: the message says how many, and shows one by its key.

use underpin_tests::Engine;

use super::{Bench, on_every_engine};

/// What a revision with this statement is told about rows.
async fn told(bench: &Bench, id: &str, statement: &str) -> String {
    bench.project.revision(id, &["0001"], "stumble", statement, None);
    let error = bench.upgrade(id).await.expect_err("rows stand in the way");
    let status = bench.migrator().await.status().await.expect("a status");
    if status.dirty.is_some() {
        let resolved = underpin::Resolution::RolledBack(id.to_owned());
        bench.migrator().await.resolve(resolved).await.expect("resolved");
    }
    error.hints.join("\n")
}

fn rows(bench: &Bench) {
    bench.project.revision(
        "0001",
        &[],
        "begin",
        "CREATE TABLE customers (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20));\n\
         CREATE TABLE orders (id INTEGER NOT NULL PRIMARY KEY, customer_id INTEGER, total INTEGER);\n\
         INSERT INTO customers VALUES (1, 'a'), (2, 'b'), (3, 'b');\n\
         INSERT INTO orders VALUES (17, NULL, 1), (18, 9, -5), (19, 1, 2);",
        None,
    );
}

#[test]
fn a_row_that_has_nothing_is_counted_and_shown() {
    on_every_engine(async |bench| {
        rows(&bench);
        let statement = match bench.engine {
            Engine::Postgres => "ALTER TABLE orders ALTER COLUMN customer_id SET NOT NULL;",
            Engine::Mysql | Engine::Mariadb => "ALTER TABLE orders MODIFY customer_id INTEGER NOT NULL;",
            Engine::Sqlite => {
                "CREATE TABLE anew (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL);\n\
                 INSERT INTO anew (id, customer_id) SELECT id, customer_id FROM orders;"
            }
        };
        let told = told(&bench, "0002", statement).await;
        assert!(told.contains("1 row of orders has no customer_id (id = 17)"), "{told}");
    });
}

#[test]
fn values_that_are_alike_are_counted_and_shown() {
    on_every_engine(async |bench| {
        rows(&bench);
        let told = told(&bench, "0002", "CREATE UNIQUE INDEX one ON customers (name);").await;
        assert!(told.contains("1 value is more than once in name of customers (name = b)"), "{told}");
    });
}

#[test]
fn rows_without_a_counterpart_and_rows_that_break_a_check_are_counted_and_shown() {
    on_every_engine(async |bench| {
        if bench.engine == Engine::Sqlite {
            // It adds no constraint to a table that is there.
            return;
        }
        rows(&bench);
        let key =
            "ALTER TABLE orders ADD CONSTRAINT owner FOREIGN KEY (customer_id) REFERENCES customers (id);";
        let told_of_key = told(&bench, "0002", key).await;
        let expected = "1 row of orders has no counterpart in customers (customer_id = 9)";
        assert!(told_of_key.contains(expected), "{told_of_key}");
        let check = "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0);";
        let told_of_check = told(&bench, "0003", check).await;
        assert!(told_of_check.contains("1 row of orders breaks total > 0 (id = 18)"), "{told_of_check}");
    });
}
