//! The log of a command on standard error: for those who ask for one, and the warnings that no command says itself
//! for everybody else. Where the embedding program has a log of its own, that one stays.

use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter, Layer as _, filter::filter_fn, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};
use underpin_core::diagnostic::{Diagnostic, ErrorKind};

use super::output::Output;

/// The code whose warnings a command shows in words of its own: the events of a run, and the report of a start-up.
const SHOWN: [&str; 2] = ["underpin::migrate::event", "underpin::startup::report"];

/// Starts the log that `filter` or `-vv` asks for; or else one of the warnings alone, unless all is to be quiet.
///
/// # Errors
/// If the filter can't be read.
pub(super) fn start(filter: Option<&str>, output: &Output) -> Result<(), Diagnostic> {
    let Some(filter) = filter.or(by_verbosity(output.verbosity())) else {
        if !output.is_quiet() {
            warn_only(output);
        }
        return Ok(());
    };
    let filter = EnvFilter::try_new(filter).map_err(|error| {
        Diagnostic::new(ErrorKind::Configuration, format!("the log filter {filter:?} can't be read: {error}"))
            .hint("write a level such as debug, or a filter such as underpin=debug,sqlx=warn")
    })?;
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(output.has_colour());
    // An error means that there is a log already.
    let _ = tracing_subscriber::registry().with(filter).with(lines).try_init();
    Ok(())
}

fn warn_only(output: &Output) {
    let lines = tracing_subscriber::fmt::layer()
        .without_time()
        .with_target(false)
        .with_writer(std::io::stderr)
        .with_ansi(output.has_colour());
    let _ = tracing_subscriber::registry().with(lines.with_filter(filter_fn(is_unshown))).try_init();
}

fn is_unshown(metadata: &Metadata<'_>) -> bool {
    let is_ours = metadata.target().starts_with("underpin::");
    let is_shown = metadata.module_path().is_some_and(|module| SHOWN.contains(&module));
    is_ours && !is_shown && *metadata.level() <= Level::WARN
}

const fn by_verbosity(verbosity: u8) -> Option<&'static str> {
    match verbosity {
        0 | 1 => None,
        2 => Some("underpin=debug"),
        _ => Some("trace"),
    }
}
