//! The table that a service prints when it has started: a line on the migrations, a frame with a
//! row for the database and rows of the application's own, and every error whole.

use std::fmt;

use comfy_table::{ContentArrangement, ContentLineStyle, LineStyle, Table, TableStyle, presets};

use super::{
    contact::Contact,
    report::{StartupOutcome, StartupReport},
};

/// The status line and table of a start-up.
#[derive(Clone, Debug)]
pub struct StatusTable {
    title: String,
    /// The line on the migrations.
    line: String,
    rows: Vec<[String; 5]>,
    notes: Vec<String>,
    width: Option<u16>,
    plain: bool,
}

impl StatusTable {
    pub(super) fn of(report: &StartupReport) -> Self {
        let mark = if report.database_status.database_healthy {
            "✅"
        } else if report.success {
            "⚠️"
        } else {
            "❌"
        };
        let row = [
            "Database".to_owned(),
            report.database.clone(),
            if report.server.is_empty() { report.contact.words().to_owned() } else { report.server.clone() },
            report.short_revision(),
            mark.to_owned(),
        ];
        let mut notes = Vec::new();
        notes.extend(report.warnings.iter().map(|warning| format!("warning: {warning}")));
        for error in &report.errors {
            notes.push(format!("error: {}", error.message));
            notes.extend(error.state.iter().map(|state| format!("  = state: {state}")));
            notes.extend(error.hints().map(|hint| format!("hint: {hint}")));
        }
        Self {
            title: report.app_name.clone(),
            line: status_line(report),
            rows: vec![row],
            notes,
            width: None,
            plain: false,
        }
    }

    /// Adds a row: what it is, what it is called, its name, its version and how it is.
    #[must_use]
    pub fn row(mut self, kind: &str, id: &str, name: &str, version: &str, status: &str) -> Self {
        self.rows.push([kind, id, name, version, status].map(str::to_owned));
        self
    }

    /// The width of the terminal in columns; without it, the table is as wide as it needs to be.
    #[must_use]
    pub fn width(mut self, columns: u16) -> Self {
        self.width = Some(columns);
        self
    }

    /// The width of the terminal that standard output is, if it is one and says how wide it is.
    #[must_use]
    pub fn fit_terminal(mut self) -> Self {
        self.width = Table::new().width().filter(|&columns| columns >= NARROWEST);
        self
    }

    /// Without emoji and frames of Unicode, for a terminal that has none.
    #[must_use]
    pub fn plain(mut self) -> Self {
        self.plain = true;
        self
    }

    /// The line on the migrations alone, such as `✅ Up to date - Revision: 77be41d0`.
    pub fn line(&self) -> &str {
        &self.line
    }

    fn table(&self) -> String {
        let mut table = Table::new();
        table.set_header(["Type", "ID", "Name", "Version", "Status"]);
        for row in &self.rows {
            table.add_row(row.iter().map(|cell| if self.plain { without_emoji(cell) } else { cell.clone() }));
        }
        if let Some(width) = self.width {
            table.set_width(width).set_content_arrangement(ContentArrangement::Dynamic);
        }
        table.load_style(if self.plain { presets::ASCII_FULL_CONDENSED } else { FRAME });
        table.to_string()
    }
}

/// A terminal that says that it is narrower does not know, or is beyond help.
const NARROWEST: u16 = 40;

/// A heavy frame around the header, a light one around the rows.
const FRAME: TableStyle = TableStyle::new()
    .top_border(LineStyle::new('┏', '━', '┳', '┓'))
    .header_lines(ContentLineStyle::new('┃', '┃', '┃'))
    .header_separator(LineStyle::new('┡', '━', '╇', '┩'))
    .content_lines(ContentLineStyle::new('│', '│', '│'))
    .bottom_border(LineStyle::new('└', '─', '┴', '┘'));

