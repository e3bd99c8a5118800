//! Who signs certificates of servers on this machine, for tests of TLS.

use std::fs;
use std::path::Path;

use rcgen::{BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

/// Who signs certificates.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    /// One of this name.
    ///
    /// # Panics
    /// When no key can be made.
    #[track_caller]
    pub fn new(name: &str) -> Self {
        let mut parameters = CertificateParams::default();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.distinguished_name.push(DnType::CommonName, name);
        let made = CertifiedIssuer::self_signed(parameters, key());
        Self(made.unwrap_or_else(|error| panic!("no authority: {error}")))
    }

    /// Its own certificate, as a file has it.
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate that it has signed for a name of this machine, and its key.
    ///
    /// # Panics
    /// When none can be made.
    #[track_caller]
    pub fn sign(&self, name: &str) -> (Certificate, KeyPair) {
        let key = key();
        let signed = named(name).signed_by(&key, &self.0);
        (signed.unwrap_or_else(|error| panic!("no certificate: {error}")), key)
    }

    /// Writes what [`Self::sign`] gives for `127.0.0.1` as `server.pem` and `server-key.pem`, and its own certificate as `ca.pem`.
    ///
    /// # Panics
    /// When they can't be written.
    #[track_caller]
    pub fn write(&self, directory: &Path) {
        let (certificate, key) = self.sign("127.0.0.1");
        let files = [
            ("ca.pem", self.pem()),
            ("server.pem", certificate.pem()),
            ("server-key.pem", key.serialize_pem()),
        ];
        for (name, text) in files {
            let written = fs::write(directory.join(name), text);
            written.unwrap_or_else(|error| panic!("cannot write {name}: {error}"));
        }
    }
}

/// A certificate for a name of this machine that nobody else has signed, and its key.
///
/// # Panics
/// When none can be made.
#[track_caller]
pub fn on_its_own_word(name: &str) -> (Certificate, KeyPair) {
    let key = key();
    let signed = named(name).self_signed(&key);
    (signed.unwrap_or_else(|error| panic!("no certificate: {error}")), key)
}

fn named(name: &str) -> CertificateParams {
    CertificateParams::new([name.to_owned()]).unwrap_or_else(|error| panic!("no name {name}: {error}"))
}

fn key() -> KeyPair {
    KeyPair::generate().unwrap_or_else(|error| panic!("no key: {error}"))
}
