//! What the black-box tests stand on: fresh databases on four engines, the programs as processes, projects on disk.
//! It is no test of its own and no part of the product, and it knows Underpin only from outside: files, arguments,
//! environment, HTTP, and what is in the database afterwards.
//!
//! Everything here panics with a sentence when the ground of a test gives way; a test has nobody else to tell.

pub mod authority;
pub mod database;
pub mod disk;
pub mod engine;
pub mod history;
pub mod http;
pub mod point;
pub mod pooler;
pub mod program;
pub mod project;
pub mod relay;
pub mod scale;
pub mod server;
pub mod workload;

mod blocking;

pub use authority::Authority;
pub use database::{Holder, Session, TestDatabase};
pub use disk::SmallDisk;
pub use engine::Engine;
pub use history::History;
pub use http::Response;
pub use point::Hold;
pub use program::{Output, Program, Running, Shop, Signal, Started, dump_programs};
pub use project::Project;
pub use relay::Relay;
pub use server::OwnServer;
pub use workload::{Picture, Workload};
