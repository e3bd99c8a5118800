//! What Underpin's own tables say, read with plain SQL, and whether anybody holds its lock.
//! It is not the product's reader of its history, which is under test.

use crate::{Engine, TestDatabase};

/// The history of a database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// Whether its tables are there.
    pub exists: bool,
    /// Id and checksum of the applied revisions, in the order in which they were applied.
    pub ledger: Vec<(String, String)>,
    /// Revision and outcome of every attempt, in order.
    pub log: Vec<(String, String)>,
    /// The revisions that were left half-way, and what is known of the statement that they had reached.
    pub journal: Vec<(String, String)>,
    /// The digest of what is applied.
    pub digest: String,
    /// The revision that the state names as half-way.
    pub dirty: Option<String>,
}

const TABLES: [&str; 3] = ["underpin_history", "underpin_log", "underpin_state"];

/// Made by the first revision that needs it, on SQLite and PostgreSQL.
const JOURNAL: &str = "underpin_journal";

/// One row each: what it is of, its place, and two values.
const ALWAYS: &str = "SELECT 'ledger' AS kind, position AS place, revision AS first, checksum AS second FROM underpin_history \
     UNION ALL SELECT 'log', id, revision, outcome FROM underpin_log \
     UNION ALL SELECT 'state', id, digest, dirty FROM underpin_state";
const HALF_WAY: &str = " UNION ALL SELECT 'journal', statement, revision, state FROM underpin_journal";

impl History {
    /// Reads it; without its tables there is none.
    ///
    /// # Panics
    /// When it can't be read.
    #[track_caller]
    pub fn of(database: &TestDatabase) -> Self {
        let tables = database.tables();
        let has = |name: &str| tables.iter().any(|table| table == name);
        if !TABLES.into_iter().all(has) {
            return Self::default();
        }
        let half_way = if has(JOURNAL) { HALF_WAY } else { "" };
        let mut history = Self { exists: true, ..Self::default() };
        for row in database.query(&format!("{ALWAYS}{half_way} ORDER BY 1, 2")) {
            let mut values = row.into_iter();
            let kind = values.next().flatten().unwrap_or_default();
            let (first, second) = (values.nth(1).flatten().unwrap_or_default(), values.next().flatten());
            let pair = (first.clone(), second.clone().unwrap_or_default());
            match kind.as_str() {
                "ledger" => history.ledger.push(pair),
                "log" => history.log.push(pair),
                "journal" => history.journal.push(pair),
                _ => (history.digest, history.dirty) = (first, second),
            }
        }
        history
    }

    /// The ids of the applied revisions, in the order in which they were applied.
    pub fn applied(&self) -> Vec<&str> {
        self.ledger.iter().map(|(revision, _)| revision.as_str()).collect()
    }

    /// Everything that makes this not the history of one run that applied every revision once and left nothing
    /// behind.
    pub fn complaints(&self, revisions: &[String]) -> Vec<String> {
        let mut complaints = Vec::new();
        let applied = self.applied();
        if applied != revisions {
            complaints.push(format!("the ledger holds {applied:?}"));
        }
        let logged: Vec<_> =
            self.log.iter().map(|(revision, outcome)| format!("{revision} {outcome}")).collect();
        let expected: Vec<_> = revisions.iter().map(|revision| format!("{revision} applied")).collect();
        if logged != expected {
            complaints.push(format!("the log holds {logged:?}"));
        }
        if !self.journal.is_empty() || self.dirty.is_some() {
            complaints.push(format!("left half-way: {:?}, {:?}", self.journal, self.dirty));
        }
        complaints
    }
}

impl TestDatabase {
    /// Whether somebody holds the migration lock of this database.
    ///
    /// # Panics
    /// When the server can't be asked.
    #[track_caller]
    pub fn is_locked(&self) -> bool {
        match self.engine() {
            Engine::Sqlite => self.is_file_locked(),
            // "pg_locks" in the manual; nobody else takes advisory locks in a test's database.
            Engine::Postgres => {
                self.value(
                    "SELECT count(*)::text FROM pg_locks WHERE locktype = 'advisory' \
                     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
                ) != "0"
            }
            Engine::Mysql | Engine::Mariadb => {
                // The lock's name: a hash over the program, the database, the tables' schema, and their prefix.
                let name = "CONCAT('underpin:', LEFT(SHA2(CONCAT('underpin', CHAR(0), DATABASE(), CHAR(0), \
                            DATABASE(), CHAR(0), 'underpin', CHAR(0)), 256), 32))";
                self.query(&format!("SELECT IS_USED_LOCK({name})")) != [[None]]
            }
        }
    }

    /// Whether the file is being written to, or the file beside it is held.
    fn is_file_locked(&self) -> bool {
        let Some(path) = self.path().filter(|path| path.exists()) else { return false };
        let mut beside = path.into_os_string();
        beside.push(".underpin.lock");
        let held = match std::fs::File::open(&beside) {
            Ok(file) => file.try_lock().is_err(),
            Err(_) => false,
        };
        held || self.try_query("PRAGMA busy_timeout = 0; BEGIN IMMEDIATE; ROLLBACK").is_err()
    }
}
