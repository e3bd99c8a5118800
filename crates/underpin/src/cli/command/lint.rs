//! `lint`: what is dangerous about revisions, or about plain SQL, before anything runs.

mod files;
mod form;
mod rust;
mod sarif;

use clap::{Args, ValueEnum};
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, ExitCode},
    dialect::{Dialect, Flavour},
    lint::{FileFinding, FileLint, RULES, Severity, usual_version},
    schema::ServerVersion,
};

use crate::cli::{context::Context, failure, words::count};

/// The flags of `lint`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// Revisions of the project or plain SQL; - is standard input. Without one, all revisions of the project
    #[arg(value_name = "FILE", conflicts_with = "since")]
    files: Vec<String>,
    /// The server that they are for: sqlite, postgres, mysql or mariadb; without it, the URL says it
    #[arg(long, value_name = "DIALECT")]
    dialect: Option<Flavour>,
    /// That server's version; without it, the oldest that is taken to be in use
    #[arg(long, value_name = "VERSION", value_parser = version)]
    server_version: Option<ServerVersion>,
    /// The schema as it stands before FILE: a file of SQL, db, or a URL
    #[arg(long, value_name = "PLACE", requires = "files")]
    schema: Option<String>,
    /// Leave alone the revisions up to this one
    #[arg(long, value_name = "REVISION")]
    since: Option<String>,
    /// How findings are shown; without it, as text
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// List the rules
    #[arg(long, conflicts_with_all = ["files", "since"])]
    rules: bool,
}

/// How findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person
    Text,
    /// As JSON
    Json,
    /// As SARIF 2.1.0, which code hosts read
    Sarif,
}

fn version(text: &str) -> Result<ServerVersion, String> {
    ServerVersion::parse(text).ok_or_else(|| format!("{text} is no version, such as 16.4"))
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    if arguments.rules {
        list_rules(context);
        return Ok(ExitCode::Done);
    }
    let format = context.output().form(arguments.format, Format::Json, Format::Text)?;
    let lint = lint(context, &arguments)?;
    let findings = match &arguments.schema {
        Some(schema) => {
            let catalog = files::before(context, &lint, schema).await?;
            files::alone(context, &lint, &arguments.files, &catalog).await?
        }
        None if arguments.files.is_empty() => {
            Box::pin(files::revisions(context, &lint, arguments.since.as_deref())).await?
        }
        None => Box::pin(files::files(context, &lint, &arguments.files)).await?,
    };
    show(context, format, &findings);
    let fails = findings.iter().any(|finding| finding.finding.severity > Severity::Note);
    Ok(if fails { ExitCode::No } else { ExitCode::Done })
}

fn lint(context: &Context<'_>, arguments: &Arguments) -> Result<FileLint, Diagnostic> {
    let settings = context.settings()?;
    let flavour = match arguments.dialect {
        Some(flavour) => flavour,
        None => flavour_of_url(context)?,
    };
    let version = arguments.server_version.unwrap_or_else(|| usual_version(flavour));
    let assumed = arguments.server_version.is_none();
    Ok(FileLint { flavour, version, assumed, settings: settings.lint().clone() })
}

fn flavour_of_url(context: &Context<'_>) -> Result<Flavour, Diagnostic> {
    match context.settings()?.database_url() {
        // A URL does not tell MariaDB from MySQL.
        Ok(url) => Ok(match url.dialect() {
            Dialect::Sqlite => Flavour::Sqlite,
            Dialect::Postgres => Flavour::Postgres,
            Dialect::Mysql => Flavour::Mysql,
        }),
        Err(error) if error.kind == ErrorKind::MissingUrl => {
            Err(Diagnostic::new(ErrorKind::Usage, "for which server? No URL says it, and no --dialect")
                .state("nothing was looked at")
                .hint("underpin lint --dialect postgres, or mysql, mariadb, sqlite"))
        }
        Err(error) => Err(error),
    }
}

fn list_rules(context: &Context<'_>) {
    if context.output().is_json() {
        context.output().value(&form::rules());
        return;
    }
    let width = RULES.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
    for rule in RULES {
        let severities: Vec<&str> = rule.severities().iter().map(|severity| severity.name()).collect();
        let severities = severities.join(", ");
        context.output().data(format_args!("{:width$}  {severities:14}  {}", rule.id, rule.summary));
    }
}

fn show(context: &Context<'_>, format: Format, findings: &[FileFinding]) {
    let output = context.output();
    match format {
        Format::Text => {
            for finding in findings {
                output.data(failure::finding(finding));
            }
            output.say("Linted", summary(findings));
        }
        Format::Json => output.value(&form::Form::of(findings)),
        Format::Sarif => output.value(&sarif::log(findings)),
    }
}

fn summary(findings: &[FileFinding]) -> String {
    let of = |severity| findings.iter().filter(|finding| finding.finding.severity == severity).count();
    if findings.is_empty() {
        return "nothing found".to_owned();
    }
    format!(
        "{}, {}, {}",
        count(of(Severity::Error), "error"),
        count(of(Severity::Warning), "warning"),
        count(of(Severity::Note), "note")
    )
}
