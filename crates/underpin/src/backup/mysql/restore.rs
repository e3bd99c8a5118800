//! Bringing a backup of MySQL or MariaDB back: it is loaded into a second database beside the one that it is
//! for, and the two are exchanged. Where there can be no second one, and somebody says that it is meant, it is loaded
//! in place, and nothing holds that together.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
    dump::{Destination, Part},
    name::literal,
};

use super::{
    super::{
        phase::{Broken, Phase},
        restore::Restorer,
    },
    aside::{about_left_aside, left_aside},
    beside::Beside,
    client::Client,
    contents::Contents,
    definers,
    executors::Executors,
    filtered, functions,
    likeness::Likeness,
    question::{ask, contents, drop_all},
};
use crate::{
    database::{Interrupt, Session},
    lock::Lock,
    migrate::Event,
};

/// What lets a user make the second database.
const GRANT: &str = "GRANT ALL ON `underpin\\_scratch\\_%`.* TO …";

/// Puts a backup in the place of what is there.
pub(super) async fn restore(
    session: &mut dyn Session,
    client: &Client<'_>,
    restorer: &Restorer<'_>,
    lock: &Lock,
) -> Result<(), Broken> {
    let interrupt = client.programs.interrupt;
    let live = current(session, interrupt).await.map_err(Broken::untouched)?;
    if restorer.confined {
        let loaded = filtered::load(client, &restorer.file, Destination::Scratch(&live), Part::Whole).await;
        return loaded.map(drop).map_err(|error| Broken::during(Phase::Emptied, error));
    }
    tell_left_aside(session, interrupt, &live).await;
    if let Some(reason) = reference(session, interrupt, &live).await.map_err(Broken::untouched)? {
        let refused = Diagnostic::new(ErrorKind::BackupFailed, reason);
        return in_place_if_meant(session, client, restorer, (&live, refused)).await;
    }
    match Beside::create(session, client, &live).await {
        Ok(beside) => beside.restore(session, client, &live, (restorer, lock)).await,
        Err(error) if error.kind == ErrorKind::Permission => {
            let refused = Diagnostic::new(ErrorKind::BackupFailed, error.message)
                .hint(format!("let the user make a second database: {GRANT}"));
            in_place_if_meant(session, client, restorer, (&live, refused)).await
        }
        Err(error) => Err(Broken::untouched(error)),
    }
}

/// Names in the log what an earlier restore has put aside. Where nobody may look, nothing is told.
async fn tell_left_aside(session: &mut dyn Session, interrupt: &Interrupt, live: &str) {
    let canceller = session.canceller();
    let looked = interrupt.guarded(left_aside(session, live), &canceller).await;
    for name in looked.ok().and_then(Result::ok).unwrap_or_default() {
        tracing::warn!(target: "underpin::backup", "{}", about_left_aside(&name));
    }
}

/// The database of a session.
async fn current(session: &mut dyn Session, interrupt: &Interrupt) -> Result<String, Diagnostic> {
    let rows = ask(session, interrupt, "SELECT DATABASE()").await?;
    let name = rows.first().map(|row| row.text(0).to_owned()).unwrap_or_default();
    Ok(name)
}

/// A table elsewhere, whose foreign key would follow ours into the database that is dropped.
async fn reference(
    session: &mut dyn Session,
    interrupt: &Interrupt,
    live: &str,
) -> Result<Option<String>, Diagnostic> {
    let name = literal(Dialect::Mysql, live);
    let question = format!(
        "SELECT CONSTRAINT_SCHEMA, TABLE_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS \
         WHERE UNIQUE_CONSTRAINT_SCHEMA = {name} AND CONSTRAINT_SCHEMA <> {name} LIMIT 1"
    );
    let rows = ask(session, interrupt, &question).await?;
    let found = rows.first().map(|row| format!("{}.{}", row.text(0), row.text(1)));
    let found = match found {
        Some(table) => Some(table),
        None => hidden_reference(session, interrupt, live).await,
    };
    Ok(found.map(|table| format!("{table} refers to a table of this database")))
}

