//! Exchanging what two databases of MySQL or MariaDB have. The tables go by one `RENAME TABLE`, which is atomic
//! ("Atomic Data Definition Statement Support" in MySQL's manual; "Atomic DDL" in MariaDB's, since 10.6.1); what
//! can't be renamed into another database is taken from the server by its dump program, and made anew.

use std::time::Duration;

use tokio::time::Instant;
use underpin_core::{diagnostic::Diagnostic, dialect::Dialect, name::quote};

use super::{
    super::{
        failure,
        phase::{Broken, Phase},
    },
    client::Client,
    contents::{Contents, qualified},
    question::{contents, run},
};
use crate::{
    database::{Interrupt, Session},
    history::HistoryTables,
    point::{Point, reach},
};

/// How long the exchange may take, which nothing interrupts, and one of its statements wait for a lock.
const EXCHANGING: Duration = Duration::from_secs(120);
const WAITING: Duration = Duration::from_secs(50);

/// What a dump is told of which only views, triggers, routines and events are wanted.
const PROGRAMS: [&str; 7] = [
    "--no-data",
    "--no-create-info",
    "--routines",
    "--triggers",
    "--events",
    "--skip-lock-tables",
    "--skip-comments",
];
const VIEWS: [&str; 4] = ["--no-data", "--skip-triggers", "--skip-lock-tables", "--skip-comments"];

/// The databases of an exchange.
pub(super) struct Names {
    /// The one that the backup is for.
    pub(super) live: String,
    /// The one that has the backup.
    pub(super) fresh: String,
    /// The one that gets what is replaced.
    pub(super) old: String,
}

/// Exchanges what two databases have. It is short, and nothing interrupts it: what goes wrong is undone.
pub(super) async fn exchange(
    session: &mut dyn Session,
    client: &Client<'_>,
    names: &Names,
    tables: &HistoryTables,
) -> Result<(), Broken> {
    let waiting = client.programs.interrupt.left().map_or(WAITING, |(left, _)| left.min(WAITING));
    let (_handle, patience) = Interrupt::new(Instant::now(), Some(EXCHANGING));
    let client = &client.under(&patience);
    let limits =
        format!("SET SESSION lock_wait_timeout = {}, foreign_key_checks = 0", waiting.as_secs().max(1));
    run(session, &patience, &limits).await.map_err(Broken::untouched)?;
    let exchange = Exchange::prepare(session, client, names, tables).await.map_err(Broken::untouched)?;
    let exchanged = exchange.carry_out(session, client).await;
    // The session may be gone, and what it was told with it.
    let _ = run(session, &patience, "SET SESSION foreign_key_checks = @@GLOBAL.foreign_key_checks").await;
    exchanged
}

/// What is needed for an exchange, and for undoing it.
struct Exchange<'a> {
    names: &'a Names,
    /// What the database has now, and what stands beside its tables, as a script.
    before: Contents,
    dress_before: Vec<u8>,
    /// The same of the backup.
    after: Contents,
    dress_after: Vec<u8>,
    /// The tables of the backup that come last: a run that finds none of them knows that something is wrong.
    last: Vec<String>,
}

impl<'a> Exchange<'a> {
    async fn prepare(
        session: &mut dyn Session,
        client: &Client<'_>,
        names: &'a Names,
        tables: &HistoryTables,
    ) -> Result<Self, Diagnostic> {
        let before = contents(session, client.programs.interrupt, &names.live).await?;
        let after = contents(session, client.programs.interrupt, &names.fresh).await?;
        if after.is_empty() {
            return Err(failure::unrestored("there is nothing in it"));
        }
        let dress_before = dress(client, &names.live, &names.live, &before).await?;
        let dress_after = dress(client, &names.fresh, &names.live, &after).await?;
        let last = after.tables.iter().map(|table| table.name.clone());
        let last = last.filter(|name| tables.owns(name)).collect();
        Ok(Self { names, before, dress_before, after, dress_after, last })
    }

    async fn carry_out(&self, session: &mut dyn Session, client: &Client<'_>) -> Result<(), Broken> {
        let Names { live, fresh, .. } = self.names;
        let interrupt = client.programs.interrupt;
        let stripped = run(session, interrupt, &self.after.drop_triggers(fresh)).await;
        stripped.map_err(Broken::untouched)?;
        if self.before.has_triggers()
            && let Err(error) = run(session, interrupt, &self.before.drop_triggers(live)).await
        {
            return Err(self.dressed_again(session, client, error).await);
        }
        if let Err(error) = run(session, interrupt, &self.there()).await {
            return Err(match self.before.has_triggers() {
                true => self.dressed_again(session, client, error).await,
                false => Broken::untouched(error),
            });
        }
        reach(Point::TablesExchanged).await;
        let last = moves(self.last.iter(), fresh, live);
        let mut ended = put_on(session, client, live, &self.dress_after).await;
        if ended.is_ok() && !last.is_empty() {
            ended = run(session, interrupt, &format!("RENAME TABLE {}", last.join(", "))).await;
        }
        match ended {
            Ok(()) => Ok(()),
            Err(error) => match run(session, interrupt, &self.back()).await {
                Ok(()) => Err(self.dressed_again(session, client, error).await),
                Err(_) => Err(Broken::during(Phase::Exchanged, error)),
            },
        }
    }

