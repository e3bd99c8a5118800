//! Serving: the port is bound when the database is ready, and not before; or, if the shop is told
//! so, at once, and the database made ready behind it.

use std::{env, net::Ipv4Addr, process::ExitCode};

use axum::Router;
use tokio::net::TcpListener;
use underpin::{Diagnostic, ErrorKind, SpawnedStartup, http::health_router};

use crate::{
    ending::Ending,
    route::{self, Metrics},
    start::{Started, start, start_behind},
    talk,
};

/// Where the shop listens if it is not told.
const DEFAULT_PORT: u16 = 8080;

/// Whether the port is bound before the database is ready.
const BIND_FIRST: &str = "SHOP_BIND_FIRST";

/// Starts up and serves, until it is asked to end.
pub(crate) async fn serve() -> Result<ExitCode, Diagnostic> {
    let ending = Ending::listen();
    let port = port(env::var("PORT").ok().as_deref())?;
    // Before the start-up, whose numbers it is to have.
    let metrics = Metrics::record()?;
    if bind_first(env::var(BIND_FIRST).ok().as_deref())? {
        serve_at_once(port, metrics, &ending).await?;
    } else {
        serve_when_ready(port, metrics, &ending).await?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn serve_when_ready(port: u16, metrics: Metrics, ending: &Ending) -> Result<(), Diagnostic> {
    let Started { report, health, store } = start(ending).await?;
    talk::startup(&report);
    let router = route::router(store.clone(), metrics).merge(health_router(health.clone()));
    let served = match bind(port).await {
        Ok(listener) => listen(listener, router, ending).await,
        Err(error) => Err(error),
    };
    // Nobody has to wait for a shop that ends in order.
    health.leave().await;
    store.close().await;
    served
}

/// Answers 503 until the database is ready, and tells how far it is.
async fn serve_at_once(port: u16, metrics: Metrics, ending: &Ending) -> Result<(), Diagnostic> {
    let listener = bind(port).await?;
    let (startup, store) = start_behind(ending)?;
    let health = startup.health().version(env!("CARGO_PKG_VERSION"));
    let ready = startup.readiness_layer().allow(route::METRICS);
    let router = route::router(store.clone(), metrics).layer(ready).merge(health_router(health.clone()));
    // A start-up that fails ends the shop, and one that is asked to end while it migrates waits for
    // the migration to roll back.
    tokio::try_join!(listen(listener, router, ending), finish(startup, ending))?;
    health.leave().await;
    store.close().await;
    Ok(())
}

async fn finish(startup: SpawnedStartup, ending: &Ending) -> Result<(), Diagnostic> {
    match ending.or_spawned(startup).await? {
        Ok(report) => {
            talk::startup(&report);
            Ok(())
        }
        Err(failed) => Err(*failed.error),
    }
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

async fn listen(listener: TcpListener, router: Router, ending: &Ending) -> Result<(), Diagnostic> {
    let server = axum::serve(listener, router).with_graceful_shutdown(ending.clone().asked());
    tokio::select! {
        ended = server.into_future() => ended.map_err(|error| Diagnostic::new(ErrorKind::Internal, error.to_string())),
        // A customer who does not go away is shown out.
        () = ending.clone().overdue() => Ok(()),
    }
}

fn bind_first(value: Option<&str>) -> Result<bool, Diagnostic> {
    match value.map(|value| value.trim().to_ascii_lowercase()).as_deref() {
        None | Some("" | "false" | "0" | "no" | "off") => Ok(false),
        Some("true" | "1" | "yes" | "on") => Ok(true),
        Some(text) => {
            let message = format!("{BIND_FIRST} is {text:?}, which is neither true nor false");
            Err(Diagnostic::new(ErrorKind::Configuration, message).hint("set it to true or false"))
        }
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
    fn whether_the_port_comes_first_is_said_or_not_and_never_guessed() {
        assert_eq!(bind_first(None).ok(), Some(false));
        assert_eq!(bind_first(Some(" True ")).ok(), Some(true));
        assert_eq!(bind_first(Some("off")).ok(), Some(false));
        assert!(bind_first(Some("maybe")).is_err());
    }

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
