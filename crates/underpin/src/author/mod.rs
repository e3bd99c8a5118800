//! Writing revision files: new ones, merges, one in place of several, and the first of a project; in
//! the form that a team has chosen, and with what it does to them afterwards. Other
//! files that are there are never changed, and no database is asked.

#[cfg(feature = "cli")]
mod after_write;
pub(crate) mod code;
mod file_template;
mod form;
mod identify;
mod library;
mod merge;
mod new_revision;
mod place;
mod project;
mod squash;
#[cfg(feature = "templates")]
mod template;
mod unfilled;

#[cfg(feature = "cli")]
pub(crate) use after_write::AfterWrite;
pub use file_template::FileTemplate;
pub use form::FileForm;
pub use new_revision::{NewRevision, WrittenRevision};
pub use project::{NewProject, WrittenProject};
#[cfg(feature = "cli")]
pub(crate) use squash::Squash;
pub use squash::squash;
#[cfg(feature = "templates")]
pub use template::{RevisionTemplate, TemplateKind};
pub(crate) use unfilled::unfilled;
