//! TLS to a webhook: who is trusted, and the handshake. It has a provider of cryptography of its own, because that of
//! the process is the program's to choose.

use std::{fs, path::Path, sync::Arc};

use tokio::net::TcpStream;
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        self, CertificateError, ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, ServerName, pem::PemObject as _},
    },
};

use super::HookError;

/// Whom a webhook trusts.
#[derive(Clone)]
pub(super) struct Trust(Arc<ClientConfig>);

impl Trust {
    /// The authorities that browsers know, or else those in a file of certificates, and nobody beside them.
    ///
    /// # Errors
    /// Words for what is wrong with the file, to follow its name.
    pub(super) fn new(authorities: Option<&Path>) -> Result<Self, String> {
        let roots = match authorities {
            Some(path) => read(path)?,
            None => RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() },
        };
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(Arc::new(config)))
    }

    /// Shakes hands with a server, whose certificate has to be for this host.
    pub(super) async fn shake(
        &self,
        host: &str,
        stream: TcpStream,
    ) -> Result<TlsStream<TcpStream>, HookError> {
        let name = ServerName::try_from(host.to_owned())?;
        let shaken = TlsConnector::from(Arc::clone(&self.0)).connect(name, stream).await;
        shaken.map_err(|error| match error.get_ref().and_then(|inner| inner.downcast_ref()) {
            Some(refused) => in_words(refused).into(),
            None => format!("TLS failed: {error}").into(),
        })
    }
}

/// Why a handshake failed, in words that name no type of the library.
fn in_words(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "its certificate is signed by nobody who is trusted here; hook_ca names a file of who is"
                .to_owned()
        }
        rustls::Error::InvalidCertificate(refused) => format!("its certificate is refused: {refused}"),
        other => format!("TLS failed: {other}"),
    }
}

fn read(path: &Path) -> Result<RootCertStore, String> {
    let text = fs::read(path).map_err(|error| format!("can't be read: {error}"))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&text) {
        let certificate = certificate.map_err(|error| format!("is no file of PEM: {error}"))?;
        let added = roots.add(certificate);
        added.map_err(|error| format!("has a certificate that is none: {error}"))?;
    }
    if roots.is_empty() { Err("has no certificate in it (PEM)".to_owned()) } else { Ok(roots) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_file(text: &str) -> String {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("ca.pem");
        fs::write(&path, text).unwrap();
        Trust::new(Some(&path)).err().unwrap_or_default()
    }

    #[test]
    fn a_file_without_authorities_is_refused() {
        for (text, said) in [
            ("", "has no certificate in it (PEM)"),
            ("hunter2", "has no certificate in it (PEM)"),
            (
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "has a certificate that is none: ",
            ),
            ("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n", "is no file of PEM: "),
            (
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                "has no certificate in it (PEM)",
            ),
        ] {
            assert!(of_file(text).starts_with(said), "{text:?}: {}", of_file(text));
        }
        let nowhere = Trust::new(Some(Path::new("/nowhere/ca.pem"))).err().unwrap_or_default();
        assert!(nowhere.starts_with("can't be read: "), "{nowhere}");
    }

    #[test]
    fn without_a_file_the_authorities_of_browsers_are_trusted() {
        assert!(Trust::new(None).is_ok());
    }
}
