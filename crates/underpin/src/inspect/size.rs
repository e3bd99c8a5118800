//! How large the tables of a database are, as its engine knows it. Nothing is counted, and nobody is waited
//! for: a table that somebody else has for himself is known by what its last ANALYZE has noted.

use underpin_core::{dialect::Dialect, forecast::TableSize};

use crate::database::{DatabaseError, Row, Session};

/// The sizes of all tables; of an SQLite file of a gigabyte and more none, because its pages would be read.
///
/// # Errors
/// What the server says.
pub(crate) async fn table_sizes(session: &mut dyn Session) -> Result<Vec<TableSize>, DatabaseError> {
    let sql = match session.server().flavour.dialect() {
        // `pg_table_size` waits for whoever has the table for himself, or waits to have it. What no ANALYZE
        // has counted is -1 since 14, and 0 before (manual, 53.11 "pg_class").
        Dialect::Postgres => {
            "SELECT n.nspname, c.relname, CASE WHEN c.reltuples > 0 THEN c.reltuples::bigint::text END, \
             (CASE WHEN c.oid IN (SELECT l.relation FROM pg_catalog.pg_locks l WHERE l.locktype = 'relation' \
             AND l.mode = 'AccessExclusiveLock') THEN c.relpages::bigint * current_setting('block_size')::bigint \
             ELSE pg_catalog.pg_table_size(c.oid) END)::text \
             FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relkind IN ('r', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
        }
        Dialect::Mysql => {
            "SELECT NULL, TABLE_NAME, CAST(TABLE_ROWS AS CHAR), CAST(DATA_LENGTH AS CHAR) \
             FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE <> 'VIEW'"
        }
        // Rows are counted only by reading all of them.
        Dialect::Sqlite => {
            "SELECT NULL, s.name, NULL, CAST(sum(d.pgsize) AS TEXT) FROM dbstat d \
             JOIN sqlite_schema s ON s.name = d.name WHERE s.type = 'table' AND d.aggregate = TRUE \
             AND (SELECT page_count FROM pragma_page_count()) * (SELECT page_size FROM pragma_page_size()) \
             < 1000000000 GROUP BY s.name"
        }
    };
    Ok(session.fetch(sql).await?.iter().map(size).collect())
}

/// How many bytes a database takes: of a server the rows without the indexes, of SQLite the file.
///
/// # Errors
/// What the server says.
pub(crate) async fn database_size(session: &mut dyn Session) -> Result<u64, DatabaseError> {
    match session.server().flavour.dialect() {
        Dialect::Postgres | Dialect::Mysql => {
            let sizes = table_sizes(session).await?;
            Ok(sizes.iter().filter_map(|size| size.bytes).sum())
        }
        Dialect::Sqlite => {
            let sql = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";
            let rows = session.fetch(sql).await?;
            let size = rows.first().and_then(|row| row.integer(0));
            Ok(size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default())
        }
    }
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
