//! A private PostgreSQL: a cluster of its own, reached over TCP only, with passwords that are really checked.
//! It shares nothing with a cluster of the machine, not even the directory of its sockets.

use anyhow::{Context, Result};
use rustix::process::Signal;

use super::Engine;
use super::certificate::Certificate;
use super::installation::Installation;
use super::launch::{ADMINISTRATOR, Ground, Launch};

/// Lays out a cluster and describes its server.
pub(crate) fn launch(engine: Engine, ground: &Ground, installation: &Installation) -> Result<Launch> {
    let programs = installation.postgres_programs().context("there is no initdb beside a postgres")?;
    let password = ground.write("password", ADMINISTRATOR)?;
    let data = ground.directory.join("data");
    let mut initdb = ground.account.command(installation, &programs.join("initdb"), "KILL");
    initdb.arg("--pgdata").arg(&data).arg("--username").arg(ADMINISTRATOR).arg("--pwfile").arg(password);
    initdb.args(["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"]);
    ground.step("initdb", &mut initdb)?;

    // SIGQUIT: an immediate shutdown, which also ends the server's own processes (manual, section 19.5).
    let mut command = ground.account.command(installation, &programs.join("postgres"), "QUIT");
    command.arg("-D").arg(&data);
    for setting in settings(ground)? {
        command.arg("-c").arg(setting);
    }
    Ok(Launch {
        engine,
        command,
        // A standby is ready to accept read-only connections.
        ready: "database system is ready to accept",
        stop: Signal::QUIT,
        log: ground.log("server"),
        url: format!("postgres://{ADMINISTRATOR}:{ADMINISTRATOR}@127.0.0.1:{}/postgres", ground.port),
    })
}

fn settings(ground: &Ground) -> Result<Vec<String>> {
    let mut settings = vec![
        format!("port={}", ground.port),
        "listen_addresses=127.0.0.1".to_owned(),
        "unix_socket_directories=".to_owned(),
        "max_connections=300".to_owned(),
        "shared_buffers=64MB".to_owned(),
        "timezone=GMT".to_owned(),
        "log_timezone=GMT".to_owned(),
    ];
    if !ground.durable {
        // What a test asks, it asks once: compiling its queries took two thirds of the server's time.
        settings.extend(["fsync=off", "full_page_writes=off", "jit=off"].map(str::to_owned));
    }
    if let Some(own) = Certificate::lay_out(ground)? {
        let access = ground.write("access", &access())?;
        settings.extend([
            "ssl=on".to_owned(),
            format!("ssl_cert_file={}", own.certificate.display()),
            format!("ssl_key_file={}", own.key.display()),
            format!("hba_file={}", access.display()),
        ]);
    }
    Ok(settings)
}

/// Who may come in: the administrator in any way, and all others over TLS.
fn access() -> String {
    format!("host all {ADMINISTRATOR} all scram-sha-256\nhostssl all all all scram-sha-256\n")
}
