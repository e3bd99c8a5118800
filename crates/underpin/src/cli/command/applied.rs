//! `history --applied`: every attempt to change what is applied, as the database remembers it.

use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;
use underpin_core::diagnostic::{Diagnostic, ExitCode};

use crate::{
    cli::{context::Context, words::duration},
    history::LogEntry,
};

/// The log as JSON. The names are fixed: programs read them.
#[derive(Serialize)]
struct Log<'a> {
    /// The version of this form.
    schema: u32,
    attempts: &'a [LogEntry],
}

/// Shows the log, newest first; as JSON, oldest first.
pub(super) async fn run(context: &Context<'_>) -> Result<ExitCode, Diagnostic> {
    let log = context.database()?.log().await?;
    let output = context.output();
    if output.is_json() {
        output.value(&Log { schema: 1, attempts: &log });
    } else if log.is_empty() {
        output.talk("nothing was ever applied here");
    } else {
        output.data(table(&log));
    }
    Ok(ExitCode::Done)
}

fn table(log: &[LogEntry]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["Started", "Revision", "Direction", "Time", "By", "Outcome"]);
    for entry in log.iter().rev() {
        let time = std::time::Duration::from_millis(u64::try_from(entry.duration_ms).unwrap_or_default());
        let by = format!("{} on {}, {}", entry.actor, entry.host, entry.tool);
        table.add_row([
            &entry.started_at,
            &entry.id,
            &entry.direction,
            &duration(time),
            &by,
            &outcome(entry),
        ]);
    }
    table.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>().join("\n")
}

/// `applied`, or `dirty at statement 2: …`.
fn outcome(entry: &LogEntry) -> String {
    let mut text = entry.outcome.clone();
    if let Some(statement) = entry.statement {
        text.push_str(&format!(" at statement {statement}"));
    }
    if let Some(error) = &entry.error {
        text.push_str(&format!(": {}", error.lines().next().unwrap_or_default()));
    }
    text
}
