//! A scratch database of PostgreSQL: made from `template0` with the encoding and the locale of the
//! database beside it. Its owner's session, named after it, says that it is in use.

use underpin_core::{dialect::Dialect, name::literal, name::quote};

use super::{Keep, Scratch, name};
use crate::{
    config,
    database::{Database, DatabaseError, Row, Session},
};

/// What the new database has in common with the one beside it. The columns of `pg_database` differ
/// from version to version ("pg_database" in the manual), and a row as JSON has them all.
const LIKENESS: &str = "\
    SELECT pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, j->>'datlocprovider', \
    coalesce(j->>'datlocale', j->>'daticulocale'), j->>'daticurules', \
    pg_catalog.current_setting('server_version_num') \
    FROM pg_catalog.pg_database d, LATERAL (SELECT pg_catalog.to_jsonb(d) AS j) AS x \
    WHERE d.datname = pg_catalog.current_database()";

/// The databases that nobody is connected to, and that no session is named after. Both are needed:
/// between two connections of a run there is none, and behind a pooler a session keeps no name.
const ABANDONED: &str = "\
    SELECT d.datname FROM pg_catalog.pg_database d \
    WHERE d.datname LIKE 'underpin\\_scratch\\_%' AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a \
    WHERE a.datname = d.datname OR a.application_name = d.datname)";

/// Makes one, and drops those whose owners are gone.
pub(super) async fn create(
    server: &Database,
    mut session: Box<dyn Session>,
) -> Result<Scratch, DatabaseError> {
    sweep(session.as_mut()).await;
    let name = name::new();
    let likeness = session.fetch(LIKENESS).await?;
    let create = create_statement(&name, likeness.first());
    let announce = format!("SET application_name = {}", literal(Dialect::Postgres, &name));
    session.execute(&announce).await.map_err(|failure| failure.error)?;
    // The owner has nothing to say while others work, and must not be ended for that. Servers before 14
    // don't know the setting, and don't end anybody.
    let _ = session.execute("SET idle_session_timeout = 0").await;
    session.execute(&create).await.map_err(|failure| failure.error)?;
    let identity = config::identity();
    let mark = format!(
        "scratch database of underpin, made by {}@{} (process {}); it can be dropped",
        identity.user,
        identity.host,
        std::process::id()
    );
    let quoted = quote(Dialect::Postgres, &name);
    let comment = format!("COMMENT ON DATABASE {quoted} IS {}", literal(Dialect::Postgres, &mark));
    session.execute(&comment).await.map_err(|failure| failure.error)?;
    let forced = likeness.first().and_then(|row| row.integer(6)).is_some_and(|version| version >= 130_000);
    let drop = format!("DROP DATABASE IF EXISTS {quoted}{}", if forced { " WITH (FORCE)" } else { "" });
    let database = server.beside(&name);
    Ok(Scratch { database, keep: Some(Keep::Server { session, drop }) })
}

/// "CREATE DATABASE" in the manual. A provider is only named by servers that know some (from 15 on).
fn create_statement(name: &str, likeness: Option<&Row>) -> String {
    let mut sql = format!("CREATE DATABASE {} TEMPLATE template0", quote(Dialect::Postgres, name));
    let Some(row) = likeness else { return sql };
    let mut add = |words: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            sql.push_str(&format!(" {words} {}", literal(Dialect::Postgres, value)));
        }
    };
    add("ENCODING", row.optional(0));
    add("LC_COLLATE", row.optional(1));
    add("LC_CTYPE", row.optional(2));
    match row.optional(3) {
        Some("i") => {
            add("LOCALE_PROVIDER icu ICU_LOCALE", row.optional(4));
            add("ICU_RULES", row.optional(5));
        }
        Some("b") => add("LOCALE_PROVIDER builtin BUILTIN_LOCALE", row.optional(4)),
        Some("c") => sql.push_str(" LOCALE_PROVIDER libc"),
        Some(_) | None => {}
    }
    sql
}

/// Drops what killed programs have left. Another role's can't be dropped, and one that somebody has
/// connected to meanwhile won't be: neither is an error of this run.
async fn sweep(session: &mut dyn Session) {
    let Ok(rows) = session.fetch(ABANDONED).await else { return };
    for row in rows.iter().filter(|row| name::is_ours(row.text(0))) {
        let drop = format!("DROP DATABASE IF EXISTS {}", quote(Dialect::Postgres, row.text(0)));
        let _ = session.execute(&drop).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scratch_database_has_the_locale_of_the_one_beside_it() {
        let row = |values: [Option<&str>; 6]| Row(values.map(|value| value.map(str::to_owned)).to_vec());
        let libc = row([Some("UTF8"), Some("C"), Some("C"), Some("c"), None, None]);
        assert_eq!(
            create_statement("s", Some(&libc)),
            "CREATE DATABASE \"s\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER libc"
        );
        let icu = row([Some("UTF8"), Some("C"), Some("C"), Some("i"), Some("de"), None]);
        assert!(create_statement("s", Some(&icu)).ends_with("LOCALE_PROVIDER icu ICU_LOCALE 'de'"));
        let old = row([Some("UTF8"), Some("C"), Some("C"), None, None, None]);
        assert!(create_statement("s", Some(&old)).ends_with("LC_CTYPE 'C'"));
    }
}
