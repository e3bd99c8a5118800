//! Where revisions come from: compiled into the program, or read from a directory. Both answer the
//! same questions; what a database has applied is not among them.

mod directory;
mod embed;
mod embedded;
#[cfg(feature = "cli")]
pub(crate) mod python;
mod remembered;
#[cfg_attr(
    not(feature = "cli"),
    allow(dead_code, reason = "lines with a mark behind a head are the commands'")
)]
mod short;

pub use embedded::Embedded;

use std::{
    collections::HashMap,
    fmt,
    path::Path,
    sync::{Arc, OnceLock},
};

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Flavour,
    revision::{Direction, RevisionFile, RevisionGraph, RevisionId},
    sql::{Checksum, Digest},
};

use crate::operation::RevisionFunction;

use directory::Directory;
pub(crate) use directory::Disk;
pub(crate) use remembered::LEDGER;
use remembered::Remembered;
pub(crate) use short::ShortIds;

/// How many further files with errors are named; the rest is counted.
const NAMED: usize = 5;

/// What the code that `embed!` writes refers to. Not meant for anything else.
#[doc(hidden)]
pub mod generated {
    #[cfg(feature = "macros")]
    pub use underpin_macros::embed;

    pub use super::embedded::{Embedded, EmbeddedCode, EmbeddedFile, EmbeddedFlavour};
}

/// The revisions that a program knows. Cheap to clone.
///
/// ```
/// use underpin::Revisions;
///
/// # fn main() -> Result<(), underpin::Diagnostic> {
/// # let directory = tempfile::tempdir().unwrap();
/// # let text = "-- revision: ae10\n-- message: orders\n\n-- underpin: upgrade\nSELECT 1;\n";
/// # std::fs::write(directory.path().join("ae10_orders.sql"), text).unwrap();
/// # let migrations = directory.path();
/// let revisions = Revisions::read(migrations)?;
/// assert_eq!(revisions.len(), 1);
/// assert_eq!(revisions.head_ids()?[0].as_str(), "ae10");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Revisions(Arc<Inner>);

struct Inner {
    source: Source,
    graph: OnceLock<RevisionGraph>,
    /// Who has the functions of the files in Rust, where these are read from a directory.
    lender: Option<Revisions>,
    /// The file of each embedded revision; a directory has an index of its own.
    index: OnceLock<HashMap<&'static str, usize>>,
}

enum Source {
    Embedded(&'static Embedded),
    Directory(Directory),
    Remembered(Box<Remembered>),
}

impl Revisions {
    /// The revisions that [`embed!`](crate::embed) compiled into the program. Does no work.
    pub fn embedded(embedded: &'static Embedded) -> Self {
        Self::from_source(Source::Embedded(embedded))
    }

    /// Reads the revision files of a directory.
    ///
    /// These are the files whose names end in `.sql` or `.rs` and do not start with a dot; if there is none,
    /// those of the subdirectory `versions`. A directory without any is no error here.
    ///
    /// # Errors
    /// [`ErrorKind::DirectoryNotFound`] if there is no such directory, and
    /// [`ErrorKind::RevisionFile`] if a file can't be read or parsed; further files with errors are
    /// named in hints. Whether the files form a graph is not looked at.
    pub fn read(directory: &Path) -> Result<Self, Diagnostic> {
        Directory::read(directory).map(Source::Directory).map(Self::from_source)
    }

    /// No revisions, for asking a database what has nothing to do with them.
    #[cfg(feature = "cli")]
    pub(crate) fn none() -> Self {
        Self::from_source(Source::Directory(Directory::none()))
    }

    /// These and, for taking them back, those that only the ledger knows.
    pub(crate) fn remembering(&self, remembered: Vec<(RevisionFile, Checksum)>) -> Self {
        Self::from_source(Source::Remembered(Box::new(Remembered::new(self.clone(), remembered))))
    }

    fn from_source(source: Source) -> Self {
        Self::lent(source, None)
    }

    fn lent(source: Source, lender: Option<Self>) -> Self {
        Self(Arc::new(Inner { source, lender, graph: OnceLock::new(), index: OnceLock::new() }))
    }

    /// Those of a directory, with the functions that a program has compiled of files that say the same.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    #[cfg(feature = "cli")]
    pub(crate) fn read_with(directory: &Path, lender: &Self) -> Result<Self, Diagnostic> {
        Ok(Self::lent(Source::Directory(Directory::read(directory)?), Some(lender.clone())))
    }

