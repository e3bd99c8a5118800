//! A package that uses the macros, and cargo to build it. Knows nothing of what it shows.
//!
//! It depends on a crate that is called `underpin` and has its modules `source` and `model`, but none of
//! the drivers, which take minutes to build and have no part in this.
#![allow(dead_code, reason = "each test uses its part")]

use std::{
    env, fmt, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// A package in a directory of its own.
pub(crate) struct Project {
    name: &'static str,
    directory: PathBuf,
}

/// What cargo printed.
pub(crate) struct Printed {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The text of a revision file.
pub(crate) fn revision(id: &str, parent: &str, sql: &str) -> String {
    let parents =
        if parent.is_empty() { "-- a base\n".to_owned() } else { format!("-- parents: {parent}\n") };
    format!("-- revision: {id}\n{parents}-- message: made by a test\n-- underpin: upgrade\n{sql}\n")
}

impl Project {
    /// An empty package.
    pub(crate) fn new(name: &'static str) -> Self {
        let directory = scratch().join(name);
        let _ = fs::remove_dir_all(&directory);
        let project = Self { name, directory };
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let dependency = |name: &str| format!("{name} = {{ path = {:?} }}\n", crates.join(name));
        project.write(
            "underpin/Cargo.toml",
            &format!(
                "{}[features]\ndefault = [\"macros\"]\nmacros = []\ncli = []\nsqlite = []\npostgres = []\nmysql = []\n\
                 chrono = []\ntime = []\nuuid = []\nrust_decimal = []\njson = []\n\n[dependencies]\nasync-trait = \"0.1\"\n\
                 futures-util = {{ version = \"0.3\", default-features = false, features = [\"std\"] }}\n{}{}",
                package("underpin"),
                dependency("underpin-core"),
                dependency("underpin-macros")
            ),
        );
        let module = |name: &str| crates.join("underpin/src").join(name).join("mod.rs");
        let (source, model, operation) = (module("source"), module("model"), module("operation"));
        project.write(
            "underpin/src/lib.rs",
            &format!(
                "#![allow(unused)]\n#[path = {source:?}]\npub mod source;\npub use source::{{Embedded, Revisions}};\n\
                 #[path = {operation:?}]\npub mod operation;\n\
                 #[path = {model:?}]\npub mod model;\npub use model::{{ColumnType, Enum, Models, Table}};\n\
                 pub use model::generated as model_generated;\npub use underpin_macros::{{Enum, Table}};\n\
                 pub use underpin_core as core;\n"
            ),
        );
        let profile = "[profile.dev]\ndebug = false\n\n[workspace]\n";
        project.write(
            "Cargo.toml",
            &format!("{}[dependencies]\nunderpin.path = \"underpin\"\n\n{profile}", package(name)),
        );
        // The same versions as the workspace has, which are at hand without a network.
        let lock = crates.parent().unwrap().join("Cargo.lock");
        fs::copy(lock, project.path("Cargo.lock")).unwrap();
        project
    }

    /// The path of a file of the package.
    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.directory.join(file)
    }

    /// Writes a file of the package.
    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Makes a pipe that nobody writes to, in the place of a file of the package.
    pub(crate) fn pipe(&self, file: &str) {
        let status = std::process::Command::new("mkfifo").arg(self.path(file)).status().unwrap();
        assert!(status.success());
    }

    /// Removes a file of the package.
    pub(crate) fn remove(&self, file: &str) {
        fs::remove_file(self.path(file)).unwrap();
    }

    /// Renames a file or a directory of the package.
    pub(crate) fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    /// The program that was built last.
    pub(crate) fn program(&self) -> PathBuf {
        let name = format!("{}{}", self.name, env::consts::EXE_SUFFIX);
        scratch().join("target/debug").join(name)
    }

    /// Builds what is not up to date, and runs the program.
    pub(crate) fn run(&self) -> Printed {
        let output = self.cargo("run");
        let printed = Printed::from(&output);
        assert!(output.status.success(), "{printed}");
        printed
    }

    /// Builds, and sees to it that the compiler refuses with these words.
    pub(crate) fn refused(&self, parts: &[&str]) {
        let output = self.cargo("build");
        let printed = Printed::from(&output);
        assert!(!output.status.success(), "{printed}");
        for part in parts {
            assert!(printed.stderr.contains(part), "{part}: {printed}");
        }
    }

    fn cargo(&self, command: &str) -> Output {
        Command::new(env!("CARGO"))
            .args([command, "--quiet", "--offline", "--color", "never"])
            .current_dir(&self.directory)
            .env("CARGO_TARGET_DIR", scratch().join("target"))
            .output()
            .unwrap()
    }
}

fn package(name: &str) -> String {
    format!("[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\n\n")
}

fn scratch() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("embed")
}

impl From<&Output> for Printed {
    fn from(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("\r\n", "\n");
        Self { stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }
}

impl fmt::Display for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{}\n{}", self.stdout, self.stderr)
    }
}
