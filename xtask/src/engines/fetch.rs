//! Fetches a server that the machine has not, as packages that are unpacked and never installed.
//! What was fetched once is kept; a half-fetched tree is never taken for a whole one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::account::Account;
use super::apt::{Apt, Installed};
use super::installation::Installation;
use super::launch::{installation, is_usable};
use super::{Engine, EngineOptions, postgres18, sources};
use crate::missing;

/// How often fetching is tried: a mirror may be in the middle of an update.
const ATTEMPTS: u32 = 3;

/// The file that marks a tree as whole, and says how its programs are started.
const MARK: &str = "complete";

/// The mark of a tree that brings its own C library.
const OWN_LOADER: &str = "own loader";

/// The mark of a tree whose programs run with the machine's C library.
const MACHINE_LOADER: &str = "machine loader";

/// The unpacked packages.
const TREE: &str = "root";

/// The packages and the lists of them, removed once they are unpacked.
const DOWNLOADS: &str = "downloads";

/// The C library and what belongs to it: a tree for the machine's own release must use the machine's.
const C_LIBRARY: [&str; 3] = ["libc6_", "libc-bin_", "libc-gconv"];

/// Sees to it that every server that is wanted is at hand, so that later runs need no network.
pub(crate) fn fetch(options: &EngineOptions) -> Result<ExitCode> {
    let account = Account::choose()?;
    for engine in options.wanted() {
        if let Some(found) = missing::accept(&engine.to_string(), installation(engine, account, options))? {
            println!("{engine} is at hand in {}", found.usr().display());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The fetched tree of a server, fetching it when it is not there.
pub(crate) fn fetched(engine: Engine, cache: &Path) -> Result<Installation> {
    let place = cache.join(engine.name());
    if let Some(kept) = kept(&place) {
        return Ok(kept);
    }
    eprintln!("    fetching {engine} (kept in {})", place.display());
    persistently(engine.name(), || fetch_once(engine, cache, &place))?;
    kept(&place).with_context(|| format!("{engine} was fetched to {} and is not there", place.display()))
}

/// Tries a few times, because a network may be away for a moment.
fn persistently<T>(what: &str, fetch: impl Fn() -> Result<T>) -> Result<T> {
    let mut attempt = 1;
    loop {
        match fetch() {
            Err(error) if attempt < ATTEMPTS => eprintln!("    fetching {what} failed, once more: {error:#}"),
            Err(error) => return Err(error.context(format!("{what} cannot be fetched"))),
            Ok(fetched) => return Ok(fetched),
        }
        thread::sleep(Duration::from_secs(u64::from(5 * attempt)));
        attempt += 1;
    }
}

/// The tree with the client programs of MySQL, which its server's package has not; fetched when it is not there.
pub(crate) fn mysql_client(cache: &Path) -> Result<PathBuf> {
    let place = cache.join("mysql-client");
    if place.join(MARK).is_file() {
        return Ok(place.join(TREE));
    }
    eprintln!("    fetching the client programs of MySQL (kept in {})", place.display());
    persistently("the client programs of MySQL", || fetch_mysql_client(cache, &place))
}

fn fetch_mysql_client(cache: &Path, place: &Path) -> Result<PathBuf> {
    fs::create_dir_all(cache)?;
    let work = tempfile::Builder::new().prefix(".mysql-client-").tempdir_in(cache)?;
    open_for_all(work.path())?;
    for sources in [sources::of_release()?, sources::of_debian_unstable()?] {
        let apt = Apt::open(&work.path().join(DOWNLOADS), &sources, Installed::Nothing)?;
        let Some(package) = newest(apt.names("^mysql-client-core(-[0-9.]+)?$")?) else { continue };
        let (downloads, root) = (work.path().join("alone"), work.path().join(TREE));
        fs::create_dir_all(&downloads)?;
        fs::create_dir_all(&root)?;
        apt.download_alone(&[&package], &downloads)?;
        fs::read_dir(&downloads)?.flatten().try_for_each(|file| unpack(&file.path(), &root))?;
        let _ = fs::remove_dir_all(work.path().join(DOWNLOADS));
        fs::write(work.path().join(MARK), OWN_LOADER)?;
        // Another run may have been faster; its tree is as good.
        if fs::rename(work.path(), place).is_err() && !place.join(MARK).is_file() {
            bail!("cannot put the fetched programs in their place");
        }
        return Ok(place.join(TREE));
    }
    bail!("no package source of the machine has the client programs of MySQL")
}

/// A tree that is whole: its mark is written last.
fn kept(place: &Path) -> Option<Installation> {
    let mark = fs::read_to_string(place.join(MARK)).ok()?;
    Some(Installation::unpacked(&place.join(TREE), mark == OWN_LOADER))
}

fn fetch_once(engine: Engine, cache: &Path, place: &Path) -> Result<()> {
    fs::create_dir_all(cache).with_context(|| format!("cannot make {}", cache.display()))?;
    open_for_all(cache)?;
    let work = tempfile::Builder::new().prefix(&format!(".{}-", engine.name())).tempdir_in(cache)?;
    open_for_all(work.path())?;
    let mark = fetch_tree(engine, work.path())?;
    let _ = fs::remove_dir_all(work.path().join(DOWNLOADS));
    fs::write(work.path().join(MARK), mark)?;
    if let Err(error) = fs::rename(work.path(), place) {
        // Another run may have been faster; its tree is as good.
        if kept(place).is_none() {
            let _ = fs::remove_dir_all(place);
            return Err(error).context("cannot put the fetched server in its place");
        }
    }
    Ok(())
}

/// Downloads and unpacks a server into `work`, and returns the mark of the tree.
fn fetch_tree(engine: Engine, work: &Path) -> Result<&'static str> {
    if engine == Engine::Postgres18 {
        postgres18::fetch(&work.join(DOWNLOADS), &work.join(TREE))?;
        return Ok(MACHINE_LOADER);
    }
    let release = sources::of_release()?;
    // What the machine lacks is enough, unless what it has is just what was asked for, or is broken.
    for installed in [Installed::AsOnMachine, Installed::Nothing] {
        let apt = Apt::open(&work.join(DOWNLOADS), &release, installed)?;
        let Some(package) = package(engine, &apt)? else { break };
        match unpack_all(&apt, &package, work, |file| !is_c_library(file)) {
            Ok(()) if is_usable(engine, &Installation::unpacked(&work.join(TREE), false)) => {
                return Ok(MACHINE_LOADER);
            }
            Ok(()) => {}
            Err(error) if installed == Installed::Nothing => return Err(error),
            Err(error) => eprintln!("    {engine} does not fit what is installed: {error:#}"),
        }
    }
    let apt = Apt::open(&work.join(DOWNLOADS), &sources::of_debian_unstable()?, Installed::Nothing)?;
    let package = package(engine, &apt)?;
    let package = package.with_context(|| format!("no package source of the machine has {engine}"))?;
    unpack_all(&apt, &package, work, |_| true)?;
    if is_usable(engine, &Installation::unpacked(&work.join(TREE), true)) {
        return Ok(OWN_LOADER);
    }
    bail!("the package {package} holds no server")
}

/// The package that brings the server.
fn package(engine: Engine, apt: &Apt) -> Result<Option<String>> {
    match engine {
        Engine::Postgres | Engine::Postgres18 => Ok(newest(apt.names("^postgresql$")?)),
        Engine::Mariadb => Ok(newest(apt.names("^mariadb-server$")?)),
        Engine::Pgbouncer => Ok(newest(apt.names("^pgbouncer$")?)),
        Engine::Mysql => Ok(newest(apt.names("^mysql-server-core(-[0-9.]+)?$")?)),
    }
}

fn unpack_all(apt: &Apt, package: &str, work: &Path, wanted: impl Fn(&Path) -> bool) -> Result<()> {
    let root = work.join(TREE);
    fs::create_dir_all(&root)?;
    apt.download(package)?.iter().filter(|file| wanted(file)).try_for_each(|file| unpack(file, &root))
}

/// The package without a version in its name, which depends on the newest, or the one with the highest.
fn newest(mut names: Vec<String>) -> Option<String> {
    let version = |name: &String| -> Vec<u32> {
        let tail = name.rsplit('-').next().unwrap_or_default();
        tail.split('.').map_while(|part| part.parse().ok()).collect()
    };
    names.sort_by_key(|name| (version(name).is_empty(), version(name)));
    names.pop()
}

fn is_c_library(package: &Path) -> bool {
    let name = package.file_name().unwrap_or_default().to_string_lossy();
    C_LIBRARY.iter().any(|prefix| name.starts_with(prefix))
}

/// Unpacks a package without installing it.
pub(crate) fn unpack(package: &Path, root: &Path) -> Result<()> {
    let output = Command::new("dpkg").arg("-x").args([package, root]).stdin(Stdio::null()).output();
    let output = output.context("dpkg is not at hand")?;
    if !output.status.success() {
        bail!("cannot unpack {}: {}", package.display(), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}

/// Lets another account reach the programs, where root fetched them.
fn open_for_all(directory: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(directory, fs::Permissions::from_mode(0o755))
        .context("cannot open a directory to all")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_without_a_version_is_the_newest() {
        let names = ["mysql-server-core-8.0", "mysql-server-core"].map(str::to_owned).to_vec();
        assert_eq!(newest(names).as_deref(), Some("mysql-server-core"));
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        let names = ["mysql-server-core-10.0", "mysql-server-core-8.4"].map(str::to_owned).to_vec();
        assert_eq!(newest(names).as_deref(), Some("mysql-server-core-10.0"));
        assert_eq!(newest(Vec::new()), None);
    }
}
