//! A listener between a client and its server that counts round trips and reads what the client asks.
//! It changes nothing on the way, and it can only read connections without TLS.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result};
use underpin_tests::Engine;

mod decode;

use decode::Decoder;

/// What went over one connection or several.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    /// How often the client spoke after the server had, which is how often it waited for an answer.
    pub turns: usize,
    /// How many of those turns belonged to connecting.
    pub handshake: usize,
    /// The statements and commands that the client sent, in order.
    pub asked: Vec<String>,
    /// The bytes that the client sent.
    pub sent: usize,
    /// The bytes that the server sent.
    pub received: usize,
}

/// A listener in front of a server.
#[derive(Debug)]
pub struct Wire {
    port: u16,
    traffic: Arc<Mutex<Traffic>>,
}

impl Wire {
    /// Listens in front of the server that a URL names; returns the URL to use instead.
    ///
    /// # Errors
    /// If the URL names no host and port, or there is no port to listen on.
    pub fn tap(engine: Engine, url: &str) -> Result<(Self, String)> {
        let address = url.split_once("://").and_then(|(_, rest)| rest.split('/').next());
        let address =
            address.and_then(|authority| authority.rsplit('@').next()).context("a URL without a host")?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let traffic = Arc::new(Mutex::new(Traffic::default()));
        let (server, shared) = (address.to_owned(), Arc::clone(&traffic));
        thread::spawn(move || {
            for client in listener.incoming() {
                // A client that can't be served sees its connection close.
                let Ok(client) = client else { return };
                let _ = serve(engine, client, &server, &shared);
            }
        });
        Ok((Self { port, traffic }, url.replacen(address, &format!("127.0.0.1:{port}"), 1)))
    }

    /// The port that is listened on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What has gone over the wire since this was asked last.
    pub fn take(&self) -> Traffic {
        std::mem::take(&mut *self.traffic.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn serve(engine: Engine, client: TcpStream, server: &str, traffic: &Arc<Mutex<Traffic>>) -> io::Result<()> {
    let server = TcpStream::connect(server)?;
    for stream in [&client, &server] {
        stream.set_nodelay(true)?;
    }
    let state = Arc::new(Mutex::new(Connection { decoder: Decoder::new(engine), client_spoke_last: false }));
    let (from, to) = (client.try_clone()?, server.try_clone()?);
    let (shared, there) = (Arc::clone(traffic), Arc::clone(&state));
    thread::spawn(move || {
        pass(from, to, |bytes| {
            let mut state = there.lock().unwrap_or_else(PoisonError::into_inner);
            let mut traffic = shared.lock().unwrap_or_else(PoisonError::into_inner);
            state.client_spoke(bytes, &mut traffic);
        });
    });
    let shared = Arc::clone(traffic);
    thread::spawn(move || {
        pass(server, client, |bytes| {
            state.lock().unwrap_or_else(PoisonError::into_inner).client_spoke_last = false;
            shared.lock().unwrap_or_else(PoisonError::into_inner).received += bytes.len();
        });
    });
    Ok(())
}

/// Hands on what comes until one side closes; `note` sees it before it is handed on.
fn pass(mut from: TcpStream, mut to: TcpStream, mut note: impl FnMut(&[u8])) {
    let mut buffer = [0; 1 << 16];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        note(&buffer[..length]);
        if to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}

struct Connection {
    decoder: Decoder,
    client_spoke_last: bool,
}

impl Connection {
    fn client_spoke(&mut self, bytes: &[u8], traffic: &mut Traffic) {
        traffic.sent += bytes.len();
        let asked = self.decoder.read(bytes);
        if !std::mem::replace(&mut self.client_spoke_last, true) && !asked.goodbye {
            traffic.turns += 1;
            traffic.handshake += usize::from(asked.handshake);
        }
        traffic.asked.extend(asked.texts);
    }
}
