//! A hook that is a URL: the notice is posted to it as JSON, over TLS where it begins with `https`. No redirect is
//! followed.

use std::fmt;

use async_trait::async_trait;
use http_body_util::Full;
use hyper::{
    Request, Uri,
    body::Bytes,
    header::{CONTENT_TYPE, HOST, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};

use super::{Hook, HookError, Moment, Notice, tls::Trust};

/// Who calls.
const AGENT: &str = concat!("underpin/", env!("CARGO_PKG_VERSION"));

/// A URL that notices are posted to.
pub(super) struct Webhook {
    target: Target,
    /// Whom to trust, where there is TLS.
    trust: Option<Trust>,
    moments: Vec<Moment>,
}

/// The parts of a URL that a request needs. Its path may be what keeps others out, so that it is
/// never shown.
pub(super) struct Target {
    scheme: Scheme,
    /// Host and port as they are written.
    authority: String,
    host: String,
    port: u16,
    path: String,
}

/// How it is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

impl Target {
    /// Takes a URL apart.
    ///
    /// # Errors
    /// Words for what is wrong with it, which hold nothing of it.
    pub(super) fn parse(url: &str) -> Result<Self, &'static str> {
        let uri: Uri = url.parse().map_err(|_| "is no URL")?;
        let (scheme, usual) = match uri.scheme_str() {
            Some("http") => (Scheme::Http, 80),
            Some("https") => (Scheme::Https, 443),
            Some(_) | None => return Err("is no http or https URL"),
        };
        let authority = uri.authority().ok_or("names no host")?;
        if authority.as_str().contains('@') {
            return Err("has a user in it, and no user is sent");
        }
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let port = authority.port_u16().unwrap_or(usual);
        Ok(Self { scheme, authority: authority.as_str().to_owned(), host, port, path })
    }

    /// Whether it is spoken to over TLS.
    pub(super) fn is_secure(&self) -> bool {
        self.scheme == Scheme::Https
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        };
        write!(f, "{scheme}://{}/…", self.authority)
    }
}

impl Webhook {
    pub(super) const fn new(target: Target, trust: Option<Trust>, moments: Vec<Moment>) -> Self {
        Self { target, trust, moments }
    }

    fn request(&self, notice: &Notice) -> Result<Request<Full<Bytes>>, HookError> {
        Ok(Request::post(&self.target.path)
            .header(HOST, &self.target.authority)
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, AGENT)
            .body(Full::new(Bytes::from(serde_json::to_vec(notice)?)))?)
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
        let request = self.request(notice)?;
        let stream = TcpStream::connect((self.target.host.as_str(), self.target.port)).await?;
        match &self.trust {
            None => post(request, stream).await,
            Some(trust) => post(request, trust.shake(&self.target.host, stream).await?).await,
        }
    }
}

async fn post<S>(request: Request<Full<Bytes>>, stream: S) -> Result<(), HookError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    // It ends with the sender.
    tokio::spawn(connection);
    let status = sender.send_request(request).await?.status();
    if status.is_success() { Ok(()) } else { Err(format!("it answered {status}").into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart_and_its_path_is_not_shown() {
        for (url, shown, path) in [
            ("http://localhost:9000/hooks/s3cret?x=1", "http://localhost:9000/…", "/hooks/s3cret?x=1"),
            ("http://agent", "http://agent/…", "/"),
            ("https://hooks.example.org/s3cret", "https://hooks.example.org/…", "/s3cret"),
            ("http://[::1]:81/a", "http://[::1]:81/…", "/a"),
        ] {
            let target = Target::parse(url).unwrap_or_else(|error| panic!("{url} {error}"));
            assert_eq!((target.to_string(), target.path.as_str()), (shown.to_owned(), path));
        }
    }

    #[test]
    fn the_usual_port_is_that_of_the_scheme() {
        for (url, port, secure) in [
            ("http://agent/a", 80, false),
            ("https://agent/a", 443, true),
            ("HTTPS://agent/a", 443, true),
            ("https://agent:9000/a", 9000, true),
        ] {
            let target = Target::parse(url).unwrap_or_else(|error| panic!("{url} {error}"));
            assert_eq!((target.port, target.is_secure()), (port, secure), "{url}");
        }
    }

    #[test]
    fn what_can_not_be_posted_to_is_refused() {
        for url in ["https://u@example.org/x", "ftp://x", "/x", "", "http://u:p@host/", "http://", "a b"] {
            assert!(Target::parse(url).is_err(), "{url}");
        }
    }
}
