//! The pure part of Underpin: everything that can be decided without a database.
//!
//! This crate reads no file, opens no connection, asks no clock and no environment, and has no
//! async code and no driver in its dependency tree. What it computes is plain data; the `underpin`
//! crate carries it out.

pub mod backfill;
pub mod catalog;
pub mod diagnostic;
pub mod dialect;
pub mod difference;
pub mod dump;
pub mod forecast;
pub mod impact;
pub mod ladder;
pub mod lint;
pub mod loss;
pub mod model;
pub mod name;
pub mod operation;
pub mod plan;
pub mod revision;
pub mod sample;
pub mod schema;
pub mod schema_file;
pub mod sql;
pub mod statement;
