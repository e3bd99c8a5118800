//! Rows of users on their way from one session to another, as the bytes that the engine itself writes, a piece at a
//! time. Nothing here looks at a value, and none is ever part of an error.

#[cfg(feature = "mysql")]
use futures_util::stream::BoxStream;
use futures_util::stream::StreamExt as _;

use super::{DatabaseError, Session};

/// About how many bytes are sent at once.
pub(crate) const PIECE: usize = 256 * 1024;

/// Streams what one session of PostgreSQL writes (`COPY … TO STDOUT`) to another that takes it in (`COPY … FROM
/// STDIN`); returns how many rows there were.
#[cfg(feature = "postgres")]
pub(crate) async fn copy(
    (from, out): (&mut dyn Session, &str),
    (to, into): (&mut dyn Session, &str),
) -> Result<u64, DatabaseError> {
    let error = super::postgres::error;
    let (Some(from), Some(to)) = (from.driver().postgres(), to.driver().postgres()) else { return Ok(0) };
    let mut source = from.copy_out_raw(out).await.map_err(error)?;
    let mut sink = to.copy_in_raw(into).await.map_err(error)?;
    let mut piece = Vec::with_capacity(PIECE);
    while let Some(bytes) = source.next().await {
        match bytes {
            Ok(bytes) => piece.extend_from_slice(&bytes),
            Err(failure) => {
                let _ = sink.abort("what was to be copied could not be read").await;
                return Err(error(failure));
            }
        }
        if piece.len() >= PIECE {
            sink.send(piece.as_slice()).await.map_err(error)?;
            piece.clear();
        }
    }
    sink.send(piece.as_slice()).await.map_err(error)?;
    sink.finish().await.map_err(error)
}

/// A row as MySQL or MariaDB sends it.
#[cfg(feature = "mysql")]
pub(crate) type RawRow = Vec<Option<Vec<u8>>>;

/// Streams the rows of a query of MySQL or MariaDB.
#[cfg(feature = "mysql")]
pub(crate) fn raw_rows<'s>(
    session: &'s mut dyn Session,
    sql: &str,
) -> BoxStream<'s, Result<RawRow, DatabaseError>> {
    use sqlx::Row as _;

    let Some(connection) = session.driver().mysql() else { return futures_util::stream::empty().boxed() };
    let rows = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).fetch(connection);
    rows.map(|row| {
        let row = row.map_err(super::mysql::error)?;
        let value = |index| row.try_get_unchecked(index).map_err(super::mysql::error);
        (0..row.len()).map(value).collect()
    })
    .boxed()
}
