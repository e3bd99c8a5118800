//! Who and where this process is, for the ledger and the log. Not a setting: nobody gives it.

use std::{env, path::Path};

/// The operating system's names for who runs this and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) user: String,
    pub(crate) host: String,
}

/// Who runs this process, and on which host; `unknown` where the system does not tell.
pub(crate) fn identity() -> Identity {
    let user = ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()))
        .unwrap_or_else(|| "unknown".to_owned());
    let host =
        hostname::get().map_or_else(|_| "unknown".to_owned(), |name| name.to_string_lossy().into_owned());
    Identity { user, host }
}

/// Where the system has room for what is gone afterwards.
pub(crate) fn temporary_directory() -> std::path::PathBuf {
    env::temp_dir()
}

/// The name of the running program, without its directory.
pub(crate) fn program_name() -> String {
    env::args_os()
        .next()
        .and_then(|path| Path::new(&path).file_stem().map(|name| name.to_string_lossy().into_owned()))
        .unwrap_or_else(|| "underpin".to_owned())
}
