//! What the shop answers when it can't do what it was asked: a status and a sentence as JSON. It
//! never holds a server's own words, which go to the log.

use axum::{
    Json,
    extract::rejection::{JsonRejection, PathRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;
use sqlx::error::ErrorKind;

/// Why a request was not served.
#[derive(Debug)]
pub(super) enum Problem {
    /// What was sent is not what this route takes.
    Unreadable(StatusCode, String),
    /// A field has a value that it can't have.
    Invalid(String),
    /// There is nothing of that name.
    NotFound(String),
    /// It is there already.
    Taken(String),
    /// The route exists, and does something else.
    MethodNotAllowed,
    /// The database did not do its part.
    Database(sqlx::Error),
}

impl Problem {
    /// A field with a value that it can't have.
    pub(super) fn invalid(field: &str, why: &str) -> Self {
        Self::Invalid(format!("{field} {why}"))
    }

    /// What a constraint of the database means to the one who asked; any other error as it is.
    pub(super) fn of_constraint(error: sqlx::Error, unique: &str, foreign_key: &str) -> Self {
        match error.as_database_error().map(sqlx::error::DatabaseError::kind) {
            Some(ErrorKind::UniqueViolation) => Self::Taken(unique.to_owned()),
            Some(ErrorKind::ForeignKeyViolation) => Self::Invalid(foreign_key.to_owned()),
            _ => Self::Database(error),
        }
    }

    fn answer(self) -> (StatusCode, String) {
        match self {
            Self::Unreadable(status, message) => (status, message),
            Self::Invalid(message) => (StatusCode::UNPROCESSABLE_ENTITY, message),
            Self::NotFound(message) => (StatusCode::NOT_FOUND, message),
            Self::Taken(message) => (StatusCode::CONFLICT, message),
            Self::MethodNotAllowed => {
                (StatusCode::METHOD_NOT_ALLOWED, "this path does not take that method".to_owned())
            }
            Self::Database(error) => {
                tracing::error!(%error, "a request met an error of the database");
                match error {
                    sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => {
                        (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer".to_owned())
                    }
                    _ => (StatusCode::INTERNAL_SERVER_ERROR, "something went wrong in the shop".to_owned()),
                }
            }
        }
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        Self::Unreadable(rejection.status(), rejection.body_text())
    }
}

impl From<PathRejection> for Problem {
    fn from(rejection: PathRejection) -> Self {
        Self::Unreadable(rejection.status(), rejection.body_text())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, message) = self.answer();
        (status, Json(json!({ "error": message }))).into_response()
    }
}
