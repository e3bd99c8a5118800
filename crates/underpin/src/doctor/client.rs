//! What this machine says of the place that a file is at: room, and whether it is really here.

use std::path::Path;

/// The bytes that are free for us where a file is or will be.
#[cfg(unix)]
pub(super) fn free_space(path: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(path).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

#[cfg(not(unix))]
pub(super) fn free_space(_path: &Path) -> Option<u64> {
    None
}

/// The network file system that a path is on, by its number in statfs(2) on Linux.
#[cfg(target_os = "linux")]
pub(super) fn network_file_system(path: &Path) -> Option<&'static str> {
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

#[cfg(not(target_os = "linux"))]
pub(super) fn network_file_system(_path: &Path) -> Option<&'static str> {
    None
}
