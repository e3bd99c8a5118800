//! A private MariaDB: a data directory of its own, reached over TCP, with `mysql_native_password`.
//! It is not MySQL with another name: it is laid out by a program of its own.

use std::path::Path;

use anyhow::{Context, Result};
use rustix::process::Signal;

use super::Engine;
use super::certificate::Certificate;
use super::cluster::Seat;
use super::installation::Installation;
use super::launch::{ADMINISTRATOR, Ground, Launch};
use super::mysql::{places, unsafe_but_fast};

/// Whether an installation has a MariaDB server and what lays out its data.
pub(crate) fn is_usable(installation: &Installation) -> bool {
    installation.program("mariadbd").is_some() && installation.program("mariadb-install-db").is_some()
}

/// Lays out a data directory and describes its server.
pub(crate) fn launch(ground: &Ground, installation: &Installation) -> Result<Launch> {
    let server = installation.program("mariadbd").context("there is no mariadbd")?;
    let install = installation.program("mariadb-install-db").context("there is no mariadb-install-db")?;
    let mut layout = ground.account.command(installation, &install, "KILL");
    layout.arg("--no-defaults").args(common(ground));
    if !installation.is_machine() {
        layout.arg(format!("--basedir={}", installation.usr().display()));
    }
    layout.args(["--auth-root-authentication-method=normal", "--skip-test-db"]);
    ground.step("install-db", &mut layout)?;

    let accounts = ground.write("accounts.sql", &accounts(ground))?;
    let mut command = ground.account.command(installation, &server, "KILL");
    command.arg("--no-defaults").args(common(ground)).args(serving(ground, &accounts));
    command.args(Certificate::lay_out(ground)?.iter().flat_map(Certificate::words));
    if !installation.is_machine() {
        command.args(places(&installation.usr()));
    }
    if let Some(seat) = ground.seat {
        seat.lay_out(ground)?;
        command.args(seat.words(installation)?);
    }
    Ok(Launch {
        engine: Engine::Mariadb,
        command,
        ready: if ground.seat.is_some() { Seat::READY } else { "ready for connections" },
        stop: Signal::KILL,
        log: ground.log("server"),
        url: format!("mysql://{ADMINISTRATOR}:{ADMINISTRATOR}@127.0.0.1:{}/mysql", ground.port),
    })
}

/// The statements that make the administrator. One statement a line, as `init_file` wants it. Each member of a cluster
/// makes its own, so that none is ahead of the others.
fn accounts(ground: &Ground) -> String {
    let alone = if ground.seat.is_some() { "SET SESSION wsrep_on = OFF;\n" } else { "" };
    format!(
        "{alone}CREATE USER IF NOT EXISTS '{ADMINISTRATOR}'@'%' IDENTIFIED VIA mysql_native_password \
         USING PASSWORD('{ADMINISTRATOR}');\n\
         GRANT ALL PRIVILEGES ON *.* TO '{ADMINISTRATOR}'@'%' WITH GRANT OPTION;\n"
    )
}

fn common(ground: &Ground) -> Vec<String> {
    let mut words = vec![
        format!("--datadir={}", ground.directory.join("data").display()),
        format!("--tmpdir={}", ground.directory.display()),
        "--innodb-buffer-pool-size=64M".to_owned(),
        "--innodb-log-file-size=32M".to_owned(),
    ];
    words.extend(unsafe_but_fast(ground));
    words
}

fn serving(ground: &Ground, accounts: &Path) -> Vec<String> {
    let file = |name| ground.directory.join(name).display().to_string();
    vec![
        format!("--port={}", ground.port),
        "--bind-address=127.0.0.1".to_owned(),
        format!("--socket={}", file("socket")),
        format!("--pid-file={}", file("pid")),
        format!("--init-file={}", accounts.display()),
        "--skip-log-bin".to_owned(),
        "--skip-name-resolve".to_owned(),
        "--max-connections=400".to_owned(),
        "--character-set-server=utf8mb4".to_owned(),
    ]
}
