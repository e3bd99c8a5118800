//! The dump programs of the servers, for tests of backups: a script for each that starts it from where it lies.
//! What the machine has on its own path needs none.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::Engine;
use super::fetch;
use super::installation::Installation;

/// The variable that names the directory with a directory of programs for each engine.
pub(crate) const VARIABLE: &str = "UNDERPIN_TEST_PROGRAMS";

/// Where they lie in the directory of a run.
pub(crate) const DIRECTORY: &str = "programs";

/// The programs that write and read the dumps of an engine.
fn names(engine: Engine) -> &'static [&'static str] {
    match engine {
        Engine::Postgres => &["pg_dump", "pg_restore", "psql"],
        Engine::Mysql => &["mysqldump", "mysql"],
        Engine::Mariadb => &["mariadb-dump", "mariadb"],
        // The package of this series has its server alone.
        Engine::Postgres18 | Engine::Pgbouncer => &[],
    }
}

/// Writes the scripts for the programs of a server into a directory of its own. Those of MySQL come in a package
/// apart from its server, which is fetched into `cache` where it is missing.
pub(crate) fn write(
    engine: Engine,
    installation: &Installation,
    directory: &Path,
    cache: &Path,
) -> Result<()> {
    if installation.is_machine() || names(engine).is_empty() {
        return Ok(());
    }
    let directory = directory.join(engine.name());
    fs::create_dir_all(&directory)?;
    for name in names(engine) {
        let program = match place(engine, installation, name) {
            Some(program) => program,
            None if engine == Engine::Mysql => fetch::mysql_client(cache)?.join("usr/bin").join(name),
            None => continue,
        };
        let words: Vec<_> =
            installation.words(&program).iter().map(|word| quoted(&word.to_string_lossy())).collect();
        let environment = installation.environment();
        let environment =
            environment.map(|(name, value)| format!("{name}={} ", quoted(&value.to_string_lossy())));
        let text = format!("#!/bin/sh\n{}exec {} \"$@\"\n", environment.unwrap_or_default(), words.join(" "));
        let script = directory.join(name);
        fs::write(&script, text).with_context(|| format!("cannot write {}", script.display()))?;
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

fn place(engine: Engine, installation: &Installation, name: &str) -> Option<PathBuf> {
    match engine {
        Engine::Postgres => installation.postgres_programs().map(|programs| programs.join(name)),
        Engine::Postgres18 | Engine::Mysql | Engine::Mariadb | Engine::Pgbouncer => {
            installation.program(name)
        }
    }
    .filter(|program| program.is_file())
}

/// A word as the shell reads it.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_starts_its_program_with_what_it_is_given() {
        let directory = tempfile::tempdir().unwrap();
        let tree = directory.path().join("it's a tree");
        fs::create_dir_all(tree.join("usr/bin")).unwrap();
        let program = tree.join("usr/bin/mariadb-dump");
        fs::write(&program, "#!/bin/sh\necho \"$1\"\n").unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let (scripts, cache) = (directory.path().join("scripts"), directory.path().join("cache"));
        write(Engine::Mariadb, &Installation::unpacked(&tree, false), &scripts, &cache).unwrap();
        let output =
            std::process::Command::new(scripts.join("mariadb/mariadb-dump")).arg("a b").output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), "a b\n");
    }
}
