//! What is PostgreSQL's own: rights, standbys, transactions that are read-only by default, and a pooler
//! between us and the server.

use tokio::time::Instant;
use underpin_core::{diagnostic::ErrorKind, dialect::Dialect, name::literal};

use super::{
    EXAMINE, Finding,
    server::{one, unasked},
};
use crate::{
    database::{Access, Interrupt, Session},
    history::Snapshot,
    migrate::Migrator,
};

pub(super) async fn findings(
    migrator: &Migrator,
    session: &mut dyn Session,
    snapshot: &Snapshot,
) -> Vec<Finding> {
    vec![writable(session).await, rights(session, snapshot).await, pooler(migrator).await]
}

async fn writable(session: &mut dyn Session) -> Finding {
    let sql = "SELECT pg_is_in_recovery(), current_setting('default_transaction_read_only')";
    let row = match one(session, sql).await {
        Ok(row) => row,
        Err(error) => return unasked("writable", &error),
    };
    if row.truth(0) {
        return Finding::wrong("writable", ErrorKind::ReadOnly, "the server is a standby")
            .hint("point the URL at the primary, or add target_session_attrs=read-write");
    }
    if row.truth(1) {
        let message = "default_transaction_read_only is on for this user or database";
        return Finding::wrong("writable", ErrorKind::ReadOnly, message)
            .hint("ALTER ROLE … SET default_transaction_read_only = off for the user that runs migrations");
    }
    Finding::ok("writable", "the server is a primary and takes writes")
}

async fn rights(session: &mut dyn Session, snapshot: &Snapshot) -> Finding {
    let schema = match snapshot.tables.schema() {
        Some(schema) => literal(Dialect::Postgres, schema),
        None => "current_schema()".to_owned(),
    };
    // A schema that is not there yet is created, for which the database's own right is needed.
    let create = format!(
        "SELECT current_user, coalesce((SELECT has_schema_privilege(n.oid, 'CREATE') FROM pg_catalog.pg_namespace n \
         WHERE n.nspname = {schema}), has_database_privilege(current_database(), 'CREATE'))"
    );
    let row = match one(session, &create).await {
        Ok(row) => row,
        Err(error) => return unasked("rights", &error),
    };
    let user = row.text(0).to_owned();
    if !row.truth(1) {
        return Finding::wrong("rights", ErrorKind::Permission, format!("{user} may not create tables"))
            .hint(format!("GRANT CREATE ON SCHEMA … TO {user}, or let the owner run migrations"));
    }
    if snapshot.state.is_none() {
        return Finding::ok("rights", format!("{user} may create tables"));
    }
    for table in [snapshot.tables.state(Dialect::Postgres), snapshot.tables.ledger(Dialect::Postgres)] {
        let sql = format!(
            "SELECT has_table_privilege({0}, 'INSERT') AND has_table_privilege({0}, 'UPDATE') AND \
             has_table_privilege({0}, 'DELETE')",
            literal(Dialect::Postgres, &table)
        );
        match one(session, &sql).await {
            Ok(row) if row.truth(0) => {}
            Ok(_) => {
                let message = format!("{user} may not write {table}");
                return Finding::wrong("rights", ErrorKind::Permission, message)
                    .hint(format!("GRANT INSERT, UPDATE, DELETE ON {table} TO {user}"));
            }
            Err(error) => return unasked("rights", &error),
        }
    }
    Finding::ok("rights", format!("{user} may create tables and write the history"))
}

/// Only a session that was made to change something can tell, because it was made with a mark.
async fn pooler(migrator: &Migrator) -> Finding {
    let (_handle, interrupt) = Interrupt::new(EXAMINE, Instant::now(), migrator.limits.run);
    let connected = migrator.database.connect(Access::Write, migrator.limits.connect, &interrupt).await;
    let mut session = match connected {
        Ok(Some(session)) => session,
        Ok(None) => return Finding::ok("pooler", "there is no database yet"),
        Err(error) => return Finding::failed("pooler", &error),
    };
    let pooled = session.is_pooled().await;
    session.close().await;
    match pooled {
        Ok(false) => Finding::ok("pooler", "a session of ours is one of the server's"),
        Ok(true) => Finding::warning(
            "pooler",
            "a pooler is between us and the server: the lock goes with each transaction",
        )
        .hint("set UNDERPIN_DATABASE_URL to a direct connection; the service may keep the pooler"),
        Err(error) => unasked("pooler", &error),
    }
}
