//! Notes: the entities of a SeaORM application, and the commands that keep its database in step with them.
//!
//! `cargo run -p notes -- upgrade`, then a field more in `note.rs`, then `cargo run -p notes -- generate "more"`.

mod author;
mod note;

use std::process::ExitCode;

use underpin::{Embedded, Models, cli, sea_orm::entities};

/// The revisions, compiled in.
static MIGRATIONS: Embedded = underpin::embed!("migrations");

/// What the revisions are to make.
fn models() -> Models {
    entities![author::Entity, note::Entity]
}

fn main() -> ExitCode {
    // A service calls Startup::new("notes").migrations(&MIGRATIONS).models(models()) as well, and then
    // opens SeaORM's own connection to the database that is ready.
    let application = cli::Application::new("notes")
        .migrations(&MIGRATIONS)
        .models(models())
        .directory(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations"))
        .default_url("sqlite:///./notes.db");
    cli::main(&application)
}

#[cfg(test)]
mod tests {
    use underpin::{Migrator, SchemaSource, Scope, ScratchServer};

    use super::*;

    #[tokio::test]
    async fn the_revisions_make_what_the_entities_say() {
        let migrator = Migrator::builder()
            .url("sqlite::memory:")
            .migrations(&MIGRATIONS)
            .build()
            .await
            .expect("a migrator");
        let wanted = SchemaSource::desired(models());
        let generated = migrator.generate(&wanted, &[], &[ScratchServer::sqlite()], &Scope::default()).await;
        let generated = generated.expect("a comparison");
        assert!(generated.is_empty(), "{:#?}", generated.summary());
    }
}
