//! What `embed!` costs the compiler: a program that embeds many revisions beside the same program without them. Only
//! the program itself is compiled; what it depends on is there already.

#![allow(clippy::print_stdout, reason = "a benchmark prints its results")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, bail};
use underpin_benches::table::milliseconds;
use underpin_benches::{Contest, Library, Options, Table};

const COUNTS: [usize; 3] = [1, 100, 1_000];
const ROUNDS: usize = 9;
const PROFILES: [(&str, &[&str]); 2] = [("debug", &[]), ("release", &["--release"])];

fn main() -> Result<()> {
    let options = Options::from_arguments();
    println!("## Embedding\n\nMilliseconds of `cargo build` for the program alone; medians.\n");
    let mut table = Table::new(["revisions", "profile", "without `embed!`", "with it", "the embedding"]);
    for count in options.counts(&COUNTS) {
        for (name, arguments) in PROFILES {
            let directory = tempfile::tempdir()?;
            let without = Program::write(&directory.path().join("without"), count, false)?;
            let with = Program::write(&directory.path().join("with"), count, true)?;
            let contest = Contest::hold(&[false, true], options.rounds(ROUNDS), |embeds| {
                let program = if embeds { &with } else { &without };
                program.build(arguments)
            })?;
            let (plain, embedding) = (contest.median(false), contest.median(true));
            table.row([
                count.to_string(),
                name.to_owned(),
                milliseconds(plain),
                milliseconds(embedding),
                milliseconds(embedding.saturating_sub(plain)),
            ]);
        }
    }
    println!("{table}");
    Ok(())
}

/// A program in a directory of its own.
struct Program {
    directory: PathBuf,
    target: PathBuf,
}

impl Program {
    fn write(directory: &Path, count: usize, embeds: bool) -> Result<Self> {
        let workspace =
            Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("a package without workspace")?;
        fs::create_dir_all(directory.join("src"))?;
        Library::linear(count).write(&directory.join("migrations"))?;
        // The same versions as everything else here.
        fs::copy(workspace.join("Cargo.lock"), directory.join("Cargo.lock"))?;
        let name = if embeds { "with" } else { "without" };
        let underpin = workspace.join("crates/underpin");
        fs::write(
            directory.join("Cargo.toml"),
            format!(
                "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
                 underpin = {{ path = {underpin:?}, default-features = false, features = [\"macros\", \"sqlite\"] }}\n\n\
                 [workspace]\n"
            ),
        )?;
        fs::write(
            directory.join("build.rs"),
            "fn main() {\n    println!(\"cargo::rerun-if-changed=migrations\");\n}\n",
        )?;
        let value = if embeds { "underpin::embed!(\"migrations\")" } else { "underpin::Embedded::EMPTY" };
        fs::write(
            directory.join("src/main.rs"),
            format!(
                "static MIGRATIONS: underpin::Embedded = {value};\n\nfn main() {{\n    \
                 let revisions = underpin::Revisions::embedded(&MIGRATIONS);\n    \
                 println!(\"{{:?}}\", revisions.head_ids());\n}}\n"
            ),
        )?;
        Ok(Self { directory: directory.to_owned(), target: target()? })
    }

    /// Compiles the program again, and nothing else.
    fn build(&self, arguments: &[&str]) -> Result<Duration> {
        let main = fs::File::options().write(true).open(self.directory.join("src/main.rs"))?;
        main.set_modified(SystemTime::now())?;
        drop(main);
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["build", "--quiet"]).args(arguments).current_dir(&self.directory);
        cargo.env("CARGO_TARGET_DIR", &self.target).env("CARGO_INCREMENTAL", "0");
        let start = Instant::now();
        let output = cargo.output().context("cannot run cargo")?;
        let time = start.elapsed();
        if !output.status.success() {
            bail!("cargo failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(time)
    }
}

/// A directory beside the one that this program was built into: what was built there with other features does not
/// get in the way.
fn target() -> Result<PathBuf> {
    let own = env::current_exe()?;
    let target = own.ancestors().nth(3).context("this program does not lie in a target directory")?;
    Ok(target.join("embedding"))
}
