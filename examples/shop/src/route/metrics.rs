//! The numbers of the shop, in Prometheus' form. The library counts, and the shop says who is told:
//! without a recorder the numbers go nowhere.

use axum::{Router, http::header, routing::get};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use underpin::{Diagnostic, ErrorKind};

/// Where the numbers are.
pub(crate) const PATH: &str = "/metrics";

/// The form of Prometheus' text, as its documentation of exposition formats has it.
const FORM: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The buckets of what takes a moment and of what takes an hour.
const SECONDS: [f64; 9] = [0.005, 0.05, 0.5, 1.0, 5.0, 30.0, 60.0, 600.0, 3600.0];

/// Everything that is counted in this process.
#[derive(Clone, Debug)]
pub(crate) struct Metrics(PrometheusHandle);

impl Metrics {
    /// Begins to count.
    pub(crate) fn record() -> Result<Self, Diagnostic> {
        let failed = |error: &dyn std::fmt::Display| Diagnostic::new(ErrorKind::Internal, error.to_string());
        let seconds = Matcher::Suffix("_seconds".to_owned());
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(seconds, &SECONDS)
            .map_err(|error| failed(&error))?;
        builder.install_recorder().map(Self).map_err(|error| failed(&error))
    }

    /// The route that tells them.
    pub(crate) fn router(self) -> Router {
        let tell = async move || ([(header::CONTENT_TYPE, FORM)], self.0.render());
        Router::new().route(PATH, get(tell))
    }
}
