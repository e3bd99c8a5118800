//! Statements that fail unless the database is where a script expects it. Plain SQL knows no
//! condition around statements, so each engine is asked in the way that it can refuse.

use underpin_core::{
    dialect::Dialect,
    name::{literal, quote},
    sql::Digest,
};

use crate::history::{HistoryTables, State};

/// A table that lives for as long as it takes to violate its constraint.
const TABLE: &str = "underpin_guard";

/// The longest name of a constraint that MySQL and MariaDB take ("Schema Object Names", "Identifier
/// Names"); SQLite has no limit.
const LONGEST_NAME: usize = 64;

/// The statement that adds the row of the state where there is none.
pub(super) fn state_row(tables: &HistoryTables, dialect: Dialect, digest: &Digest) -> String {
    let state = tables.state(dialect);
    // MySQL took a WHERE without a FROM only late, and MariaDB never; the others know no DUAL.
    let nowhere = if dialect == Dialect::Mysql { " FROM DUAL" } else { "" };
    format!(
        "INSERT INTO {state} (id, format, digest, dirty, updated_at) SELECT 1, {format}, '{digest}', NULL, \
         ''{nowhere} WHERE NOT EXISTS (SELECT 1 FROM {state} AS s WHERE s.id = 1)",
        format = crate::history::FORMAT,
    )
}

/// The statements that fail unless `state` is what the database has; `heads` names it to a person.
pub(super) fn statements(
    tables: &HistoryTables,
    dialect: Dialect,
    state: &State,
    heads: &str,
) -> Vec<String> {
    let found = format!(
        "{} WHERE id = 1 AND format = {} AND digest = '{}' AND dirty IS NULL",
        tables.state(dialect),
        crate::history::FORMAT,
        state.digest
    );
    let complaint = format!("the database is not at {heads} as the files have it");
    match dialect {
        // FOR UPDATE keeps another such script waiting until this one has committed.
        Dialect::Postgres => vec![format!(
            "DO $underpin$ BEGIN\n  PERFORM 1 FROM {found} FOR UPDATE;\n  IF NOT FOUND THEN\n    \
             RAISE EXCEPTION USING MESSAGE = {};\n  END IF;\nEND $underpin$",
            literal(dialect, &complaint)
        )],
        Dialect::Sqlite | Dialect::Mysql => {
            let name: String = complaint.chars().take(LONGEST_NAME).collect();
            let temporary = if dialect == Dialect::Mysql { "TEMPORARY" } else { "TEMP" };
            vec![
                format!(
                    "CREATE {temporary} TABLE {TABLE} (found INTEGER NOT NULL, CONSTRAINT {} CHECK (found = 1))",
                    quote(dialect, name.trim_end())
                ),
                format!("INSERT INTO {TABLE} SELECT COUNT(*) FROM {found}"),
                format!("DROP {}TABLE {TABLE}", if dialect == Dialect::Mysql { "TEMPORARY " } else { "" }),
            ]
        }
    }
}
