//! Just enough HTTP to ask a service on this machine and read its answer.
//! It speaks HTTP/1.0, where an answer ends with its connection, and is no client for anything else.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// How long an answer may take.
const LIMIT: Duration = Duration::from_secs(30);

/// How long a connection may take: on this machine it is there at once or not at all.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Response {
    /// The value of a header, whose name is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(each, _)| each == name).map(|(_, value)| value.as_str())
    }
}

/// Asks for a path.
///
/// # Errors
/// When nobody listens, or the answer is none or no HTTP.
pub fn get(port: u16, path: &str) -> io::Result<Response> {
    exchange(port, &format!("GET {path} HTTP/1.0\r\nHost: localhost:{port}\r\n\r\n"))
}

/// Asks for a path in one of several forms, named as the header `Accept` has it.
///
/// # Errors
/// When nobody listens, or the answer is none or no HTTP.
pub fn get_accepting(port: u16, path: &str, accept: &str) -> io::Result<Response> {
    exchange(port, &format!("GET {path} HTTP/1.0\r\nHost: localhost:{port}\r\nAccept: {accept}\r\n\r\n"))
}

/// Sends JSON to a path.
///
/// # Errors
/// When nobody listens, or the answer is none or no HTTP.
pub fn post(port: u16, path: &str, json: &str) -> io::Result<Response> {
    let length = json.len();
    exchange(
        port,
        &format!(
            "POST {path} HTTP/1.0\r\nHost: localhost:{port}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n{json}"
        ),
    )
}

/// Whether somebody listens on a port.
pub fn is_open(port: u16) -> bool {
    connect(port).is_ok()
}

fn connect(port: u16) -> io::Result<TcpStream> {
    TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), CONNECT_LIMIT)
}

fn exchange(port: u16, request: &str) -> io::Result<Response> {
    let mut stream = connect(port)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.set_write_timeout(Some(LIMIT))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    parse(&String::from_utf8_lossy(&answer))
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the answer is no HTTP"))
}

fn parse(answer: &str) -> Option<Response> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines.filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect();
    Some(Response { status, headers, body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    #[test]
    fn an_answer_is_taken_apart() {
        let response =
            parse("HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\n\r\nno\r\n\r\n").unwrap();
        assert_eq!((response.status, response.body.as_str()), (503, "no\r\n\r\n"));
        assert_eq!(response.header("content-type"), Some("text/plain"));
        assert_eq!(parse("SSH-2.0\r\n\r\n"), None);
    }

    #[test]
    fn a_body_is_sent_with_its_length() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = thread::spawn(move || {
            let mut stream = listener.accept().unwrap().0;
            let mut request = [0; 1024];
            let mut length = 0;
            while !String::from_utf8_lossy(&request[..length]).ends_with("{\"a\":1}") {
                length += stream.read(&mut request[length..]).unwrap();
            }
            stream.write_all(b"HTTP/1.0 201 Created\r\n\r\ndone").unwrap();
            String::from_utf8_lossy(&request[..length]).into_owned()
        });
        assert_eq!(post(port, "/orders", "{\"a\":1}").unwrap().status, 201);
        assert!(server.join().unwrap().contains("Content-Length: 7\r\n"));
    }
}
