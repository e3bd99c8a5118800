//! What MySQL and MariaDB tell of a thread's work. MySQL tells it only where its operator has switched
//! the consumer of stage events on; MariaDB always.

use super::blocker::MOST;

/// The queries for those who are in a thread's way on MySQL, of which the first that finds anybody counts:
/// who has the table that it waits for ("The metadata_locks Table" in the manual's chapter on the performance
/// schema), or the row ("The data_lock_waits Table").
pub(super) fn blockers(thread: i64) -> Vec<String> {
    let own = format!("(SELECT THREAD_ID FROM performance_schema.threads WHERE PROCESSLIST_ID = {thread})");
    let table = format!(
        "SELECT held.OWNER_THREAD_ID FROM performance_schema.metadata_locks AS wanted \
         JOIN performance_schema.metadata_locks AS held ON held.OBJECT_TYPE = wanted.OBJECT_TYPE \
         AND held.OBJECT_SCHEMA <=> wanted.OBJECT_SCHEMA AND held.OBJECT_NAME <=> wanted.OBJECT_NAME \
         WHERE wanted.OWNER_THREAD_ID = {own} AND wanted.LOCK_STATUS = 'PENDING' AND held.LOCK_STATUS = 'GRANTED' \
         AND held.OWNER_THREAD_ID <> wanted.OWNER_THREAD_ID"
    );
    let row = format!(
        "SELECT BLOCKING_THREAD_ID FROM performance_schema.data_lock_waits WHERE REQUESTING_THREAD_ID = {own}"
    );
    let about = |threads: &str| {
        format!(
            "SELECT t.PROCESSLIST_ID, t.PROCESSLIST_USER, a.ATTR_VALUE, t.PROCESSLIST_HOST, \
             t.PROCESSLIST_COMMAND = 'Sleep', t.PROCESSLIST_TIME, TIMESTAMPDIFF(SECOND, x.trx_started, NOW()), 0 \
             FROM performance_schema.threads AS t \
             LEFT JOIN performance_schema.session_connect_attrs AS a \
             ON a.PROCESSLIST_ID = t.PROCESSLIST_ID AND a.ATTR_NAME = 'program_name' \
             LEFT JOIN information_schema.INNODB_TRX AS x ON x.trx_mysql_thread_id = t.PROCESSLIST_ID \
             WHERE t.PROCESSLIST_ID IS NOT NULL AND t.THREAD_ID IN ({threads}) \
             ORDER BY x.trx_started IS NULL, x.trx_started LIMIT {MOST}"
        )
    };
    vec![about(&table), about(&row)]
}

/// The same on MariaDB: who has the row ("Information Schema INNODB_LOCK_WAITS Table" in its documentation);
/// who has a table, it does not tell (its plugin METADATA_LOCK_INFO has no locks that are waited for), so that
/// the oldest open transaction of the same database is named that waits for nothing itself, as a guess.
pub(super) fn blockers_mariadb(thread: i64) -> Vec<String> {
    let about = |guessed: u8, condition: &str, most: usize| {
        format!(
            "SELECT p.ID, p.USER, a.ATTR_VALUE, p.HOST, p.COMMAND = 'Sleep', p.TIME, \
             TIMESTAMPDIFF(SECOND, x.trx_started, NOW()), {guessed} FROM information_schema.PROCESSLIST AS p \
             LEFT JOIN performance_schema.session_connect_attrs AS a \
             ON a.PROCESSLIST_ID = p.ID AND a.ATTR_NAME = 'program_name' \
             LEFT JOIN information_schema.INNODB_TRX AS x ON x.trx_mysql_thread_id = p.ID \
             WHERE p.ID <> {thread} AND p.ID <> CONNECTION_ID() AND {condition} \
             ORDER BY x.trx_started IS NULL, x.trx_started LIMIT {most}"
        )
    };
    let row = format!(
        "p.ID IN (SELECT holder.trx_mysql_thread_id FROM information_schema.INNODB_LOCK_WAITS AS w \
         JOIN information_schema.INNODB_TRX AS asking ON asking.trx_id = w.requesting_trx_id \
         JOIN information_schema.INNODB_TRX AS holder ON holder.trx_id = w.blocking_trx_id \
         WHERE asking.trx_mysql_thread_id = {thread})"
    );
    let waits = format!(
        "EXISTS (SELECT 1 FROM information_schema.PROCESSLIST AS own \
         WHERE own.ID = {thread} AND own.STATE LIKE 'Waiting for % lock%')"
    );
    let guess = format!(
        "{waits} AND x.trx_id IS NOT NULL AND COALESCE(p.STATE, '') NOT LIKE 'Waiting for % lock%' \
         AND p.DB = (SELECT own.DB FROM information_schema.PROCESSLIST AS own WHERE own.ID = {thread})"
    );
    vec![about(0, &row, MOST), about(1, &guess, 1)]
}

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
