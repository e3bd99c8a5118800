//! `status`: where the database stands, in words or as JSON.

use std::fmt::Write as _;

use clap::Args;
use underpin_core::{
    diagnostic::{Diagnostic, ExitCode},
    revision::{RevisionGraph, RevisionId},
};

use crate::{cli::context::Context, migrate::Status};

/// The flags of `status`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// End with 1 where revisions are pending, with 5 where one was interrupted or the history
    /// contradicts itself, with 7 where history and revisions contradict each other
    #[arg(long)]
    exit_code: bool,
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let status = context.migrator()?.status().await?;
    let output = context.output();
    if output.is_json() {
        output.value(&status);
    } else {
        output.data(text(&status, context.revisions()?.graph()?));
    }
    Ok(if arguments.exit_code { exit_code(&status) } else { ExitCode::Done })
}

fn exit_code(status: &Status) -> ExitCode {
    if status.dirty.is_some() || !status.consistent {
        ExitCode::Dirty
    } else if !status.incompatible.is_empty() || !status.edited.is_empty() || status.heads.len() > 1 {
        ExitCode::Conflict
    } else if status.at_head {
        ExitCode::Done
    } else {
        ExitCode::No
    }
}

fn text(status: &Status, graph: &RevisionGraph) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        // Writing to a string can't fail.
        let _ = writeln!(text, "{name}: {value}");
    };
    if status.server_version.is_empty() {
        line("Connection", "the file does not exist yet; `underpin upgrade` creates it");
    } else {
        line("Connection", &format!("ok ({})", status.server()));
    }
    line("Database", &status.url);
    line("Current revision", &ids(&status.current, "none"));
    line(if status.heads.len() > 1 { "Heads" } else { "Head" }, &ids(&status.heads, "none"));
    line("Pending migrations", &status.pending.len().to_string());
    for id in &status.pending {
        let message = graph.get(id).map(|revision| revision.header.message.as_str()).unwrap_or_default();
        let _ = writeln!(text, "  {}", format!("{id}  {message}").trim_end());
    }
    text.push_str(&troubles(status));
    text.truncate(text.trim_end().len());
    text
}

/// What is wrong, a line each, with what to do about it.
fn troubles(status: &Status) -> String {
    let mut text = String::new();
    if let Some(dirty) = &status.dirty {
        let batches = dirty.batches.as_ref().map(|batches| format!("; in batches: {batches}"));
        let batches = batches.unwrap_or_default();
        let _ = match dirty.is_lost() {
            true => writeln!(text, "Dirty: {dirty}; see `underpin resolve --help`"),
            false => writeln!(
                text,
                "Dirty: the {} of {} was interrupted at statement {} of {}, since {}{batches}",
                dirty.direction, dirty.revision, dirty.statement, dirty.of, dirty.since
            ),
        };
    }
    if !status.consistent {
        text.push_str(
            "Inconsistent: the digest in the history is not that of its rows; `underpin check` says what to do\n",
        );
    }
    if !status.unknown.is_empty() {
        let expands = if status.incompatible.is_empty() {
            "; they only expand, so this program can live with them"
        } else {
            ""
        };
        let _ =
            writeln!(text, "Unknown: {} (applied, and no revision here{expands})", ids(&status.unknown, ""));
    }
    for deferred in &status.deferred {
        let _ = writeln!(
            text,
            "Deferred: {}, a contract revision, until these replicas have ended:",
            deferred.revision
        );
        for replica in &deferred.replicas {
            let _ = writeln!(text, "  {replica}");
        }
    }
    if !status.provisional.is_empty() {
        let names: Vec<&str> = status.provisional.iter().map(|table| table.name.as_str()).collect();
        let _ = writeln!(
            text,
            "Provisional: {} (made by a start-up without revisions; an upgrade that brings them replaces them while they are empty)",
            names.join(", ")
        );
    }
    if !status.edited.is_empty() {
        let _ = writeln!(text, "Edited: {} (changed after they were applied)", ids(&status.edited, ""));
    }
    if status.heads.len() > 1 {
        text.push_str("Several heads: join them with `underpin merge heads -m \"…\"`\n");
    }
    if status.at_head {
        text.push_str("Up to date\n");
    }
    text
}

fn ids(ids: &[RevisionId], none: &str) -> String {
    if ids.is_empty() {
        return none.to_owned();
    }
    ids.iter().map(RevisionId::as_str).collect::<Vec<_>>().join(", ")
}
