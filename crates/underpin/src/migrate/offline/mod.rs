//! The SQL of a run as a script for the database's own client, made without a database. It is what
//! a run from that state would do, with its history; it looks at nothing and takes no lock, so it
//! begins by asking whether the database is where the script was written for.

mod guard;
mod script;
mod steps;
#[cfg(test)]
mod tests;
mod waiting;

use std::collections::HashMap;

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Flavour,
    plan::{self, Plan, PlanRequest, PlannedStatement},
    revision::{Applied, Direction, Language, Path, RevisionGraph, RevisionId, StampPath, Target},
    schema::ServerVersion,
    sql::Digest,
};

use super::{MigratorBuilder, native, standing::at};
use crate::{
    SafeUrl, ScratchServer,
    history::{Actor, HistoryTables, State, create_tables, has_journal_from_the_start},
    policy::TransactionMode,
    source::Revisions,
};
use script::Script;
use steps::Writer;

/// Statements as the client of a flavour reads them, and as a revision file holds them.
pub(crate) fn written<'a>(flavour: Flavour, statements: impl IntoIterator<Item = &'a str>) -> String {
    let mut script = Script::new(flavour);
    for statement in statements {
        script.statement(statement);
    }
    script.finish()
}

/// Makes scripts of SQL that do what a run would do, for whoever may not let a program change the
/// database.
///
/// Running such a script leaves the same history as a run. The scripts are plain SQL but for the
/// `DELIMITER` lines that the mysql program needs around statements with semicolons in them.
///
/// ```
/// use underpin::{OfflineScript, Revisions, Target, core::dialect::Flavour};
///
/// # fn main() -> Result<(), underpin::Diagnostic> {
/// # let directory = tempfile::tempdir().unwrap();
/// # let text = "-- revision: ae10\n\n-- underpin: upgrade\nCREATE TABLE a (b int);\n";
/// # std::fs::write(directory.path().join("ae10.sql"), text).unwrap();
/// # let migrations = directory.path();
/// let script = OfflineScript::new(Revisions::read(migrations)?, Flavour::Postgres);
/// let sql = script.upgrade(&Target::Base, &[Target::Head])?;
/// assert!(sql.contains("-- Running upgrade  -> ae10\n"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct OfflineScript {
    revisions: Revisions,
    flavour: Flavour,
    tables: HistoryTables,
    transaction_mode: TransactionMode,
    own_client: bool,
    /// What a scratch database has told of revisions in Rust.
    told: HashMap<(RevisionId, Direction), Vec<PlannedStatement>>,
}

/// The state that a script starts from.
struct Start {
    applied: Applied,
    heads: Vec<RevisionId>,
    digest: Digest,
}

impl OfflineScript {
    /// Scripts for servers of a flavour.
    pub fn new(revisions: Revisions, flavour: Flavour) -> Self {
        Self {
            revisions,
            flavour,
            tables: HistoryTables::default(),
            transaction_mode: TransactionMode::default(),
            own_client: false,
            told: HashMap::new(),
        }
    }

    /// What the scripts are for.
    #[cfg(feature = "cli")]
    pub(crate) const fn flavour(&self) -> Flavour {
        self.flavour
    }

    /// What a scratch database has told of a revision in Rust.
    #[cfg(feature = "cli")]
    pub(crate) fn told(&self, id: &RevisionId, direction: Direction) -> Option<&[PlannedStatement]> {
        self.told.get(&(id.clone(), direction)).map(Vec::as_slice)
    }

    /// Where the history is kept.
    #[must_use]
    pub fn history(mut self, tables: HistoryTables) -> Self {
        self.tables = tables;
        self
    }

    /// How revisions are put into transactions.
    #[must_use]
    pub fn transaction_mode(mut self, mode: TransactionMode) -> Self {
        self.transaction_mode = mode;
        self
    }

    /// Has scripts begin with what makes the flavour's own client stop at the first error: psql and
    /// sqlite3 go on otherwise, and mysql stops anyway. No driver understands such a script.
    #[must_use]
    pub fn for_own_client(mut self) -> Self {
        self.own_client = true;
        self
    }

    /// Finds out in a scratch database what the revisions in Rust of an upgrade will send that ask for the
    /// schema; the others need none.
    ///
    /// # Errors
    /// A scratch database of another kind, or none that can be made.
    pub async fn told_of_upgrade(
        self,
        server: &ScratchServer,
        from: &Target,
        to: &[Target],
    ) -> Result<Self, Diagnostic> {
        let start = self.start(from)?;
        let path = self.graph()?.upgrade(&start.applied, to)?;
        self.told_of(server, &start, &path).await
    }

    /// The same for a downgrade.
    ///
    /// # Errors
    /// As [`told_of_upgrade`](Self::told_of_upgrade).
    pub async fn told_of_downgrade(
        self,
        server: &ScratchServer,
        from: &Target,
        to: &Target,
    ) -> Result<Self, Diagnostic> {
        let start = self.start(from)?;
        let path = self.graph()?.downgrade(&start.applied, to)?;
        self.told_of(server, &start, &path).await
    }