    /// How many revisions there are.
    pub fn len(&self) -> usize {
        match &self.0.source {
            Source::Embedded(embedded) => embedded.len(),
            Source::Directory(directory) => directory.collection().files().len(),
            Source::Remembered(remembered) => remembered.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The directory, as it was given, or the word `embedded`.
    pub fn location(&self) -> String {
        match &self.0.source {
            Source::Embedded(_) => "embedded".to_owned(),
            Source::Directory(directory) => directory.location().to_owned(),
            Source::Remembered(remembered) => remembered.location(),
        }
    }

    /// The graph that the revisions form. It is built when it is first asked for.
    ///
    /// # Errors
    /// As [`RevisionGraph::new`]; for embedded revisions never, the macro has built it before.
    pub fn graph(&self) -> Result<&RevisionGraph, Diagnostic> {
        if let Some(graph) = self.0.graph.get() {
            return Ok(graph);
        }
        let graph = match &self.0.source {
            Source::Embedded(embedded) => embedded.graph()?,
            Source::Directory(directory) => directory.collection().graph()?,
            Source::Remembered(remembered) => remembered.graph()?,
        };
        Ok(self.0.graph.get_or_init(|| graph))
    }

    /// The digest of all revisions on servers of a flavour. Needs no graph where they are embedded.
    ///
    /// # Errors
    /// If the SQL of a revision can't be split for the flavour, or the files form no graph.
    pub fn digest(&self, flavour: Flavour) -> Result<Digest, Diagnostic> {
        match &self.0.source {
            Source::Embedded(embedded) => embedded.digest(flavour),
            Source::Directory(directory) => {
                self.graph()?;
                directory.collection().digest(flavour)
            }
            Source::Remembered(remembered) => remembered.digest(flavour),
        }
    }

    /// The revisions that no other has as its parent. Needs no graph where they are embedded.
    ///
    /// # Errors
    /// As [`Self::graph`].
    pub fn head_ids(&self) -> Result<Vec<RevisionId>, Diagnostic> {
        match &self.0.source {
            Source::Embedded(embedded) => embedded.head_ids(),
            Source::Directory(_) | Source::Remembered(_) => Ok(self.graph()?.heads()),
        }
    }

    /// The checksum of a revision on servers of a flavour.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownRevision`] if there is no revision with exactly this id, and
    /// [`ErrorKind::RevisionFile`] if its SQL can't be split for the flavour.
    pub fn checksum(&self, id: &str, flavour: Flavour) -> Result<Checksum, Diagnostic> {
        match &self.0.source {
            Source::Embedded(embedded) => embedded.checksum(self.find(embedded, id)?, flavour),
            Source::Directory(directory) => Ok(directory.file(id)?.checksum(flavour)?),
            Source::Remembered(remembered) => Ok(remembered.file_with_checksum(id, flavour)?.1),
        }
    }

    /// The file of a revision, parsed.
    ///
    /// # Errors
    /// [`ErrorKind::UnknownRevision`] if there is no revision with exactly this id.
    pub fn file(&self, id: &str) -> Result<RevisionFile, Diagnostic> {
        match &self.0.source {
            Source::Embedded(embedded) => self.embedded_file(embedded, self.find(embedded, id)?, id),
            Source::Directory(directory) => directory.file(id).cloned(),
            Source::Remembered(remembered) => remembered.file(id),
        }
    }

    /// The file of a revision and its checksum on servers of a flavour, which is not computed again
    /// where it is embedded.
    pub(crate) fn file_with_checksum(
        &self,
        id: &str,
        flavour: Flavour,
    ) -> Result<(RevisionFile, Checksum), Diagnostic> {
        match &self.0.source {
            Source::Embedded(embedded) => {
                let index = self.find(embedded, id)?;
                let file = self.embedded_file(embedded, index, id)?;
                Ok((file, embedded.checksum(index, flavour)?))
            }
            Source::Directory(directory) => {
                let file = directory.file(id)?;
                Ok((file.clone(), file.checksum(flavour)?))
            }
            Source::Remembered(remembered) => remembered.file_with_checksum(id, flavour),
        }
    }

    /// The function of a revision that is written in Rust; nothing where this program does not have it.
    pub(crate) fn function(&self, id: &str, direction: Direction) -> Option<RevisionFunction> {
        match &self.0.source {
            Source::Embedded(embedded) => embedded.function(self.find(embedded, id).ok()?, direction),
            Source::Directory(directory) => {
                let lender = self.0.lender.as_ref()?;
                let same = |flavour| {
                    let here = directory.file(id).ok()?.checksum(flavour).ok()?;
                    Some(here == lender.checksum(id, flavour).ok()?)
                };
                same(Flavour::Sqlite)?.then(|| lender.function(id, direction)).flatten()
            }
            Source::Remembered(remembered) => remembered.function(id, direction),
        }
    }

    /// An embedded file, with the header that the graph has of it already.
    fn embedded_file(
        &self,
        embedded: &'static Embedded,
        index: usize,
        id: &str,
    ) -> Result<RevisionFile, Diagnostic> {
        match self.graph()?.get(id) {
            Some(revision) => embedded.file_with(index, revision.header.clone()),
            None => embedded.file(index),
        }
    }

    fn find(&self, embedded: &'static Embedded, id: &str) -> Result<usize, Diagnostic> {
        let index = self.0.index.get_or_init(|| embedded.index());
        index.get(id).copied().ok_or_else(|| unknown_revision(id, "this program"))
    }
}

impl From<&'static Embedded> for Revisions {
    fn from(embedded: &'static Embedded) -> Self {
        Self::embedded(embedded)
    }
}

impl fmt::Debug for Revisions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Revisions").field("location", &self.location()).field("len", &self.len()).finish()
    }
}

