//! A door in front of a database server, which can be shut, opened again, or left open with nobody behind it.
//! To a program it is the server itself; what passes through it is not looked at, but for words behind which a
//! connection is to break.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::TestDatabase;
use crate::program::free_port;

/// How often a door looks whether it is to be shut.
const PAUSE: Duration = Duration::from_millis(5);

/// A port that leads to the server of a database. It begins shut.
#[derive(Debug)]
pub struct Relay {
    visitors: Arc<AtomicUsize>,
    url: String,
    port: u16,
    server: SocketAddr,
    door: Option<(Arc<Door>, JoinHandle<()>)>,
    loses: Option<Arc<Loss>>,
}

/// Words behind which one connection breaks.
#[derive(Debug)]
struct Loss {
    words: &'static str,
    is_due: AtomicBool,
}

impl Loss {
    /// Whether these bytes have the words, for the first time.
    fn is_now(&self, bytes: &[u8]) -> bool {
        let words = self.words.as_bytes();
        bytes.windows(words.len()).any(|window| window == words) && self.is_due.swap(false, Ordering::Relaxed)
    }
}

/// A door that is open.
#[derive(Debug, Default)]
struct Door {
    /// The connections through it; nothing once it is shut.
    through: Mutex<Option<Vec<TcpStream>>>,
}

impl Relay {
    /// Makes a port in front of a database's server.
    ///
    /// # Panics
    /// On SQLite, which has no server.
    #[track_caller]
    pub fn to(database: &TestDatabase) -> Self {
        Self::with_url(&database.url())
    }

    /// Makes a port in front of the server that a URL names.
    ///
    /// # Panics
    /// When the URL names no server that can be found.
    #[track_caller]
    pub fn with_url(url: &str) -> Self {
        let (before, host, after) =
            parts(url).unwrap_or_else(|| panic!("a relay needs a URL with host and port"));
        let server = host.to_socket_addrs().ok().and_then(|mut found| found.next());
        let server = server.unwrap_or_else(|| panic!("the server of a test database can't be found"));
        let port = free_port();
        let url = format!("{before}127.0.0.1:{port}{after}");
        Self { visitors: Arc::default(), url, port, server, door: None, loses: None }
    }

    /// The URL of the database through this port.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// How many connections have come to this port while its door was not shut.
    pub fn visitors(&self) -> usize {
        self.visitors.load(Ordering::Relaxed)
    }

    /// Lets everybody through to the server.
    ///
    /// # Panics
    /// When somebody else took the port meanwhile.
    #[track_caller]
    pub fn open(&mut self) {
        self.replace(Some(self.server));
    }

    /// Lets everybody through to the server. The first connection that says these words reaches the server with
    /// them, and breaks when that answers: the answer is lost. What travels in clear text only can be told so.
    ///
    /// # Panics
    /// When somebody else took the port meanwhile.
    #[track_caller]
    pub fn open_losing_the_answer_to(&mut self, words: &'static str) {
        self.loses = Some(Arc::new(Loss { words, is_due: AtomicBool::new(true) }));
        self.replace(Some(self.server));
    }

    /// Whether the words were said behind which a connection breaks.
    pub fn has_lost_an_answer(&self) -> bool {
        self.loses.as_ref().is_some_and(|loss| !loss.is_due.load(Ordering::Relaxed))
    }

    /// Lets everybody in, and nobody answers.
    ///
    /// # Panics
    /// When somebody else took the port meanwhile.
    #[track_caller]
    pub fn hang(&mut self) {
        self.replace(None);
    }

    /// Throws out everybody, and lets nobody in.
    pub fn shut(&mut self) {
        let Some((door, keeper)) = self.door.take() else { return };
        let through = door.through.lock().unwrap_or_else(PoisonError::into_inner).take();
        for stream in through.into_iter().flatten() {
            // It may be gone already.
            let _ = stream.shutdown(Shutdown::Both);
        }
        let _ = keeper.join();
    }

    #[track_caller]
    fn replace(&mut self, server: Option<SocketAddr>) {
        self.shut();
        let listener = bind(self.port);
        let listener = listener.and_then(|listener| listener.set_nonblocking(true).map(|()| listener));
        let listener = listener.unwrap_or_else(|error| panic!("port {}: {error}", self.port));
        let door = Arc::new(Door { through: Mutex::new(Some(Vec::new())) });
        let kept = Arc::clone(&door);
        let (visitors, loses) = (Arc::clone(&self.visitors), self.loses.clone());
        let keeper = thread::spawn(move || keep(&listener, server, &kept, (&visitors, loses.as_ref())));
        self.door = Some((door, keeper));
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.shut();
    }
}