fn status_line(report: &StartupReport) -> String {
    let revision = report.short_revision();
    match report.outcome {
        StartupOutcome::UpToDate => format!("✅ Up to date - Revision: {revision}"),
        StartupOutcome::Applied => format!("✅ Applied {} - Revision: {revision}", report.applied.len()),
        StartupOutcome::Pending => {
            let latest = report.latest.first().map_or("none", |id| report.ids.short(id));
            let pending = report.database_status.pending_migrations.unwrap_or_default();
            format!("⚠️ {pending} pending - Revision: {revision} -> {latest}")
        }
        StartupOutcome::Ahead => format!("⚠️ Database is newer than this program - Revision: {revision}"),
        StartupOutcome::Created => format!("⚠️ Tables created without revisions - Revision: {revision}"),
        StartupOutcome::Deferred => format!("⚠️ Waiting for older replicas - Revision: {revision}"),
        StartupOutcome::Degraded | StartupOutcome::Failed => {
            let message = report.errors.first().map_or("unknown", |error| error.message.as_str());
            format!("❌ Failed: {message}")
        }
        StartupOutcome::Skipped => match report.contact {
            Contact::NotAsked => "⚠️ Not looked at".to_owned(),
            Contact::Unanswered | Contact::Refused => format!("⚠️ Database {}", report.contact.words()),
        },
    }
}

fn without_emoji(text: &str) -> String {
    text.replace("❌ Failed", "Failed")
        .replace("✅", "ok")
        .replace("⚠️", "warning")
        .replace("❌", "failed")
        .replace("🔧 ", "")
        .replace("🚀 ", "")
}

