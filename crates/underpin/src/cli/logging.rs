//! The log of a command on standard error, for those who ask for one. Where the embedding program
//! has a log of its own, that one stays.

use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _, util::SubscriberInitExt as _};
use underpin_core::diagnostic::{Diagnostic, ErrorKind};

use super::output::Output;

/// Starts the log, if `filter` or `-vv` asks for one.
///
/// # Errors
/// If the filter can't be read.
pub(super) fn start(filter: Option<&str>, output: &Output) -> Result<(), Diagnostic> {
    let Some(filter) = filter.or(by_verbosity(output.verbosity())) else { return Ok(()) };
    let filter = EnvFilter::try_new(filter).map_err(|error| {
        Diagnostic::new(ErrorKind::Configuration, format!("the log filter {filter:?} can't be read: {error}"))
            .hint("write a level such as debug, or a filter such as underpin=debug,sqlx=warn")
    })?;
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(output.has_colour());
    // An error means that there is a log already.
    let _ = tracing_subscriber::registry().with(filter).with(lines).try_init();
    Ok(())
}

const fn by_verbosity(verbosity: u8) -> Option<&'static str> {
    match verbosity {
        0 | 1 => None,
        2 => Some("underpin=debug"),
        _ => Some("trace"),
    }
}
