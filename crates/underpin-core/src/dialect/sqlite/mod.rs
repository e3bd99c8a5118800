//! SQLite: how its text is lexed, split and classified. Nothing here runs a statement.

pub(crate) mod affinity;
pub(crate) mod block;
pub(crate) mod change;
pub(crate) mod client;
pub mod create;
pub(crate) mod effect;
pub(crate) mod lexical;
