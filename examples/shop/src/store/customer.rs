//! Customers in the database. What a customer may be called is decided in the routes.

use serde::Serialize;
use sqlx::FromRow;
use underpin::Table;

use super::{Store, on_pool};

const LIST: &str = "SELECT id, name, email FROM customers ORDER BY id";

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, Serialize, Table)]
#[table(name = "customers", mysql(charset = "utf8mb4"))]
pub(crate) struct Customer {
    #[column(primary_key, auto_increment)]
    pub(crate) id: i64,
    #[column(type = varchar(200), sqlite(type = text))]
    pub(crate) name: String,
    #[column(type = varchar(200), sqlite(type = text), unique)]
    pub(crate) email: String,
}

/// A customer who is not in the database yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewCustomer {
    pub(crate) name: String,
    pub(crate) email: String,
}

impl Store {
    /// Every customer.
    pub(crate) async fn customers(&self) -> Result<Vec<Customer>, sqlx::Error> {
        on_pool!(self, pool => sqlx::query_as(LIST).fetch_all(pool).await)
    }

    /// Whether there is a customer with that id.
    pub(crate) async fn has_customer(&self, id: i64) -> Result<bool, sqlx::Error> {
        const NUMBERED: &str = "SELECT count(*) FROM customers WHERE id = $1";
        const PLAIN: &str = "SELECT count(*) FROM customers WHERE id = ?";
        let count: i64 = match self {
            Self::Sqlite(pool) => sqlx::query_scalar(NUMBERED).bind(id).fetch_one(pool).await?,
            Self::Postgres(pool) => sqlx::query_scalar(NUMBERED).bind(id).fetch_one(pool).await?,
            Self::Mysql(pool) => sqlx::query_scalar(PLAIN).bind(id).fetch_one(pool).await?,
        };
        Ok(count > 0)
    }

    /// Adds a customer.
    pub(crate) async fn add_customer(&self, new: NewCustomer) -> Result<Customer, sqlx::Error> {
        const NUMBERED: &str = "INSERT INTO customers (name, email) VALUES ($1, $2) RETURNING id";
        // MySQL has no RETURNING.
        const PLAIN: &str = "INSERT INTO customers (name, email) VALUES (?, ?)";
        let NewCustomer { name, email } = new;
        let id = match self {
            Self::Sqlite(pool) => {
                sqlx::query_scalar(NUMBERED).bind(&name).bind(&email).fetch_one(pool).await?
            }
            Self::Postgres(pool) => {
                sqlx::query_scalar(NUMBERED).bind(&name).bind(&email).fetch_one(pool).await?
            }
            Self::Mysql(pool) => {
                let done = sqlx::query(PLAIN).bind(&name).bind(&email).execute(pool).await?;
                i64::try_from(done.last_insert_id()).unwrap_or(i64::MAX)
            }
        };
        Ok(Customer { id, name, email })
    }
}
