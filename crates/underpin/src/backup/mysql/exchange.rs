//! Exchanging what two databases of MySQL or MariaDB have. The tables go by one `RENAME TABLE`, which is atomic
//! ("Atomic Data Definition Statement Support" in MySQL's manual; "Atomic DDL" in MariaDB's, since 10.6.1); what
//! waits for others can be stopped, and what goes wrong is undone from where the tables are found to be.

use std::{collections::BTreeSet, time::Duration};

use tokio::time::Instant;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Flavour,
    schema::ServerVersion,
};

use super::{
    super::failure,
    client::Client,
    contents::{Contents, qualified},
    dress::Dress,
    executors::Executors,
    likeness::Likeness,
    question::{contents, run},
};
use crate::{
    database::{Errand, Interrupt, Session},
    history::HistoryTables,
    point::{Point, reach},
};

/// How long what follows the exchange of the tables may take, which nothing interrupts.
const FINISHING: Duration = Duration::from_secs(120);
/// How long one statement waits for others at most.
const WAITING: Duration = Duration::from_secs(50);
/// The same for one that comes while triggers are gone.
const HURRYING: Duration = Duration::from_secs(3);
/// Since when a table that is locked can be renamed ("RENAME TABLE Statement" in MySQL's manual).
const RENAMES_LOCKED: ServerVersion = ServerVersion::new(8, 0, 13);

/// The databases of an exchange.
pub(super) struct Names<'a> {
    /// The one that the backup is for.
    pub(super) live: &'a str,
    /// The one that has the backup.
    pub(super) fresh: &'a str,
    /// The one that gets what is replaced.
    pub(super) old: &'a str,
}

/// What is needed for an exchange, and for undoing it.
pub(super) struct Exchange<'a> {
    pub(super) names: Names<'a>,
    /// What the database has now.
    pub(super) before: Contents,
    pub(super) dress_before: Dress,
    /// The same of the backup.
    after: Contents,
    dress_after: Dress,
    /// The tables of the backup that come last: a run that finds none of them knows that something is wrong.
    pub(super) last: Vec<String>,
    /// What both have to leave the database with.
    pub(super) likeness: Likeness,
    /// Who may run its routines, which are made anew.
    pub(super) executors: Executors,
    /// Whether triggers of the database may be gone.
    pub(super) stripped: bool,
}

impl<'a> Exchange<'a> {
    /// Reads what is needed. Nothing of the database is changed.
    pub(super) async fn prepare(
        session: &mut dyn Session,
        client: &Client<'_>,
        names: Names<'a>,
        tables: &HistoryTables,
        events: &BTreeSet<String>,
    ) -> Result<Self, Diagnostic> {
        let interrupt = client.programs.interrupt;
        let before = contents(session, interrupt, names.live).await?;
        let after = contents(session, interrupt, names.fresh).await?;
        if after.is_empty() {
            return Err(failure::unrestored("there is nothing in it"));
        }
        let likeness = Likeness::of(session, interrupt, names.live).await?;
        likeness.give(session, interrupt, names.fresh).await?;
        let dress_before = Dress::worn(session, client, names.live, &before).await?;
        let ends = (names.fresh, names.live);
        let dress_after = Dress::for_another(session, client, ends, &after, events).await?;
        run(session, interrupt, &after.drop_triggers(names.fresh)).await?;
        let last = after.tables.iter().map(|table| table.name.clone());
        let last = last.filter(|name| tables.owns(name)).collect();
        let executors = Executors::of(session, interrupt, names.live).await?;
        Ok(Self {
            names,
            before,
            dress_before,
            after,
            dress_after,
            last,
            likeness,
            executors,
            stripped: false,
        })
    }

    /// Exchanges what the two have. What goes wrong has to be undone.
    ///
    /// # Errors
    /// What went wrong, or why it was stopped while it waited for others.
    pub(super) async fn carry_out(
        &mut self,
        session: &mut dyn Session,
        client: &Client<'_>,
    ) -> Result<(), Diagnostic> {
        self.exchange_tables(session, client.programs.interrupt).await?;
        let (_handle, patience) = Interrupt::new(Errand::PART, Instant::now(), Some(FINISHING));
        let unlocked = format!("UNLOCK TABLES; {}", limits(WAITING));
        run(session, &patience, &unlocked).await?;
        reach(Point::TablesExchanged).await;
        self.finish(session, &client.under(&patience)).await
    }

