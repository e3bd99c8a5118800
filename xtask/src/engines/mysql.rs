//! A private MySQL: a data directory of its own, reached over TCP; without TLS unless it is asked for, so that
//! a password crosses by RSA.
//! It is not MariaDB, which goes by the same program names on many machines and is told apart here.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use rustix::process::Signal;

use super::Engine;
use super::certificate::Certificate;
use super::installation::Installation;
use super::launch::{ADMINISTRATOR, Ground, Launch};

/// The profile under which Ubuntu's own server may not read a data directory elsewhere.
const CONFINEMENT: &str = "/etc/apparmor.d/usr.sbin.mysqld";

/// Whether an installation has a MySQL server that can be given a data directory.
pub(crate) fn is_usable(installation: &Installation) -> bool {
    let Some(program) = installation.program("mysqld") else { return false };
    // What was unpacked is what was asked for; it may not even start without its own loader.
    !installation.is_machine() || (!Path::new(CONFINEMENT).exists() && is_mysql(&program))
}

/// Lays out a data directory and describes its server.
pub(crate) fn launch(ground: &Ground, installation: &Installation) -> Result<Launch> {
    let program = installation.program("mysqld").context("there is no mysqld")?;
    let accounts = ground.write("accounts.sql", &accounts())?;
    let mut initialize = ground.account.command(installation, &program, "KILL");
    initialize.args(["--no-defaults", "--initialize-insecure"]).args(common(ground, installation));
    initialize.arg(format!("--init-file={}", accounts.display()));
    ground.step("initialize", &mut initialize)?;

    let mut command = ground.account.command(installation, &program, "KILL");
    command.arg("--no-defaults").args(common(ground, installation)).args(serving(ground));
    command.args(Certificate::lay_out(ground)?.iter().flat_map(Certificate::words));
    Ok(Launch {
        engine: Engine::Mysql,
        command,
        ready: "ready for connections",
        stop: Signal::KILL,
        log: ground.log("server"),
        url: format!("mysql://{ADMINISTRATOR}:{ADMINISTRATOR}@127.0.0.1:{}/mysql", ground.port),
    })
}

/// The statements that make the administrator. One statement a line, as `init_file` wants it.
fn accounts() -> String {
    format!(
        "CREATE USER '{ADMINISTRATOR}'@'%' IDENTIFIED WITH caching_sha2_password BY '{ADMINISTRATOR}';\n\
         GRANT ALL PRIVILEGES ON *.* TO '{ADMINISTRATOR}'@'%' WITH GRANT OPTION;\n"
    )
}

fn common(ground: &Ground, installation: &Installation) -> Vec<String> {
    let mut words = vec![
        format!("--datadir={}", ground.directory.join("data").display()),
        format!("--tmpdir={}", ground.directory.display()),
        "--innodb-buffer-pool-size=64M".to_owned(),
        "--innodb-redo-log-capacity=32M".to_owned(),
    ];
    if ground.tls.is_none() {
        // An empty list turns TLS off (manual, tls_version).
        words.push("--tls-version=".to_owned());
    }
    if !installation.is_machine() {
        words.extend(places(&installation.usr()));
    }
    words.extend(unsafe_but_fast(ground));
    words
}

fn serving(ground: &Ground) -> Vec<String> {
    let file = |name| ground.directory.join(name).display().to_string();
    vec![
        format!("--port={}", ground.port),
        "--bind-address=127.0.0.1".to_owned(),
        format!("--socket={}", file("socket")),
        format!("--pid-file={}", file("pid")),
        "--mysqlx=OFF".to_owned(),
        "--secure-file-priv=NULL".to_owned(),
        "--skip-log-bin".to_owned(),
        "--skip-name-resolve".to_owned(),
        "--max-connections=400".to_owned(),
        "--character-set-server=utf8mb4".to_owned(),
    ]
}

/// Where an unpacked server finds what belongs to it.
pub(crate) fn places(usr: &Path) -> Vec<String> {
    let mut words = vec![format!("--basedir={}", usr.display())];
    let messages: PathBuf = usr.join("share/mysql");
    if messages.join("english").is_dir() {
        words.push(format!("--lc-messages-dir={}", messages.display()));
    }
    let plugins = usr.join("lib/mysql/plugin");
    if plugins.is_dir() {
        words.push(format!("--plugin-dir={}", plugins.display()));
    }
    words
}

/// The settings that spare the disk where nothing is to survive; MySQL and MariaDB share them.
pub(crate) fn unsafe_but_fast(ground: &Ground) -> Vec<String> {
    let words: &[&str] = if ground.durable {
        &[]
    } else {
        &["--innodb-flush-method=nosync", "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=OFF"]
    };
    words.iter().map(ToString::to_string).collect()
}

fn is_mysql(program: &Path) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| {
        output.status.success() && !String::from_utf8_lossy(&output.stdout).contains("MariaDB")
    })
}
