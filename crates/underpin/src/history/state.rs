//! The one row that a start at head reads, and what comes with it in the same round trip.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
    name::literal,
    plan::Step,
    sql::Digest,
};

use super::{HistoryTables, clock};
use crate::database::{DatabaseError, Row, Server, Session};

/// The format of the history that this program writes.
pub(crate) const FORMAT: i64 = 1;

/// The row of the state table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct State {
    /// The digest of what is applied.
    pub(crate) digest: Digest,
    /// The revision that a run outside a transaction has not finished.
    pub(crate) dirty: Option<String>,
}

/// What one look at a database tells.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    pub(crate) server: Server,
    /// The database's name; nothing on SQLite.
    pub(crate) database: Option<String>,
    /// The history's tables, in the schema that they are in or would be created in.
    pub(crate) tables: HistoryTables,
    /// The state; nothing where there is no history yet.
    pub(crate) state: Option<State>,
}

/// Reads the state in one round trip, or in two where there is no history yet.
///
/// # Errors
/// The engine's error, or a diagnostic if a newer program wrote the history.
pub(crate) async fn read_snapshot(
    session: &mut dyn Session,
    tables: &HistoryTables,
) -> Result<Snapshot, SnapshotError> {
    let dialect = session.server().flavour.dialect();
    let sql = format!(
        "SELECT s.format, s.digest, s.dirty, {} FROM {} AS s WHERE s.id = 1",
        surroundings(dialect, true),
        tables.state(dialect)
    );
    let row = match session.fetch_if_there(&sql).await.map_err(SnapshotError::Database)? {
        Some(mut rows) if !rows.is_empty() => rows.swap_remove(0),
        // A table without its row: its creation was cut off, and goes on under the lock.
        Some(_) | None => without_history(session, tables, dialect).await?,
    };
    let server = server(session.server(), &row);
    session.set_server(server.clone());
    Ok(Snapshot {
        server,
        database: row.optional(4).map(str::to_owned),
        tables: tables.located(row.optional(5)),
        state: state(&row)?,
    })
}

async fn without_history(
    session: &mut dyn Session,
    tables: &HistoryTables,
    dialect: Dialect,
) -> Result<Row, SnapshotError> {
    let closed = match dialect {
        Dialect::Postgres if tables.schema().is_none() => closed_schema(tables),
        Dialect::Postgres | Dialect::Sqlite | Dialect::Mysql => "NULL".to_owned(),
    };
    let sql = format!("SELECT NULL, NULL, NULL, {}, {closed}", surroundings(dialect, false));
    let mut rows = session.fetch(&sql).await.map_err(SnapshotError::Database)?;
    let row = if rows.is_empty() { Row(Vec::new()) } else { rows.swap_remove(0) };
    match row.optional(6) {
        None => Ok(row),
        Some(schema) => Err(SnapshotError::Diagnostic(
            Diagnostic::new(
                ErrorKind::Permission,
                format!("there is a history in schema {schema}, which this user may not look into"),
            )
            .state("nothing was changed")
            .hint(format!("grant it: GRANT USAGE ON SCHEMA {schema} TO …, and the rights on its tables")),
        )),
    }
}

/// A schema of the search path that has the history and is closed to this user: PostgreSQL passes over such
/// a one as if it were not there ("search_path" in the manual), and the history would begin anew elsewhere.
fn closed_schema(tables: &HistoryTables) -> String {
    format!(
        "(SELECT n.nspname FROM pg_catalog.pg_class AS c \
         JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
         WHERE c.relname = {} AND n.nspname = ANY (string_to_array(replace(replace(\
         current_setting('search_path'), '$user', current_user::text), '\"', ''), ', ')) \
         AND NOT has_schema_privilege(n.oid, 'USAGE') LIMIT 1)",
        literal(Dialect::Postgres, &format!("{}_state", tables.prefix()))
    )
}

/// Version, database and schema: columns 3 to 5 of both queries.
fn surroundings(dialect: Dialect, found: bool) -> &'static str {
    match (dialect, found) {
        (Dialect::Sqlite, _) => "sqlite_version(), NULL, NULL",
        // The database's name is also the schema's, so that a revision with USE in it moves nothing.
        (Dialect::Mysql, _) => "VERSION(), DATABASE(), DATABASE()",
        (Dialect::Postgres, false) => {
            "current_setting('server_version'), current_database(), current_schema()"
        }
        // The schema that the name led to, so that what is written goes where it was read. A fresh
        // session needs half a millisecond longer to plan a query of the catalog for the same.
        (Dialect::Postgres, true) => {
            "current_setting('server_version'), current_database(), \
             (pg_catalog.pg_identify_object('pg_catalog.pg_class'::pg_catalog.regclass, s.tableoid, 0)).schema"
        }
    }
}

fn server(known: &Server, row: &Row) -> Server {
    let version = row.text(3).to_owned();
    let flavour = match known.flavour {
        Flavour::Mysql | Flavour::Mariadb if version.contains("MariaDB") => Flavour::Mariadb,
        flavour => flavour,
    };
    Server { flavour, version }
}

fn state(row: &Row) -> Result<Option<State>, SnapshotError> {
    let Some(format) = row.integer(0) else { return Ok(None) };
    if format > FORMAT {
        return Err(SnapshotError::Diagnostic(
            Diagnostic::new(
                ErrorKind::DatabaseNewer,
                format!("the history in the database has format {format}, and this program knows {FORMAT}"),
            )
            .state("nothing was changed")
            .hint("use the version of Underpin that wrote it, or a newer one"),
        ));
    }
    let digest = row.text(1).parse().map_err(|_| {
        SnapshotError::Diagnostic(
            Diagnostic::new(ErrorKind::VerificationFailed, "the digest in the history can't be read")
                .state("nothing was changed")
                .hint("somebody has edited the state table; restore its row from a backup"),
        )
    })?;
    Ok(Some(State { digest, dirty: row.optional(2).map(str::to_owned) }))
}

impl State {
    /// The state that a step leads to from a digest.
    pub(crate) fn after(before: &Digest, step: &Step) -> Self {
        let mut digest = *before;
        digest.toggle(step.revision(), &step.checksum);
        Self { digest, dirty: None }
    }

    /// The statement that makes this the state.
    pub(crate) fn update(&self, tables: &HistoryTables, dialect: Dialect) -> String {
        self.update_where(tables, dialect, "id = 1")
    }

    /// The same, which fails with a division by zero if the digest is not `before` any more. It is
    /// written so that it costs no statement of its own; only PostgreSQL makes numbers of truths so.
    pub(crate) fn replace(&self, tables: &HistoryTables, before: &Digest) -> String {
        let condition = format!("id = 1 / CAST(digest = '{before}' AS integer)");
        self.update_where(tables, Dialect::Postgres, &condition)
    }

    fn update_where(&self, tables: &HistoryTables, dialect: Dialect, condition: &str) -> String {
        format!(
            "UPDATE {} SET digest = '{}', dirty = {}, updated_at = {} WHERE {condition}",
            tables.state(dialect),
            self.digest,
            underpin_core::name::optional_literal(dialect, self.dirty.as_deref()),
            clock::now(dialect)
        )
    }
}

/// Why the state could not be read.
#[derive(Debug)]
pub(crate) enum SnapshotError {
    Database(DatabaseError),
    Diagnostic(Diagnostic),
}
