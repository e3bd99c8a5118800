use super::*;

fn counts(dialect: Dialect, statement: &str) -> Vec<String> {
    requirements(dialect, statement).iter().map(Requirement::count).collect()
}

#[test]
fn each_clause_asks_for_itself() {
    assert_eq!(
        counts(
            Dialect::Postgres,
            "ALTER TABLE ONLY shop.orders ALTER COLUMN total SET NOT NULL, ADD CHECK (total > 0 OR (note IS NULL)), \
             ADD CONSTRAINT \"one\" UNIQUE (a, \"B\"), ADD COLUMN c int NOT NULL, ADD d int NOT NULL DEFAULT 1, \
             DROP COLUMN e"
        ),
        [
            "SELECT count(*) FROM shop.orders WHERE total IS NULL",
            "SELECT count(*) FROM shop.orders WHERE NOT (total > 0 OR (note IS NULL))",
            "SELECT count(*) FROM (SELECT 1 FROM shop.orders WHERE a IS NOT NULL AND \"B\" IS NOT NULL \
             GROUP BY a, \"B\" HAVING count(*) > 1) AS alike",
            "SELECT count(*) FROM shop.orders",
        ]
    );
    assert_eq!(
        counts(
            Dialect::Mysql,
            "ALTER TABLE `t` MODIFY `a` int NOT NULL, CHANGE COLUMN b c text NOT NULL, MODIFY d int NULL, \
             ADD e int NOT NULL, ADD KEY k (a)"
        ),
        ["SELECT count(*) FROM `t` WHERE `a` IS NULL", "SELECT count(*) FROM `t` WHERE b IS NULL"]
    );
}

#[test]
fn a_foreign_key_asks_for_counterparts() {
    let statement = "ALTER TABLE orders ADD CONSTRAINT owner FOREIGN KEY (customer_id) REFERENCES customers(id) ON DELETE CASCADE";
    let found = requirements(Dialect::Postgres, statement);
    assert_eq!(
        found[0].count(),
        "SELECT count(*) FROM orders AS one WHERE one.customer_id IS NOT NULL AND NOT EXISTS \
         (SELECT 1 FROM customers AS other WHERE other.id = one.customer_id)"
    );
    assert_eq!(
        found[0].example(Dialect::Postgres, &[]).unwrap(),
        "SELECT CAST(one.customer_id AS text) FROM orders AS one WHERE one.customer_id IS NOT NULL AND NOT EXISTS \
         (SELECT 1 FROM customers AS other WHERE other.id = one.customer_id) LIMIT 1"
    );
    assert_eq!(
        found[0].describe(2, Some("customer_id = 9")),
        "2 rows of orders have no counterpart in customers (one of them: customer_id = 9)"
    );
    assert_eq!(counts(Dialect::Postgres, &format!("{statement} NOT VALID")), [""; 0]);
}

#[test]
fn a_unique_index_asks_as_far_as_its_condition_goes() {
    assert_eq!(
        counts(Dialect::Sqlite, "CREATE UNIQUE INDEX IF NOT EXISTS i ON t (a DESC) WHERE b > 0"),
        [
            "SELECT count(*) FROM (SELECT 1 FROM t WHERE a IS NOT NULL AND (b > 0) GROUP BY a HAVING count(*) > 1) AS alike"
        ]
    );
    assert_eq!(counts(Dialect::Postgres, "CREATE UNIQUE INDEX ON t (lower(a))"), [""; 0]);
    assert_eq!(counts(Dialect::Postgres, "CREATE INDEX ON t (a)"), [""; 0]);
}

#[test]
fn a_copy_asks_what_its_error_says() {
    let statement =
        "INSERT INTO \"new_t\" (\"id\", \"a\", b) SELECT \"id\", coalesce(x, y), b FROM \"t\" WHERE 1";
    let found = copied(statement, "NOT NULL constraint failed: new_t.a").unwrap();
    assert_eq!(
        found.count(),
        "SELECT count(*) FROM (SELECT \"id\" AS \"id\", coalesce(x, y) AS \"a\", b AS b FROM \"t\" WHERE 1) AS copied \
         WHERE \"a\" IS NULL"
    );
    assert!(copied(statement, "UNIQUE constraint failed: new_t.a, new_t.b").is_some());
    assert_eq!(copied(statement, "CHECK constraint failed: positive"), None);
    assert_eq!(copied("INSERT INTO t VALUES (1)", "UNIQUE constraint failed: t.a"), None);
}

#[test]
fn what_is_broken_off_asks_nothing() {
    for statement in [
        "",
        "ALTER TABLE",
        "ALTER TABLE t ADD",
        "ALTER TABLE t ADD CONSTRAINT",
        "ALTER TABLE t ADD UNIQUE (",
        "CREATE UNIQUE INDEX i ON",
        "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES o",
    ] {
        assert_eq!(counts(Dialect::Postgres, statement), [""; 0], "{statement}");
    }
}
