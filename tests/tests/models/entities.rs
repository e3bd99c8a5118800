//! The entities of SeaORM as models, on every engine: the server takes what SeaORM writes, reading it back
//! finds no difference, and a revision brings what an entity has got since.

#![allow(unreachable_pub, reason = "the derives write it so")]

use underpin::{
    Diagnostic, Migrator, Models, NewRevision, Revisions, SchemaSource, Scope, ScratchServer,
    sea_orm::entities,
};
use underpin_tests::{Project, TestDatabase, on_every_engine};

use crate::{PATIENCE, inspected, made, place, table, wait};

mod author {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "authors")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(unique)]
        pub email: String,
        pub joined: Option<DateTimeUtc>,
        pub latest_post_id: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::post::Entity",
            from = "Column::LatestPostId",
            to = "super::post::Column::Id",
            on_delete = "SetNull"
        )]
        LatestPost,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

#[derive(Clone, Debug, PartialEq, Eq, sea_orm::EnumIter, sea_orm::DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "post_state")]
pub(crate) enum State {
    #[sea_orm(string_value = "draft")]
    Draft,
    #[sea_orm(string_value = "published")]
    Published,
}

mod post {
    use sea_orm::entity::prelude::*;

    use super::State;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "posts")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(indexed, unique_key = "slug")]
        pub author_id: i64,
        #[sea_orm(unique_key = "slug")]
        pub slug: String,
        pub state: State,
        #[sea_orm(column_type = "Decimal(Some((12, 2)))", default_value = 0)]
        pub fee: Decimal,
        #[sea_orm(column_type = "Text")]
        pub body: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::author::Entity",
            from = "Column::AuthorId",
            to = "super::author::Column::Id",
            on_delete = "Cascade"
        )]
        Author,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// The posts of the next version: a column more, and one under another name.
mod next_post {
    use sea_orm::entity::prelude::*;

    use super::State;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "posts")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(indexed, unique_key = "slug")]
        pub author_id: i64,
        #[sea_orm(unique_key = "slug")]
        pub slug: String,
        pub state: State,
        #[sea_orm(column_type = "Decimal(Some((12, 2)))", default_value = 0)]
        pub fee: Decimal,
        #[sea_orm(column_type = "Text", renamed_from = "body")]
        pub text: String,
        pub subtitle: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::author::Entity",
            from = "Column::AuthorId",
            to = "super::author::Column::Id",
            on_delete = "Cascade"
        )]
        Author,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

fn models() -> Models {
    entities![post::Entity, author::Entity]
}

fn next_models() -> Models {
    entities![author::Entity, next_post::Entity]
}

/// A revision that brings what these models have and the revisions don't; nothing where that is nothing.
async fn generate(
    project: &Project,
    database: &TestDatabase,
    models: Models,
) -> Result<Option<String>, Diagnostic> {
    let migrator = migrator(project, database)?.build().await?;
    let server = ScratchServer::of(place(database)).patience(PATIENCE);
    let wanted = SchemaSource::desired(models);
    let generated = migrator.generate(&wanted, &[], &[server], &Scope::default()).await?;
    let Some(section) = generated.sections.first() else { return Ok(None) };
    for revision in generated.fill(NewRevision::new("what the entities say")) {
        revision.write(&project.migrations())?;
    }
    self::migrator(project, database)?.build().await?.upgrade_to_head().await?;
    Ok(Some(section.stages.iter().map(|stage| stage.upgrade.as_str()).collect()))
}

fn migrator(project: &Project, database: &TestDatabase) -> Result<underpin::MigratorBuilder, Diagnostic> {
    let revisions = Revisions::read(&project.migrations())?;
    Ok(Migrator::builder().database(place(database)).revisions(revisions))
}

on_every_engine! {
    fn a_database_of_entities_is_what_the_entities_say(engine) {
        let database = made(engine, &models());
        let difference = wait(async {
            let server = ScratchServer::of(place(&database)).patience(PATIENCE);
            let (from, to) = (SchemaSource::live(place(&database)), SchemaSource::desired(models()));
            from.difference(&to, &server, &Scope::default()).await
        });
        let difference = difference.expect("a difference");
        assert!(difference.is_empty(), "{:?}", difference.statements());
        let schema = inspected(&database);
        let (_, posts) = table(&schema, "posts");
        assert_eq!((posts.columns.len(), posts.indexes.is_empty()), (6, false));
    }

    fn a_revision_brings_what_entities_have_got_and_keeps_the_rows(engine) {
        let project = Project::new();
        let database = TestDatabase::create(engine);
        let first = wait(generate(&project, &database, models())).expect("a revision");
        assert!(first.is_some());
        database.execute("INSERT INTO authors (email) VALUES ('ada@example.com')");
        database.execute(
            "INSERT INTO posts (author_id, slug, state, body) SELECT id, 'first', 'draft', 'Dear reader' FROM authors",
        );
        assert_eq!(wait(generate(&project, &database, models())).expect("nothing"), None);
        let second = wait(generate(&project, &database, next_models())).expect("a revision").expect("two changes");
        assert!(second.contains("subtitle"), "{second}");
        assert_eq!(database.value("SELECT text FROM posts"), "Dear reader");
        assert_eq!(wait(generate(&project, &database, next_models())).expect("nothing"), None);
    }
}
