//! What is MySQL's and MariaDB's own: rights, the storage engine, the lock functions and the SQL mode.

use underpin_core::{diagnostic::ErrorKind, dialect::Dialect};

use super::{
    Finding, grants,
    server::{one, unasked},
};
use crate::{database::Session, history::Snapshot};

pub(super) async fn findings(session: &mut dyn Session, snapshot: &Snapshot) -> Vec<Finding> {
    let mut findings = vec![
        writable(session).await,
        rights(session, snapshot).await,
        engine(session).await,
        lock_functions(session).await,
        sql_mode(session).await,
    ];
    findings.extend(aside(session, snapshot).await);
    findings
}

/// What a restore that was killed has left beside the database; nothing where there is none.
async fn aside(session: &mut dyn Session, snapshot: &Snapshot) -> Option<Finding> {
    let live = snapshot.database.as_deref()?;
    match crate::backup::left_aside(session, live).await {
        Ok(names) => {
            let told: Vec<String> = names.iter().map(|name| crate::backup::about_left_aside(name)).collect();
            (!told.is_empty()).then(|| Finding::warning("restore", told.join("; ")))
        }
        Err(error) => Some(unasked("restore", &error)),
    }
}

async fn writable(session: &mut dyn Session) -> Finding {
    match one(session, "SELECT @@global.read_only").await {
        // MariaDB has words beside the numbers.
        Ok(row) if !matches!(row.text(0), "0" | "OFF" | "") => {
            Finding::wrong("writable", ErrorKind::ReadOnly, "the server is read-only, as a replica is")
                .hint("point the URL at the primary")
        }
        Ok(_) => Finding::ok("writable", "the server takes writes"),
        Err(error) => unasked("writable", &error),
    }
}

async fn rights(session: &mut dyn Session, snapshot: &Snapshot) -> Finding {
    let database = snapshot.tables.schema().or(snapshot.database.as_deref()).unwrap_or_default().to_owned();
    let rows = match session.fetch("SHOW GRANTS").await {
        Ok(rows) => rows,
        Err(error) => return unasked("rights", &error),
    };
    let lines: Vec<&str> = rows.iter().map(|row| row.text(0)).collect();
    for privilege in ["CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE"] {
        match grants::has(&lines, &database, privilege) {
            Some(true) => {}
            Some(false) => {
                let message = format!("the user lacks {privilege} on {database}");
                return Finding::wrong("rights", ErrorKind::Permission, message)
                    .hint(format!("GRANT ALL PRIVILEGES ON {database}.* to the user that runs migrations"));
            }
            None => {
                let message = format!("whether the user has {privilege} on {database} depends on a role");
                return Finding::warning("rights", message)
                    .hint("look at it with SHOW GRANTS … USING the role");
            }
        }
    }
    if snapshot.state.is_none() {
        return Finding::ok("rights", "the user may create, alter and drop tables");
    }
    // No row is changed; but who may not, is told.
    let state = snapshot.tables.state(Dialect::Mysql);
    match session.execute(&format!("UPDATE {state} SET format = format WHERE 1 = 0")).await {
        Ok(_) => Finding::ok("rights", "the user may change tables and write the history"),
        Err(failure) => unasked("rights", &failure.error),
    }
}

async fn engine(session: &mut dyn Session) -> Finding {
    match one(session, "SELECT @@default_storage_engine").await {
        Ok(row) if row.text(0).eq_ignore_ascii_case("InnoDB") => {
            Finding::ok("engine", "new tables are InnoDB's")
        }
        Ok(row) => {
            Finding::warning("engine", format!("new tables are {}'s, which rolls nothing back", row.text(0)))
                .hint("SET GLOBAL default_storage_engine = InnoDB")
        }
        Err(error) => unasked("engine", &error),
    }
}

async fn lock_functions(session: &mut dyn Session) -> Finding {
    const NAME: &str = "CONCAT('underpin_doctor_', CONNECTION_ID())";
    let sql = format!("SELECT GET_LOCK({NAME}, 0), RELEASE_LOCK({NAME})");
    match one(session, &sql).await {
        Ok(row) if row.truth(0) && row.truth(1) => Finding::ok("get_lock", "GET_LOCK works"),
        Ok(_) => Finding::wrong("get_lock", ErrorKind::Unsupported, "GET_LOCK does not give a lock")
            .hint("a proxy or a cluster in between may not have it; connect to a server itself"),
        Err(error) => unasked("get_lock", &error),
    }
}

async fn sql_mode(session: &mut dyn Session) -> Finding {
    match one(session, "SELECT @@global.sql_mode").await {
        Ok(row) if row.text(0).contains("STRICT_") => {
            Finding::ok("sql_mode", "values that don't fit are refused")
        }
        Ok(_) => {
            Finding::warning("sql_mode", "sql_mode is not strict: values that don't fit are cut off silently")
                .hint("add STRICT_TRANS_TABLES to the server's sql_mode")
        }
        Err(error) => unasked("sql_mode", &error),
    }
}
