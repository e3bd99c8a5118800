//! Running SQL as text through any of the drivers: several statements at once, every value as text.
//! What an error means is the dialect's business.

use futures_util::StreamExt;
use sqlx::{AssertSqlSafe, ColumnIndex, Database, Decode, Executor, Row as _};

use super::{DatabaseError, Row, ScriptError, Watch};

/// Runs one query and returns its rows.
pub(super) async fn fetch<'c, DB, E>(
    executor: E,
    sql: &str,
    error: fn(sqlx::Error) -> DatabaseError,
) -> Result<Vec<Row>, DatabaseError>
where
    DB: Database,
    E: Executor<'c, Database = DB>,
    usize: ColumnIndex<DB::Row>,
    for<'r> String: Decode<'r, DB>,
    for<'r> Option<String>: Decode<'r, DB>,
{
    fetch_with(executor, sql, error, |row, index| row.try_get_unchecked(index)).await
}

/// Runs one query and returns its rows, with each value read by `value`.
pub(super) async fn fetch_with<'c, DB, E>(
    executor: E,
    sql: &str,
    error: fn(sqlx::Error) -> DatabaseError,
    value: fn(&DB::Row, usize) -> Result<Option<String>, sqlx::Error>,
) -> Result<Vec<Row>, DatabaseError>
where
    DB: Database,
    E: Executor<'c, Database = DB>,
{
    let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all(executor).await.map_err(error)?;
    let row = |row: &DB::Row| (0..row.len()).map(|index| value(row, index)).collect::<Result<_, _>>();
    rows.iter().map(|values| row(values).map(Row)).collect::<Result<_, _>>().map_err(error)
}

/// Runs a script; returns how many rows its last statement changed, and tells `watch` of each that is done.
pub(super) async fn execute<'c, DB, E>(
    executor: E,
    script: &str,
    watch: &mut Watch<'_>,
    changed: fn(&DB::QueryResult) -> u64,
    error: fn(sqlx::Error) -> DatabaseError,
) -> Result<u64, ScriptError>
where
    DB: Database,
    E: Executor<'c, Database = DB>,
{
    let mut completed = 0;
    let mut last = 0;
    let mut results = sqlx::raw_sql(AssertSqlSafe(script.to_owned())).execute_many(executor);
    while let Some(result) = results.next().await {
        match result {
            Ok(result) => {
                completed += 1;
                watch(completed);
                last = changed(&result);
            }
            Err(failure) => return Err(ScriptError { completed, error: error(failure) }),
        }
    }
    Ok(last)
}
