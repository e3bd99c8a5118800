//! The two databases that a restore makes beside the one that it is for: one that the backup is loaded into, and one
//! that gets what is replaced. What is done with them is decided elsewhere.

use underpin_core::{
    diagnostic::Diagnostic,
    dump::{Destination, Findings, Part},
};

use super::super::{phase::Broken, restore::Restorer};
use super::{
    client::Client,
    exchange::{Exchange, Names},
    filtered,
    replaced::Replaced,
    scripts,
    undo::undo,
};
use crate::{
    ScratchServer,
    database::Session,
    lock::Lock,
    point::{Point, reach},
    scratch::Scratch,
};

/// Two databases beside the one that the backup is for.
pub(super) struct Beside {
    /// The backup is loaded into it.
    fresh: Scratch,
    /// What is replaced goes there.
    replaced: Replaced,
}

impl Beside {
    /// Makes them.
    ///
    /// # Errors
    /// What the server says; there is none of them then.
    pub(super) async fn create(
        session: &mut dyn Session,
        client: &Client<'_>,
        live: &str,
    ) -> Result<Self, Diagnostic> {
        let fresh = ScratchServer::of(client.database.clone()).create().await?;
        match Replaced::create(session, client.programs.interrupt, live).await {
            Ok(replaced) => Ok(Self { fresh, replaced }),
            Err(error) => {
                fresh.remove().await;
                Err(error)
            }
        }
    }

    /// Loads the backup, and puts what it has in the place of what is there.
    pub(super) async fn restore(
        self,
        session: &mut dyn Session,
        client: &Client<'_>,
        live: &str,
        (restorer, lock): (&Restorer<'_>, &Lock),
    ) -> Result<(), Broken> {
        let Self { fresh, replaced } = self;
        let name = name(&fresh);
        let names = Names { live, fresh: &name, old: &replaced.name };
        let exchanged = Box::pin(exchange(session, client, names, &replaced, (restorer, lock))).await;
        fresh.remove().await;
        exchanged
    }
}

/// Loads the backup and exchanges what the two databases have.
async fn exchange(
    session: &mut dyn Session,
    client: &Client<'_>,
    names: Names<'_>,
    replaced: &Replaced,
    (restorer, lock): (&Restorer<'_>, &Lock),
) -> Result<(), Broken> {
    let prepared = async {
        let findings = load(client, names.fresh, restorer).await?;
        let exchange = Exchange::prepare(session, client, names, restorer.tables, &findings.disabled).await?;
        if exchange.before.has_dress() {
            let interrupt = client.programs.interrupt;
            scripts::keep(session, interrupt, &replaced.name, &exchange.dress_before).await?;
        }
        Ok(exchange)
    };
    let mut exchange = match prepared.await {
        Ok(exchange) => exchange,
        Err(error) => {
            replaced.drop_unneeded(session).await;
            return Err(Broken::untouched(error));
        }
    };
    // From here on a signal waits for the end, which for what waits for others is soon.
    let _finishing = restorer.stop.finishing();
    match exchange.carry_out(session, client).await {
        Ok(()) => {
            replaced.forget(session).await;
            Ok(())
        }
        Err(error) => undo(&exchange, session, lock, client, (replaced, error)).await,
    }
}

/// Loads the backup. What goes wrong here, goes wrong beside the database.
async fn load(client: &Client<'_>, fresh: &str, restorer: &Restorer<'_>) -> Result<Findings, Diagnostic> {
    let findings = filtered::load(client, &restorer.file, Destination::Beside(fresh), Part::Whole).await?;
    reach(Point::BackupLoaded).await;
    client.programs.interrupt.check().map_err(|stop| stop.diagnostic("while a backup was restored"))?;
    Ok(findings)
}

fn name(scratch: &Scratch) -> String {
    scratch.database().as_url().and_then(|url| url.database_name()).unwrap_or_default().to_owned()
}
