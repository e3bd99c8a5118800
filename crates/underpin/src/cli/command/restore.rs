//! `restore`: puts a backup in the place of what is in the database. Never without a yes, and in production
//! only where that is said.

use std::{path::PathBuf, sync::Arc};

use clap::Args;
use serde_json::json;
use underpin_core::diagnostic::{Diagnostic, ExitCode};

use crate::{
    Event, Observer, Revisions,
    cli::{context::Context, follow::say_in_place},
};

/// The flags of `restore`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// The backup: a database of SQLite, an archive of pg_dump or a dump of mysqldump
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Also in production
    #[arg(long)]
    in_production: bool,
    /// MySQL, MariaDB: where no second database can be made, drop everything first and load the backup then
    #[arg(long)]
    in_place: bool,
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    if !arguments.in_production {
        let because = "all that was written since the backup is lost";
        context.refuse_in_production("restore", because, "where it is meant, add --in-production")?;
    }
    let output = context.shared_output();
    let observer: Observer = Arc::new(move |event| {
        if let Event::RestoringInPlace { reason } = event {
            say_in_place(&output, reason);
        }
    });
    let mut migrator = context.observed_migrator_of(observer, Revisions::none())?;
    if arguments.in_place {
        migrator = migrator.restoring_in_place();
    }
    let (database, file) = (migrator.database().to_string(), arguments.file.display());
    context.confirm(&format!("put {file} in the place of everything in {database}"))?;
    Box::pin(migrator.restore(&arguments.file)).await?;
    if context.output().is_json() {
        context.output().value(&json!({ "restored": arguments.file }));
    }
    context.output().say("Restored", format_args!("{database} from {file}"));
    Ok(ExitCode::Done)
}
