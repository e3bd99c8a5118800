//! Several servers of MariaDB that are one Galera cluster, each of which takes writes. They are laid out so that no
//! member has to be given the others' data, which would need programs of other packages.

use std::path::Path;

use anyhow::{Context, Result};

use super::account::Account;
use super::installation::Installation;
use super::launch::Ground;
use super::server::Server;
use super::supervisor::{Outcome, find_and_lay_out, free_ports, ready};
use super::{Engine, EngineOptions};

/// The history that all members begin with.
const HISTORY: &str = "6e7d9d9c-0000-11f0-8000-000000000001";

/// Where packages put the library that makes a server a member.
const LIBRARIES: [&str; 2] = ["lib/galera/libgalera_smm.so", "lib/libgalera_smm.so"];

/// A server's place in its cluster.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seat {
    /// How many are there before it.
    number: usize,
    /// Where the others reach it.
    port: u16,
    /// Where it would be given what it has missed.
    transfer_port: u16,
    /// Where it reaches the first; it is that one otherwise.
    first: Option<u16>,
}

/// Starts the members, one after the other.
pub(super) fn start(options: &EngineOptions, members: usize, directory: &Path) -> Result<Vec<Outcome>> {
    let account = Account::choose()?;
    let ports = free_ports(members * 3)?;
    let mut outcomes = Vec::new();
    for (number, own) in ports.chunks_exact(3).enumerate() {
        let &[port, group_port, transfer_port] = own else { continue };
        let first = (number > 0).then_some(ports[1]);
        let ground = Ground {
            directory: directory.join(format!("{}-{number}", Engine::Mariadb.name())),
            port,
            account,
            durable: options.durable,
            before: None,
            seat: Some(Seat { number, port: group_port, transfer_port, first }),
            tls: options.tls.clone(),
        };
        let prepared = find_and_lay_out(Engine::Mariadb, ground, options).and_then(|(_, launch)| launch);
        outcomes.push((Engine::Mariadb, prepared.and_then(Server::start).and_then(ready)));
    }
    Ok(outcomes)
}

impl Seat {
    /// What a member says in its log once it takes part.
    pub(super) const READY: &str = "Synchronized with group, ready for connections";

    /// Writes down how far a member is: where the first is when it has been joined by all before this one, so that
    /// nothing has to be transferred.
    pub(super) fn lay_out(self, ground: &Ground) -> Result<()> {
        let state = format!(
            "# GALERA saved state\nversion: 2.1\nuuid:    {HISTORY}\nseqno:   {}\nsafe_to_bootstrap: 1\n",
            self.number
        );
        ground.write("data/grastate.dat", &state).map(drop)
    }

    /// What makes a server a member.
    pub(super) fn words(self, installation: &Installation) -> Result<Vec<String>> {
        let places = LIBRARIES.map(|place| installation.usr().join(place));
        let library = places.iter().find(|place| place.is_file());
        let library = library.context("there is no libgalera_smm.so (Debian: package galera-4)")?;
        let first = self.first.map(|port| format!("127.0.0.1:{port}")).unwrap_or_default();
        Ok(vec![
            "--wsrep-on=ON".to_owned(),
            format!("--wsrep-provider={}", library.display()),
            "--wsrep-cluster-name=underpin".to_owned(),
            format!("--wsrep-cluster-address=gcomm://{first}"),
            format!("--wsrep-node-name=member-{}", self.number),
            format!("--wsrep-node-address=127.0.0.1:{}", self.port),
            "--wsrep-sst-method=skip".to_owned(),
            format!(
                "--wsrep-provider-options=gcache.size=8M;evs.keepalive_period=PT0.5S;evs.suspect_timeout=PT3S;evs.inactive_timeout=PT6S;gmcast.listen_addr=tcp://127.0.0.1:{};ist.recv_addr=127.0.0.1:{}",
                self.port, self.transfer_port
            ),
            "--binlog-format=ROW".to_owned(),
            "--innodb-autoinc-lock-mode=2".to_owned(),
        ])
    }
}