    async fn told_of(
        mut self,
        server: &ScratchServer,
        start: &Start,
        path: &Path,
    ) -> Result<Self, Diagnostic> {
        let mut plan = self.open_plan(start, path)?;
        let migrator = MigratorBuilder::default()
            .database(SafeUrl::parse("sqlite::memory:")?)
            .revisions(self.revisions.clone())
            .assemble()?;
        let told = migrator.foretell_plan(server, &mut plan).await;
        if plan.steps.iter().any(|step| step.open_end.is_some()) {
            // What could be written without it needs no scratch database.
            told?;
        }
        let rust = plan.steps.into_iter().filter(|step| step.language == Language::Rust);
        let told = rust.filter(|step| step.open_end.is_none());
        self.told.extend(told.map(|step| ((step.header.id, step.direction), step.statements)));
        Ok(self)
    }

    /// The script that upgrades a database that is at `from`.
    ///
    /// # Errors
    /// If a target means nothing here, or a revision can't be run on this flavour.
    pub fn upgrade(&self, from: &Target, to: &[Target]) -> Result<String, Diagnostic> {
        let start = self.start(from)?;
        let path = self.graph()?.upgrade(&start.applied, to)?;
        self.run("upgrade", &start, &path)
    }

    /// The script that downgrades a database that is at `from`.
    ///
    /// # Errors
    /// As [`upgrade`](Self::upgrade); also if a revision has no downgrade.
    pub fn downgrade(&self, from: &Target, to: &Target) -> Result<String, Diagnostic> {
        let start = self.start(from)?;
        let path = self.graph()?.downgrade(&start.applied, to)?;
        self.run("downgrade", &start, &path)
    }

    /// The script that records revisions as applied or not, without running them, in a database
    /// that is at `from`.
    ///
    /// # Errors
    /// As [`upgrade`](Self::upgrade).
    pub fn stamp(&self, from: &Target, to: &[Target]) -> Result<String, Diagnostic> {
        let start = self.start(from)?;
        let path = self.graph()?.stamp(&start.applied, to)?;
        let mut script = self.opening("stamp", &start.heads, &path.heads_after);
        if path.add.is_empty() && path.remove.is_empty() {
            script.comment("Nothing to do.");
            return Ok(script.finish());
        }
        script.gap();
        script.comment(&format!(
            "Running stamp_revision {} -> {}",
            list(&start.heads),
            list(&path.heads_after)
        ));
        let mut writer = self.writer(script, &start);
        self.open(&mut writer, &start, true);
        self.stamps(&mut writer, &path)?;
        writer.script.commit();
        Ok(writer.script.finish())
    }

    fn graph(&self) -> Result<&RevisionGraph, Diagnostic> {
        if self.revisions.is_empty() {
            let message = format!("there are no revisions in {}", self.revisions.location());
            return Err(Diagnostic::new(ErrorKind::NoRevisions, message)
                .hint("write the first one with `underpin revision -m \"…\"`, or point --dir at the right directory"));
        }
        self.revisions.graph()
    }

    /// A database that is at a target has what that requires, as the files have it now.
    fn start(&self, from: &Target) -> Result<Start, Diagnostic> {
        let graph = self.graph()?;
        let applied = graph.applied_at(from)?;
        let mut digest = Digest::EMPTY;
        for id in applied.iter() {
            digest.toggle(id, &self.revisions.checksum(id, self.flavour)?);
        }
        Ok(Start { heads: applied.heads(graph), applied, digest })
    }

    fn run(&self, verb: &str, start: &Start, path: &Path) -> Result<String, Diagnostic> {
        let plan = self.plan(start, path)?;
        let mut script = self.opening(verb, &plan.heads_before, &plan.heads_after);
        if plan.is_empty() {
            script.comment("Nothing to do.");
            return Ok(script.finish());
        }
        if self.flavour == Flavour::Sqlite {
            // As in a run: with foreign keys on, the DROP TABLE of a rebuild deletes rows elsewhere.
            script.statement("PRAGMA foreign_keys = OFF");
        }
        waiting::limit(&mut script, self.flavour.dialect());
        let one_transaction = self.transaction_mode == TransactionMode::All;
        let mut writer = self.writer(script, start);
        if self.begins_with_guard(start, one_transaction) {
            writer.script.gap();
        }
        self.open(&mut writer, start, one_transaction);
        for step in &plan.steps {
            writer.step(step, one_transaction)?;
        }
        if one_transaction {
            writer.script.commit();
        }
        waiting::reset(&mut writer.script, self.flavour.dialect());
        Ok(writer.script.finish())
    }

    fn plan(&self, start: &Start, path: &Path) -> Result<Plan, Diagnostic> {
        let mut plan = self.open_plan(start, path)?;
        for step in &mut plan.steps {
            if let Some(told) = self.told.get(&(step.header.id.clone(), step.direction)) {
                step.statements.clone_from(told);
                step.open_end = None;
            }
        }
        native::refuse_open_ends(&plan)?;
        Ok(plan)
    }

