//! A hook that is a URL: the notice is posted to it as JSON. It speaks plain HTTP, to something near,
//! such as an agent beside the service; there is no TLS, and no redirect is followed.

use std::fmt;

use async_trait::async_trait;
use http_body_util::Full;
use hyper::{
    Request, Uri,
    body::Bytes,
    header::{CONTENT_TYPE, HOST, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::{Hook, HookError, Moment, Notice};

/// Who calls.
const AGENT: &str = concat!("underpin/", env!("CARGO_PKG_VERSION"));

/// A URL that notices are posted to.
pub(super) struct Webhook {
    target: Target,
    moments: Vec<Moment>,
}

/// The parts of a URL that a request needs. Its path may be what keeps others out, so that it is
/// never shown.
pub(super) struct Target {
    host: String,
    port: u16,
    path: String,
}

impl Target {
    /// Takes a URL apart.
    ///
    /// # Errors
    /// Words for what is wrong with it, which hold nothing of it.
    pub(super) fn parse(url: &str) -> Result<Self, &'static str> {
        let uri: Uri = url.parse().map_err(|_| "is no URL")?;
        match uri.scheme_str() {
            Some("http") => {}
            Some("https") => return Err("is an https URL, and there is no TLS here"),
            Some(_) | None => return Err("is no http URL"),
        }
        let authority = uri.authority().ok_or("names no host")?;
        if authority.as_str().contains('@') {
            return Err("has a user in it, and no user is sent");
        }
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Ok(Self { host, port: authority.port_u16().unwrap_or(80), path })
    }

    fn authority(&self) -> String {
        match self.host.contains(':') {
            true => format!("[{}]:{}", self.host, self.port),
            false => format!("{}:{}", self.host, self.port),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}/…", self.authority())
    }
}

impl Webhook {
    pub(super) const fn new(target: Target, moments: Vec<Moment>) -> Self {
        Self { target, moments }
    }
}

#[async_trait]
impl Hook for Webhook {
    fn name(&self) -> String {
        format!("the webhook {}", self.target)
    }

    fn wants(&self, moment: Moment) -> bool {
        self.moments.contains(&moment)
    }

    async fn call(&self, notice: &Notice) -> Result<(), HookError> {
        let request = Request::post(&self.target.path)
            .header(HOST, self.target.authority())
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, AGENT)
            .body(Full::new(Bytes::from(serde_json::to_vec(notice)?)))?;
        let stream = TcpStream::connect((self.target.host.as_str(), self.target.port)).await?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        // It ends with the sender.
        tokio::spawn(connection);
        let status = sender.send_request(request).await?.status();
        if status.is_success() { Ok(()) } else { Err(format!("it answered {status}").into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart_and_its_path_is_not_shown() {
        for (url, shown, path) in [
            ("http://localhost:9000/hooks/s3cret?x=1", "http://localhost:9000/…", "/hooks/s3cret?x=1"),
            ("http://agent", "http://agent:80/…", "/"),
            ("http://[::1]:81/a", "http://[::1]:81/…", "/a"),
        ] {
            let target = Target::parse(url).unwrap_or_else(|error| panic!("{url} {error}"));
            assert_eq!((target.to_string(), target.path.as_str()), (shown.to_owned(), path));
        }
    }

    #[test]
    fn what_can_not_be_posted_to_is_refused() {
        for url in ["https://example.org/x", "ftp://x", "/x", "", "http://u:p@host/", "http://", "a b"] {
            assert!(Target::parse(url).is_err(), "{url}");
        }
    }
}
