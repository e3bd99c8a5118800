//! Writing revision files: new ones, merges, one in place of several, and the first of a project. Other
//! files that are there are never changed, and no database is asked.

mod file_template;
mod identify;
mod library;
mod merge;
mod new_revision;
mod place;
mod project;
mod squash;
mod unfilled;

pub use file_template::FileTemplate;
pub use new_revision::{NewRevision, WrittenRevision};
pub use project::{NewProject, WrittenProject};
#[cfg(feature = "cli")]
pub(crate) use squash::Squash;
pub use squash::squash;
pub(crate) use unfilled::unfilled;
