//! Whether the path of a backup can be told: the history, JSON and the programs of the engines have it as text. What is
//! at the path is not looked at.

use std::path::Path;

use underpin_core::diagnostic::Diagnostic;

/// Refuses a path that is no UTF-8, also where the directory is not that we are in. `unable` says what is not done
/// because of it.
///
/// # Errors
/// Such a path. Nothing was changed.
pub(super) fn check(path: &Path, unable: impl FnOnce(String) -> Diagnostic) -> Result<(), Diagnostic> {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if absolute.to_str().is_some() {
        return Ok(());
    }
    let why = format!("the path {} is not UTF-8, and the history could not tell it", absolute.display());
    Err(unable(why)
        .state("nothing was changed")
        .hint("give the file and its directories names that are UTF-8")
        .hint("UNDERPIN_BACKUP_DIRECTORY says where backups are kept"))
}

#[cfg(all(test, unix))]
mod tests {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};

    use super::{super::failure, *};

    #[test]
    fn a_path_that_is_no_text_is_refused() {
        for (path, is_text) in [(&b"shop.db"[..], true), (b"sh\xc3\xb6p.db", true), (b"b\xff/shop.db", false)]
        {
            let checked = check(Path::new(OsStr::from_bytes(path)), failure::unmade);
            assert_eq!(checked.is_ok(), is_text, "{checked:?}");
            if let Err(error) = checked {
                assert_eq!(error.state.as_deref(), Some("nothing was changed"));
            }
        }
    }
}
