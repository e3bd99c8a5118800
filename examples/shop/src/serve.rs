//! Serving: the port is bound when the database is ready, and not before.

use std::{env, net::Ipv4Addr, process::ExitCode};

use axum::Router;
use tokio::net::TcpListener;
use underpin::{Diagnostic, ErrorKind, http::health_router};

use crate::{
    ending::Ending,
    route,
    start::{Started, start},
    talk,
};

/// Where the shop listens if it is not told.
const DEFAULT_PORT: u16 = 8080;

/// Starts up and serves, until it is asked to end.
pub(crate) async fn serve() -> Result<ExitCode, Diagnostic> {
    let ending = Ending::listen();
    let port = port(env::var("PORT").ok().as_deref())?;
    let Started { report, health, store } = start(&ending).await?;
    talk::startup(&report);
    let router = route::router(store.clone()).merge(health_router(health));
    let listener = bind(port).await?;
    listen(listener, router, ending).await?;
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn bind(port: u16) -> Result<TcpListener, Diagnostic> {
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).await.map_err(|error| {
        Diagnostic::new(ErrorKind::Configuration, format!("can't listen on port {port}: {error}"))
            .hint("set PORT to one that is free; 0 takes any")
    })?;
    let bound = listener.local_addr().map_or(port, |address| address.port());
    talk::line(format_args!("shop listens on http://localhost:{bound}"));
    Ok(listener)
}

async fn listen(listener: TcpListener, router: Router, ending: Ending) -> Result<(), Diagnostic> {
    let server = axum::serve(listener, router).with_graceful_shutdown(ending.clone().asked());
    tokio::select! {
        ended = server.into_future() => ended.map_err(|error| Diagnostic::new(ErrorKind::Internal, error.to_string())),
        // A customer who does not go away is shown out.
        () = ending.overdue() => Ok(()),
    }
}

fn port(value: Option<&str>) -> Result<u16, Diagnostic> {
    match value.map(str::trim) {
        None | Some("") => Ok(DEFAULT_PORT),
        Some(text) => text.parse().map_err(|_| {
            Diagnostic::new(ErrorKind::Configuration, format!("PORT is {text:?}, which is no port"))
                .hint("set it to a number from 0 to 65535")
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_a_number_or_not_said() {
        assert_eq!(port(None).ok(), Some(8080));
        assert_eq!(port(Some("")).ok(), Some(8080));
        assert_eq!(port(Some("0")).ok(), Some(0));
        for refused in ["http", "65536", "-1"] {
            assert!(port(Some(refused)).is_err(), "{refused}");
        }
    }
}
