use crate::{
    dialect::Flavour::Postgres,
    statement::{ActionKind, AlterType, Maintenance, Reindex, ReindexScope, Statement},
};

use super::{
    super::{Context, Found, Severity, Wrapping},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "concurrently-in-transaction",
    summary: "a statement that PostgreSQL refuses in a transaction",
    flavours: POSTGRES,
    why: "CONCURRENTLY, VACUUM, CREATE DATABASE and their like end transactions of their own meanwhile, so that the \
          server refuses them in one (SQLSTATE 25001). A revision is a transaction unless its header says \
          `transaction: off`; put such a statement into a revision of its own that says so.",
    examples: &[
        Example::bad(Postgres, "BEGIN; CREATE INDEX CONCURRENTLY i ON t (a); COMMIT"),
        Example::bad(Postgres, "BEGIN; VACUUM t; COMMIT"),
        Example::bad(Postgres, "BEGIN; ALTER TYPE mood ADD VALUE 'new'; COMMIT").on("11"),
        Example::bad(Postgres, "BEGIN; ALTER TABLE m DETACH PARTITION p CONCURRENTLY; COMMIT"),
        Example::bad(Postgres, "BEGIN; ALTER DATABASE shop SET TABLESPACE fast; COMMIT"),
        Example::bad(Postgres, "BEGIN; CREATE SUBSCRIPTION s CONNECTION 'host=h' PUBLICATION p; COMMIT"),
        Example::good(
            Postgres,
            "BEGIN; CREATE SUBSCRIPTION s CONNECTION 'host=h' PUBLICATION p WITH (create_slot = false); COMMIT",
        ),
        Example::bad(Postgres, "BEGIN; DISCARD ALL; COMMIT"),
        Example::bad(Postgres, "BEGIN; REINDEX TABLE m; COMMIT")
            .after("CREATE TABLE m (at date) PARTITION BY RANGE (at)"),
        Example::bad(Postgres, "BEGIN; CLUSTER m USING i; COMMIT")
            .after("CREATE TABLE m (at date) PARTITION BY RANGE (at); CREATE INDEX i ON m (at)"),
        Example::good(Postgres, "BEGIN; ALTER DATABASE shop SET work_mem = '8MB'; COMMIT"),
        Example::good(Postgres, "CREATE INDEX CONCURRENTLY i ON t (a)"),
        Example::good(Postgres, "BEGIN; SELECT 1; COMMIT; CREATE INDEX CONCURRENTLY i ON t (a)"),
        Example::good(Postgres, "BEGIN; ALTER TYPE mood ADD VALUE 'new'; COMMIT").on("12"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let Some(what) = refused(context).filter(|_| context.moment.open) else { return Vec::new() };
    let help = match context.wrapping {
        Wrapping::Transaction => "transaction: off in the header of a revision that does nothing else",
        Wrapping::Alone | Wrapping::Plain => "put it behind the COMMIT",
    };
    vec![Found::new(Severity::Error, format!("the server refuses {what} in a transaction"), help)]
}

/// Whether one of these stands in the statement, blanks and case left out.
fn says(context: &Context<'_>, texts: &[&str]) -> bool {
    let text: String = context.text.split_whitespace().collect::<String>().to_ascii_uppercase();
    texts.iter().any(|words| text.contains(words))
}

/// Whether it is a table with partitions, or an index of one, whose indexes are built one by one.
fn reindexed_partitions(context: &Context<'_>, reindex: &Reindex) -> bool {
    let Some(name) = &reindex.name else { return false };
    let table = match reindex.scope {
        ReindexScope::Table => context.table(name),
        ReindexScope::Index => context.catalog.index(&name.name).map(|(table, _)| table),
        ReindexScope::Wide => None,
    };
    table.is_some_and(|table| table.partitioned)
}

/// What the server refuses.
fn refused(context: &Context<'_>) -> Option<&'static str> {
    match context.statement {
        Statement::CreateIndex(index) if index.concurrently => Some("CREATE INDEX CONCURRENTLY"),
        Statement::Drop(drop) if drop.concurrently => Some("DROP INDEX CONCURRENTLY"),
        Statement::Drop(drop) => match &drop.class {
            crate::statement::ObjectClass::Database => Some("DROP DATABASE"),
            crate::statement::ObjectClass::Other(class) if class == "TABLESPACE" => Some("DROP TABLESPACE"),
            _ => None,
        },
        Statement::Reindex(reindex) if reindex.concurrently => Some("REINDEX CONCURRENTLY"),
        Statement::Reindex(reindex) if reindex.scope == ReindexScope::Wide => Some("REINDEX of a database"),
        Statement::Reindex(reindex) => {
            reindexed_partitions(context, reindex).then_some("REINDEX of partitions")
        }
        Statement::Maintenance(Maintenance::Vacuum { .. }) => Some("VACUUM"),
        Statement::Maintenance(Maintenance::Cluster { table: Some(table) }) => {
            context.table(table).is_some_and(|table| table.partitioned).then_some("CLUSTER of partitions")
        }
        Statement::Other(words) if words == "DISCARD ALL" => Some("DISCARD ALL"),
        Statement::Maintenance(Maintenance::Cluster { table: None }) => Some("CLUSTER of all tables"),
        Statement::Define { verb, class, .. } => match (verb.as_str(), class.as_str()) {
            ("CREATE", "DATABASE") => Some("CREATE DATABASE"),
            ("CREATE", "TABLESPACE") => Some("CREATE TABLESPACE"),
            ("ALTER", "SYSTEM") => Some("ALTER SYSTEM"),
            ("ALTER", "DATABASE") if says(context, &["SETTABLESPACE"]) => {
                Some("ALTER DATABASE … SET TABLESPACE")
            }
            ("CREATE", "SUBSCRIPTION") if !says(context, &["CREATE_SLOT=", "(CONNECT=", ",CONNECT="]) => {
                Some("CREATE SUBSCRIPTION with its slot")
            }
            _ => None,
        },
        Statement::AlterType(AlterType::AddValue { .. }) if !context.at_least(12, 0) => {
            Some("ALTER TYPE … ADD VALUE")
        }
        Statement::AlterTable(alter) => {
            let concurrently =
                |kind: &ActionKind| matches!(kind, ActionKind::DetachPartition { concurrently: true, .. });
            alter
                .actions
                .iter()
                .any(|action| concurrently(&action.kind))
                .then_some("DETACH PARTITION CONCURRENTLY")
        }
        _ => None,
    }
}
