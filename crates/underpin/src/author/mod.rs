//! Writing revision files: new ones, merges, and the first of a project. Files that are there are
//! never changed, and no database is asked.

mod file_template;
mod identify;
mod library;
mod merge;
mod new_revision;
mod place;
mod project;
mod unfilled;

pub use file_template::FileTemplate;
pub use new_revision::{NewRevision, WrittenRevision};
pub use project::{NewProject, WrittenProject};
pub(crate) use unfilled::unfilled;
