//! Where a database stands, as plain data with a stable JSON form.

use serde::Serialize;
use underpin_core::{
    backfill::Cursor,
    diagnostic::{Diagnostic, ErrorKind},
    revision::RevisionId,
};

use super::{
    Deferred, Migrator, beginning::refuse_rows_without_state, defer, provisional, run::history_unreadable,
    standing::Standing,
};
use crate::{
    database::Session,
    history::{ProvisionalRecord, Replica, Snapshot},
    telemetry::metrics,
};

/// Where a database stands against the revisions at hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The version of this form.
    pub schema: u32,
    /// Whether the database was reached. Always true: what can't be reached has no status.
    pub connected: bool,
    /// `sqlite`, `postgres` or `mysql`.
    pub dialect: String,
    /// `sqlite`, `postgres`, `mysql` or `mariadb`.
    pub flavour: String,
    /// The version of the server.
    pub server_version: String,
    /// The name of the database.
    pub database: Option<String>,
    /// Where it is, without credentials.
    pub url: String,
    /// The heads of what is applied.
    pub current: Vec<RevisionId>,
    /// The heads of the revisions at hand.
    pub heads: Vec<RevisionId>,
    /// What is not applied, oldest first.
    pub pending: Vec<RevisionId>,
    /// What is applied and not known here.
    pub unknown: Vec<RevisionId>,
    /// What of it programs that don't know it can't be expected to live with: all that does not say
    /// `phase: expand`.
    pub incompatible: Vec<RevisionId>,
    /// What was changed after it was applied.
    pub edited: Vec<RevisionId>,
    /// The contract revisions that wait for older replicas to end.
    pub deferred: Vec<Deferred>,
    /// The replicas that are alive, as far as they have registered.
    pub replicas: Vec<Replica>,
    /// The tables that a start-up made without revisions, and that no revision has brought since.
    pub provisional: Vec<ProvisionalRecord>,
    /// A revision that was begun and not finished.
    pub dirty: Option<Dirty>,
    /// Whether the digest in the history is that of its rows. If not, something else has written
    /// there, and nothing is upgraded.
    pub consistent: bool,
    /// Whether everything that is known here is applied, nothing else is, there is one head, nothing
    /// is edited or dirty, and the history is consistent.
    pub at_head: bool,
}

/// A revision that was begun outside of a transaction and not finished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dirty {
    /// Its id.
    pub revision: String,
    /// `upgrade` or `downgrade`; empty, as all that follows, if its row of the journal is gone.
    pub direction: String,
    /// The statement that it reached, from 1.
    pub statement: usize,
    /// The number of its statements.
    pub of: usize,
    /// Since when, RFC 3339 in UTC.
    pub since: String,
    /// How far the batches of that statement have come, if it is one that is run in batches:
    /// `13000 rows changed, up to id = 4711 (12 %)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batches: Option<String>,
}

/// `revision 0003 was interrupted at statement 2 of 3`.
impl std::fmt::Display for Dirty {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_lost() {
            return write!(
                f,
                "revision {} was interrupted, and the journal that says how far it came is gone",
                self.revision
            );
        }
        write!(
            f,
            "revision {} was interrupted at statement {} of {}",
            self.revision, self.statement, self.of
        )?;
        match &self.batches {
            Some(batches) => write!(f, ", in batches: {batches}"),
            None => Ok(()),
        }
    }
}

impl Dirty {
    /// Whether nothing is known but the revision, because its row of the journal is gone.
    pub fn is_lost(&self) -> bool {
        self.direction.is_empty()
    }

    /// The diagnostic for whoever does not go on with it.
    pub(crate) fn diagnostic(&self) -> Diagnostic {
        if self.is_lost() {
            return super::decide::lost_journal(&self.revision);
        }
        Diagnostic::new(ErrorKind::Dirty, self.to_string())
            .state("nothing was changed now; what was done then is still there")
            .hint("finish it with `underpin upgrade`, or see `underpin resolve --help`")
    }
}

impl Status {
    /// The server as a person names it: `PostgreSQL 16.4`.
    pub fn server(&self) -> String {
        let title = match self.flavour.parse::<underpin_core::dialect::Flavour>() {
            Ok(flavour) => flavour.title(),
            Err(_) => &self.flavour,
        };
        let end = self
            .server_version
            .find(|c: char| c != '.' && !c.is_ascii_digit())
            .unwrap_or(self.server_version.len());
        let version = if end == 0 { &self.server_version } else { &self.server_version[..end] };
        format!("{title} {version}").trim().to_owned()
    }
}

/// Reads it, and tells the numbers of it.
pub(super) async fn read(migrator: &Migrator) -> Result<Status, Diagnostic> {
    let status = read_untold(migrator).await?;
    // An SQLite file that is not there has told nothing.
    if !status.server_version.is_empty() {
        metrics::looked(&status);
    }
    Ok(status)
}

/// The same for whoever tells the numbers after judging what was read.
pub(crate) async fn read_untold(migrator: &Migrator) -> Result<Status, Diagnostic> {
    match migrator.open_to_read().await? {
        None => absent(migrator),
        Some((mut session, snapshot)) => {
            let status = on(migrator, session.as_mut(), &snapshot).await;
            session.close().await;
            metrics::connected(snapshot.server.flavour);
            status
        }
    }
}