    /// Takes the tables away and puts those of the backup there. Triggers go only once nobody uses a table any more:
    /// all tables are locked for that, where the server can rename them so, until they are renamed, and else until
    /// right before.
    async fn exchange_tables(
        &mut self,
        session: &mut dyn Session,
        interrupt: &Interrupt,
    ) -> Result<(), Diagnostic> {
        let waiting = interrupt.left().map_or(WAITING, |(left, _)| left.min(WAITING));
        run(session, interrupt, &limits(waiting)).await?;
        if !self.before.has_triggers() {
            return run(session, interrupt, &self.there()).await;
        }
        let server = session.server();
        let keeps = server.flavour == Flavour::Mysql && server.parsed_version() >= RENAMES_LOCKED;
        let locked = match run(session, interrupt, &self.lock(keeps)).await {
            Ok(()) => true,
            // A trigger that names what is not there can't be locked with its table; nor may everybody lock.
            Err(error) if matches!(error.kind, ErrorKind::MigrationFailed | ErrorKind::Permission) => false,
            Err(error) => return Err(error),
        };
        if !locked {
            run(session, interrupt, &limits(HURRYING)).await?;
        }
        self.stripped = true;
        run(session, interrupt, &self.before.drop_triggers(self.names.live)).await?;
        if locked && !keeps {
            run(session, interrupt, &format!("{}; UNLOCK TABLES", limits(HURRYING))).await?;
        }
        run(session, interrupt, &self.there()).await
    }

    /// Makes the database what the backup was, once its tables are there.
    async fn finish(&self, session: &mut dyn Session, client: &Client<'_>) -> Result<(), Diagnostic> {
        self.dress_after.put_on(session, client, self.names.live).await?;
        self.executors.give(session, client.programs.interrupt, self.names.live).await;
        self.likeness.give(session, client.programs.interrupt, self.names.live).await?;
        let last = moves(self.last.iter(), self.names.fresh, self.names.live);
        match last.is_empty() {
            true => Ok(()),
            false => run(session, client.programs.interrupt, &rename(last.into_iter())).await,
        }
    }

    fn lock(&self, with_those_of_the_backup: bool) -> String {
        let mut tables: Vec<String> =
            self.before.lockable().map(|name| qualified(self.names.live, name)).collect();
        if with_those_of_the_backup {
            tables.extend(self.after.lockable().map(|name| qualified(self.names.fresh, name)));
        }
        format!("LOCK TABLES {} WRITE", tables.join(" WRITE, "))
    }

    /// Takes what is there away, and puts the tables of the backup there, but for the last.
    fn there(&self) -> String {
        let Names { live, fresh, old } = self.names;
        let away = moves(self.before.tables.iter().map(|table| &table.name), live, old);
        let here = moves(self.first(), fresh, live);
        rename(away.into_iter().chain(here))
    }

    /// The same backwards.
    pub(super) fn back(&self) -> String {
        let Names { live, fresh, old } = self.names;
        let away = moves(self.first(), live, fresh);
        let here = moves(self.before.tables.iter().map(|table| &table.name), old, live);
        rename(away.into_iter().chain(here))
    }

    /// Whether no table goes, and none comes first.
    pub(super) fn moves_nothing(&self) -> bool {
        self.before.tables.is_empty() && self.first().next().is_none()
    }

    /// The tables of the backup that come first.
    pub(super) fn first(&self) -> impl Iterator<Item = &String> {
        self.after.tables.iter().map(|table| &table.name).filter(|name| !self.last.contains(name))
    }
}

/// How long statements of a session wait for others; and keys are no hindrance.
pub(super) fn limits(waiting: Duration) -> String {
    format!("SET SESSION lock_wait_timeout = {}, foreign_key_checks = 0", waiting.as_secs().max(1))
}

fn moves<'a>(tables: impl Iterator<Item = &'a String>, from: &str, to: &str) -> Vec<String> {
    tables.map(|table| format!("{} TO {}", qualified(from, table), qualified(to, table))).collect()
}

fn rename(moves: impl Iterator<Item = String>) -> String {
    let moves: Vec<String> = moves.collect();
    // A database may have views and routines alone.
    if moves.is_empty() { "DO 0".to_owned() } else { format!("RENAME TABLE {}", moves.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_go_from_one_database_into_another() {
        let tables = ["a".to_owned(), "b`c".to_owned()];
        let text = rename(moves(tables.iter(), "one", "two").into_iter());
        assert_eq!(text, "RENAME TABLE `one`.`a` TO `two`.`a`, `one`.`b``c` TO `two`.`b``c`");
        assert_eq!(rename(std::iter::empty()), "DO 0");
    }
}