    /// The plan, of which not all may be known.
    fn open_plan(&self, start: &Start, path: &Path) -> Result<Plan, Diagnostic> {
        let request = PlanRequest {
            flavour: self.flavour,
            one_transaction: self.transaction_mode == TransactionMode::All,
            no_transaction: self.transaction_mode == TransactionMode::None,
        };
        let mut plan = plan::build(request, path, start.heads.clone(), |id| {
            self.revisions.file_with_checksum(id, self.flavour)
        })?;
        native::foretell(&self.revisions, &mut plan, ServerVersion::new(0, 0, 0));
        Ok(plan)
    }

    /// What the client and a reader have to know first.
    fn opening(&self, verb: &str, before: &[RevisionId], after: &[RevisionId]) -> Script {
        let mut script = Script::new(self.flavour);
        if self.own_client {
            // The first line: behind a comment, an old sqlite3 takes it for SQL.
            script.stop_at_error();
        }
        script.comment(&format!(
            "underpin {}: {verb} from {} to {} on {}",
            env!("CARGO_PKG_VERSION"),
            at(before),
            at(after),
            self.flavour.title()
        ));
        script.comment(self.how_to_run());
        script
    }

    fn how_to_run(&self) -> &'static str {
        match (self.flavour, self.own_client) {
            (Flavour::Sqlite, true) => "It stops at the first error: sqlite3 DATABASE < SCRIPT",
            (Flavour::Sqlite, false) => {
                "Let it stop at the first error: sqlite3 -bail DATABASE < SCRIPT, or make it with --client sqlite3"
            }
            (Flavour::Postgres, true) => "It stops at the first error: psql -f SCRIPT DATABASE",
            (Flavour::Postgres, false) => {
                "Let it stop at the first error: psql -v ON_ERROR_STOP=1 -f SCRIPT DATABASE, or make it with --client psql"
            }
            (Flavour::Mysql | Flavour::Mariadb, _) => {
                "Let it stop at the first error, as the client does: mysql DATABASE < SCRIPT"
            }
        }
    }

    fn writer(&self, script: Script, start: &Start) -> Writer<'_> {
        let position = i64::try_from(start.applied.len()).unwrap_or(i64::MAX - 1) + 1;
        Writer {
            script,
            flavour: self.flavour,
            tables: &self.tables,
            actor: actor(start.digest),
            has_journal: has_journal_from_the_start(self.flavour.dialect()),
            state: State { digest: start.digest, dirty: None },
            heads: start.heads.clone(),
            position,
        }
    }

    /// Makes sure that there is a history and that the database is where the script starts; with
    /// `joined`, in the transaction that the whole script is.
    fn open(&self, writer: &mut Writer<'_>, start: &Start, joined: bool) {
        let creates = start.applied.is_empty();
        let transactional = self.flavour.transactional_ddl();
        if joined && transactional {
            writer.script.begin();
        }
        let own_transaction = creates && transactional && !joined;
        if own_transaction {
            writer.script.begin();
        }
        if creates {
            self.create_history(writer, start);
        }
        if self.begins_with_guard(start, joined) {
            writer.guard();
        }
        if own_transaction {
            writer.script.commit();
        }
        if joined && !transactional {
            writer.script.begin();
        }
    }

    /// On PostgreSQL every transaction begins with the guard, so that the script need not.
    fn begins_with_guard(&self, start: &Start, joined: bool) -> bool {
        start.applied.is_empty() || joined || self.flavour != Flavour::Postgres
    }

    /// Creates the history for a database that has nothing, unless it has an empty one.
    fn create_history(&self, writer: &mut Writer<'_>, start: &Start) {
        let dialect = self.flavour.dialect();
        let mut statements = create_tables(&self.tables, dialect, &start.digest.to_string());
        // The last one adds the row of the state, which may be there: the database may have been
        // downgraded to the base.
        statements.pop();
        statements.push(guard::state_row(&self.tables, dialect, &start.digest));
        for statement in statements {
            writer.script.statement(&statement);
        }
    }

    fn stamps(&self, writer: &mut Writer<'_>, path: &StampPath) -> Result<(), Diagnostic> {
        for id in &path.remove {
            writer.unstamp(id, self.revisions.checksum(id, self.flavour)?);
        }
        for id in &path.add {
            let file = self.revisions.file(id)?;
            let downgrade = file.section_text(Direction::Downgrade, self.flavour).map(str::to_owned);
            writer.stamp(&file.header, self.revisions.checksum(id, self.flavour)?, downgrade.as_deref());
        }
        writer.update_state();
        Ok(())
    }
}

/// Who the history says has done it. The run is named after what the script starts from, so that
/// the same question gets the same script.
fn actor(start: Digest) -> Actor {
    let identity = crate::config::identity();
    Actor {
        run: format!("offline {:.12}", start.to_string()),
        name: format!("{} (offline script)", identity.user),
        host: identity.host,
        tool: concat!("underpin ", env!("CARGO_PKG_VERSION")).to_owned(),
    }
}

/// Ids as Alembic lists them: nothing for the base.
fn list(ids: &[RevisionId]) -> String {
    ids.iter().map(RevisionId::as_str).collect::<Vec<_>>().join(", ")
}