/// The status of an SQLite file that is not there yet: nothing is applied.
fn absent(migrator: &Migrator) -> Result<Status, Diagnostic> {
    let flavour = underpin_core::dialect::Flavour::Sqlite;
    let standing = Standing::of(&[], &migrator.revisions, flavour)?;
    Ok(Status {
        server_version: String::new(),
        database: None,
        ..form(migrator, flavour.dialect().name(), flavour.name(), standing)?
    })
}

async fn on(
    migrator: &Migrator,
    session: &mut dyn Session,
    snapshot: &Snapshot,
) -> Result<Status, Diagnostic> {
    let flavour = snapshot.server.flavour;
    let replicas = match &snapshot.state {
        Some(_) => snapshot.tables.read_replicas(session).await.map_err(history_unreadable)?,
        None => Vec::new(),
    };
    let History { standing, dirty, consistent } = history(migrator, session, snapshot).await?;
    let deferred = match migrator.ignore_replicas {
        true => Vec::new(),
        false => defer::pending(migrator.revisions.graph()?, &standing.applied, &replicas)?,
    };
    let applied = |id: &str| standing.applied.iter().any(|applied| applied.as_str() == id);
    let provisional = provisional::standing(session, &snapshot.tables, applied).await?;
    let form = form(migrator, flavour.dialect().name(), flavour.name(), standing)?;
    Ok(Status {
        server_version: snapshot.server.version.clone(),
        database: snapshot.database.clone(),
        at_head: form.at_head && dirty.is_none() && consistent,
        dirty,
        deferred,
        replicas,
        provisional,
        consistent,
        ..form
    })
}

/// What the history says.
struct History {
    standing: Standing,
    dirty: Option<Dirty>,
    consistent: bool,
}

/// Reads the history. State and rows are two queries, so what disagrees is read again for as long
/// as a migrator may be writing between them.
async fn history(
    migrator: &Migrator,
    session: &mut dyn Session,
    snapshot: &Snapshot,
) -> Result<History, Diagnostic> {
    let mut state = snapshot.state.clone();
    let mut tries = 0;
    loop {
        let ledger = match &state {
            Some(_) => snapshot.tables.read_ledger(session).await.map_err(history_unreadable)?,
            None => {
                refuse_rows_without_state(session, &snapshot.tables).await?;
                Vec::new()
            }
        };
        let standing = Standing::of(&ledger, &migrator.revisions, snapshot.server.flavour)?;
        let agrees = state.as_ref().is_none_or(|state| standing.check_digest(state).is_ok());
        if !agrees && tries < TRIES {
            let now = migrator.look_patiently(session).await?.state;
            if now != state {
                state = now;
                tries += 1;
                continue;
            }
        }
        let dirty = match state.and_then(|state| state.dirty) {
            Some(revision) => Some(dirty(session, snapshot, revision).await?),
            None => None,
        };
        // Where the state never stood still, nothing can be told against it.
        return Ok(History { standing, dirty, consistent: agrees || tries == TRIES });
    }
}

/// How often a history is read that is being written.
const TRIES: usize = 10;

async fn dirty(
    session: &mut dyn Session,
    snapshot: &Snapshot,
    revision: String,
) -> Result<Dirty, Diagnostic> {
    let journal = snapshot.tables.read_journal(session).await.map_err(history_unreadable)?;
    let entry = journal.into_iter().find(|entry| entry.revision == revision);
    let parts = snapshot.tables.read_progress(session, &revision).await.map_err(history_unreadable)?;
    // The latest of them is the one that is under way.
    let cursor = parts.first().and_then(|part| serde_json::from_str::<Cursor>(&part.content).ok());
    Ok(Dirty {
        batches: cursor.map(|cursor| cursor.to_string()),
        direction: entry.as_ref().map(|entry| entry.direction.clone()).unwrap_or_default(),
        statement: entry.as_ref().map(|entry| entry.statement + 1).unwrap_or_default(),
        of: entry.as_ref().map(|entry| entry.total).unwrap_or_default(),
        since: entry.map(|entry| entry.started_at).unwrap_or_default(),
        revision,
    })
}

fn form(migrator: &Migrator, dialect: &str, flavour: &str, standing: Standing) -> Result<Status, Diagnostic> {
    let heads = migrator.revisions.head_ids()?;
    Ok(Status {
        schema: 1,
        connected: true,
        dialect: dialect.to_owned(),
        flavour: flavour.to_owned(),
        server_version: String::new(),
        database: None,
        url: migrator.database.to_string(),
        at_head: standing.pending.is_empty()
            && standing.unknown.is_empty()
            && standing.edited.is_empty()
            && heads.len() == 1,
        current: standing.current,
        heads,
        pending: standing.pending,
        unknown: standing.unknown,
        incompatible: standing.incompatible,
        edited: standing.edited,
        deferred: Vec::new(),
        replicas: Vec::new(),
        provisional: Vec::new(),
        dirty: None,
        consistent: true,
    })
}
