//! The shop's own pool on its database, whichever of the engines that is. What is asked of it is
//! said by the nouns, `customer` and `order`; how the tables came to be is Underpin's business.

mod customer;
mod order;

use std::time::Duration;

use sqlx::{
    MySqlPool, PgPool, SqlitePool, mysql::MySqlPoolOptions, postgres::PgPoolOptions,
    sqlite::SqlitePoolOptions,
};
use underpin::{Diagnostic, Models, SafeUrl, core::dialect::Dialect, models};

pub(crate) use customer::{Customer, NewCustomer};
pub(crate) use order::{NewOrder, Order};

/// How long a request waits for a connection.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many connections the pool has at most.
const CONNECTIONS: u32 = 8;

/// The tables that the shop is written for. `shop migrate check` says whether its revisions make them.
pub(crate) fn models() -> Models {
    models![Customer, Order]
}

/// The shop's database.
#[derive(Clone, Debug)]
pub(crate) enum Store {
    Sqlite(SqlitePool),
    Postgres(PgPool),
    Mysql(MySqlPool),
}

/// The same query on whichever pool there is.
macro_rules! on_pool {
    ($store:expr, $pool:ident => $query:expr) => {
        match $store {
            $crate::store::Store::Sqlite($pool) => $query,
            $crate::store::Store::Postgres($pool) => $query,
            $crate::store::Store::Mysql($pool) => $query,
        }
    };
}
use on_pool;

impl Store {
    /// A pool that connects when it is first asked, so that a service that is to live with a
    /// missing database can start without one.
    pub(crate) fn open(url: &SafeUrl) -> Result<Self, Diagnostic> {
        Ok(match url.dialect() {
            Dialect::Sqlite => Self::Sqlite(
                SqlitePoolOptions::new()
                    .max_connections(CONNECTIONS)
                    .acquire_timeout(PATIENCE)
                    .connect_lazy_with(url.sqlite_options()?),
            ),
            Dialect::Postgres => Self::Postgres(
                PgPoolOptions::new()
                    .max_connections(CONNECTIONS)
                    .acquire_timeout(PATIENCE)
                    .connect_lazy_with(url.postgres_options()?.application_name("shop")),
            ),
            Dialect::Mysql => Self::Mysql(
                MySqlPoolOptions::new()
                    .max_connections(CONNECTIONS)
                    .acquire_timeout(PATIENCE)
                    .connect_lazy_with(url.mysql_options()?),
            ),
        })
    }

    /// Closes every connection.
    pub(crate) async fn close(&self) {
        on_pool!(self, pool => pool.close().await);
    }
}
