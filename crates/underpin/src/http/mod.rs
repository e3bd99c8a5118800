//! Health over HTTP, for a service on axum. Nothing here shows an address, credentials, SQL or a
//! server's words to whoever asks.

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::json;

use crate::{
    history::Replica,
    startup::{DatabaseHealth, Health, HealthStatus},
};

/// `GET /health`, `GET /health/ready` and `GET /db-status`, 200 while traffic should be sent and 503
/// otherwise, and `GET /health/live`, 200 as long as the process answers at all.
///
/// `/health` and `/health/ready` are `{"status", "database", "migrations", "current_migration", "latest_migration",
/// "migrations_up_to_date", "version"}`; `/db-status` is `{"database_connected",
/// "current_migration", "current_heads", "latest_migration", "migrations_up_to_date", "pending",
/// "last_run"}`.
pub fn health_router(health: Health) -> Router {
    Router::new()
        .route("/health", get(summary))
        .route("/health/ready", get(summary))
        .route("/health/live", get(live))
        .route("/db-status", get(detail))
        .with_state(health)
}

/// Does not ask the database: a process that is restarted because of it helps nobody.
async fn live() -> Response {
    ([(header::CACHE_CONTROL, "no-store")], Json(json!({ "status": "alive" }))).into_response()
}

async fn summary(State(health): State<Health>) -> Response {
    let status = health.check().await;
    let body = json!({
        "status": status.status,
        "database": status.database,
        "migrations": status.migrations,
        "current_migration": status.current_migration,
        "latest_migration": status.latest_migration,
        "migrations_up_to_date": status.migrations_up_to_date,
        "version": status.version,
    });
    answer(&status, body)
}

async fn detail(State(health): State<Health>) -> Response {
    let status = health.check().await;
    // For whom, without the host that it runs on.
    let replica = |replica: &Replica| json!({ "service": replica.service, "instance": replica.instance });
    let deferred = status.deferred.iter().map(|deferred| {
        let replicas: Vec<_> = deferred.replicas.iter().map(replica).collect();
        json!({ "revision": deferred.revision, "replicas": replicas })
    });
    let body = json!({
        "database_connected": status.database == DatabaseHealth::Connected,
        "current_migration": status.current_migration,
        "current_heads": status.current_heads,
        "latest_migration": status.latest_migration,
        "migrations_up_to_date": status.migrations_up_to_date,
        "pending": status.pending,
        "deferred": deferred.collect::<Vec<_>>(),
        "last_run": health.last_run(),
    });
    answer(&status, body)
}

fn answer(status: &HealthStatus, body: serde_json::Value) -> Response {
    let code = if status.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}