/// What stands before the host, the host with its port, and what stands behind.
fn parts(url: &str) -> Option<(&str, &str, &str)> {
    let start = url.rfind('@')? + 1;
    let end = url[start..].find('/').map_or(url.len(), |slash| start + slash);
    Some((&url[..start], &url[start..end], &url[end..]))
}

/// A process that another thread is just starting still holds what we have closed, until it becomes its program.
fn bind(port: u16) -> io::Result<TcpListener> {
    let deadline = Instant::now() + Duration::from_secs(2);
    loop {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && Instant::now() < deadline => {
                thread::sleep(PAUSE);
            }
            bound => return bound,
        }
    }
}

/// Lets in whoever comes, until the door is shut.
fn keep(
    listener: &TcpListener,
    server: Option<SocketAddr>,
    door: &Door,
    (visitors, loses): (&AtomicUsize, Option<&Arc<Loss>>),
) {
    loop {
        if door.through.lock().unwrap_or_else(PoisonError::into_inner).is_none() {
            return;
        }
        match listener.accept() {
            // A server that is not there lets its visitor find out.
            Ok((visitor, _)) => {
                visitors.fetch_add(1, Ordering::Relaxed);
                drop(admit(visitor, server, door, loses));
            }
            Err(_) => thread::sleep(PAUSE),
        }
    }
}

fn admit(
    visitor: TcpStream,
    server: Option<SocketAddr>,
    door: &Door,
    loses: Option<&Arc<Loss>>,
) -> io::Result<()> {
    visitor.set_nonblocking(false)?;
    visitor.set_nodelay(true)?;
    let mut streams = vec![visitor.try_clone()?];
    if let Some(server) = server {
        let inside = TcpStream::connect(server)?;
        inside.set_nodelay(true)?;
        streams.push(inside.try_clone()?);
        match loses {
            Some(loss) => carry_losing(visitor, inside, loss)?,
            None => {
                carry(visitor.try_clone()?, inside.try_clone()?);
                carry(inside, visitor);
            }
        }
    }
    match door.through.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
        Some(through) => through.append(&mut streams),
        None => streams.iter().for_each(|stream| drop(stream.shutdown(Shutdown::Both))),
    }
    Ok(())
}

/// Carries everything from one end to the other, until either ends.
fn carry(mut from: TcpStream, mut to: TcpStream) {
    thread::spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Both);
        let _ = from.shutdown(Shutdown::Both);
    });
}

/// Carries everything both ways, until the answer comes that is to be lost.
fn carry_losing(visitor: TcpStream, inside: TcpStream, loss: &Arc<Loss>) -> io::Result<()> {
    let (loss, lost) = (Arc::clone(loss), Arc::new(AtomicBool::new(false)));
    let told = Arc::clone(&lost);
    pass(visitor.try_clone()?, inside.try_clone()?, move |bytes| {
        if loss.is_now(bytes) {
            told.store(true, Ordering::SeqCst);
        }
        true
    });
    pass(inside, visitor, move |_| !lost.load(Ordering::SeqCst));
    Ok(())
}

/// Carries everything from one end to the other, until either ends or somebody says no.
fn pass(mut from: TcpStream, mut to: TcpStream, may: impl Fn(&[u8]) -> bool + Send + 'static) {
    thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            if !may(&buffer[..count]) || to.write_all(&buffer[..count]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
        let _ = from.shutdown(Shutdown::Both);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn echo() -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut other = stream.try_clone().unwrap();
                thread::spawn(move || drop(io::copy(&mut other, &mut stream)));
            }
        });
        address
    }

    #[test]
    fn a_door_is_shut_open_and_shut_again() {
        let mut relay = Relay::with_url(&format!("postgres://a:b@{}/d", echo()));
        let port = relay.port;
        assert_eq!(relay.url(), format!("postgres://a:b@127.0.0.1:{port}/d"));
        let visit = || TcpStream::connect((Ipv4Addr::LOCALHOST, port));
        visit().unwrap_err();

        relay.open();
        let mut stream = visit().unwrap();
        stream.write_all(b"abc").unwrap();
        let mut answer = [0; 3];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"abc");
        assert_eq!(relay.visitors(), 1);

        relay.shut();
        assert_eq!(stream.read(&mut answer).unwrap_or(0), 0);
        visit().unwrap_err();
    }

    #[test]
    fn nobody_answers_behind_a_door_that_hangs() {
        let mut relay = Relay::with_url(&format!("postgres://a:b@{}/d", echo()));
        relay.hang();
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, relay.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        stream.write_all(b"abc").unwrap();
        assert!(stream.read(&mut [0; 3]).is_err());
    }
}
