//! What MySQL and MariaDB tell of a thread's work. MySQL tells it only where its operator has switched
//! the consumer of stage events on; MariaDB always.

/// The query for the share and the stage of a thread's work on MySQL ("Monitoring ALTER TABLE Progress"
/// in its manual).
pub(super) fn query(thread: i64) -> String {
    format!(
        "SELECT FLOOR(100 * stages.WORK_COMPLETED / stages.WORK_ESTIMATED), \
         SUBSTRING_INDEX(stages.EVENT_NAME, '/', -1) \
         FROM performance_schema.events_stages_current AS stages \
         JOIN performance_schema.threads AS threads ON threads.THREAD_ID = stages.THREAD_ID \
         WHERE threads.PROCESSLIST_ID = {thread} AND stages.WORK_ESTIMATED > 0 LIMIT 1"
    )
}

/// The same on MariaDB ("Information Schema PROCESSLIST Table" in its documentation): the stages that are
/// done, and the share of the one under way.
pub(super) fn query_mariadb(thread: i64) -> String {
    format!(
        "SELECT FLOOR((100 * (STAGE - 1) + PROGRESS) / MAX_STAGE), COALESCE(STATE, '') \
         FROM information_schema.PROCESSLIST WHERE ID = {thread} AND MAX_STAGE > 0"
    )
}
