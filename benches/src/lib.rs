//! What the benchmarks stand on: revisions in any number, the contestants that apply them, medians and tables.
//! It is no part of the product, and it decides nothing about it: it measures.

pub mod child;
pub mod contest;
pub mod contestant;
pub mod disk;
pub mod driver;
pub mod library;
pub mod memory;
pub mod options;
pub mod plot;
pub mod table;
pub mod wire;

pub use contest::Contest;
pub use contestant::Contestant;
pub use driver::Driver;
pub use library::Library;
pub use options::Options;
pub use table::Table;
