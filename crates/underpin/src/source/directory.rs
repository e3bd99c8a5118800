//! A directory of revision files, read when the program runs. Which files count, and what is wrong
//! with them, `underpin-core` says, as it does for `embed!`.

use std::{fs, io, path::Path};

use underpin_core::{
    diagnostic::Diagnostic,
    revision::{Collection, Entry, Folder, RevisionFile, read_folder},
};

use super::{first_of, unknown_revision};

/// The revisions of a directory, as they were when it was read.
pub(super) struct Directory {
    location: String,
    collection: Collection,
}

impl Directory {
    /// A directory that was never looked at and holds nothing.
    #[cfg(feature = "cli")]
    pub(super) fn none() -> Self {
        Self { location: "nowhere".to_owned(), collection: Collection::default() }
    }

    pub(super) fn read(directory: &Path) -> Result<Self, Diagnostic> {
        let location = directory.display().to_string();
        let texts = read_folder(&Disk, directory, &location).map_err(first_of)?;
        let files = texts.iter().map(|text| (&*text.file, &*text.text));
        let collection = Collection::parse(files).map_err(first_of)?;
        Ok(Self { location, collection })
    }

    pub(super) fn location(&self) -> &str {
        &self.location
    }

    pub(super) fn collection(&self) -> &Collection {
        &self.collection
    }

    pub(super) fn file(&self, id: &str) -> Result<&RevisionFile, Diagnostic> {
        self.collection.get(id).ok_or_else(|| unknown_revision(id, &self.location))
    }
}

/// The real file system.
pub(crate) struct Disk;

impl Folder for Disk {
    fn entries(&self, directory: &Path) -> io::Result<Vec<Entry>> {
        let entries = fs::read_dir(directory)?.map(|entry| {
            let entry = entry?;
            let kind = entry.file_type()?;
            Ok(Entry {
                name: entry.file_name().to_string_lossy().into_owned(),
                is_directory: kind.is_dir() || kind.is_symlink() && entry.path().is_dir(),
            })
        });
        entries.collect()
    }

    fn read(&self, file: &Path) -> io::Result<Vec<u8>> {
        // A pipe or a device could keep its reader waiting for ever.
        if !fs::metadata(file)?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
        }
        fs::read(file)
    }
}
