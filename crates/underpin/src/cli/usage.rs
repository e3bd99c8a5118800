//! What the parser of the command line says: help, the version, and what is wrong with the words
//! that were typed. It reads no settings.

use std::ffi::OsString;

use clap::error::ErrorKind as ParseErrorKind;
use underpin_core::diagnostic::{Diagnostic, ErrorKind, ExitCode};

use super::{failure, mask, output::Output};

/// Shows what the parser has to say, and tells the exit code.
pub(super) fn show(error: &clap::Error, arguments: &[OsString]) -> ExitCode {
    let output = Output::plain();
    match error.kind() {
        ParseErrorKind::DisplayHelp | ParseErrorKind::DisplayVersion => {
            output.data(error.render().ansi().to_string().trim_end());
            super::answer(&output, ExitCode::Done)
        }
        ParseErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            output.error(error.render().ansi().to_string().trim_end());
            ExitCode::Usage
        }
        _ => {
            let json = arguments.iter().any(|argument| argument == "--json");
            let text = error.render();
            if json {
                failure::show(&Output::json(), &diagnostic(&mask::text(&text.to_string(), arguments)));
            } else {
                output.error(with_hint(&mask::text(&text.ansi().to_string(), arguments)));
            }
            ExitCode::Usage
        }
    }
}

/// The parser's text, with its last line in our words.
fn with_hint(text: &str) -> String {
    let text = text.trim_end();
    let body = match text.rfind("\n\nFor more information") {
        Some(end) => &text[..end],
        None => text,
    };
    format!(
        "{body}\n\n{}hint:{} try --help behind the command",
        output_style().render(),
        output_style().render_reset()
    )
}

fn output_style() -> anstyle::Style {
    super::output::HINT
}

/// What is wrong, with the arguments or the values that the parser lists below it, in one line.
fn message(text: &str) -> String {
    let text = text.strip_prefix("error: ").unwrap_or(text);
    let is_end = |line: &str| line.starts_with("Usage:") || line.starts_with("For more information");
    let part = text.lines().take_while(|line| !is_end(line)).map(str::trim);
    let words: Vec<&str> = part.filter(|line| !line.is_empty() && !line.starts_with("tip: ")).collect();
    words.join(" ")
}

/// The same as a diagnostic.
fn diagnostic(text: &str) -> Diagnostic {
    let message = message(text);
    let tips = text.lines().filter_map(|line| line.trim().strip_prefix("tip: "));
    let diagnostic =
        tips.fold(Diagnostic::new(ErrorKind::Usage, message), |diagnostic, tip| diagnostic.hint(tip));
    diagnostic.hint("try --help behind the command")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_parser_become_a_diagnostic() {
        let text = "error: unexpected argument '--jsom' found\n\n  tip: a similar argument exists: '--json'\n\nUsage: x\n";
        let diagnostic = diagnostic(text);
        assert_eq!(diagnostic.message, "unexpected argument '--jsom' found");
        assert_eq!(diagnostic.first_hint(), Some("a similar argument exists: '--json'"));
    }

    #[test]
    fn what_stands_below_the_first_line_is_part_of_it() {
        let missing =
            "error: the following required arguments were not provided:\n  <TARGET>\n\nUsage: x <TARGET>\n";
        assert_eq!(
            diagnostic(missing).message,
            "the following required arguments were not provided: <TARGET>"
        );
        let value = "error: invalid value 'x' for '--tx-mode <MODE>'\n  [possible values: each, all, none]\n\n  tip: some\n\nFor more information, try '--help'.\n";
        assert_eq!(
            diagnostic(value).message,
            "invalid value 'x' for '--tx-mode <MODE>' [possible values: each, all, none]"
        );
    }

    #[test]
    fn the_last_line_is_a_hint() {
        let text = with_hint("error: no\n\nUsage: x\n\nFor more information, try '--help'.\n");
        assert!(text.starts_with("error: no\n\nUsage: x\n\n") && !text.contains("For more"), "{text}");
        assert!(text.contains("hint:"), "{text}");
    }
}
