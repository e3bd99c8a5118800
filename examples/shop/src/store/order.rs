//! Orders in the database. Whether an order makes sense is decided in the routes.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;
use sqlx::FromRow;
use underpin::Table;

use super::{Customer, Store, on_pool};

const LIST: &str = "SELECT id, customer_id, item, quantity, unit_price_cents, total_cents, placed_at FROM orders \
                    ORDER BY placed_at DESC, id DESC";

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, Serialize, Table)]
#[table(name = "orders", mysql(charset = "utf8mb4"))]
pub(crate) struct Order {
    #[column(primary_key, auto_increment)]
    pub(crate) id: i64,
    #[column(references = Customer::id, index = "orders_by_customer")]
    pub(crate) customer_id: i64,
    #[column(type = varchar(200), sqlite(type = text))]
    pub(crate) item: String,
    #[column(check = "quantity > 0")]
    pub(crate) quantity: i64,
    #[column(check = "unit_price_cents >= 0")]
    pub(crate) unit_price_cents: i64,
    /// Seconds since 1970, in UTC.
    #[column(index = "orders_by_time")]
    pub(crate) placed_at: i64,
    /// Revision 0003 added it, by one statement for every engine: the type is the same everywhere.
    #[column(default = 0, sqlite(type = "BIGINT"))]
    pub(crate) total_cents: i64,
}

/// An order that is not in the database yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewOrder {
    pub(crate) customer_id: i64,
    pub(crate) item: String,
    pub(crate) quantity: i64,
    pub(crate) unit_price_cents: i64,
}

impl Store {
    /// Every order, the newest first.
    pub(crate) async fn orders(&self) -> Result<Vec<Order>, sqlx::Error> {
        on_pool!(self, pool => sqlx::query_as(LIST).fetch_all(pool).await)
    }

    /// The orders of one customer, the newest first.
    pub(crate) async fn orders_of(&self, customer: i64) -> Result<Vec<Order>, sqlx::Error> {
        const NUMBERED: &str = "SELECT id, customer_id, item, quantity, unit_price_cents, total_cents, placed_at \
                                FROM orders WHERE customer_id = $1 ORDER BY placed_at DESC, id DESC";
        const PLAIN: &str = "SELECT id, customer_id, item, quantity, unit_price_cents, total_cents, placed_at \
                             FROM orders WHERE customer_id = ? ORDER BY placed_at DESC, id DESC";
        match self {
            Self::Sqlite(pool) => sqlx::query_as(NUMBERED).bind(customer).fetch_all(pool).await,
            Self::Postgres(pool) => sqlx::query_as(NUMBERED).bind(customer).fetch_all(pool).await,
            Self::Mysql(pool) => sqlx::query_as(PLAIN).bind(customer).fetch_all(pool).await,
        }
    }

    /// Adds an order, placed now.
    pub(crate) async fn add_order(&self, new: NewOrder) -> Result<Order, sqlx::Error> {
        const NUMBERED: &str = "INSERT INTO orders (customer_id, item, quantity, unit_price_cents, total_cents, placed_at) \
                                VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
        // MySQL has no RETURNING.
        const PLAIN: &str = "INSERT INTO orders (customer_id, item, quantity, unit_price_cents, total_cents, placed_at) \
                             VALUES (?, ?, ?, ?, ?, ?)";
        let NewOrder { customer_id, item, quantity, unit_price_cents } = new;
        let (total_cents, placed_at) = (quantity.saturating_mul(unit_price_cents), now());
        let mut order =
            Order { id: 0, customer_id, item, quantity, unit_price_cents, total_cents, placed_at };
        macro_rules! bound {
            ($query:expr) => {
                $query
                    .bind(order.customer_id)
                    .bind(&order.item)
                    .bind(order.quantity)
                    .bind(order.unit_price_cents)
                    .bind(order.total_cents)
                    .bind(order.placed_at)
            };
        }
        order.id = match self {
            Self::Sqlite(pool) => bound!(sqlx::query_scalar(NUMBERED)).fetch_one(pool).await?,
            Self::Postgres(pool) => bound!(sqlx::query_scalar(NUMBERED)).fetch_one(pool).await?,
            Self::Mysql(pool) => {
                let done = bound!(sqlx::query(PLAIN)).execute(pool).await?;
                i64::try_from(done.last_insert_id()).unwrap_or(i64::MAX)
            }
        };
        Ok(order)
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
