//! Downloads packages with the machine's own apt, into directories of ours and without being root.
//! It installs nothing: lists, cache and state are private, and the machine's own are never written.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail};

use super::sources::{self, Source};

/// Which packages count as installed already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Installed {
    /// What the machine has: only what it lacks is downloaded.
    AsOnMachine,
    /// Nothing: everything down to the C library is downloaded.
    Nothing,
}

/// A private view of the machine's package manager.
#[derive(Debug)]
pub(crate) struct Apt {
    directory: PathBuf,
    installed: Installed,
}

impl Apt {
    /// Sets up the private directories and reads the lists of packages.
    pub(crate) fn open(directory: &Path, sources: &[Source], installed: Installed) -> Result<Self> {
        for inner in ["lists/partial", "cache/archives/partial"] {
            fs::create_dir_all(directory.join(inner))?;
        }
        fs::write(directory.join("private.sources"), sources::text(sources))?;
        let apt = Self { directory: directory.to_path_buf(), installed };
        apt.run("apt-get", &["update"]).context("cannot read the lists of packages")?;
        Ok(apt)
    }

    /// The names of the packages that match a regular expression.
    pub(crate) fn names(&self, pattern: &str) -> Result<Vec<String>> {
        let output = self.run("apt-cache", &["search", "--names-only", pattern])?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(text.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect())
    }

    /// Downloads a package and what it depends on.
    pub(crate) fn download(&self, package: &str) -> Result<Vec<PathBuf>> {
        self.run("apt-get", &["--yes", "--no-install-recommends", "--download-only", "install", package])
            .with_context(|| format!("cannot download the package {package}"))?;
        let entries =
            fs::read_dir(self.directory.join("cache/archives"))?.flatten().map(|entry| entry.path());
        Ok(entries.filter(|path| path.extension().is_some_and(|extension| extension == "deb")).collect())
    }

    /// Downloads packages into a directory, without what they depend on.
    pub(crate) fn download_alone(&self, packages: &[&str], directory: &Path) -> Result<()> {
        let mut command = self.command("apt-get");
        let output = command.current_dir(directory).arg("download").args(packages).output()?;
        match output.status.success() {
            true => Ok(()),
            false => bail!("apt-get download: {}", last_lines(&output.stderr)),
        }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("LC_ALL", "C").env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
        for option in self.options() {
            command.arg("-o").arg(option);
        }
        command
    }

    fn run(&self, program: &str, words: &[&str]) -> Result<Output> {
        let output = self
            .command(program)
            .args(words)
            .output()
            .with_context(|| format!("{program} is not at hand"))?;
        if !output.status.success() {
            bail!("{program} {}: {}", words.join(" "), last_lines(&output.stderr));
        }
        Ok(output)
    }

    fn options(&self) -> Vec<String> {
        let here = |name: &str| self.directory.join(name).display().to_string();
        let mut options = vec![
            format!("Dir::Etc::sourcelist={}", here("private.sources")),
            "Dir::Etc::sourceparts=/dev/null".to_owned(),
            format!("Dir::State::lists={}", here("lists")),
            format!("Dir::Cache={}", here("cache")),
            "Debug::NoLocking=1".to_owned(),
            "APT::Sandbox::User=root".to_owned(),
            "APT::Keep-Downloaded-Packages=true".to_owned(),
            // A mirror that lags behind is good enough for a test; signatures are checked all the same.
            "Acquire::Check-Valid-Until=false".to_owned(),
            "Acquire::Languages=none".to_owned(),
            "Acquire::Retries=3".to_owned(),
            "Acquire::http::Timeout=60".to_owned(),
            "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false".to_owned(),
            "Acquire::IndexTargets::deb::CNF::DefaultEnabled=false".to_owned(),
        ];
        match self.installed {
            Installed::AsOnMachine => {}
            Installed::Nothing => options.push("Dir::State::status=/dev/null".to_owned()),
        }
        options
    }
}

fn last_lines(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    let mut lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).rev().take(4).collect();
    lines.reverse();
    lines.join("; ")
}
