//! Reading the URL of an SQLite database, where two conventions disagree. Opening the file is the
//! driver's business.
//!
//! `sqlite:///x` is `/x` for sqlx and `./x` for SQLAlchemy. A driver suffix (`sqlite+aiosqlite`) is
//! only known to SQLAlchemy and means its reading; without one sqlx's reading holds, and where only
//! the other one leads anywhere, that is an error and not a guess.

use std::path::{Path, PathBuf};

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
};

use super::{address::SqliteAddress, parameter::supported, percent::decode};

/// Parameters of Python's driver, which change nothing here.
const WITHOUT_EFFECT: &[&str] = &["check_same_thread", "isolation_level", "timeout", "uri"];

/// Reads what stands behind `sqlite:`, and the names of the parameters that have no effect.
///
/// Relative paths are looked up below `directory` where two readings have to be told apart.
///
/// # Errors
/// An unknown parameter or value; a path of which only the other reading exists.
pub(super) fn read(
    rest: &str,
    driver_suffix: bool,
    directory: &Path,
) -> Result<(SqliteAddress, Vec<String>), Diagnostic> {
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut address = SqliteAddress {
        file: file(path, driver_suffix, directory)?,
        memory: None,
        read_only: false,
        create: true,
        shared_cache: false,
        immutable: false,
        vfs: None,
    };
    let mut without_effect = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decode(name), decode(value));
        if !set(&mut address, &name, &value)? {
            without_effect.push(name);
        }
    }
    if address.file.is_none() && address.memory.is_none() {
        let start = if names_memory(path, query) { "underpin-" } else { UNNAMED };
        address.memory = Some(private_name(start));
    }
    if address.memory.is_some() {
        address.shared_cache = true;
    }
    Ok((address, without_effect))
}

/// What the name of a database in memory starts with that is there because nothing was named.
const UNNAMED: &str = "underpin-unnamed-";

/// Whether a database is in memory only because its URL names neither a file nor memory, as `sqlite://$FILE` does
/// without a FILE.
pub(super) fn is_unnamed(address: &SqliteAddress) -> bool {
    address.memory.as_ref().is_some_and(|name| name.starts_with(UNNAMED))
}

/// Whether what stands behind `sqlite:` says that memory is meant.
fn names_memory(path: &str, query: &str) -> bool {
    !path.bytes().all(|byte| byte == b'/') || query.split('&').any(|pair| pair == "mode=memory")
}

/// A name for a database in memory that nobody else in this process has.
fn private_name(start: &str) -> String {
    let number = getrandom::u64().unwrap_or_else(|_| u64::from(std::process::id()));
    format!("{start}{number:016x}")
}

fn set(address: &mut SqliteAddress, name: &str, value: &str) -> Result<bool, Diagnostic> {
    match (name, value) {
        ("mode", "ro") => (address.read_only, address.create) = (true, false),
        ("mode", "rw") => address.create = false,
        ("mode", "rwc") => address.create = true,
        ("mode", "memory") => {
            address.memory = address.file.take().map(|file| file.to_string_lossy().into_owned());
        }
        ("cache", "shared") => address.shared_cache = true,
        ("cache", "private") => address.shared_cache = false,
        ("immutable", "" | "1" | "true") => address.immutable = true,
        ("immutable", "0" | "false") => address.immutable = false,
        ("vfs", _) => address.vfs = Some(value.to_owned()),
        ("mode", _) => return Err(refused(name, value, "ro, rw, rwc, memory")),
        ("cache", _) => return Err(refused(name, value, "shared, private")),
        ("immutable", _) => return Err(refused(name, value, "1, 0, true, false")),
        (name, _) if WITHOUT_EFFECT.contains(&name) => return Ok(false),
        (name, _) => {
            let message = format!("unknown parameter {name:?} in the sqlite URL");
            return Err(Diagnostic::new(ErrorKind::Configuration, message)
                .hint(format!("supported parameters: {}", supported(Dialect::Sqlite))));
        }
    }
    Ok(true)
}

fn refused(name: &str, value: &str, accepted: &str) -> Diagnostic {
    let message = format!("the parameter {name} of the sqlite URL is {value:?}, not one of {accepted}");
    Diagnostic::new(ErrorKind::Configuration, message)
}

/// The file that a path means; nothing for a database in memory.
fn file(path: &str, driver_suffix: bool, directory: &Path) -> Result<Option<PathBuf>, Diagnostic> {
    let decoded = |path: &str| PathBuf::from(decode(path));
    let Some(path) = path.strip_prefix("//") else {
        return Ok(Some(path.strip_prefix("file:").unwrap_or(path))
            .filter(|path| !path.is_empty() && *path != ":memory:")
            .map(decoded));
    };
    let Some(behind_slash) = path.strip_prefix('/') else {
        return Ok(Some(path).filter(|path| !path.is_empty() && *path != ":memory:").map(decoded));
    };
    if behind_slash.is_empty() || behind_slash == ":memory:" {
        return Ok(None);
    }
    if driver_suffix || says_which(behind_slash) {
        return Ok(Some(decoded(behind_slash.strip_prefix("file:").unwrap_or(behind_slash))));
    }
    let (absolute, relative) = (decoded(path), decoded(behind_slash));
    if only_the_relative_one_exists(&absolute, &directory.join(&relative)) {
        return Err(ambiguous(&absolute, &relative));
    }
    Ok(Some(absolute))
}

