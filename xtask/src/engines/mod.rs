//! Private database servers: found or fetched, started on free ports with data of their own, and stopped for certain.
//! No service of the machine is started, stopped or configured, and nothing is installed outside a cache directory.

mod account;
pub(crate) mod apt;
mod certificate;
mod cluster;
mod detached;
mod engine;
mod fetch;
mod installation;
mod launch;
mod lease;
mod mariadb;
mod mysql;
mod pgbouncer;
mod postgres;
mod postgres18;
mod programs;
mod server;
pub(crate) mod sources;
mod supervisor;

use std::path::PathBuf;

use clap::Args;

pub(crate) use detached::{down, status, up};
pub(crate) use engine::Engine;
pub(crate) use fetch::{fetch, unpack};
pub(crate) use lease::Lease;
pub(crate) use supervisor::{SuperviseOptions, supervise};

/// Which servers, and how.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct EngineOptions {
    /// Servers that keep what they promised when the machine loses power (slower)
    #[arg(long)]
    durable: bool,
    /// Fetched servers, also where the machine has its own
    #[arg(long)]
    fetched: bool,
    /// Servers that speak TLS, with server.pem and server-key.pem of this directory
    #[arg(long, value_name = "DIRECTORY")]
    tls: Option<PathBuf>,
    /// Only this engine (may be given several times)
    #[arg(long = "engine", value_name = "ENGINE", value_enum)]
    only: Vec<Engine>,
}

impl EngineOptions {
    /// Every engine, keeping its promises about the disk.
    pub(crate) fn durable() -> Self {
        Self { durable: true, ..Self::default() }
    }

    /// The engines that are wanted and that no variable points to already.
    fn wanted(&self) -> Vec<Engine> {
        let chosen = |engine: &Engine| self.only.is_empty() || self.only.contains(engine);
        Engine::ALL.into_iter().filter(chosen).filter(|engine| engine.given_url().is_none()).collect()
    }

    /// The same options as words of a command line.
    fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        if self.durable {
            words.push("--durable".to_owned());
        }
        if self.fetched {
            words.push("--fetched".to_owned());
        }
        words.extend(self.tls.iter().map(|directory| format!("--tls={}", directory.display())));
        words.extend(self.only.iter().map(|engine| format!("--engine={}", engine.name())));
        words
    }
}
