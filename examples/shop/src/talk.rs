//! What the shop says to whoever started it: the start-up table on a terminal, one log line
//! elsewhere, and errors. What it says to its customers is in `route`.

use std::io::{IsTerminal as _, Write as _, stdout};

use underpin::{Diagnostic, StartupReport};

/// Writes a line to standard output. One that is closed is no reason to end.
pub(crate) fn line(text: impl std::fmt::Display) {
    let _ = writeln!(stdout(), "{text}");
}

/// Says how a start-up went.
pub(crate) fn startup(report: &StartupReport) {
    if stdout().is_terminal() {
        let table = report.table().fit_terminal();
        line(if has_unicode() { table } else { table.plain() });
    } else {
        report.log_summary();
    }
}

/// Says why there is no shop.
pub(crate) fn error(error: &Diagnostic) {
    underpin::cli::show_error(error);
}

/// Whether the terminal takes more than ASCII, as far as the locale tells; if it tells nothing, it
/// does.
fn has_unicode() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}
