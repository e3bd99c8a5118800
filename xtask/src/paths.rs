//! Where the tasks keep their files: all of it under `target/`, or under a cache directory that is named.
//! Nothing here creates or removes anything; the data of running servers lives in a temporary directory instead.

use std::env;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{self, Path, PathBuf};

use anyhow::{Context, Result, bail};

/// The variable that names another directory for fetched server programs.
const CACHE_VARIABLE: &str = "UNDERPIN_TEST_ENGINE_CACHE";

/// The root of the workspace.
pub(crate) fn workspace() -> PathBuf {
    let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&manifest).parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// What the tasks keep between runs. It does not follow `CARGO_TARGET_DIR`: servers are fetched once a checkout.
fn kept() -> PathBuf {
    workspace().join("target")
}

/// The directory that this very program was built into, which is where cargo puts its siblings.
pub(crate) fn programs() -> Result<PathBuf> {
    let own = env::current_exe().context("cannot tell where this program lies")?;
    own.parent().map(Path::to_path_buf).context("this program lies nowhere")
}

/// Where fetched server programs are kept.
///
/// A server that may not run as root runs as another user, who has to be able to reach its program: where a
/// directory above is closed to others, the programs are kept in a place of root's that is not.
pub(crate) fn engine_cache(other_user: bool) -> Result<PathBuf> {
    if let Some(named) = env::var_os(CACHE_VARIABLE).filter(|named| !named.is_empty()) {
        return path::absolute(named).context("cannot tell where the cache lies");
    }
    if !other_user || open_to_others(&workspace()) {
        return Ok(kept().join("engines"));
    }
    const ROOT: u32 = 0;
    let shared = PathBuf::from("/var/tmp/underpin-engines");
    if shared.symlink_metadata().is_ok_and(|metadata| metadata.uid() != ROOT || metadata.is_symlink()) {
        bail!("{} is somebody else's; name another directory in {CACHE_VARIABLE}", shared.display());
    }
    Ok(shared)
}

/// Where `engines up` remembers what it started.
pub(crate) fn engine_state() -> PathBuf {
    kept().join("engines").join("up")
}

/// Where the schemas of real applications are kept.
pub(crate) fn applications() -> PathBuf {
    kept().join("applications")
}

/// The Python environment that holds Alembic.
pub(crate) fn alembic_environment() -> PathBuf {
    kept().join("alembic-venv")
}

/// Whether any user may walk down to this directory.
fn open_to_others(directory: &Path) -> bool {
    const SEARCH_BY_OTHERS: u32 = 0o001;
    directory.ancestors().all(|each| {
        each.metadata().is_ok_and(|metadata| metadata.permissions().mode() & SEARCH_BY_OTHERS != 0)
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_workspace_is_the_directory_that_holds_this_package() {
        assert!(workspace().join("xtask/Cargo.toml").is_file());
    }

    #[test]
    fn a_closed_directory_above_closes_everything_below() {
        let closed = tempfile::tempdir().unwrap();
        let inner = closed.path().join("inner");
        fs::create_dir(&inner).unwrap();
        fs::set_permissions(closed.path(), fs::Permissions::from_mode(0o700)).unwrap();
        assert!(!open_to_others(&inner));
        fs::set_permissions(closed.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(&inner, fs::Permissions::from_mode(0o755)).unwrap();
        assert!(open_to_others(&inner));
    }
}
