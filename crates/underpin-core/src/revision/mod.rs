//! Revisions: their ids, their headers and files, and the graph that they form.

mod applied;
mod collection;
mod direction;
mod file;
mod folder;
mod graph;
mod header;
mod history;
mod id;
mod packed;
mod path;
mod range;
mod resolve;
#[cfg(test)]
mod sample;
mod successor;
mod target;
mod walk;

pub use applied::Applied;
pub use collection::{Checksums, Collection};
pub use direction::Direction;
pub use file::{FileError, FileErrorKind, FileStatement, Language, RevisionFile, Section, file_stem, slug};
pub use folder::{Entry, Folder, RevisionText, read_folder};
pub use graph::{GraphError, Member, Revision, RevisionGraph};
pub use header::{Header, Phase};
pub use id::{InvalidRevisionId, RevisionId};
pub use packed::{pack_headers, packed_ids, unpack_headers};
pub use path::{Path, PathError, PathStep, StampPath, Unreachable};
pub use range::TargetRange;
pub use target::{InvalidTarget, Symbol, Target};
