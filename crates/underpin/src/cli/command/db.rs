//! `db`: makes the database itself, and drops it. Dropping is for development: never in production, and never
//! without a yes.

use clap::{Args, Subcommand};
use serde_json::json;
use underpin_core::diagnostic::{Diagnostic, ExitCode};

use crate::cli::context::Context;

/// The commands of `db`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make the database where it is not there, with the server's defaults
    Create,
    /// Drop the database with everything in it; refused in production
    Drop {
        /// End the sessions of others who are connected (PostgreSQL, from 13 on)
        #[arg(long)]
        force: bool,
    },
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    match arguments.command {
        Command::Create => create(context).await,
        Command::Drop { force } => drop_it(context, force).await,
    }
}

async fn create(context: &Context<'_>) -> Result<ExitCode, Diagnostic> {
    let migrator = context.database()?;
    let (output, database) = (context.output(), migrator.database().to_string());
    let created = Box::pin(migrator.create_database()).await?;
    if output.is_json() {
        output.value(&json!({ "created": created }));
    }
    match created {
        true => output.say("Created", &database),
        false => output.talk(format_args!("{database} is there already")),
    }
    Ok(ExitCode::Done)
}

async fn drop_it(context: &Context<'_>, force: bool) -> Result<ExitCode, Diagnostic> {
    context.refuse_in_production("db drop", "it loses all data", "it is for development")?;
    let migrator = context.database()?;
    let (output, database) = (context.output(), migrator.database().to_string());
    let named = migrator.database_name()?.map(|name| format!("database {name} of ")).unwrap_or_default();
    context.confirm(&format!("drop {named}{database} with everything in it"))?;
    let dropped = Box::pin(migrator.drop_database(force)).await?;
    if output.is_json() {
        output.value(&json!({ "dropped": dropped }));
    }
    match dropped {
        true => output.say("Dropped", &database),
        false => output.talk(format_args!("{database} is not there")),
    }
    Ok(ExitCode::Done)
}
