//! `/orders` and `/customers/{id}/orders`.

use axum::{
    Json,
    extract::{
        Path, State,
        rejection::{JsonRejection, PathRejection},
    },
    http::StatusCode,
};
use serde::Deserialize;

use super::{Problem, number, text};
use crate::store::{NewOrder, Order, Store};

/// What is sent for a new order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    customer_id: i64,
    item: String,
    quantity: i64,
    unit_price_cents: i64,
}

impl Form {
    fn check(self) -> Result<NewOrder, Problem> {
        Ok(NewOrder {
            customer_id: self.customer_id,
            item: text("item", &self.item)?,
            quantity: number("quantity", self.quantity, 1..=1_000_000)?,
            unit_price_cents: number("unit_price_cents", self.unit_price_cents, 0..=1_000_000_000)?,
        })
    }
}

/// `GET /orders`.
pub(super) async fn list(State(store): State<Store>) -> Result<Json<Vec<Order>>, Problem> {
    Ok(Json(store.orders().await?))
}

/// `GET /customers/{id}/orders`.
pub(super) async fn list_of_customer(
    State(store): State<Store>,
    id: Result<Path<i64>, PathRejection>,
) -> Result<Json<Vec<Order>>, Problem> {
    let Path(id) = id?;
    if !store.has_customer(id).await? {
        return Err(Problem::NotFound(format!("there is no customer {id}")));
    }
    Ok(Json(store.orders_of(id).await?))
}

/// `POST /orders`.
pub(super) async fn add(
    State(store): State<Store>,
    form: Result<Json<Form>, JsonRejection>,
) -> Result<(StatusCode, Json<Order>), Problem> {
    let Json(form) = form?;
    let order = store.add_order(form.check()?).await.map_err(|error| {
        Problem::of_constraint(error, "the order is there already", "customer_id names no customer")
    })?;
    Ok((StatusCode::CREATED, Json(order)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_of_nothing_is_refused() {
        let form = |quantity, unit_price_cents| Form {
            customer_id: 1,
            item: "wire".to_owned(),
            quantity,
            unit_price_cents,
        };
        assert!(form(1, 0).check().is_ok());
        assert!(form(0, 1).check().is_err());
        assert!(form(1, -1).check().is_err());
    }
}