/// Whether a path behind `sqlite:///` can only be meant in one way: `./x`, `/x`, `C:/x`.
fn says_which(path: &str) -> bool {
    let drive =
        path.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && path.as_bytes().get(1) == Some(&b':');
    ["./", "../", "/", "file:"].iter().any(|start| path.starts_with(start)) || drive
}

fn only_the_relative_one_exists(absolute: &Path, relative: &Path) -> bool {
    let directory_exists = |path: &Path| path.parent().is_some_and(Path::is_dir);
    match (absolute.exists(), relative.exists()) {
        (true, _) => false,
        (false, true) => true,
        (false, false) => !directory_exists(absolute) && directory_exists(relative),
    }
}

fn ambiguous(absolute: &Path, relative: &Path) -> Diagnostic {
    let (absolute, relative) = (absolute.display(), relative.display());
    let message = format!(
        "the URL sqlite:///{relative} means the file {absolute}, whose place does not exist, while ./{relative} is there"
    );
    Diagnostic::new(ErrorKind::Configuration, message)
        .hint(format!("write sqlite:///./{relative} for the file below the working directory"))
        .hint(format!("write sqlite:///{absolute} for the other one, and create its directory"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(rest: &str, driver_suffix: bool) -> Option<String> {
        let (address, _) = read(rest, driver_suffix, Path::new("/nowhere")).expect("a URL of SQLite");
        address.file.map(|file| file.to_string_lossy().into_owned())
    }

    #[test]
    fn each_form_names_the_file_that_its_convention_says() {
        for (rest, plain, with_driver) in [
            ("///./output/x.db", "./output/x.db", "./output/x.db"),
            ("///../x.db", "../x.db", "../x.db"),
            ("////x/y.db", "/x/y.db", "/x/y.db"),
            ("///x/y.db", "/x/y.db", "x/y.db"),
            ("//x.db", "x.db", "x.db"),
            ("x.db", "x.db", "x.db"),
            ("/x.db", "/x.db", "/x.db"),
            ("file:x.db", "x.db", "x.db"),
            ("///file:x.db", "x.db", "x.db"),
            ("///C:/x.db", "C:/x.db", "C:/x.db"),
            ("a%20b%3f%zz.db", "a b?%zz.db", "a b?%zz.db"),
        ] {
            assert_eq!(path(rest, false).as_deref(), Some(plain), "{rest}");
            assert_eq!(path(rest, true).as_deref(), Some(with_driver), "+driver {rest}");
        }
        for memory in [":memory:", "//:memory:", "///:memory:", "//", "///", ""] {
            assert_eq!(path(memory, false), None, "{memory}");
            assert_eq!(path(memory, true), None, "+driver {memory}");
        }
    }

    #[test]
    fn a_path_of_which_only_the_relative_reading_exists_is_refused_with_both() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        std::fs::create_dir(directory.path().join("data-of-shop")).expect("a directory");
        let error = read("///data-of-shop/app.db", false, directory.path()).expect_err("two readings");
        assert_eq!(error.kind, ErrorKind::Configuration);
        assert!(error.message.contains("/data-of-shop/app.db,"), "{}", error.message);
        assert!(error.message.contains("./data-of-shop/app.db"), "{}", error.message);
        let (address, _) =
            read("///data-of-shop/app.db", true, directory.path()).expect("SQLAlchemy's reading");
        assert_eq!(address.file, Some("data-of-shop/app.db".into()));
        let (address, _) = read("///not-there/app.db", false, directory.path()).expect("sqlx's reading");
        assert_eq!(address.file, Some("/not-there/app.db".into()));
        let absolute = format!("//{}/new.db", directory.path().display());
        let (address, _) = read(&absolute, false, directory.path()).expect("an absolute path");
        assert_eq!(address.file, Some(directory.path().join("new.db")));
    }

    #[test]
    fn the_parameters_of_sqlite_are_understood() {
        let read = |rest| read(rest, false, Path::new(".")).expect("a URL of SQLite").0;
        let address = read("x.db?mode=ro&immutable=1&cache=shared&vfs=unix");
        assert!(address.read_only && !address.create && address.immutable && address.shared_cache);
        assert_eq!(address.vfs.as_deref(), Some("unix"));
        assert!(!read("x.db?mode=rw").create);
        assert!(read("x.db?mode=rwc").create);
        let memory = read("shop?mode=memory");
        assert_eq!((memory.file, memory.memory.as_deref()), (None, Some("shop")));
        assert_ne!(read(":memory:").memory, read(":memory:").memory);
    }

    #[test]
    fn parameters_that_mean_nothing_are_refused_or_reported() {
        let directory = Path::new(".");
        let error = read("x.db?mode=rx", false, directory).expect_err("no such mode");
        assert!(error.message.contains("\"rx\"") && error.message.contains("rwc"));
        let error = read("x.db?moed=ro", false, directory).expect_err("no such parameter");
        assert!(error.message.contains("\"moed\"") && error.hints[0].contains("mode"));
        let (_, ignored) = read("x.db?check_same_thread=false", true, directory).expect("a Python URL");
        assert_eq!(ignored, ["check_same_thread"]);
    }
}
