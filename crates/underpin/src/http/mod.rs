//! Health over HTTP, for a service on axum, and the layer that holds requests back until it may serve
//! them. Nothing here shows an address, credentials, SQL or a server's words to whoever asks.

mod accept;
mod plain;
mod readiness;
mod standard;

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Serialize;
use serde_json::json;

use accept::{Form, HEALTH_JSON};
use plain::{Detail, Started, Summary};
use standard::Word;

pub use readiness::{Readiness, ReadinessLayer};

use crate::startup::Health;

/// The routes of health, which the readiness layer never holds back.
mod path {
    pub(super) const HEALTH: &str = "/health";
    pub(super) const LIVE: &str = "/health/live";
    pub(super) const READY: &str = "/health/ready";
    pub(super) const STARTUP: &str = "/health/startup";
    pub(super) const DETAIL: &str = "/db-status";
    pub(super) const ALL: [&str; 5] = [HEALTH, LIVE, READY, STARTUP, DETAIL];
}

/// An answer is true now.
const NO_STORE: &str = "no-store";
/// After how many seconds it is worth asking again. Nobody knows how long a revision takes.
const RETRY_AFTER: &str = "5";

/// The routes of health, for what [`Startup::run_with_health`](crate::Startup::run_with_health)
/// returns or for the handle of a start-up that was [spawned](crate::Startup::spawn).
///
/// | route | 200 | otherwise 503 with `Retry-After` |
/// |---|---|---|
/// | `GET /health/live` | always: the process answers | |
/// | `GET /health/startup` | the start-up is over and the service may serve | it runs or has failed |
/// | `GET /health`, `GET /health/ready` | traffic should be sent | it should not |
/// | `GET /db-status` | the same, with more of the migrations | |
///
/// `/health` is `{"status", "database", "migrations", "current_migration", "latest_migration",
/// "migrations_up_to_date", "version"}`, and `/db-status` `{"database_connected",
/// "current_migration", "current_heads", "latest_migration", "migrations_up_to_date", "pending",
/// "deferred", "provisional", "last_run"}`, whose lists are null where nobody could look; while the start-up runs, `phase`, `applied` and `total` say how far it is.
/// `/health/startup` is the report of the start-up, its errors as their classes only. Whoever
/// accepts `application/health+json` gets that from every route below `/health`.
pub fn health_router(health: impl Into<Health>) -> Router {
    Router::new()
        .route(path::HEALTH, get(summary))
        .route(path::READY, get(summary))
        .route(path::LIVE, get(live))
        .route(path::STARTUP, get(startup))
        .route(path::DETAIL, get(detail))
        .with_state(health.into())
}

/// Does not ask the database: a process that is restarted because of it helps nobody.
async fn live(headers: HeaderMap) -> Response {
    match Form::of(&headers) {
        Form::Plain => answer(true, Form::Plain, json!({ "status": "alive" })),
        Form::Standard => answer(true, Form::Standard, standard::form(Word::Pass, "")),
    }
}

async fn summary(State(health): State<Health>, headers: HeaderMap) -> Response {
    let status = health.check().await;
    match Form::of(&headers) {
        Form::Plain => answer(status.ready, Form::Plain, Summary::of(&status)),
        Form::Standard => answer(status.ready, Form::Standard, standard::checked(&status)),
    }
}

async fn detail(State(health): State<Health>) -> Response {
    let status = health.check().await;
    answer(status.ready, Form::Plain, Detail::of(&status, health.last_run()))
}

/// Asks the database only where there is no start-up that could tell: a service that has started
/// has started, whatever its database does afterwards.
async fn startup(State(health): State<Health>, headers: HeaderMap) -> Response {
    let Some(report) = health.report() else {
        return summary(State(health), headers).await;
    };
    match Form::of(&headers) {
        Form::Plain => answer(report.success, Form::Plain, Started::of(report)),
        Form::Standard => {
            let word = if report.success { Word::Pass } else { Word::Fail };
            answer(report.success, Form::Standard, standard::form(word, ""))
        }
    }
}

fn answer(ready: bool, form: Form, body: impl Serialize) -> Response {
    // What a server tells depends on the header Accept, also for whoever caches all the same.
    let headers = [(header::CACHE_CONTROL, NO_STORE), (header::VARY, "accept")];
    let mut response = (headers, Json(body)).into_response();
    if let Form::Standard = form {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(HEALTH_JSON));
    }
    if !ready {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
    }
    response
}
