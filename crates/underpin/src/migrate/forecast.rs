//! What a plan will do to whoever uses the database: its catalog and the sizes of its tables are read,
//! and the core tells the rest. Nothing is changed.

use underpin_core::{
    catalog::Catalog,
    diagnostic::Diagnostic,
    forecast::{Forecast, TableSize, forecast},
    lint::LintSettings,
    plan::Plan,
    schema::ServerVersion,
};

use super::Migrator;
use crate::{
    database::{Row, Session},
    inspect::{Scope, inspect},
};

/// The newest of each server that is known here; what is said without a server is said of it.
const NEWEST: ServerVersion = ServerVersion::new(u32::MAX, 0, 0);

impl Migrator {
    /// What a plan will do, statement by statement: locks, tables and their sizes, an estimate of the
    /// time, hazards. Reads the catalog of the database and the sizes of its tables; where the catalog
    /// can't be read, [`Forecast::unread`] says why, and everything is taken to be in use. `settings` are
    /// how bad each rule of lint is taken to be.
    ///
    /// # Errors
    /// If the database can't be reached.
    pub async fn forecast(&self, plan: &Plan, settings: &LintSettings) -> Result<Forecast, Diagnostic> {
        let dialect = plan.flavour.dialect();
        if plan.is_empty() {
            return Ok(Forecast::default());
        }
        let Some((mut session, snapshot)) = self.open_to_read().await? else {
            return Ok(forecast(plan, NEWEST, Catalog::empty(dialect), &[], settings));
        };
        let version = snapshot.server.parsed_version();
        let schema = inspect(session.as_mut(), &Scope::default()).await;
        let (catalog, unread) = match schema {
            Ok(schema) => (Catalog::from(&schema), None),
            Err(error) => (Catalog::unknown(dialect), Some(self.database.redacted(error).message)),
        };
        let sizes = sizes(session.as_mut(), plan).await;
        session.close().await;
        Ok(Forecast { unread, ..forecast(plan, version, catalog, &sizes, settings) })
    }
}

/// The sizes of all tables, by one query; none where it is refused.
async fn sizes(session: &mut dyn Session, plan: &Plan) -> Vec<TableSize> {
    use underpin_core::dialect::Dialect;
    let sql = match plan.flavour.dialect() {
        // What no ANALYZE has counted is -1 since 14, and 0 before (manual, 53.11 "pg_class").
        Dialect::Postgres => {
            "SELECT n.nspname, c.relname, CASE WHEN c.reltuples > 0 THEN c.reltuples::bigint::text END, \
             pg_table_size(c.oid)::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relkind IN ('r', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
        }
        Dialect::Mysql => {
            "SELECT NULL, TABLE_NAME, CAST(TABLE_ROWS AS CHAR), CAST(DATA_LENGTH AS CHAR) \
             FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE <> 'VIEW'"
        }
        // The pages of each table, which are read for it: not those of a file of a gigabyte and more. Rows
        // are counted only by reading all of them.
        Dialect::Sqlite => {
            "SELECT NULL, s.name, NULL, CAST(sum(d.pgsize) AS TEXT) FROM dbstat d \
             JOIN sqlite_schema s ON s.name = d.name WHERE s.type = 'table' AND d.aggregate = TRUE \
             AND (SELECT page_count FROM pragma_page_count()) * (SELECT page_size FROM pragma_page_size()) \
             < 1000000000 GROUP BY s.name"
        }
    };
    let rows = session.fetch(sql).await.unwrap_or_default();
    rows.iter().map(size).collect()
}

fn size(row: &Row) -> TableSize {
    let number = |index| row.optional(index).and_then(|text| text.parse().ok());
    TableSize {
        schema: row.optional(0).map(str::to_owned),
        name: row.text(1).to_owned(),
        rows: number(2),
        bytes: number(3),
    }
}
