//! MySQL and MariaDB: how their text is lexed, split and classified. Nothing here talks to a
//! server.

pub(crate) mod block;
pub(crate) mod change;
pub(crate) mod client;
pub(crate) mod effect;
pub(crate) mod lexical;
pub(crate) mod mode;
mod routine;

pub(crate) use routine::body as routine_body;
