use crate::{
    dialect::Flavour::Postgres,
    statement::{Action, ActionKind, ObjectName},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "partition-detach",
    summary: "a partition that is detached while nobody can use the partitioned table",
    flavours: POSTGRES,
    why: "`DETACH PARTITION` wants an ACCESS EXCLUSIVE lock on the whole partitioned table. From PostgreSQL 14 on, \
          CONCURRENTLY does without, outside of a transaction, and not where the table has a DEFAULT partition.",
    examples: &[
        Example::bad(Postgres, "ALTER TABLE m DETACH PARTITION m_2025"),
        Example::bad(Postgres, "ALTER TABLE m DETACH PARTITION m_2025 CONCURRENTLY")
            .after("CREATE TABLE m (a int) PARTITION BY RANGE (a); CREATE TABLE r PARTITION OF m DEFAULT"),
        Example::bad(Postgres, "ALTER TABLE m DETACH PARTITION m_2025 CONCURRENTLY").on("13"),
        Example::good(Postgres, "ALTER TABLE m DETACH PARTITION m_2025 CONCURRENTLY"),
        Example::good(Postgres, "ALTER TABLE m DETACH PARTITION m_2025 FINALIZE"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let detached = |(table, action): (&ObjectName, &Action)| {
        let ActionKind::DetachPartition { partition, concurrently, finalize: false } = &action.kind else {
            return None;
        };
        let rest =
            context.catalog.partitions(table).into_iter().find(|partition| partition.default_partition);
        let of = context.quoted(table);
        let help = if rest.is_none() && context.at_least(14, 0) {
            format!("ALTER TABLE {of} DETACH PARTITION {} CONCURRENTLY", context.quoted(partition))
        } else {
            "set a short lock_timeout and try again, in a transaction that does nothing else".to_owned()
        };
        let message = match (concurrently, rest) {
            (true, _) if !context.at_least(14, 0) => {
                "there is no CONCURRENTLY before PostgreSQL 14".to_owned()
            }
            (true, None) => return None,
            (true, Some(rest)) => {
                format!("the server refuses CONCURRENTLY, because {} is the DEFAULT partition", rest.name)
            }
            (false, _) => format!("nobody can use {table} while this waits for its lock"),
        };
        Some(
            Found::new(Severity::Error, message, help)
                .at(action)
                .lock(format!("ACCESS EXCLUSIVE on {table}")),
        )
    };
    context.actions_in_use().filter_map(detached).collect()
}
