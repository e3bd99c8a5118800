//! A shop before and after, for each engine: everything that a table which is there may get. Nothing here runs it.

use underpin_tests::{Engine, Project, TestDatabase};

use crate::host::Host;

/// The table as it is at first, with rows.
fn before(engine: Engine) -> String {
    let text = text(engine);
    let parts = match engine {
        Engine::Postgres => {
            "CREATE TABLE visits (id BIGINT NOT NULL, year INTEGER NOT NULL, customer_id BIGINT) PARTITION BY LIST (year);\n\
             CREATE TABLE visits_2025 PARTITION OF visits FOR VALUES IN (2025);\n\
             CREATE TABLE visits_2026 PARTITION OF visits FOR VALUES IN (2026);\n"
        }
        Engine::Sqlite | Engine::Mysql | Engine::Mariadb => "",
    };
    format!(
        "CREATE TABLE customers (id BIGINT NOT NULL PRIMARY KEY, email {text});\n\
         CREATE TABLE orders (id BIGINT NOT NULL PRIMARY KEY, customer_id BIGINT, total INTEGER, state {text}, \
         code {text});\n\
         CREATE INDEX orders_state ON orders (state);\n\
         CREATE INDEX orders_total ON orders (total);\n{parts}"
    )
}

/// The same as it is wanted.
fn after(engine: Engine) -> String {
    let text = text(engine);
    let check = match engine {
        // Neither of these has a way for a check that doesn't copy the table.
        Engine::Mysql | Engine::Mariadb => "",
        Engine::Sqlite | Engine::Postgres => ", CONSTRAINT orders_positive CHECK (total >= 0)",
    };
    let parts = match engine {
        Engine::Postgres => {
            "CREATE TABLE visits (id BIGINT NOT NULL, year INTEGER NOT NULL, customer_id BIGINT, \
             CONSTRAINT visits_customer FOREIGN KEY (customer_id) REFERENCES customers (id), \
             CONSTRAINT visits_of_customer UNIQUE (customer_id, year, id)) PARTITION BY LIST (year);\n\
             CREATE TABLE visits_2025 PARTITION OF visits FOR VALUES IN (2025);\n\
             CREATE TABLE visits_2026 PARTITION OF visits FOR VALUES IN (2026);\n\
             CREATE INDEX visits_id ON visits (id);\n"
        }
        Engine::Sqlite | Engine::Mysql | Engine::Mariadb => "",
    };
    format!(
        "CREATE TABLE customers (id BIGINT NOT NULL PRIMARY KEY, email {text}, \
         CONSTRAINT customers_email UNIQUE (email));\n\
         CREATE TABLE orders (id BIGINT NOT NULL PRIMARY KEY, customer_id BIGINT NOT NULL, total INTEGER, \
         state {text}, code {text}, note {text}, \
         CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id){check});\n\
         CREATE INDEX orders_state ON orders (state, id);\n\
         CREATE INDEX orders_customer ON orders (customer_id);\n\
         CREATE UNIQUE INDEX orders_code ON orders (code);\n{parts}"
    )
}

fn text(engine: Engine) -> &'static str {
    match engine {
        Engine::Postgres | Engine::Sqlite => "TEXT",
        Engine::Mysql | Engine::Mariadb => "VARCHAR(60)",
    }
}

/// Ten thousand orders of a hundred customers.
fn rows() -> &'static str {
    "CREATE TABLE digits (v INTEGER NOT NULL PRIMARY KEY);\n\
     INSERT INTO digits (v) VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);\n\
     INSERT INTO customers (id, email) SELECT 10 * a.v + b.v, 10 * a.v + b.v FROM digits a, digits b;\n\
     INSERT INTO orders (id, customer_id, total, state, code) \
     SELECT 1000 * a.v + 100 * b.v + 10 * c.v + d.v, 10 * a.v + b.v, d.v, 'new', \
     1000 * a.v + 100 * b.v + 10 * c.v + d.v FROM digits a, digits b, digits c, digits d;\n\
     DROP TABLE digits;"
}

/// A project whose first revision is applied, and what is wanted of it beside it.
pub(crate) fn shop(host: Host) -> (Project, TestDatabase) {
    let engine = host.engine();
    let (project, database) = (Project::new(), host.create());
    let rows = match engine {
        // An integer is no text there.
        Engine::Postgres => rows()
            .replace("10 * a.v + b.v, 10 * a.v + b.v", "10 * a.v + b.v, (10 * a.v + b.v)::text")
            .replace("DROP TABLE", "INSERT INTO visits SELECT v, 2025 + v % 2, v FROM digits;\nDROP TABLE")
            .replace(
                "'new', 1000 * a.v + 100 * b.v + 10 * c.v + d.v",
                "'new', (1000 * a.v + 100 * b.v + 10 * c.v + d.v)::text",
            ),
        Engine::Sqlite | Engine::Mysql | Engine::Mariadb => rows().to_owned(),
    };
    project.revision("0001", &[], "shop", &format!("{}{rows}", before(engine)), None);
    project.write("schema.sql", &after(engine));
    project.underpin_on(&database).arg("upgrade").run().expect_success();
    (project, database)
}
