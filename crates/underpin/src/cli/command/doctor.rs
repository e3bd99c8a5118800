//! `doctor`: everything that can go wrong, one line a check, before a deploy finds out.

use clap::Args;
use serde_json::json;
use underpin_core::diagnostic::{Diagnostic, ErrorKind, ExitCode};

use super::check_files;
use crate::{
    cli::{
        context::Context,
        output::{ERROR, HINT, VERB, WARNING},
        words::count,
    },
    doctor::{Finding, Level, of_settings},
};

/// The flags of `doctor`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {}

pub(super) async fn run(context: &Context<'_>, _arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let findings = findings(context).await;
    show(context, &findings);
    let wrong = findings.iter().find(|finding| finding.level == Level::Fail);
    Ok(wrong.map_or(ExitCode::Done, Finding::exit_code))
}

async fn findings(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = match context.settings() {
        Ok(settings) => of_settings(settings),
        // Without settings there is neither a directory nor a database to look at.
        Err(error) => return vec![Finding::failed("configuration", &error)],
    };
    findings.push(revisions(context));
    // What is wrong with the files is told already, and must not hide what is wrong with the database.
    let migrator = context.migrator().or_else(|error| match error.kind {
        ErrorKind::MissingUrl => Err(error),
        _ => context.database(),
    });
    match migrator {
        Ok(migrator) => findings.extend(migrator.examine().await),
        Err(error) => findings.push(Finding::failed("connection", &error)),
    }
    findings
}

fn revisions(context: &Context<'_>) -> Finding {
    let wrong = check_files::check(context).err();
    let wrong = wrong.or_else(|| context.revisions().and_then(|revisions| revisions.graph().map(drop)).err());
    if let Some(error) = wrong {
        return Finding::failed("revisions", &error);
    }
    let Ok(revisions) = context.revisions() else { return Finding::ok("revisions", "none are needed") };
    let heads = revisions.head_ids().unwrap_or_default();
    let named: Vec<&str> = heads.iter().map(|id| id.as_str()).collect();
    let message =
        format!("{} in order, with the head {}", count(revisions.len(), "revision"), named.join(", "));
    Finding::ok("revisions", message)
}

fn show(context: &Context<'_>, findings: &[Finding]) {
    let output = context.output();
    if output.is_json() {
        let healthy = findings.iter().all(|finding| finding.level != Level::Fail);
        return output.value(&json!({ "schema": 1, "healthy": healthy, "findings": findings }));
    }
    for Finding { check, level, message, hint, .. } in findings {
        let (style, word) = match level {
            Level::Ok => (VERB, "ok"),
            Level::Warn => (WARNING, "warn"),
            Level::Fail => (ERROR, "fail"),
        };
        output.data(format_args!("{style}{word:>4}{style:#}  {check:<13} {message}"));
        if let Some(hint) = hint {
            output.data(format_args!("      {HINT}hint:{HINT:#} {hint}"));
        }
    }
}
