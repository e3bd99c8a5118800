//! The models of the tests: enough of everything that every engine has, and a little that some have.
#![allow(dead_code, reason = "nobody reads what is only described")]

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use rust_decimal::Decimal;
use underpin::{Enum, Models, Table, models};
use uuid::Uuid;

/// Who buys.
#[derive(Table, sqlx::FromRow)]
#[table(name = "customers", comment, unique(columns(shop, number), name = "customers_number"))]
pub(crate) struct Customer {
    #[column(primary_key, auto_increment)]
    id: i64,
    shop: i32,
    number: u32,
    #[column(type = varchar(200), unique, comment = "it's where she is written to")]
    email: String,
    #[column(references = Order::id, on_delete = set_null)]
    favourite: Option<i64>,
}

#[derive(Enum, sqlx::Type, Clone, Copy, Debug, PartialEq, Eq)]
#[sqlx(type_name = "order_status", rename_all = "kebab-case")]
pub(crate) enum Status {
    Open,
    OnItsWay,
    #[sqlx(rename = "it's here")]
    Arrived,
}

#[derive(Table)]
#[table(
    name = "orders",
    index(columns(customer_id, placed_at desc)),
    index(columns(status), name = "orders_open_idx", where = "status = 'open'", only(sqlite, postgres)),
    check(name = "total_positive", "total >= 0"),
    mysql(engine = "InnoDB", charset = "utf8mb4")
)]
pub(crate) struct Order {
    #[column(primary_key, identity = always)]
    id: i64,
    #[column(unique)]
    number: Uuid,
    #[column(references = Customer::id, on_delete = cascade, on_update = restrict)]
    customer_id: i64,
    #[column(references = Order::id, on_delete = set_null, index)]
    follows: Option<i64>,
    #[column(type = decimal(12, 2), default = "0")]
    total: Decimal,
    #[column(type = decimal(14, 2), generated = "total * 2")]
    doubled: Option<Decimal>,
    #[column(default = Status::OnItsWay)]
    status: Status,
    note: Option<String>,
    #[column(default = now)]
    placed_at: DateTime<Utc>,
}

/// A column for each type that there is.
#[derive(Table)]
#[table(name = "everything")]
pub(crate) struct Everything {
    #[column(primary_key)]
    key: Uuid,
    #[column(default = true)]
    boolean: bool,
    #[column(default = -1)]
    eight: i8,
    sixteen: i16,
    thirty_two: Option<i32>,
    unsigned_eight: u8,
    unsigned_sixteen: u16,
    unsigned_sixty_four: u64,
    #[column(default = 1.5)]
    real: f32,
    double: f64,
    #[column(default = "'it''s'")]
    short: String,
    #[column(type = text)]
    long: String,
    bytes: Vec<u8>,
    #[column(type = varbinary(20))]
    few: Vec<u8>,
    #[column(default = now)]
    date: NaiveDate,
    time: NaiveTime,
    #[column(default = now)]
    timestamp: NaiveDateTime,
    moment: Option<DateTime<Utc>>,
    other_date: time::Date,
    other_time: time::Time,
    other_timestamp: time::PrimitiveDateTime,
    other_moment: time::OffsetDateTime,
    json: serde_json::Value,
    #[column(type = json)]
    typed: Vec<Uuid>,
    #[column(type = raw "CHAR(2)", collation = "C", mysql(collation = "utf8mb4_bin"), sqlite(collation = "NOCASE"))]
    country: String,
}

/// A table with a key of two columns, and one of two columns that refers to it.
#[derive(Table)]
#[table(
    name = "order_lines",
    primary_key(order_id, line),
    foreign_key(
        columns(order_id, previous),
        references(Line::order_id, Line::line),
        name = "order_lines_previous"
    ),
    sqlite(strict, without_rowid)
)]
pub(crate) struct Line {
    #[column(references = Order::id)]
    order_id: i64,
    line: i32,
    previous: Option<i32>,
    #[column(check = "amount > 0")]
    amount: i32,
}

/// Everything, in an order in which nothing could be created.
pub(crate) fn models() -> Models {
    models![Line, Everything, Order, Customer]
}

/// A model under its first names.
pub(crate) fn before() -> Models {
    #[derive(Table)]
    #[table(name = "clients")]
    struct Client {
        #[column(primary_key)]
        id: i64,
        #[column(type = varchar(100), unique)]
        mail: String,
    }
    models![Client]
}

/// The same under its last names.
pub(crate) fn after() -> Models {
    #[derive(Table)]
    #[table(name = "customers", renamed_from = "clients")]
    struct Customer {
        #[column(primary_key)]
        id: i64,
        #[column(renamed_from = "mail", type = varchar(100), unique)]
        email: String,
    }
    models![Customer]
}
