//! How an error is shown: what, where in a file, in which state the database is, what to do next.
//! The words are those of the diagnostic.

use std::{borrow::Cow, fmt::Write as _};

use serde::Serialize;
use underpin_core::{
    diagnostic::{Diagnostic, Place, mask_credentials},
    lint::{FileFinding, Severity},
};
use unicode_width::UnicodeWidthChar as _;

use super::output::{ERROR, FRAME, HINT, Output, WARNING};

/// How many columns of a source line are shown.
const SHOWN: usize = 160;
/// How many of them are underlined at most.
const MARKED: usize = 40;
/// How many of them stand before the caret where the line is longer.
const BEFORE: usize = 60;

/// Writes an error to standard error, as text or as one line of JSON.
pub(super) fn show(output: &Output, error: &Diagnostic) {
    if output.is_json() {
        // Only texts and numbers are in there, so there is always JSON.
        output.error(serde_json::to_string(&Enclosed { error: Form::of(error) }).unwrap_or_default());
    } else {
        output.error(mask_credentials(&text(error)));
    }
}

/// The parts of an error, as JSON has them.
#[derive(Debug, Serialize)]
pub(super) struct Form<'a> {
    kind: &'static str,
    message: Cow<'a, str>,
    hint: Option<&'a str>,
    hints: &'a [String],
    state: Option<&'a str>,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
}

#[derive(Serialize)]
struct Enclosed<'a> {
    error: Form<'a>,
}

impl<'a> Form<'a> {
    pub(super) fn of(error: &'a Diagnostic) -> Self {
        let place = error.place.as_deref();
        Self {
            kind: error.kind.name(),
            message: match place.and_then(|place| place.label.as_ref()) {
                Some(label) => format!("{}: {label}", error.message).into(),
                None => error.message.as_str().into(),
            },
            hint: error.first_hint(),
            hints: &error.hints,
            state: error.state.as_deref(),
            file: place.map(|place| place.file.as_str()),
            line: place.map(|place| place.line),
            column: place.map(|place| place.column),
        }
    }
}

/// An error as a person reads it.
fn text(error: &Diagnostic) -> String {
    let mut text = format!("{ERROR}error:{ERROR:#} {}", error.message);
    let mut gutter = 3;
    if let Some(place) = &error.place {
        gutter = place.line.to_string().len() + 2;
        snippet(&mut text, place, gutter);
    }
    if let Some(state) = &error.state {
        let _ = write!(text, "\n{:gutter$}{FRAME}={FRAME:#} state: {state}", "");
    }
    for hint in &error.hints {
        let _ = write!(text, "\n{HINT}hint:{HINT:#} {hint}");
    }
    text
}

/// A finding of lint as a person reads it.
pub(super) fn finding(found: &FileFinding) -> String {
    let finding = &found.finding;
    let style = match finding.severity {
        Severity::Error => ERROR,
        Severity::Warning => WARNING,
        Severity::Note => HINT,
    };
    let mut text = format!("{style}{}[{}]:{style:#} {}", finding.severity, finding.rule, finding.message);
    let gutter = found.place.line.to_string().len() + 2;
    let place = Place { label: None, ..found.place.clone() };
    snippet(&mut text, &place, gutter);
    if let Some(lock) = &finding.lock {
        let _ = write!(text, "\n{:gutter$}{FRAME}={FRAME:#} lock: {lock}", "");
    }
    let _ = writeln!(text, "\n{:gutter$}{FRAME}={FRAME:#} instead: {}", "", finding.help);
    mask_credentials(&text).into_owned()
}

fn snippet(text: &mut String, place: &Place, gutter: usize) {
    let arrow = gutter - 1;
    let _ = write!(text, "\n{:arrow$}{FRAME}-->{FRAME:#} {}:{}:{}", "", place.file, place.line, place.column);
    if place.text.is_empty() {
        if let Some(label) = &place.label {
            let _ = write!(text, "\n{:gutter$}{FRAME}={FRAME:#} {label}", "");
        }
        return;
    }
    let (line, blank) = window(place);
    let carets = "^".repeat(caret_width(place));
    let label = place.label.as_deref().unwrap_or_default();
    let number = place.line;
    let _ = write!(text, "\n{:gutter$}{FRAME}|{FRAME:#}", "");
    let _ = write!(text, "\n {FRAME}{number} |{FRAME:#} {line}");
    let _ = write!(text, "\n{:gutter$}{FRAME}|{FRAME:#} {blank}{ERROR}{carets}", "");
    let mut lines = label.lines();
    if let Some(first) = lines.next() {
        let _ = write!(text, " {first}");
    }
    let _ = write!(text, "{ERROR:#}");
    for line in lines {
        let _ = write!(text, "\n{:gutter$}{FRAME}|{FRAME:#} {blank}{ERROR}{line}{ERROR:#}", "");
    }
}

