//! The table of backups: a row for each that was made or brought back, with its place and its time. It is
//! made under the lock by the first that needs it, and rows are only ever added.

use serde::Serialize;
use underpin_core::{
    dialect::Dialect,
    name::{literal, optional_literal},
};

use super::{Actor, HistoryTables, schema::Types};
use crate::{
    backup::Backup,
    database::{DatabaseError, Row, Session},
    migrate::milliseconds,
};

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BackupOccasion {
    /// Before a run.
    Run,
    /// Because somebody asked for one.
    Command,
    /// The database is what it was in that backup.
    Restored,
}

impl BackupOccasion {
    const fn name(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Command => "command",
            Self::Restored => "restored",
        }
    }
}

/// A backup, as the database remembers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BackupEntry {
    /// Its number, ascending.
    pub number: i64,
    /// The run that it was made in.
    pub run: String,
    /// `run` (before one), `command`, or `restored`: then the database is what it was in that backup.
    pub occasion: String,
    /// The file; nothing where a command of the user's has put it elsewhere.
    pub place: Option<String>,
    /// Its size.
    pub bytes: i64,
    /// When it was begun, RFC 3339 in UTC.
    pub started_at: String,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// Who made it.
    pub actor: String,
    /// On which host.
    pub host: String,
}

impl BackupEntry {
    /// Whether its file is where it was put; nothing where that is another host's to tell, or where a command
    /// has put it elsewhere.
    pub fn is_there(&self) -> Option<bool> {
        let here = crate::config::identity().host == self.host;
        self.place.as_ref().filter(|_| here).map(|place| std::path::Path::new(place).is_file())
    }
}

impl HistoryTables {
    /// The statements that add a row, and make the table where there is none. A backup that has its row gets
    /// no second one.
    pub(crate) fn record_backup(
        &self,
        dialect: Dialect,
        occasion: BackupOccasion,
        backup: &Backup,
        actor: &Actor,
    ) -> String {
        let Types { text, short, number, serial, options, .. } = Types::of(dialect);
        let quoted = |value: &str| literal(dialect, value);
        let place = backup.path.as_ref().map(|path| path.display().to_string());
        format!(
            "CREATE TABLE IF NOT EXISTS {table} (\n  id {serial},\n  run {short} NOT NULL,\n  occasion {short} NOT NULL,\n  \
             place {text},\n  bytes {number} NOT NULL,\n  started_at {short} NOT NULL,\n  duration_ms {number} NOT NULL,\n  \
             actor {text} NOT NULL,\n  host {text} NOT NULL,\n  tool {short} NOT NULL\n){options};\n\
             INSERT INTO {table} (run, occasion, place, bytes, started_at, duration_ms, actor, host, tool) \
             SELECT {run}, '{occasion}', {place}, {bytes}, {started_at}, {duration}, {actor}, {host}, {tool}{from} \
             WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE run = {run} AND occasion = '{occasion}' \
             AND started_at = {started_at})",
            run = quoted(&actor.run),
            occasion = occasion.name(),
            place = optional_literal(dialect, place.as_deref()),
            bytes = backup.bytes,
            started_at = quoted(&backup.started_at),
            duration = milliseconds(backup.duration),
            actor = quoted(&actor.name),
            host = quoted(&actor.host),
            tool = quoted(&actor.tool),
            // MariaDB wants a table behind which a condition can stand.
            from = if dialect == Dialect::Mysql { " FROM DUAL" } else { "" },
            table = self.backup(dialect),
        )
    }

    /// Reads the backups, oldest first; none where the table was never made.
    pub(crate) async fn read_backups(
        &self,
        session: &mut dyn Session,
    ) -> Result<Vec<BackupEntry>, DatabaseError> {
        let dialect = session.server().flavour.dialect();
        if session.fetch(&self.find(dialect, "backup")).await?.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT id, run, occasion, place, bytes, started_at, duration_ms, actor, host FROM {} ORDER BY id",
            self.backup(dialect)
        );
        Ok(session.fetch(&sql).await?.iter().map(entry).collect())
    }

    fn backup(&self, dialect: Dialect) -> String {
        self.table(dialect, "backup")
    }
}

fn entry(row: &Row) -> BackupEntry {
    BackupEntry {
        number: row.integer(0).unwrap_or_default(),
        run: row.text(1).to_owned(),
        occasion: row.text(2).to_owned(),
        place: row.optional(3).map(str::to_owned),
        bytes: row.integer(4).unwrap_or_default(),
        started_at: row.text(5).to_owned(),
        duration_ms: row.integer(6).unwrap_or_default(),
        actor: row.text(7).to_owned(),
        host: row.text(8).to_owned(),
    }
}
