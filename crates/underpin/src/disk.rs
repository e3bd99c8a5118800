//! What the disks of this machine allow: which directory is there, whether it can be written to, how much room it
//! has, and whether it is really here. What for is the caller's.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

/// A directory, or what is nearest above it and there: the others are created.
pub(crate) fn nearest(directory: &Path) -> PathBuf {
    let mut there = directory.ancestors().map(|path| match path.as_os_str().is_empty() {
        true => Path::new("."),
        false => path,
    });
    there.find(|path| path.exists()).unwrap_or(Path::new(".")).to_owned()
}

/// Tries it: what rights, owners and mounts make of it together, only the system knows.
///
/// # Errors
/// What the system says.
#[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "doctor asks before; others try and see"))]
pub(crate) fn try_to_write(directory: &Path) -> io::Result<()> {
    // Processes of two containers may have the same number.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let probe = directory.join(format!(".underpin-doctor-{}-{}", std::process::id(), now.as_nanos()));
    File::create_new(&probe)?;
    fs::remove_file(&probe)
}

/// The bytes that are free for us where something is; nothing where the system does not tell.
#[cfg(unix)]
pub(crate) fn free(path: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(path).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

#[cfg(not(unix))]
pub(crate) fn free(_path: &Path) -> Option<u64> {
    None
}

/// Looks whether a directory has room for so many bytes. What can't be found out is left to be found out by
/// writing.
///
/// # Errors
/// How much it has, in words.
pub(crate) fn room_for(directory: &Path, needed: u64) -> Result<(), String> {
    match free(directory) {
        Some(free) if free < needed => {
            let (free, needed) = (in_words(free), in_words(needed));
            Err(format!("{} has room for {free}, and {needed} are needed", directory.display()))
        }
        Some(_) | None => Ok(()),
    }
}

/// A number of bytes as people read it.
fn in_words(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["bytes", "KiB", "MiB", "GiB", "TiB"];
    let (mut value, mut unit) = (bytes, 0);
    while value >= 10_240 && unit + 1 < UNITS.len() {
        value /= 1_024;
        unit += 1;
    }
    format!("{value} {}", UNITS[unit])
}

/// The network file system that a path is on, by its number in statfs(2) on Linux.
#[cfg(all(feature = "cli", target_os = "linux"))]
pub(crate) fn network_file_system(path: &Path) -> Option<&'static str> {
    let number = rustix::fs::statfs(path).ok()?.f_type;
    // The numbers have 32 bits, and stand in a wider type with or without a sign.
    match u32::try_from(number as i128 & 0xffff_ffff).ok()? {
        0x6969 => Some("NFS"),
        0x517b | 0xff53_4d42 | 0xfe53_4d42 => Some("SMB"),
        0x0102_1997 => Some("9P"),
        0x00c3_6400 => Some("Ceph"),
        0x5346_414f => Some("AFS"),
        _ => None,
    }
}

#[cfg(all(feature = "cli", not(target_os = "linux")))]
pub(crate) fn network_file_system(_path: &Path) -> Option<&'static str> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_directory_is_the_one_that_things_are_created_in() {
        let directory = tempfile::tempdir().expect("a directory");
        assert_eq!(nearest(&directory.path().join("a/b")), directory.path());
        assert_eq!(nearest(Path::new("no/such")), Path::new("."));
    }

    #[test]
    fn trying_to_write_leaves_nothing_behind() {
        let directory = tempfile::tempdir().expect("a directory");
        try_to_write(directory.path()).expect("it can be written to");
        assert_eq!(fs::read_dir(directory.path()).expect("there").count(), 0);
        assert!(try_to_write(&directory.path().join("none")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_directory_has_some_room_and_not_all_of_it() {
        assert_eq!(free(Path::new("/nowhere/at/all")), None);
        assert_eq!(room_for(Path::new("/"), 1), Ok(()));
        let missing = room_for(Path::new("/"), u64::MAX).expect_err("nobody has that");
        assert!(missing.starts_with("/ has room for ") && missing.ends_with(" TiB are needed"), "{missing}");
    }

    #[test]
    fn bytes_are_told_with_four_digits_at_most() {
        assert_eq!(in_words(10_239), "10239 bytes");
        assert_eq!(in_words(1_200_000), "1171 KiB");
    }
}