/// The part of the source line that is shown, and the blank that leads to the caret.
fn window(place: &Place) -> (String, String) {
    let characters: Vec<char> = place.text.chars().collect();
    let caret = (place.column - 1).min(characters.len());
    let start = if characters.len() > SHOWN { caret.saturating_sub(BEFORE) } else { 0 };
    let end = characters.len().min(start + SHOWN);
    let mut line = String::new();
    let mut blank = String::new();
    if start > 0 {
        line.push('…');
        blank.push(' ');
    }
    line.extend(characters[start..end].iter().map(|&character| shown(character)));
    if end < characters.len() {
        line.push('…');
    }
    for &character in &characters[start..caret.max(start)] {
        if character == '\t' {
            blank.push('\t');
        } else {
            blank.push_str(&" ".repeat(shown(character).width().unwrap_or(0)));
        }
    }
    (line, blank)
}

/// A control character must not reach a terminal.
fn shown(character: char) -> char {
    if character.is_control() && character != '\t' { '\u{fffd}' } else { character }
}

fn caret_width(place: &Place) -> usize {
    let marked = place.text.chars().skip(place.column.saturating_sub(1)).take(place.length.min(MARKED));
    marked.map(|character| shown(character).width().unwrap_or(1)).sum::<usize>().max(1)
}

#[cfg(test)]
mod tests {
    use underpin_core::diagnostic::ErrorKind;

    use super::*;

    fn plain(error: &Diagnostic) -> String {
        anstream::adapter::strip_str(&text(error)).to_string()
    }

    fn violation() -> Diagnostic {
        let source = "ALTER TABLE orders ADD CONSTRAINT orders_total_chk CHECK (total >= 0);\n";
        let file = "migrations/77be41d0_check_order_totals.sql";
        let label = "check constraint \"orders_total_chk\" is violated by some row (SQLSTATE 23514)";
        Diagnostic::new(
            ErrorKind::MigrationFailed,
            "revision 77be41d0 (check order totals) failed at statement 2 of 3",
        )
        .at(Place::in_text(file, source, 0..18, 9).label(label))
        .state("rolled back; the database is still at 5d01aa2e")
        .hint("mend the rows, or add the constraint NOT VALID first and validate it in a later revision")
    }

    #[test]
    fn an_error_looks_as_it_is_documented() {
        assert_eq!(
            plain(&violation()),
            "\
error: revision 77be41d0 (check order totals) failed at statement 2 of 3
  --> migrations/77be41d0_check_order_totals.sql:9:1
   |
 9 | ALTER TABLE orders ADD CONSTRAINT orders_total_chk CHECK (total >= 0);
   | ^^^^^^^^^^^^^^^^^^ check constraint \"orders_total_chk\" is violated by some row (SQLSTATE 23514)
   = state: rolled back; the database is still at 5d01aa2e
hint: mend the rows, or add the constraint NOT VALID first and validate it in a later revision"
        );
    }

    #[test]
    fn the_caret_stands_under_wide_characters_and_tabs() {
        let source = "\tSELECT '漢字', x;";
        let place = Place::in_text("a.sql", source, 18..19, 12);
        let shown = plain(&Diagnostic::new(ErrorKind::MigrationFailed, "no").at(place));
        assert!(shown.ends_with(" 12 | \tSELECT '漢字', x;\n    | \t               ^"), "{shown}");
    }

    #[test]
    fn a_long_line_is_cut_around_the_caret() {
        let source = format!("{}wrong{}", "a ".repeat(500), " b".repeat(500));
        let place = Place::in_text("a.sql", &source, 1000..1005, 1);
        let shown = plain(&Diagnostic::new(ErrorKind::MigrationFailed, "no").at(place));
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines[3].chars().count() < 180 && lines[3].starts_with(" 1 | …"), "{shown}");
        assert_eq!(lines[3].chars().position(|c| c == 'w'), lines[4].chars().position(|c| c == '^'));
    }

    #[test]
    fn control_characters_of_a_file_do_not_reach_the_terminal() {
        let place = Place::in_text("a.sql", "SELECT \u{1b}[31m;", 0..6, 1);
        assert!(!plain(&Diagnostic::new(ErrorKind::MigrationFailed, "no").at(place)).contains('\u{1b}'));
    }

    #[test]
    fn the_json_has_every_part() {
        let error = violation();
        let form = Form::of(&error);
        assert_eq!((form.kind, form.line, form.column), ("migration_failed", Some(9), Some(1)));
        assert!(form.message.ends_with("(SQLSTATE 23514)"));
        let bare = serde_json::to_string(&Form::of(&Diagnostic::new(ErrorKind::Usage, "no")));
        assert_eq!(
            bare.expect("JSON"),
            r#"{"kind":"usage","message":"no","hint":null,"hints":[],"state":null,"file":null,"line":null,"column":null}"#
        );
    }
}
