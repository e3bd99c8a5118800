//! A scratch database of SQLite: a file in a directory of its own, which its owner holds a lock in.
//! Not one in memory, because a run makes several connections, and only one could see it.

use underpin_core::diagnostic::{Diagnostic, ErrorKind};

use super::{Keep, Scratch, name};
use crate::{
    database::{Database, SafeUrl},
    owned_directory::OwnedDirectory,
};

/// Makes one, and removes those whose owners are gone.
pub(super) fn create() -> Result<Scratch, Diagnostic> {
    let temporary = crate::config::temporary_directory();
    OwnedDirectory::sweep(&temporary, name::is_ours);
    let directory = OwnedDirectory::create(temporary.join(name::new())).map_err(|error| {
        let message = format!("no scratch database could be made in {}: {error}", temporary.display());
        Diagnostic::new(ErrorKind::Unavailable, message)
            .state("nothing was changed")
            .hint("make room there, or let TMPDIR name another directory")
            .caused_by(error)
    })?;
    // The absolute path of a temporary directory has no characters that a URL needs escaped, or else
    // the URL's own reader puts them right: it takes paths as they are.
    let url = SafeUrl::parse("sqlite:scratch.db")?.below(directory.path());
    Ok(Scratch { database: Database::url(url), keep: Some(Keep::Directory(directory)) })
}
