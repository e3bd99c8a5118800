//! A private PgBouncer in transaction pooling, in front of a PostgreSQL: any database of that server, a pool each.
//! It checks no password itself; what it logs in with behind it is the administrator's.

use anyhow::{Context, Result};
use rustix::process::Signal;

use super::Engine;
use super::installation::Installation;
use super::launch::{ADMINISTRATOR, Ground, Launch};

/// Few, so that the clients of a test meet on the same connections.
const POOL: u32 = 4;

/// Writes its configuration and describes it.
pub(crate) fn launch(ground: &Ground, installation: &Installation) -> Result<Launch> {
    let program = installation.program("pgbouncer").context("there is no pgbouncer")?;
    let server = ground.before.as_deref().context("there is no PostgreSQL to stand in front of")?;
    let configuration = ground.write("pgbouncer.ini", &configuration(server, ground.port)?)?;
    let mut command = ground.account.command(installation, &program, "KILL");
    command.arg(configuration);
    Ok(Launch {
        engine: Engine::Pgbouncer,
        command,
        ready: "process up",
        stop: Signal::KILL,
        log: ground.log("server"),
        url: format!("postgres://{ADMINISTRATOR}:{ADMINISTRATOR}@127.0.0.1:{}/postgres", ground.port),
    })
}

/// Everything as a fresh installation has it, but for the mode: no startup parameter is let through or ignored.
fn configuration(server: &str, port: u16) -> Result<String> {
    let (user, password, host, server_port) = parts(server).context("the URL of the PostgreSQL is no URL")?;
    Ok(format!(
        "[databases]\n* = host={host} port={server_port} user={user} password={password}\n\n\
         [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n\
         pool_mode = transaction\ndefault_pool_size = {POOL}\nmax_client_conn = 300\n"
    ))
}

/// User, password, host and port of `postgres://user:password@host:port/database`.
fn parts(url: &str) -> Option<(&str, &str, &str, &str)> {
    let (account, place) = url.split_once("://")?.1.rsplit_once('@')?;
    let (user, password) = account.split_once(':')?;
    let (host, port) = place.split('/').next()?.rsplit_once(':')?;
    Some((user, password, host, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_behind_is_named_in_the_configuration() {
        let text = configuration("postgres://u:p@127.0.0.1:5433/postgres", 6432).unwrap();
        assert!(text.contains("host=127.0.0.1 port=5433 user=u password=p"), "{text}");
        assert!(text.contains("listen_port = 6432") && text.contains("pool_mode = transaction"), "{text}");
        configuration("nonsense", 1).unwrap_err();
    }
}
