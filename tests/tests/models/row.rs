//! Rows, read by sqlx into the structs that the tables were made from: the types of the columns are those
//! that the driver reads the fields as.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{Connection, FromRow, MySqlConnection, PgConnection, SqliteConnection, types::Json};
use underpin::{Enum, Table, models};
use underpin_tests::{Engine, on_every_engine};
use uuid::Uuid;

use crate::{made, wait};

#[derive(Enum, sqlx::Type, Clone, Copy, Debug, PartialEq, Eq)]
#[sqlx(type_name = "mood", rename_all = "snake_case")]
enum Mood {
    Fine,
    NotSoFine,
}

#[derive(Table, FromRow, Debug, PartialEq)]
#[table(name = "notes")]
struct Note {
    #[column(primary_key)]
    id: i64,
    #[column(unique)]
    key: Uuid,
    done: bool,
    #[sqlx(rename = "words")]
    text: Option<String>,
    weight: f64,
    bytes: Vec<u8>,
    day: NaiveDate,
    at: DateTime<Utc>,
    tags: Json<Vec<String>>,
    // sqlx does not read an ENUM that is never null into a derived type: launchbadge/sqlx#3750.
    mood: Option<Mood>,
    #[sqlx(skip)]
    #[column(skip)]
    seen: bool,
}

fn note() -> Note {
    Note {
        id: 7,
        key: Uuid::from_u128(0x1234),
        done: true,
        text: Some("naïve".to_owned()),
        weight: 1.5,
        bytes: vec![0, 255],
        day: NaiveDate::from_ymd_opt(2026, 11, 21).expect("a day"),
        at: DateTime::from_timestamp(1_795_168_800, 123_456_000).expect("a moment"),
        tags: Json(vec!["a".to_owned()]),
        mood: Some(Mood::NotSoFine),
        seen: false,
    }
}

/// Writes a row and reads it back.
macro_rules! through {
    ($connection:ty, $url:expr, $insert:literal) => {{
        let mut connection = <$connection>::connect($url).await.expect("a connection");
        let Note { id, key, done, text, weight, bytes, day, at, tags, mood, seen: _ } = note();
        sqlx::query($insert)
            .bind(id)
            .bind(key)
            .bind(done)
            .bind(text)
            .bind(weight)
            .bind(bytes)
            .bind(day)
            .bind(at)
            .bind(tags)
            .bind(mood)
            .execute(&mut connection)
            .await
            .expect("a row");
        let read: Note =
            sqlx::query_as("SELECT * FROM notes").fetch_one(&mut connection).await.expect("a note");
        connection.close().await.expect("closed");
        read
    }};
}

on_every_engine! {
    fn rows_go_through_the_structs_that_made_the_table(engine) {
        let database = made(engine, &models![Note]);
        let url = database.url();
        let read = wait(async {
            match engine {
                Engine::Sqlite => through!(
                    SqliteConnection, &url, "INSERT INTO notes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                ),
                Engine::Postgres => through!(
                    PgConnection, &url, "INSERT INTO notes VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
                ),
                Engine::Mysql | Engine::Mariadb => through!(
                    MySqlConnection, &url, "INSERT INTO notes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                ),
            }
        });
        assert_eq!(read, note());
    }
}