/// The same of what the user has no rights on: InnoDB tells whoever may ask it (`PROCESS`), in the names of its files.
async fn hidden_reference(session: &mut dyn Session, interrupt: &Interrupt, live: &str) -> Option<String> {
    let catalog = match session.server().flavour {
        Flavour::Mariadb => "INNODB_SYS_FOREIGN",
        Flavour::Mysql | Flavour::Sqlite | Flavour::Postgres => "INNODB_FOREIGN",
    };
    if !live.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return None;
    }
    let (before, length) = (literal(Dialect::Mysql, &format!("{live}/")), live.len() + 1);
    let question = format!(
        "SELECT FOR_NAME FROM information_schema.{catalog} \
         WHERE LEFT(REF_NAME, {length}) = {before} AND LEFT(FOR_NAME, {length}) <> {before} LIMIT 1"
    );
    let rows = ask(session, interrupt, &question).await.ok()?;
    rows.first().map(|row| row.text(0).replacen('/', ".", 1))
}

/// Loads the backup in place, where nothing can be lost by it or where somebody said so.
async fn in_place_if_meant(
    session: &mut dyn Session,
    client: &Client<'_>,
    restorer: &Restorer<'_>,
    (live, hindrance): (&str, Diagnostic),
) -> Result<(), Broken> {
    let interrupt = client.programs.interrupt;
    let there = contents(session, interrupt, live).await.map_err(Broken::untouched)?;
    let mut dropping = None;
    if !there.is_empty() {
        if !restorer.backups.in_place {
            let why = "there can be no second database to load it into beside this one";
            let message = format!("the backup was not restored: {why}: {}", hindrance.message);
            let refused = Diagnostic { message, ..hindrance };
            return Err(Broken::untouched(
                refused.hint(
                    "or add --in-place: everything is dropped, and then the backup is loaded, which no transaction holds together",
                ),
            ));
        }
        let reason = hindrance.hints.iter().fold(hindrance.message, |text, hint| format!("{text}; {hint}"));
        dropping = Some(Event::RestoringInPlace { reason });
    }
    in_place(session, client, restorer, live, (&there, dropping)).await
}

/// Empties the database and loads the dump, the history last. No transaction holds it together, which is told once
/// nothing is in the way any more.
async fn in_place(
    session: &mut dyn Session,
    client: &Client<'_>,
    restorer: &Restorer<'_>,
    live: &str,
    (there, dropping): (&Contents, Option<Event>),
) -> Result<(), Broken> {
    let interrupt = client.programs.interrupt;
    let found = filtered::findings(&restorer.file).await.map_err(Broken::untouched)?;
    definers::check(session, interrupt, &found.definers).await.map_err(Broken::untouched)?;
    functions::check(session, interrupt, &found).await.map_err(Broken::untouched)?;
    definers::check_droppable(session, interrupt, live).await.map_err(Broken::untouched)?;
    let likeness = Likeness::of(session, interrupt, live).await.map_err(Broken::untouched)?;
    let executors = Executors::of(session, interrupt, live).await.map_err(Broken::untouched)?;
    if let Some(event) = &dropping {
        restorer.events.send(event);
    }
    drop_all(session, interrupt, &there.drop_everything(live)).await?;
    let broken = |error| Broken::during(Phase::Emptied, error);
    let is_history = |name: &str| restorer.tables.owns(name);
    for part in [Part::Without(&is_history), Part::Only(&is_history)] {
        let loaded = filtered::load(client, &restorer.file, Destination::InPlace(live), part).await;
        loaded.map_err(broken)?;
        likeness.give(session, interrupt, live).await.map_err(broken)?;
    }
    executors.give(session, interrupt, live).await;
    Ok(())
}
