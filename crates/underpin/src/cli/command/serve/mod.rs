//! `serve`: health over HTTP for a service that has none, beside it or in front of its database. It
//! looks and migrates nothing, so it may run as often as one likes.

mod page;

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use axum::{Router, extract::State, http::header, response::IntoResponse, routing::get};
use clap::Args;
use serde_json::json;
use tokio::net::TcpListener;
use underpin_core::diagnostic::{Diagnostic, ErrorKind, ExitCode};

use crate::{cli::context::Context, config, http::health_router, migrate::StopSwitch, startup::Health};

/// Where it listens if it is not told.
const DEFAULT_PORT: u16 = 8080;
/// How long whoever is being answered may take when it is to end.
const PATIENCE: Duration = Duration::from_secs(5);

/// The flags of `serve`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::UNSPECIFIED))]
    address: IpAddr,
    /// The port to listen on, before PORT and 8080; 0 takes any
    #[arg(short, long, value_name = "PORT")]
    port: Option<u16>,
    /// The name of the service on the page
    #[arg(long, value_name = "NAME")]
    app_name: Option<String>,
}

/// What the page is made of.
#[derive(Clone)]
struct Page {
    name: String,
    health: Health,
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    let port = match arguments.port {
        Some(port) => port,
        None => config::port()?.unwrap_or(DEFAULT_PORT),
    };
    let migrator = context.migrator()?;
    migrator.check_revisions()?;
    let application = context.application();
    let version = application.shown_version().to_owned();
    let health = Health::of_migrator(migrator, context.settings()?.mode()).version(version);
    let name = arguments.app_name.unwrap_or_else(|| application.name().to_owned());
    let listener = bind(SocketAddr::new(arguments.address, port)).await?;
    tell(context, &listener, arguments.address, port);
    listen(listener, router(name, health), context.stop_switch()).await?;
    Ok(ExitCode::Done)
}

fn router(name: String, health: Health) -> Router {
    let page = Page { name, health: health.clone() };
    Router::new().route("/", get(show)).with_state(page).merge(health_router(health))
}

async fn show(State(page): State<Page>) -> impl IntoResponse {
    let status = page.health.check().await;
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (headers, page::html(&page.name, &status))
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Diagnostic> {
    TcpListener::bind(address).await.map_err(|error| {
        Diagnostic::new(ErrorKind::Configuration, format!("can't listen on {address}: {error}"))
            .hint("choose another --address or --port; port 0 takes any that is free")
    })
}

/// Says where it listens, which with port 0 nobody knows before.
fn tell(context: &Context<'_>, listener: &TcpListener, address: IpAddr, port: u16) {
    let port = listener.local_addr().map_or(port, |bound| bound.port());
    let host = if address.is_unspecified() { "localhost".to_owned() } else { address.to_string() };
    let host = if address.is_ipv6() && !address.is_unspecified() { format!("[{host}]") } else { host };
    let url = format!("http://{host}:{port}");
    if context.output().is_json() {
        context.output().value(&json!({ "event": "serving", "url": url, "port": port }));
    }
    context.output().say("Serving", format_args!("health on {url}/health"));
}

/// Answers until the command is to end, and gives those who are being answered the time for it.
async fn listen(listener: TcpListener, router: Router, stop: &StopSwitch) -> Result<(), Diagnostic> {
    let asked = stop.clone();
    let server = axum::serve(listener, router).with_graceful_shutdown(async move { asked.stopped().await });
    // It listens to the switch as well, so that whoever uses that sees that there is something to
    // wait for.
    let overdue = async {
        stop.stopped().await;
        tokio::time::sleep(PATIENCE).await;
    };
    tokio::select! {
        ended = server.into_future() => {
            ended.map_err(|error| Diagnostic::new(ErrorKind::Internal, format!("the server failed: {error}")))
        }
        () = overdue => Ok(()),
    }
}
