//! The shop's log, on standard error. The library writes to it and never sets it up.

use std::io::{IsTerminal as _, stderr};

use tracing_subscriber::EnvFilter;
use underpin::{Diagnostic, ErrorKind};

/// What is logged if nobody says what.
const DEFAULT: &str = "info";

/// Starts the log with the filter of `RUST_LOG`, which comes with the settings.
pub(crate) fn start(filter: Option<&str>) -> Result<(), Diagnostic> {
    let filter = filter.unwrap_or(DEFAULT);
    let filter = EnvFilter::try_new(filter).map_err(|error| {
        Diagnostic::new(ErrorKind::Configuration, format!("the log filter {filter:?} can't be read: {error}"))
    })?;
    let colour = stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr).with_ansi(colour).init();
    Ok(())
}
