//! What the shop answers, as JSON. It checks what comes in; what is kept is in `store`.

mod customer;
mod metrics;
mod order;
mod problem;

use axum::{Router, routing::get};

use crate::store::Store;

use problem::Problem;

pub(crate) use metrics::{Metrics, PATH as METRICS};

/// Every route of the shop.
pub(crate) fn router(store: Store, metrics: Metrics) -> Router {
    Router::new()
        .route("/customers", get(customer::list).post(customer::add))
        .route("/customers/{id}/orders", get(order::list_of_customer))
        .route("/orders", get(order::list).post(order::add))
        .fallback(async || Problem::NotFound("nothing is here".to_owned()))
        .method_not_allowed_fallback(async || Problem::MethodNotAllowed)
        .with_state(store)
        .merge(metrics.router())
}

/// The most characters that a name, an address or an item may have: the width of its column.
const LONGEST: usize = 200;

/// A text that can be kept: not empty, not too long, and without characters that no name has and
/// PostgreSQL does not take.
fn text(field: &str, value: &str) -> Result<String, Problem> {
    let value = value.trim();
    if value.is_empty() {
        return Err(Problem::invalid(field, "must not be empty"));
    }
    if value.chars().count() > LONGEST {
        return Err(Problem::invalid(field, &format!("must not be longer than {LONGEST} characters")));
    }
    if value.chars().any(char::is_control) {
        return Err(Problem::invalid(field, "must not have control characters"));
    }
    Ok(value.to_owned())
}

/// A number in its bounds.
fn number(field: &str, value: i64, bounds: std::ops::RangeInclusive<i64>) -> Result<i64, Problem> {
    if bounds.contains(&value) {
        return Ok(value);
    }
    Err(Problem::invalid(field, &format!("must be between {} and {}", bounds.start(), bounds.end())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_trimmed_and_must_fit_its_column() {
        assert_eq!(text("name", " Zoë ").ok().as_deref(), Some("Zoë"));
        assert_eq!(text("name", &"ü".repeat(200)).ok(), Some("ü".repeat(200)));
        for refused in ["", "  ", "a\0b", &"ü".repeat(201)] {
            assert!(matches!(text("name", refused), Err(Problem::Invalid(_))), "{refused:?}");
        }
    }

    #[test]
    fn a_number_must_lie_in_its_bounds() {
        assert_eq!(number("quantity", 1, 1..=10).ok(), Some(1));
        assert!(matches!(number("quantity", 0, 1..=10), Err(Problem::Invalid(_))));
    }
}
