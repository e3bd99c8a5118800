//! Every setting, from wherever it comes: the only part that reads the environment and configuration
//! files. It decides what the settings are, and does nothing with them.
//!
//! A flag wins over `<PREFIX>NAME`, that over `NAME`, then come `.env`, `[env.<name>]` in
//! `underpin.toml`, the rest of `underpin.toml`, what the embedding program says, the defaults of
//! the environment, and the built-in ones. What the program pins wins over everything.

mod alembic;
mod directory;
mod dotenv;
#[cfg(feature = "cli")]
mod editor;
mod environment;
mod file;
pub(crate) mod handed;
mod help;
mod identity;
mod ini;
mod key;
mod layer;
mod loader;
mod origin;
#[cfg(feature = "cli")]
mod port;
mod project;
#[cfg(test)]
mod reference;
mod resolver;
mod settings;
mod shadowed;
mod startup;
mod suggest;
#[cfg(all(feature = "test-points", debug_assertions))]
mod test_point;
#[cfg(test)]
mod tests;
mod unknown;
mod url;
mod value;

#[cfg(feature = "cli")]
pub(crate) use editor::editor;
pub use help::environment_help;
#[cfg(feature = "cli")]
pub(crate) use help::environment_names;
pub(crate) use identity::{identity, program_name, temporary_directory};
pub use key::{Definition, Key, Kind};
pub use loader::Loader;
#[cfg(feature = "cli")]
pub(crate) use loader::complete_prefix;
pub use origin::Origin;
#[cfg(feature = "cli")]
pub(crate) use port::port;
pub use settings::{Entry, Settings};
#[cfg(all(feature = "test-points", debug_assertions))]
pub(crate) use test_point::test_point;
