//! `--sql`: the script of an upgrade, a downgrade or a stamp, on standard output.

use clap::{Args, ValueEnum};
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, ExitCode},
    dialect::{Dialect, Flavour},
    revision::{RevisionGraph, Target, TargetRange},
};

use crate::{Database, OfflineScript, ScratchServer, cli::context::Context, source::Revisions};

/// The flags that ask for a script.
#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct Flags {
    /// Write the SQL of it instead, as a script for the database's own client; no database is asked
    #[arg(long)]
    pub(in crate::cli::command) sql: bool,
    /// What the script is for: sqlite, postgres, mysql or mariadb; otherwise the URL says so
    #[arg(long, value_name = "DIALECT", requires = "sql")]
    dialect: Option<String>,
    /// The client that will run it: the script makes it stop at the first error, and no driver reads it
    #[arg(long, value_name = "CLIENT", requires = "sql")]
    client: Option<Client>,
}

/// The program that a script is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Client {
    Psql,
    Sqlite3,
    Mysql,
    Mariadb,
}

impl Client {
    /// The flavour that it is the client of; mysql and mariadb serve each other's servers, too.
    const fn flavour(self) -> Flavour {
        match self {
            Self::Psql => Flavour::Postgres,
            Self::Sqlite3 => Flavour::Sqlite,
            Self::Mysql => Flavour::Mysql,
            Self::Mariadb => Flavour::Mariadb,
        }
    }
}

/// `upgrade --sql TARGET` from the base, `upgrade --sql A:B` from anywhere.
pub(in crate::cli::command) async fn upgrade(
    context: &Context<'_>,
    flags: &Flags,
    targets: &[String],
) -> Result<ExitCode, Diagnostic> {
    let (from, to) = from_and_to(targets)?;
    refuse_downward(context.revisions()?.graph()?, targets, &from, &to)?;
    let mut scripts = scripts(context, flags)?;
    if let Some(server) = scratch(context, scripts.flavour())? {
        scripts = Box::pin(scripts.told_of_upgrade(&server, &from, &to)).await?;
    }
    write(context, &scripts.upgrade(&from, &to)?)
}

/// Refuses a range that leads back, of which an upgrade has nothing to do.
fn refuse_downward(
    graph: &RevisionGraph,
    targets: &[String],
    from: &Target,
    to: &[Target],
) -> Result<(), Diagnostic> {
    let start = graph.applied_at(from)?;
    let [to] = to else { return Ok(()) };
    if targets.iter().any(|target| target.contains(':'))
        && graph.upgrade(&start, std::slice::from_ref(to))?.is_empty()
        && graph.downgrade(&start, to).is_ok_and(|path| !path.is_empty())
    {
        let range = targets.join(" ");
        let message = format!("{range} leads back, and an upgrade leads on");
        return Err(Diagnostic::new(ErrorKind::Usage, message)
            .hint(format!("the SQL of the way back: `underpin downgrade --sql {range}`")));
    }
    Ok(())
}

/// `downgrade --sql FROM:TO`.
pub(in crate::cli::command) async fn downgrade(
    context: &Context<'_>,
    flags: &Flags,
    target: &str,
) -> Result<ExitCode, Diagnostic> {
    let range = target.contains(':').then(|| target.parse::<TargetRange>()).transpose()?;
    let Some(TargetRange { from: Some(from), to: Some(to) }) = range else {
        return Err(Diagnostic::new(
            ErrorKind::Usage,
            format!("the SQL of a downgrade needs to know where it starts, and {target:?} does not say so"),
        )
        .hint("write FROM:TO, as in `underpin downgrade --sql head:base`"));
    };
    let mut scripts = scripts(context, flags)?;
    if let Some(server) = scratch(context, scripts.flavour())? {
        scripts = Box::pin(scripts.told_of_downgrade(&server, &from, &to)).await?;
    }
    write(context, &scripts.downgrade(&from, &to)?)
}

/// `stamp --sql TARGET` from the base, `stamp --sql A:B` from anywhere.
pub(in crate::cli::command) fn stamp(
    context: &Context<'_>,
    flags: &Flags,
    targets: &[String],
) -> Result<ExitCode, Diagnostic> {
    let (from, to) = from_and_to(targets)?;
    write(context, &scripts(context, flags)?.stamp(&from, &to)?)
}