impl fmt::Display for StatusTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!(
            "🔧 Database Migration Status:\n  {}\n\n🚀 {} System Status\n{}",
            self.line,
            self.title,
            self.table()
        );
        f.write_str(&if self.plain { without_emoji(&text) } else { text })?;
        for note in &self.notes {
            write!(f, "\n{note}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use underpin_core::{
        diagnostic::{Diagnostic, ErrorKind},
        revision::RevisionId,
    };

    use super::*;
    use crate::{policy::Mode, source::ShortIds};

    fn id(text: &str) -> RevisionId {
        RevisionId::new(text).expect("an id")
    }

    fn failure(message: &str) -> Diagnostic {
        Diagnostic::new(ErrorKind::MigrationFailed, message)
    }

    fn report() -> StartupReport {
        let database = "postgresql://db:5432/shop".to_owned();
        let mut report = StartupReport::new("shop", Mode::Apply, database, Vec::new());
        report.server = "PostgreSQL 16.4".to_owned();
        report.ids = ShortIds::of_ids(&[id("77be41d0aa11"), id("5d01aa2e0001")]);
        report.outcome = StartupOutcome::UpToDate;
        report.database_status.database_healthy = true;
        report.take_standing(&[id("77be41d0aa11")], &[]);
        report
    }

    #[test]
    fn the_table_is_the_one_of_the_documentation() {
        assert_eq!(
            report().to_string(),
            "\
🔧 Database Migration Status:
  ✅ Up to date - Revision: 77be41d0

🚀 shop System Status
┏━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━┓
┃ Type     ┃ ID                        ┃ Name            ┃ Version  ┃ Status ┃
┡━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━┩
│ Database │ postgresql://db:5432/shop │ PostgreSQL 16.4 │ 77be41d0 │ ✅     │
└──────────┴───────────────────────────┴─────────────────┴──────────┴────────┘"
        );
    }

    #[test]
    fn the_line_tells_what_was_done_what_is_to_be_done_and_what_went_wrong() {
        let mut report = report();
        report.outcome = StartupOutcome::Applied;
        report.applied = vec![id("5d01aa2e"), id("77be41d0aa11")];
        assert_eq!(report.table().line(), "✅ Applied 2 - Revision: 77be41d0");

        report.outcome = StartupOutcome::Pending;
        report.take_standing(&[id("5d01aa2e0001")], &[id("77be41d0aa11")]);
        report.latest = vec![id("77be41d0aa11")];
        assert_eq!(report.table().line(), "⚠️ 1 pending - Revision: 5d01aa2e -> 77be41d0");

        report.take_error(&failure("relation \"xyz\" already exists"), StartupOutcome::Degraded);
        assert_eq!(report.table().line(), "❌ Failed: relation \"xyz\" already exists");
    }

    #[test]
    fn a_database_that_was_never_reached_has_no_name_and_no_revision() {
        let database = "postgresql://db:5432/shop".to_owned();
        let mut report = StartupReport::new("shop", Mode::Apply, database, Vec::new());
        let error = Diagnostic::new(ErrorKind::Unavailable, "no answer").hint("start it");
        report.take_error(&error, StartupOutcome::Degraded);
        assert_eq!(
            report.table().row("Service", "http://localhost:8080", "shop", "1.2.0", "✅").to_string(),
            "\
🔧 Database Migration Status:
  ❌ Failed: no answer

🚀 shop System Status
┏━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━┓
┃ Type     ┃ ID                        ┃ Name        ┃ Version ┃ Status ┃
┡━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━┩
│ Database │ postgresql://db:5432/shop │ unreachable │ unknown │ ⚠️     │
│ Service  │ http://localhost:8080     │ shop        │ 1.2.0   │ ✅     │
└──────────┴───────────────────────────┴─────────────┴─────────┴────────┘
error: no answer
hint: start it"
        );
    }

    #[test]
    fn a_database_that_nobody_asked_is_not_called_unreachable() {
        let report = |error| {
            let mut report = StartupReport::new("shop", Mode::Apply, String::new(), Vec::new());
            report.take_error(&Diagnostic::new(error, "no"), StartupOutcome::Failed);
            report.to_string()
        };
        assert!(report(ErrorKind::MultipleHeads).contains("│ not looked at │ unknown │"));
        assert!(report(ErrorKind::Permission).contains("│ refused │ unknown │"));
    }

    #[test]
    fn ids_that_start_alike_are_shown_whole() {
        let mut report = report();
        let ids = [id("20261122_101500"), id("20261122_174500")];
        (report.ids, report.latest) = (ShortIds::of_ids(&ids), vec![ids[1].clone()]);
        report.take_standing(&ids[..1], &ids[1..]);
        assert_eq!(report.table().line(), "✅ Up to date - Revision: 20261122_101500");
        report.outcome = StartupOutcome::Pending;
        assert_eq!(report.table().line(), "⚠️ 1 pending - Revision: 20261122_101500 -> 20261122_174500");
    }

    #[test]
    fn a_table_fits_its_terminal() {
        let mut report = report();
        report.database = "postgresql://database.internal.example.com:5432/shop_of_the_world".to_owned();
        assert_eq!(
            report.table().width(80).to_string(),
            "\
🔧 Database Migration Status:
  ✅ Up to date - Revision: 77be41d0

🚀 shop System Status
┏━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━┓
┃ Type     ┃ ID                          ┃ Name            ┃ Version  ┃ Status ┃
┡━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━┩
│ Database │ postgresql://database.inter │ PostgreSQL 16.4 │ 77be41d0 │ ✅     │
│          │ nal.example.com:5432/shop_o │                 │          │        │
│          │ f_the_world                 │                 │          │        │
└──────────┴─────────────────────────────┴─────────────────┴──────────┴────────┘"
        );
        let wide = "\
🔧 Database Migration Status:
  ✅ Up to date - Revision: 77be41d0

🚀 shop System Status
┏━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━┓
┃ Type     ┃ ID                                                                ┃ Name            ┃ Version  ┃ Status ┃
┡━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━┩
│ Database │ postgresql://database.internal.example.com:5432/shop_of_the_world │ PostgreSQL 16.4 │ 77be41d0 │ ✅     │
└──────────┴───────────────────────────────────────────────────────────────────┴─────────────────┴──────────┴────────┘";
        assert_eq!(report.table().width(120).to_string(), wide);
        // It is never wider than it has to be.
        assert_eq!(report.table().width(200).to_string(), wide);
    }

    #[test]
    fn a_plain_table_has_ascii_only() {
        assert!(report().table().plain().to_string().is_ascii());
    }

    #[test]
    fn a_long_error_is_shown_whole() {
        let mut report = report();
        let message = "x".repeat(500);
        report.take_error(&failure(&message), StartupOutcome::Degraded);
        assert!(report.table().width(80).to_string().contains(&message));
    }
}
