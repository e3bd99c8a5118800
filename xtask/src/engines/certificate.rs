//! The certificate that a server shows to those who connect over TLS. Made by whoever asks for the server; here it is
//! only put where the server may read it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::launch::Ground;

/// A certificate and its key, as files that the server's account may read.
#[derive(Debug)]
pub(super) struct Certificate {
    /// The certificate.
    pub(super) certificate: PathBuf,
    /// Its key.
    pub(super) key: PathBuf,
}

impl Certificate {
    /// Copies what the ground names to the ground; nothing where it names none.
    pub(super) fn lay_out(ground: &Ground) -> Result<Option<Self>> {
        let Some(directory) = &ground.tls else { return Ok(None) };
        let copied = |name: &str| {
            let from = directory.join(name);
            let text =
                fs::read_to_string(&from).with_context(|| format!("cannot read {}", from.display()))?;
            let path = ground.write(name, &text)?;
            // PostgreSQL refuses a key that others may read (manual, section 19.9.1).
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
            Ok::<_, anyhow::Error>(path)
        };
        Ok(Some(Self { certificate: copied("server.pem")?, key: copied("server-key.pem")? }))
    }

    /// As MySQL and MariaDB are told of it.
    pub(super) fn words(&self) -> [String; 2] {
        [format!("--ssl-cert={}", self.certificate.display()), format!("--ssl-key={}", self.key.display())]
    }
}
