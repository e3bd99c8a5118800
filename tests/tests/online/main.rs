//! Generated revisions on a database in use: into which files a change is divided, what its statements lock while they
//! read, and that somebody who writes meanwhile sees no error. How long anybody waits is measured by `benches/online.rs`.

#![allow(clippy::print_stderr, reason = "a test says why it is skipped")]

mod chain;
mod help;
#[path = "../comparison/host.rs"]
mod host;
mod locks;
mod schema;
