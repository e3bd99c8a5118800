//! What PostgreSQL tells of a backend's work: the views of "Progress Reporting" in the manual's chapter
//! on monitoring. There is none for a table that is rewritten by ALTER TABLE.

use super::blocker::MOST;

/// The query for those who are in a backend's way: who holds a lock that it waits for, or waits for one in
/// front of it (`pg_blocking_pids`, "System Information Functions" in the manual; 0 is a prepared
/// transaction, and nobody else's state is shown to who may not see it).
pub(super) fn blockers(backend: i64) -> String {
    format!(
        "SELECT b.pid, a.usename, coalesce(nullif(a.application_name, ''), \
         CASE WHEN a.backend_type <> 'client backend' THEN a.backend_type END), host(a.client_addr), \
         coalesce(a.state LIKE 'idle in%', false), \
         floor(extract(epoch FROM clock_timestamp() - a.state_change))::bigint, \
         floor(extract(epoch FROM clock_timestamp() - a.xact_start))::bigint, false \
         FROM (SELECT DISTINCT unnest(pg_blocking_pids({backend})) AS pid) AS b \
         LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = b.pid ORDER BY a.xact_start LIMIT {MOST}"
    )
}

/// The query for the share and the stage of a backend's work; nothing before version 12.
pub(super) fn query(major: u32, backend: i64) -> Option<String> {
    if major < 12 {
        return None;
    }
    let mut parts = vec![
        part(
            "pg_stat_progress_create_index",
            "phase",
            &[
                ("partitions_done", "partitions_total"),
                ("tuples_done", "tuples_total"),
                ("blocks_done", "blocks_total"),
                ("lockers_done", "lockers_total"),
            ],
            backend,
        ),
        part(
            "pg_stat_progress_cluster",
            "lower(command) || ': ' || phase",
            &[("heap_blks_scanned", "heap_blks_total")],
            backend,
        ),
        part(
            "pg_stat_progress_vacuum",
            "'vacuum: ' || phase",
            &[("heap_blks_scanned", "heap_blks_total")],
            backend,
        ),
    ];
    if major >= 13 {
        parts.push(part(
            "pg_stat_progress_analyze",
            "'analyze: ' || phase",
            &[("sample_blks_scanned", "sample_blks_total")],
            backend,
        ));
    }
    if major >= 14 {
        parts.push(part(
            "pg_stat_progress_copy",
            "lower(command)",
            &[("bytes_processed", "bytes_total")],
            backend,
        ));
    }
    Some(format!("{} LIMIT 1", parts.join(" UNION ALL ")))
}

/// One view: the share by the first pair of counters that counts anything.
fn part(view: &str, stage: &str, counters: &[(&str, &str)], backend: i64) -> String {
    let share: String =
        counters.iter().map(|(done, all)| format!("WHEN {all} > 0 THEN 100 * {done} / {all} ")).collect();
    format!("SELECT CASE {share}ELSE 0 END, {stage} FROM pg_catalog.{view} WHERE pid = {backend}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_asked_for_what_it_has() {
        assert_eq!(query(11, 7), None);
        for (major, has_analyze, has_copy) in [(12, false, false), (13, true, false), (17, true, true)] {
            let query = query(major, 7).unwrap_or_default();
            assert_eq!(query.contains("progress_analyze"), has_analyze);
            assert_eq!(query.contains("progress_copy"), has_copy);
        }
    }
}