/// Where revisions in Rust may be asked what they send: for SQLite in a file that is gone afterwards; on a
/// server only if one is named for that, since no database is asked otherwise.
fn scratch(context: &Context<'_>, flavour: Flavour) -> Result<Option<ScratchServer>, Diagnostic> {
    if flavour == Flavour::Sqlite {
        return Ok(Some(ScratchServer::sqlite()));
    }
    let named = context.settings()?.scratch_url().filter(|url| url.dialect() == flavour.dialect());
    Ok(named.cloned().map(|url| ScratchServer::of(Database::url(url))))
}

fn write(context: &Context<'_>, script: &str) -> Result<ExitCode, Diagnostic> {
    context.output().script(script.trim_end());
    Ok(ExitCode::Done)
}

fn from_and_to(targets: &[String]) -> Result<(Target, Vec<Target>), Diagnostic> {
    if let [range] = targets
        && range.contains(':')
    {
        let range: TargetRange = range.parse()?;
        return Ok((range.from.unwrap_or(Target::Base), vec![range.to.unwrap_or(Target::Heads)]));
    }
    let to = targets.iter().map(|target| target.parse()).collect::<Result<_, _>>()?;
    Ok((Target::Base, to))
}

fn scripts(context: &Context<'_>, flags: &Flags) -> Result<OfflineScript, Diagnostic> {
    refuse_json(context)?;
    let settings = context.settings()?;
    let revisions = context.revisions()?.clone();
    let flavour = flavour(context, flags, &revisions)?;
    let tables = settings.history_tables(Some(flavour.dialect()))?;
    let scripts =
        OfflineScript::new(revisions, flavour).history(tables).transaction_mode(settings.transaction_mode());
    Ok(if flags.client.is_some() { scripts.for_own_client() } else { scripts })
}

/// Refuses `--json`: a script is for a client of the database, and no program that reads JSON gets one.
fn refuse_json(context: &Context<'_>) -> Result<(), Diagnostic> {
    if !context.output().is_json() {
        return Ok(());
    }
    Err(Diagnostic::new(ErrorKind::Usage, "--sql writes a script, and --json has no form for one")
        .hint("leave out one of them; `underpin plan --json` has the revisions of a run as JSON"))
}

fn flavour(context: &Context<'_>, flags: &Flags, revisions: &Revisions) -> Result<Flavour, Diagnostic> {
    const HINT: &str = "say it with --dialect sqlite, postgres, mysql or mariadb";
    let client = flags.client.map(Client::flavour);
    if let Some(dialect) = &flags.dialect {
        let flavour: Flavour =
            dialect.parse().map_err(|error| Diagnostic::new(ErrorKind::Usage, format!("{error}")))?;
        return match client.filter(|client| client.dialect() != flavour.dialect()) {
            Some(client) => Err(other_client(flavour, client)),
            None => Ok(flavour),
        };
    }
    if let Some(client) = client {
        return Ok(client);
    }
    let url = context.settings()?.database_url().map_err(|error| match error.kind {
        ErrorKind::MissingUrl => Diagnostic::new(
            ErrorKind::Usage,
            "nothing says which database the SQL is for: there is no URL either",
        )
        .hint(HINT),
        _ => error,
    })?;
    match url.dialect() {
        Dialect::Sqlite => Ok(Flavour::Sqlite),
        Dialect::Postgres => Ok(Flavour::Postgres),
        Dialect::Mysql if tells_mariadb_apart(revisions)? => Err(Diagnostic::new(
            ErrorKind::Usage,
            "the revisions have sections for MariaDB, and the URL does not say whether it is that or MySQL",
        )
        .hint("say it with --dialect mysql or --dialect mariadb")),
        Dialect::Mysql => Ok(Flavour::Mysql),
    }
}

fn other_client(flavour: Flavour, client: Flavour) -> Diagnostic {
    let message =
        format!("--dialect asks for SQL for {}, and --client for one of {}", flavour.title(), client.title());
    Diagnostic::new(ErrorKind::Usage, message).hint("leave out --dialect: --client says it")
}

/// Whether any file has other SQL for MariaDB than for MySQL.
fn tells_mariadb_apart(revisions: &Revisions) -> Result<bool, Diagnostic> {
    for revision in revisions.graph()?.iter() {
        let file = revisions.file(revision.id())?;
        if file.sections.iter().any(|section| section.flavour == Some(Flavour::Mariadb)) {
            return Ok(true);
        }
    }
    Ok(false)
}
