//! `inspect`: what a database holds, as SQL, as JSON or as a drawing.

use clap::{Args, ValueEnum};
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, ExitCode},
    dialect::Dialect,
    difference::{Renames, compare},
    schema::Schema,
};

use super::diff;
use crate::{
    SchemaSource, Scope, ScratchServer, SqlSchema,
    cli::{
        context::Context,
        place::{self, ScopeFlags},
        render,
    },
    migrate::written,
};

/// The flags of `inspect`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// What to look at: db, models, revisions, rev:ID, a URL or a file of SQL
    #[arg(value_name = "PLACE", default_value = "db")]
    place: String,
    /// How it is shown; without it, as SQL
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The dialect of a file of SQL, where no database says it
    #[arg(long, value_name = "DIALECT")]
    dialect: Option<Dialect>,
    #[command(flatten)]
    scope: ScopeFlags,
}

/// How a schema is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The statements that make it
    Sql,
    /// Everything that is known of it
    Json,
    /// An entity-relationship diagram for mermaid
    Mermaid,
    /// A drawing for graphviz
    Dot,
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let format = context.output().form(arguments.format, Format::Json, Format::Sql)?;
    let source = place::source(context, &arguments.place)?;
    let scratch = place::scratch(context, &[&source], arguments.dialect)?;
    let scope = arguments.scope.scope(context, scratch.dialect())?.short_names();
    place::warn_of_missing(context, &[&source]);
    let schema = context.limited(source.read(&scratch, &scope)).await?.schema;
    let output = context.output();
    match format {
        Format::Sql => {
            let difference =
                compare(&nothing(context, &scratch, &scope, &schema).await, &schema, &Renames::NONE);
            diff::warn_of_unsupported(context, &difference);
            // A schema.sql of one's own, so that no client's commands stand in it.
            let statements = difference.statements()?;
            let text = written(schema.flavour, statements.iter().map(|statement| statement.sql.as_str()));
            output.data(text.trim_end());
        }
        Format::Json => {
            let text = match output.is_json() {
                true => serde_json::to_string(&schema),
                false => serde_json::to_string_pretty(&schema),
            };
            output.data(text.map_err(|error| Diagnostic::new(ErrorKind::Internal, error.to_string()))?);
        }
        Format::Mermaid => output.data(render::mermaid(&schema).trim_end()),
        Format::Dot => output.data(render::dot(&schema).trim_end()),
    }
    Ok(ExitCode::Done)
}

/// What a database holds that nothing was made in: PostgreSQL's `public`, a character set. Where none can
/// be made to look at, nothing at all.
async fn nothing(context: &Context<'_>, scratch: &ScratchServer, scope: &Scope, like: &Schema) -> Schema {
    let read = async {
        let none = SchemaSource::desired(SqlSchema::new("nothing", "")?);
        none.read(scratch, scope).await
    };
    match context.limited(read).await {
        Ok(read) => read.schema,
        Err(error) => {
            context.output().warn(format_args!(
                "what every database of this server has could not be told, and may be among what follows: {}",
                error.message
            ));
            Schema::empty(like.flavour, like.version)
        }
    }
}
