#![allow(unreachable_pub, reason = "the derives write it so")]

use underpin_core::{diagnostic::ErrorKind, dialect::Flavour};

use super::{Entities, entities};
use crate::model::StatementSource as _;

mod author {
    use ::sea_orm;
    use ::sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "authors")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(unique, renamed_from = "mail")]
        pub email: String,
        pub latest_post_id: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::post::Entity",
            from = "Column::LatestPostId",
            to = "super::post::Column::Id"
        )]
        LatestPost,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod post {
    use ::sea_orm;
    use ::sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
    #[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "post_state")]
    pub enum State {
        #[sea_orm(string_value = "draft")]
        Draft,
        #[sea_orm(string_value = "published")]
        Published,
    }

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "posts")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(indexed)]
        pub author_id: i64,
        pub state: State,
        #[sea_orm(column_type = "Text", comment = "as it was typed", renamed_from = "text")]
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

mod tagged {
    use ::sea_orm;
    use ::sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "tagged")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(column_type = "Array(std::sync::Arc::new(ColumnType::Text))")]
        pub tags: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[test]
fn tables_come_before_what_refers_to_them_and_circles_are_closed_at_last() {
    let models = entities![post::Entity, author::Entity, post::Entity];
    for flavour in Flavour::ALL {
        let statements = models.statements(flavour).expect("statements");
        let position = |start: &str| {
            statements.iter().position(|statement| statement.replace('`', "\"").starts_with(start))
        };
        let (posts, authors) = (position("CREATE TABLE \"posts\""), position("CREATE TABLE \"authors\""));
        assert!(posts.is_some() && authors.is_some(), "{statements:#?}");
        assert_eq!(position("CREATE TYPE \"post_state\"").is_some(), flavour == Flavour::Postgres);
        let circle = position("ALTER TABLE");
        assert_eq!(circle.is_some(), flavour != Flavour::Sqlite, "{statements:#?}");
        assert!(circle.is_none_or(|circle| circle > authors.max(posts).unwrap_or_default()));
        assert_eq!(statements.iter().filter(|statement| statement.contains("INDEX")).count(), 1);
    }
}

#[test]
fn a_rename_is_a_rename_and_no_comment() {
    let entities = Entities::new().with::<author::Entity>().with::<post::Entity>();
    let shown: Vec<String> = entities
        .renames(Flavour::Mysql, Some("shop"))
        .0
        .iter()
        .map(|rename| format!("{} <- {}", rename.to, rename.from))
        .collect();
    assert_eq!(shown, ["column shop.authors.email <- mail", "column shop.posts.body <- text"]);
    let text = entities.statements(Flavour::Mysql).expect("statements").join("\n");
    assert!(text.contains("COMMENT 'as it was typed'") && !text.contains("renamed_from"), "{text}");
}

#[test]
fn what_an_engine_has_not_is_an_error_and_no_panic() {
    let models = entities![tagged::Entity];
    assert!(models.statements(Flavour::Postgres).is_ok());
    let error = models.statements(Flavour::Sqlite).expect_err("SQLite has no arrays");
    assert_eq!(error.kind, ErrorKind::Unsupported);
    assert!(error.message.contains("for SQLite"), "{error}");
}
