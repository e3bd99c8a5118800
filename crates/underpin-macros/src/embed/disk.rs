//! The file system, as the compiler's process sees it. The rules of reading are in `underpin-core`.

use std::{fs, io, path::Path};

use underpin_core::revision::{Entry, Folder};

/// The real file system.
pub(super) struct Disk;

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
        // A pipe or a device could keep the compiler waiting for ever.
        if !fs::metadata(file)?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
        }
        fs::read(file)
    }
}
