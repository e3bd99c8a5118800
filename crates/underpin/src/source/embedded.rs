//! Revisions that are compiled into the program, as static data. What wrote them is the macro
//! `embed!`; it has checked all of it, and nothing here touches a disk.

use std::{collections::HashMap, fmt};

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Flavour,
    revision::{
        Direction, Header, Revision, RevisionFile, RevisionGraph, RevisionId, packed_ids, unpack_headers,
    },
    sql::{Checksum, Digest},
};

use crate::operation::RevisionFunction;

/// Revisions compiled into the program by [`embed!`](crate::embed).
///
/// A `const` would be copied to wherever it is named, so keep it in a `static`:
///
/// ```
/// static MIGRATIONS: underpin::Embedded = underpin::Embedded::EMPTY;
///
/// assert!(underpin::Revisions::embedded(&MIGRATIONS).is_empty());
/// ```
pub struct Embedded {
    #[doc(hidden)]
    pub directory: &'static str,
    #[doc(hidden)]
    pub files: &'static [EmbeddedFile],
    /// What [`unpack_headers`] takes, in the order of the files.
    #[doc(hidden)]
    pub headers: &'static str,
    #[doc(hidden)]
    pub heads: &'static [&'static str],
    /// In the order of [`Flavour::ALL`]; none if the SQL of a revision can't be split for the flavour.
    #[doc(hidden)]
    pub flavours: [Option<EmbeddedFlavour>; 4],
    /// The functions of the files that are written in Rust.
    #[doc(hidden)]
    pub code: &'static [EmbeddedCode],
}

/// A revision file compiled into the program.
#[doc(hidden)]
pub struct EmbeddedFile {
    pub file: &'static str,
    pub text: &'static str,
}

/// The functions of a revision that is written in Rust.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct EmbeddedCode {
    /// The place of its file.
    pub file: usize,
    pub upgrade: RevisionFunction,
    pub downgrade: Option<RevisionFunction>,
}

/// What is known of all revisions for one flavour.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct EmbeddedFlavour {
    /// Thirty-two bytes for each file, in their order.
    pub checksums: &'static [u8],
    pub digest: &'static [u8; 32],
}

impl Embedded {
    /// No revision at all.
    pub const EMPTY: Self = Self {
        directory: "",
        files: &[],
        headers: "",
        heads: &[],
        flavours: [Some(EmbeddedFlavour { checksums: &[], digest: Digest::EMPTY.as_bytes() }); 4],
        code: &[],
    };

    /// How many revisions there are.
    pub const fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The directory that they were read from, relative to the package.
    pub const fn directory(&self) -> &'static str {
        self.directory
    }

    pub(super) fn graph(&self) -> Result<RevisionGraph, Diagnostic> {
        let headers = unpack_headers(self.headers).filter(|headers| headers.len() == self.len());
        let headers = headers.ok_or_else(|| wrong("the embedded headers can't be read"))?.into_iter();
        let revisions =
            headers.zip(self.files).map(|(header, file)| Revision { header, file: file.file.to_owned() });
        Ok(RevisionGraph::new(revisions.collect())?)
    }

    pub(super) fn head_ids(&self) -> Result<Vec<RevisionId>, Diagnostic> {
        let ids = self.heads.iter().map(|id| RevisionId::new(id));
        ids.map(|id| id.map_err(|error| wrong(&error.to_string()))).collect()
    }

    pub(super) fn digest(&self, flavour: Flavour) -> Result<Digest, Diagnostic> {
        match self.flavours[flavour.index()] {
            Some(known) => Ok(Digest::from_bytes(*known.digest)),
            // One of the revisions is the reason, and its error says what is wrong with it.
            None => self.files.iter().try_fold(Digest::EMPTY, |mut digest, file| {
                let file = file.parse()?;
                digest.toggle(&file.header.id, &file.checksum(flavour)?);
                Ok(digest)
            }),
        }
    }

    pub(super) fn checksum(&self, index: usize, flavour: Flavour) -> Result<Checksum, Diagnostic> {
        let known = self.flavours[flavour.index()];
        match known.and_then(|known| known.checksums.as_chunks().0.get(index)) {
            Some(bytes) => Ok(Checksum::from_bytes(*bytes)),
            None => Ok(self.file(index)?.checksum(flavour)?),
        }
    }

    pub(super) fn file(&self, index: usize) -> Result<RevisionFile, Diagnostic> {
        self.files[index].parse()
    }

    /// The same with its header, which the macro has read before.
    pub(super) fn file_with(&self, index: usize, header: Header) -> Result<RevisionFile, Diagnostic> {
        let EmbeddedFile { file, text } = self.files[index];
        Ok(RevisionFile::parse_sections(file, text, header)?)
    }

    /// The function of a revision in Rust for a direction.
    pub(super) fn function(&self, index: usize, direction: Direction) -> Option<RevisionFunction> {
        let code = self.code.iter().find(|code| code.file == index)?;
        match direction {
            Direction::Upgrade => Some(code.upgrade),
            Direction::Downgrade => code.downgrade,
        }
    }

    /// The place of each revision's file.
    pub(super) fn index(&self) -> HashMap<&'static str, usize> {
        let mut index = HashMap::with_capacity(self.len());
        index.extend(packed_ids(self.headers).zip(0..self.len()));
        index
    }
}

impl EmbeddedFile {
    fn parse(&self) -> Result<RevisionFile, Diagnostic> {
        Ok(RevisionFile::parse(self.file, self.text)?)
    }
}

/// The macro writes only what is right; the fields are public all the same.
fn wrong(message: &str) -> Diagnostic {
    Diagnostic::new(ErrorKind::Internal, message)
}

impl fmt::Debug for Embedded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Embedded").field("directory", &self.directory).field("len", &self.len()).finish()
    }
}
