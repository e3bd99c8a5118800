//! The Rust code of the guide and of the README: that it compiles is the test, and what is a test on a page is one here.

#![allow(
    dead_code,
    non_upper_case_globals,
    unreachable_pub,
    unused_imports,
    unused_variables,
    clippy::all,
    clippy::pedantic,
    clippy::print_stdout,
    clippy::print_stderr
)]

include!(concat!(env!("OUT_DIR"), "/guide/code.rs"));