    /// Takes what is there away, and puts the tables of the backup there, but for the last.
    fn there(&self) -> String {
        let Names { live, fresh, old } = self.names;
        let away = moves(self.before.tables.iter().map(|table| &table.name), live, old);
        let here = moves(self.first(), fresh, live);
        rename(away.into_iter().chain(here))
    }

    /// The same backwards.
    fn back(&self) -> String {
        let Names { live, fresh, old } = self.names;
        let away = moves(self.first(), live, fresh);
        let here = moves(self.before.tables.iter().map(|table| &table.name), old, live);
        rename(away.into_iter().chain(here))
    }

    fn first(&self) -> impl Iterator<Item = &String> {
        self.after.tables.iter().map(|table| &table.name).filter(|name| !self.last.contains(name))
    }

    /// Puts back what stood beside the tables, and tells how that leaves the database.
    async fn dressed_again(
        &self,
        session: &mut dyn Session,
        client: &Client<'_>,
        error: Diagnostic,
    ) -> Broken {
        match put_on(session, client, &self.names.live, &self.dress_before).await {
            Ok(()) => Broken::untouched(error),
            Err(_) => Broken::during(Phase::Undressed, error),
        }
    }
}

/// The views, triggers, routines and events of a database, as a script for another one.
async fn dress(
    client: &Client<'_>,
    of: &str,
    for_database: &str,
    contents: &Contents,
) -> Result<Vec<u8>, Diagnostic> {
    let mut text = client.dump(of, &PROGRAMS, &[]).await?;
    if !contents.views.is_empty() {
        let views: Vec<String> = contents.views.iter().map(|view| view.name.clone()).collect();
        text.extend(client.dump(of, &VIEWS, &views).await?);
    }
    if of == for_database {
        return Ok(text);
    }
    // Where a view names tables of several databases, the server names the database of each; and nobody else
    // has a name like that of a scratch database.
    let (from, to) = (quote(Dialect::Mysql, of), quote(Dialect::Mysql, for_database));
    Ok(replaced(&text, from.as_bytes(), to.as_bytes()))
}

/// Has a database exactly the views, triggers, routines and events of a script.
async fn put_on(
    session: &mut dyn Session,
    client: &Client<'_>,
    live: &str,
    script: &[u8],
) -> Result<(), Diagnostic> {
    let interrupt = client.programs.interrupt;
    let there = contents(session, interrupt, live).await?;
    run(session, interrupt, &there.drop_dress(live)).await?;
    client.load(live, script).await
}

fn moves<'a>(tables: impl Iterator<Item = &'a String>, from: &str, to: &str) -> Vec<String> {
    tables.map(|table| format!("{} TO {}", qualified(from, table), qualified(to, table))).collect()
}

fn rename(moves: impl Iterator<Item = String>) -> String {
    let moves: Vec<String> = moves.collect();
    // A database may have views and routines alone.
    if moves.is_empty() { "DO 0".to_owned() } else { format!("RENAME TABLE {}", moves.join(", ")) }
}

fn replaced(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let (mut replaced, mut rest) = (Vec::with_capacity(text.len()), text);
    while let Some(at) = rest.windows(from.len()).position(|window| window == from) {
        replaced.extend_from_slice(&rest[..at]);
        replaced.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    replaced.extend_from_slice(rest);
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_a_name_is_replaced() {
        assert_eq!(replaced(b"`s`.`a`, `s`.`b`, `ss`", b"`s`", b"`live`"), b"`live`.`a`, `live`.`b`, `ss`");
        assert_eq!(replaced(b"", b"`s`", b"`live`"), b"");
    }

    #[test]
    fn tables_go_from_one_database_into_another() {
        let tables = ["a".to_owned(), "b`c".to_owned()];
        let text = rename(moves(tables.iter(), "one", "two").into_iter());
        assert_eq!(text, "RENAME TABLE `one`.`a` TO `two`.`a`, `one`.`b``c` TO `two`.`b``c`");
        assert_eq!(rename(std::iter::empty()), "DO 0");
    }
}
