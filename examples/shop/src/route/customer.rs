//! `/customers`.

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::StatusCode,
};
use serde::Deserialize;

use super::{Problem, text};
use crate::store::{Customer, NewCustomer, Store};

/// What is sent for a new customer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    name: String,
    email: String,
}

impl Form {
    fn check(self) -> Result<NewCustomer, Problem> {
        let (name, email) = (text("name", &self.name)?, text("email", &self.email)?);
        match email.split_once('@') {
            Some((user, host)) if !user.is_empty() && !host.is_empty() => Ok(NewCustomer { name, email }),
            _ => Err(Problem::invalid("email", "must be an address such as ada@example.com")),
        }
    }
}

/// `GET /customers`.
pub(super) async fn list(State(store): State<Store>) -> Result<Json<Vec<Customer>>, Problem> {
    Ok(Json(store.customers().await?))
}

/// `POST /customers`.
pub(super) async fn add(
    State(store): State<Store>,
    form: Result<Json<Form>, JsonRejection>,
) -> Result<(StatusCode, Json<Customer>), Problem> {
    let Json(form) = form?;
    let customer = store.add_customer(form.check()?).await.map_err(|error| {
        Problem::of_constraint(error, "email belongs to another customer", "email is not known")
    })?;
    Ok((StatusCode::CREATED, Json(customer)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_two_ends() {
        let form = |email: &str| Form { name: "Ada".to_owned(), email: email.to_owned() };
        assert!(form("ada@example.com").check().is_ok());
        for refused in ["ada", "@example.com", "ada@"] {
            assert!(form(refused).check().is_err(), "{refused}");
        }
    }
}