fn unknown_revision(id: &str, holder: &str) -> Diagnostic {
    Diagnostic::new(ErrorKind::UnknownRevision, format!("there is no revision {id:?} in {holder}"))
        .hint("`underpin history` lists the revisions that there are")
}

/// The first error, with the others as hints.
pub(crate) fn first_of(errors: Vec<Diagnostic>) -> Diagnostic {
    let mut others = errors.into_iter();
    let Some(mut first) = others.next() else {
        return Diagnostic::new(ErrorKind::Internal, "an error without an error");
    };
    let count = others.len();
    for other in others.by_ref().take(NAMED) {
        let place = other.place.map(|place| format!(" ({}:{})", place.file, place.line)).unwrap_or_default();
        first.hints.push(format!("and also: {}{place}", other.message));
    }
    if count > NAMED {
        first.hints.push(format!("and {} more files have errors", count - NAMED));
    }
    first
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{
        embedded::{EmbeddedFile, EmbeddedFlavour},
        *,
    };

    const ORDERS: &str = "-- revision: ae10\n-- message: orders\n\n-- underpin: upgrade\nSELECT 1;\n";
    const ITEMS: &str = "-- revision: bf21\n-- parents: ae10\n-- message: items\n\n-- underpin: upgrade\n\
        SELECT 'it\\'s';\n";

    static EMBEDDED: Embedded = Embedded {
        directory: "m",
        files: &[
            EmbeddedFile { file: "m/ae10_orders.sql", text: ORDERS },
            EmbeddedFile { file: "m/bf21_items.sql", text: ITEMS },
        ],
        headers: "ae10\t\t\t\t\t\t\torders\nbf21\tae10\t\t\t\t\t\titems\n",
        heads: &["bf21"],
        flavours: [
            None,
            None,
            Some(EmbeddedFlavour { checksums: &[7; 64], digest: &[9; 32] }),
            Some(EmbeddedFlavour { checksums: &[8; 64], digest: &[9; 32] }),
        ],
        code: &[],
    };

    fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let file = directory.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        directory
    }

    fn read_error(files: &[(&str, &str)]) -> Diagnostic {
        Revisions::read(directory(files).path()).unwrap_err()
    }

    #[test]
    fn both_sources_know_the_same() {
        let directory = directory(&[("bf21_items.sql", ITEMS), ("ae10_orders.sql", ORDERS)]);
        let read = Revisions::read(directory.path()).unwrap();
        let embedded = Revisions::embedded(&EMBEDDED);
        assert_eq!(read.location(), directory.path().display().to_string());
        assert_eq!(embedded.location(), "embedded");
        for revisions in [read, embedded] {
            assert_eq!((revisions.len(), revisions.is_empty()), (2, false));
            assert_eq!(revisions.head_ids().unwrap(), [RevisionId::new("bf21").unwrap()]);
            let order: Vec<_> = revisions.graph().unwrap().iter().map(|one| one.header.clone()).collect();
            assert_eq!(order.iter().map(|header| &*header.message).collect::<Vec<_>>(), ["orders", "items"]);
            assert_eq!(revisions.file("bf21").unwrap().header, order[1]);
            assert_eq!(revisions.file("bf2").unwrap_err().kind, ErrorKind::UnknownRevision);
            assert_eq!(revisions.checksum("c", Flavour::Mysql).unwrap_err().kind, ErrorKind::UnknownRevision);
        }
    }

    #[test]
    fn what_is_embedded_is_not_computed_again() {
        let embedded = Revisions::embedded(&EMBEDDED);
        let seven = Checksum::from_bytes([7; 32]);
        assert_eq!(embedded.checksum("bf21", Flavour::Mysql).unwrap(), seven);
        assert_eq!(embedded.digest(Flavour::Mariadb).unwrap(), Digest::from_bytes([9; 32]));
    }

    #[test]
    fn sql_that_a_flavour_cannot_read_is_an_error_for_that_flavour_only() {
        let directory = directory(&[("ae10_orders.sql", ORDERS), ("bf21_items.sql", ITEMS)]);
        for revisions in [Revisions::embedded(&EMBEDDED), Revisions::read(directory.path()).unwrap()] {
            for error in [
                revisions.digest(Flavour::Sqlite).unwrap_err(),
                revisions.checksum("bf21", Flavour::Postgres).unwrap_err(),
            ] {
                assert_eq!(error.kind, ErrorKind::RevisionFile);
                assert_eq!(error.place.map(|place| place.line), Some(6));
            }
            assert!(revisions.checksum("ae10", Flavour::Sqlite).is_ok());
            assert!(revisions.digest(Flavour::Mysql).is_ok());
        }
    }

    #[test]
    fn a_directory_that_is_missing_and_a_file_in_its_place_are_refused() {
        let directory = directory(&[("a.sql", ORDERS)]);
        for name in ["missing", "a.sql", "a.sql/b"] {
            let error = Revisions::read(&directory.path().join(name)).unwrap_err();
            assert_eq!(error.kind, ErrorKind::DirectoryNotFound, "{error}");
            assert!(error.message.contains(name) && !error.hints.is_empty(), "{error}");
        }
    }

    #[test]
    fn an_empty_directory_is_no_error() {
        let directory = directory(&[("README.md", "x"), (".a.sql", "x")]);
        let revisions = Revisions::read(directory.path()).unwrap();
        assert!(revisions.is_empty() && revisions.head_ids().unwrap().is_empty());
        assert_eq!(revisions.digest(Flavour::Sqlite).unwrap(), Digest::EMPTY);
        let embedded = Revisions::embedded(&Embedded::EMPTY);
        assert!(embedded.is_empty() && embedded.graph().unwrap().is_empty());
        assert_eq!(embedded.digest(Flavour::Sqlite).unwrap(), Digest::EMPTY);
    }

    #[test]
    fn revisions_may_be_in_the_directory_versions() {
        let directory = directory(&[("env.py", "x"), ("versions/ae10_orders.sql", ORDERS)]);
        let revisions = Revisions::read(directory.path()).unwrap();
        let file = revisions.file("ae10").unwrap().file;
        assert!(file.ends_with("/versions/ae10_orders.sql"), "{file}");
    }

    #[test]
    fn the_first_of_several_errors_tells_of_the_others() {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h"].map(|name| format!("{name}.sql"));
        let files: Vec<_> = names.iter().map(|name| (&**name, "SELECT 1;\n")).collect();
        let error = read_error(&files);
        assert_eq!(error.kind, ErrorKind::RevisionFile);
        assert!(error.place.is_some_and(|place| place.file.ends_with("/a.sql")));
        assert!(error.hints.iter().any(|hint| hint.starts_with("and also: ") && hint.ends_with("/b.sql:1)")));
        assert_eq!(error.hints.last().map(String::as_str), Some("and 2 more files have errors"));
    }

    #[test]
    fn files_that_form_no_graph_are_told_of_when_the_graph_is_needed() {
        let directory = directory(&[("a.sql", ORDERS), ("b.sql", ORDERS)]);
        let revisions = Revisions::read(directory.path()).unwrap();
        assert_eq!(revisions.graph().unwrap_err().kind, ErrorKind::DuplicateRevision);
        assert_eq!(revisions.digest(Flavour::Sqlite).unwrap_err().kind, ErrorKind::DuplicateRevision);
        assert_eq!(revisions.head_ids().unwrap_err().kind, ErrorKind::DuplicateRevision);
    }

    #[test]
    fn a_file_that_is_not_text_is_named() {
        let directory = directory(&[("a.sql", ORDERS)]);
        fs::write(directory.path().join("b.sql"), b"-- revision: \xff\n").unwrap();
        let error = Revisions::read(directory.path()).unwrap_err();
        assert_eq!(error.kind, ErrorKind::RevisionFile);
        assert!(error.message.ends_with("/b.sql is not UTF-8 text (line 1)"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_nothing_is_an_unreadable_file() {
        let directory = directory(&[("a.sql", ORDERS)]);
        std::os::unix::fs::symlink("nothing", directory.path().join("b.sql")).unwrap();
        let error = Revisions::read(directory.path()).unwrap_err();
        assert_eq!(error.kind, ErrorKind::RevisionFile);
        assert!(error.message.contains("/b.sql can't be read: "), "{error}");
    }

    #[test]
    fn revisions_can_be_shared_between_threads() {
        fn shared<T: Clone + Send + Sync + 'static>(_: &T) {}
        shared(&Revisions::embedded(&EMBEDDED));
    }
}
