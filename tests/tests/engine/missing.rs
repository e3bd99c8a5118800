//! Tables that are wanted and not there are made without revisions, whatever refers to what.

use underpin::{Database, Migrator, SafeUrl, SchemaSource, Scope, ScratchServer, SqlSchema};
use underpin_tests::Engine;

use super::{Bench, on_every_engine};

/// A hen is from an egg, and an egg is from a hen.
fn wanted(engine: Engine) -> SchemaSource {
    let cycle = match engine {
        Engine::Sqlite => {
            "CREATE TABLE hens (id INTEGER PRIMARY KEY, egg INTEGER REFERENCES eggs (id));
             CREATE TABLE eggs (id INTEGER PRIMARY KEY, hen INTEGER REFERENCES hens (id));"
        }
        Engine::Postgres | Engine::Mysql | Engine::Mariadb => {
            "CREATE TABLE hens (id INTEGER PRIMARY KEY, egg INTEGER);
             CREATE TABLE eggs (id INTEGER PRIMARY KEY, hen INTEGER, CONSTRAINT eggs_hen FOREIGN KEY (hen) REFERENCES hens (id));
             ALTER TABLE hens ADD CONSTRAINT hens_egg FOREIGN KEY (egg) REFERENCES eggs (id);"
        }
    };
    let text = format!(
        "CREATE TABLE kept (id INTEGER PRIMARY KEY, word VARCHAR(20));\n{cycle}\nCREATE INDEX eggs_by_hen ON eggs (hen);"
    );
    SchemaSource::desired(SqlSchema::new("schema.sql", text).expect("a schema"))
}

async fn missing(bench: &Bench) -> Vec<String> {
    let url: SafeUrl = bench.database.url().parse().expect("a test's own URL");
    let scratch = ScratchServer::of(Database::url(url));
    let builder = Migrator::builder().url(bench.database.url()).directory(bench.project.migrations());
    let migrator = builder.build().await.expect("a migrator");
    let wanted = wanted(bench.engine);
    let created = migrator.create_missing_tables(&wanted, &scratch, &Scope::default()).await;
    created.unwrap_or_else(|error| panic!("{error:?}")).summary
}

#[test]
fn tables_that_refer_to_each_other_come_and_what_is_there_stays() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        bench.database.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY); INSERT INTO kept VALUES (7);");
        let summary = missing(&bench).await;
        assert!(summary.iter().any(|line| line.contains("hens")), "{summary:?}");
        bench.database.execute(
            "INSERT INTO hens (id, egg) VALUES (1, NULL); INSERT INTO eggs (id, hen) VALUES (1, 1); UPDATE hens SET egg = 1;",
        );
        assert_eq!(bench.database.value("SELECT id FROM kept"), "7", "what is there is not touched");
        assert_eq!(missing(&bench).await, Vec::<String>::new(), "a second time nothing is missing");
    });
}
