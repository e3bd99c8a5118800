//! The readiness layer: while a spawned start-up runs, and where it has failed, requests are answered
//! with 503 instead of reaching a service whose database is not there yet. It never waits, and it
//! never holds back a question about health.

use std::{
    future::{Ready, ready},
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    Json,
    extract::Request,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::future::{Either, MapOk, TryFutureExt as _};
use serde_json::json;
use tower_layer::Layer;
use tower_service::Service;

use super::{NO_STORE, RETRY_AFTER, path};
use crate::startup::{Progress, StartupHandle, StartupPhase};

/// Answers 503 with `Retry-After` and a small JSON body until a
/// [spawned](crate::Startup::spawn) start-up has made the service ready, and also if it has failed.
/// Then every request passes.
///
/// The routes of [`health_router`](super::health_router) pass always, wherever the layer stands;
/// what else must, such as `/metrics`, is [named](Self::allow).
///
/// ```no_run
/// # use axum::{Router, routing::get};
/// # async fn example(migrations: &'static underpin::Embedded) -> Result<(), Box<dyn std::error::Error>> {
/// let startup = underpin::Startup::new("shop").migrations(migrations).spawn();
/// let app = Router::new()
///     .route("/", get(async || "hello"))
///     .layer(startup.readiness_layer())
///     .merge(underpin::http::health_router(startup.handle()));
/// let listener = tokio::net::TcpListener::bind("0.0.0.0:8080").await?;
/// tokio::select! {
///     served = axum::serve(listener, app).into_future() => served?,
///     // Whoever is to start with a database does not go on without one.
///     Err(error) = startup => return Err(error.into()),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ReadinessLayer {
    startup: StartupHandle,
    allowed: Arc<Vec<String>>,
}

impl ReadinessLayer {
    /// The layer of a start-up.
    pub fn new(startup: StartupHandle) -> Self {
        Self { startup, allowed: Arc::default() }
    }

    /// Lets this path and everything below it pass always. It should be something that needs no
    /// database.
    #[must_use]
    pub fn allow(mut self, path: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.allowed).push(path.into());
        self
    }
}

impl<S> Layer<S> for ReadinessLayer {
    type Service = Readiness<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Readiness { layer: self.clone(), inner }
    }
}

/// A service behind the [`ReadinessLayer`].
#[derive(Clone, Debug)]
pub struct Readiness<S> {
    layer: ReadinessLayer,
    inner: S,
}

impl<S> Service<Request> for Readiness<S>
where
    S: Service<Request>,
    S::Response: IntoResponse,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Either<Ready<Result<Response, S::Error>>, MapOk<S::Future, fn(S::Response) -> Response>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let layer = &self.layer;
        if layer.startup.is_ready() || is_allowed(&layer.allowed, request.uri().path()) {
            return Either::Right(self.inner.call(request).map_ok(S::Response::into_response));
        }
        Either::Left(ready(Ok(held_back(&layer.startup.progress()))))
    }
}

/// Whether a path asks about health, or is one of these or below one.
fn is_allowed(allowed: &[String], path: &str) -> bool {
    path::ALL.contains(&path)
        || allowed.iter().any(|allowed| {
            let allowed = allowed.trim_end_matches('/');
            path.strip_prefix(allowed).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
}

fn held_back(progress: &Progress) -> Response {
    let (status, error) = match progress.phase {
        StartupPhase::Failed => ("unhealthy", "the service could not start"),
        _ => ("starting", "the service is bringing its database up to date"),
    };
    let mut body = json!(progress);
    body["status"] = status.into();
    body["error"] = error.into();
    let headers = [(header::CACHE_CONTROL, NO_STORE), (header::RETRY_AFTER, RETRY_AFTER)];
    (StatusCode::SERVICE_UNAVAILABLE, headers, Json(body)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_about_health_pass_and_what_is_named_with_all_below_it() {
        let allowed = ["/metrics/".to_owned(), "/static".to_owned()];
        for path in ["/health", "/health/live", "/db-status", "/metrics", "/metrics/x", "/static/a/b"] {
            assert!(is_allowed(&allowed, path), "{path}");
        }
        for path in ["/", "/healthy", "/health/records", "/x/health", "/db-statuses", "/metricsx", "/orders"]
        {
            assert!(!is_allowed(&allowed, path), "{path}");
        }
    }

    #[test]
    fn whoever_is_held_back_is_told_why_and_when_to_come_again() {
        let progress = Progress { phase: StartupPhase::Apply, applied: 1, total: 3, ..Progress::default() };
        let response = held_back(&progress);
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(response.headers().contains_key(header::RETRY_AFTER));
    }
}
