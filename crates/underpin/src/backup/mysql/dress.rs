//! What a database of MySQL or MariaDB has beside its tables: views, triggers, routines and events, and the defaults
//! that name its sequences. It can't be renamed into another database, so it is taken from the server by its dump
//! program, as scripts, and made anew.

use std::collections::BTreeSet;

use underpin_core::{
    diagnostic::Diagnostic,
    dialect::Dialect,
    dump,
    name::{literal, quote},
};

use super::{
    client::Client,
    contents::{Contents, qualified},
    question::{ask, contents, run},
};
use crate::database::Session;

/// What a dump is told of which only some things are wanted.
const TRIGGERS: [&str; 5] =
    ["--no-data", "--no-create-info", "--triggers", "--skip-lock-tables", "--skip-comments"];
const PROGRAMS: [&str; 7] = [
    "--no-data",
    "--no-create-info",
    "--skip-triggers",
    "--routines",
    "--events",
    "--skip-lock-tables",
    "--skip-comments",
];
const VIEWS: [&str; 4] = ["--no-data", "--skip-triggers", "--skip-lock-tables", "--skip-comments"];

/// What stands beside the tables of a database, as scripts for one of them.
pub(super) struct Dress {
    triggers: Vec<u8>,
    others: Vec<u8>,
    /// Statements for columns whose values a sequence gives (MariaDB).
    defaults: Vec<String>,
    /// The views that name what is not there. Nobody can read them, and nothing could make them again.
    pub(super) broken: Vec<String>,
}

impl Dress {
    /// What a database has now.
    pub(super) async fn worn(
        session: &mut dyn Session,
        client: &Client<'_>,
        database: &str,
        contents: &Contents,
    ) -> Result<Self, Diagnostic> {
        let broken = broken_views(session, client, database, contents).await?;
        let mut dress = Self::of(client, database, contents, &broken).await?;
        dress.broken = broken;
        Ok(dress)
    }

    /// What makes it, in this order.
    pub(super) fn scripts(&self) -> [&[u8]; 2] {
        [&self.others, &self.triggers]
    }

    /// What the database of a backup has, for another one, with these events enabled.
    pub(super) async fn for_another(
        session: &mut dyn Session,
        client: &Client<'_>,
        (of, to): (&str, &str),
        contents: &Contents,
        events: &BTreeSet<String>,
    ) -> Result<Self, Diagnostic> {
        let dress = Self::of(client, of, contents, &[]).await?;
        let (from, into) = (quote(Dialect::Mysql, of), quote(Dialect::Mysql, to));
        // Nobody else has a name like that of a scratch database.
        let named = |text: &[u8]| {
            let text = String::from_utf8_lossy(text).replace(&from, &into);
            let enabled = |line: &str| dump::enabling(line, events).into_owned();
            text.split_inclusive('\n').map(enabled).collect::<String>().into_bytes()
        };
        let defaults = defaults(session, client, of, to).await?;
        Ok(Self { triggers: named(&dress.triggers), others: named(&dress.others), defaults, ..dress })
    }

    async fn of(
        client: &Client<'_>,
        database: &str,
        contents: &Contents,
        broken: &[String],
    ) -> Result<Self, Diagnostic> {
        let ignored: Vec<String> =
            broken.iter().map(|view| format!("--ignore-table={database}.{view}")).collect();
        let flags = |these: &[&str]| -> Vec<String> {
            these.iter().map(|flag| (*flag).to_owned()).chain(ignored.iter().cloned()).collect()
        };
        let triggers = match contents.has_triggers() {
            true => client.dump(database, &flags(&TRIGGERS), &[]).await?,
            false => Vec::new(),
        };
        let mut others = client.dump(database, &flags(&PROGRAMS), &[]).await?;
        let views = contents.views.iter().map(|view| view.name.clone());
        let views: Vec<String> = views.filter(|name| !broken.contains(name)).collect();
        if !views.is_empty() {
            let views = client.dump(database, &flags(&VIEWS), &views).await?;
            others.extend(dump::Views::of_dump(&views));
        }
        Ok(Self { triggers, others, defaults: Vec::new(), broken: Vec::new() })
    }

    /// Has a database exactly this.
    pub(super) async fn put_on(
        &self,
        session: &mut dyn Session,
        client: &Client<'_>,
        database: &str,
    ) -> Result<(), Diagnostic> {
        let interrupt = client.programs.interrupt;
        let there = contents(session, interrupt, database).await?;
        run(session, interrupt, &there.drop_dress(database)).await?;
        if !self.defaults.is_empty() {
            run(session, interrupt, &self.defaults.join(";\n")).await?;
        }
        client.load(database, self.others.as_slice()).await?;
        client.load(database, self.triggers.as_slice()).await
    }

    /// Has a database exactly these triggers, and leaves everything else.
    pub(super) async fn put_triggers_on(
        &self,
        session: &mut dyn Session,
        client: &Client<'_>,
        database: &str,
    ) -> Result<(), Diagnostic> {
        let interrupt = client.programs.interrupt;
        let there = contents(session, interrupt, database).await?;
        run(session, interrupt, &there.drop_triggers(database)).await?;
        client.load(database, self.triggers.as_slice()).await
    }
}

/// The views that the server can't read.
async fn broken_views(
    session: &mut dyn Session,
    client: &Client<'_>,
    database: &str,
    contents: &Contents,
) -> Result<Vec<String>, Diagnostic> {
    let mut broken = Vec::new();
    for view in &contents.views {
        let question = format!("SHOW FIELDS FROM {}", qualified(database, &view.name));
        if ask(session, client.programs.interrupt, &question).await.is_err() {
            // Whether it is the view, and not the session or the time, the next question tells.
            ask(session, client.programs.interrupt, "SELECT 1").await?;
            broken.push(view.name.clone());
        }
    }
    Ok(broken)
}

/// Statements that give the columns of a database, once they are another's, the sequences of that one. A default is
/// text to the server, which no renaming changes.
async fn defaults(
    session: &mut dyn Session,
    client: &Client<'_>,
    of: &str,
    to: &str,
) -> Result<Vec<String>, Diagnostic> {
    let name = format!("{}.", quote(Dialect::Mysql, of));
    let question = format!(
        "SELECT TABLE_NAME, COLUMN_NAME, COLUMN_DEFAULT FROM information_schema.COLUMNS \
         WHERE TABLE_SCHEMA = {} AND INSTR(COLUMN_DEFAULT, {}) > 0",
        literal(Dialect::Mysql, of),
        literal(Dialect::Mysql, &format!("val({name}"))
    );
    let into = format!("{}.", quote(Dialect::Mysql, to));
    let rows = ask(session, client.programs.interrupt, &question).await?;
    let statement = |row: &crate::database::Row| {
        let (table, column) = (qualified(to, row.text(0)), quote(Dialect::Mysql, row.text(1)));
        format!(
            "ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT ({})",
            row.text(2).replace(&name, &into)
        )
    };
    Ok(rows.iter().map(statement).collect())
}
