//! The revisions that a new one joins: read from the directory, connected, and connected again with
//! the new file among them. It writes nothing.

use std::path::{Path, PathBuf};

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    revision::{Collection, RevisionFile, RevisionGraph, RevisionId, RevisionText, read_folder},
};

use crate::source::{Disk, first_of};

/// The revision files of a directory.
pub(super) struct Library {
    /// The directory that new files belong in: the one that the others are in.
    pub(super) directory: PathBuf,
    pub(super) graph: RevisionGraph,
    texts: Vec<RevisionText>,
}

impl Library {
    /// Reads a directory; one that is not there yet is an error, an empty one is not.
    ///
    /// # Errors
    /// What is wrong with the files or with what they say of each other.
    pub(super) fn read(directory: &Path) -> Result<Self, Diagnostic> {
        let texts = read_folder(&Disk, directory, &directory.display().to_string()).map_err(first_of)?;
        let graph = graph_of(texts.iter().map(|text| (&*text.file, &*text.text)))?;
        let inner = texts.first().and_then(|text| text.path.parent());
        Ok(Self { directory: inner.unwrap_or(directory).to_owned(), graph, texts })
    }

    /// The graph with one more file.
    ///
    /// # Errors
    /// If the new file can't be one of these revisions.
    pub(super) fn with(&self, file: &str, text: &str) -> Result<RevisionGraph, Diagnostic> {
        // The file of a person's own making must be one that can be read back.
        RevisionFile::parse(file, text).map_err(Diagnostic::from)?;
        let files = self.texts.iter().map(|text| (&*text.file, &*text.text));
        graph_of(files.chain([(file, text)]))
    }

    /// The graph with one file in the place of those of these revisions.
    ///
    /// # Errors
    /// As [`with`](Self::with).
    pub(super) fn replacing(
        &self,
        ids: &[RevisionId],
        file: &str,
        text: &str,
    ) -> Result<RevisionGraph, Diagnostic> {
        let replaced = |text: &&RevisionText| {
            ids.iter().any(|id| self.graph.get(id).is_some_and(|revision| revision.file == text.file))
        };
        let others = self.texts.iter().filter(|text| !replaced(text)).map(|text| (&*text.file, &*text.text));
        graph_of(others.chain([(file, text)]))
    }

    /// The file of a revision, parsed.
    ///
    /// # Errors
    /// If there is none, which only a graph from elsewhere can ask for.
    pub(super) fn file(&self, id: &RevisionId) -> Result<RevisionFile, Diagnostic> {
        let text = self.text(id)?;
        RevisionFile::parse(&text.file, &text.text).map_err(Diagnostic::from)
    }

    /// Where the file of a revision is.
    ///
    /// # Errors
    /// As [`file`](Self::file).
    pub(super) fn path(&self, id: &RevisionId) -> Result<PathBuf, Diagnostic> {
        Ok(self.text(id)?.path.clone())
    }

    fn text(&self, id: &RevisionId) -> Result<&RevisionText, Diagnostic> {
        let file = self.graph.get(id).map(|revision| &revision.file);
        file.and_then(|file| self.texts.iter().find(|text| text.file == *file)).ok_or_else(|| {
            Diagnostic::new(ErrorKind::UnknownRevision, format!("there is no file of revision {id}"))
        })
    }

    /// The name of a file in this directory, as its user would name it.
    pub(super) fn shown(&self, name: &str) -> String {
        let path = self.directory.join(name);
        path.strip_prefix(".").unwrap_or(&path).display().to_string()
    }
}

fn graph_of<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> Result<RevisionGraph, Diagnostic> {
    Ok(Collection::parse(files).map_err(first_of)?.graph()?)
}

/// The error of a file that could not be written.
pub(super) fn unwritable(path: &Path, error: std::io::Error) -> Diagnostic {
    Diagnostic::new(ErrorKind::RevisionFile, format!("{} can't be written: {error}", path.display()))
        .hint("see to it that the directory is there and may be written to")
        .caused_by(error)
}
