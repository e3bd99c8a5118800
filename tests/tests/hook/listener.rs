//! Something that webhooks are posted to, plainly or over TLS.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use rcgen::{Certificate, KeyPair};
use serde_json::Value;
use tokio_rustls::rustls::{
    ServerConfig, ServerConnection, StreamOwned, crypto::ring, pki_types::PrivatePkcs8KeyDer,
};
use underpin_tests::{Authority, authority};

/// The path that it is posted to, which nobody else may see.
pub(crate) const PATH: &str = "/hook/s3cret-path";

/// A listener that keeps what is posted to it.
pub(crate) struct Listener {
    port: u16,
    posted: Arc<Mutex<Vec<Value>>>,
}

impl Listener {
    /// One that answers with this status.
    pub(crate) fn plain(status: &'static str) -> Self {
        Self::on(move |stream| exchange(stream, status))
    }

    /// The same over TLS, for those who call it `localhost` and trust this authority.
    pub(crate) fn secure(authority: &Authority, status: &'static str) -> Self {
        let (certificate, key) = authority.sign("localhost");
        Self::over_tls(&certificate, &key, status)
    }

    /// The same with a certificate that nobody else has signed, and that.
    pub(crate) fn on_its_own_word(status: &'static str) -> (Self, String) {
        let (certificate, key) = authority::on_its_own_word("localhost");
        (Self::over_tls(&certificate, &key, status), certificate.pem())
    }

    fn over_tls(certificate: &Certificate, key: &KeyPair, status: &'static str) -> Self {
        let config = server(certificate, key);
        Self::on(move |stream| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            exchange(StreamOwned::new(connection, stream), status)
        })
    }

    fn on(mut answer: impl FnMut(TcpStream) -> Option<Value> + Send + 'static) -> Self {
        let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = server.local_addr().unwrap().port();
        let posted = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&posted);
        thread::spawn(move || {
            for stream in server.incoming() {
                let told = answer(stream.unwrap());
                kept.lock().unwrap().extend(told);
            }
        });
        Self { port, posted }
    }

    /// Its URL under a name that the machine has, such as `https://localhost`.
    pub(crate) fn url(&self, start: &str) -> String {
        format!("{start}:{}{PATH}", self.port)
    }

    pub(crate) fn posted(&self) -> Vec<Value> {
        self.posted.lock().unwrap().clone()
    }
}

/// Reads a request and answers it; nothing where none came, as after a handshake that failed.
fn exchange(stream: impl Read + Write, status: &str) -> Option<Value> {
    let mut stream = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    while stream.read_line(&mut line).is_ok_and(|read| read > 2) {
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok()?;
        }
        line.clear();
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    let told = serde_json::from_slice(&body).ok()?;
    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
    stream.get_mut().write_all(answer.as_bytes()).ok()?;
    stream.get_mut().flush().ok()?;
    Some(told)
}

fn server(certificate: &Certificate, key: &KeyPair) -> Arc<ServerConfig> {
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key.into());
    Arc::new(config.unwrap())
}
