//! A small disk to be full: a file system in memory, mounted for a test where that is allowed.
//! It needs the rights of root, and says loudly where it has not got them.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::engine::in_ci;
use crate::scale;

/// A file system in memory, unmounted when dropped.
#[derive(Debug)]
pub struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Mounts one over a directory for a user; nothing where that is not allowed, which is said loudly.
    ///
    /// # Panics
    /// When it fails for another reason, and `CI=true`.
    pub fn over(directory: &Path, size: &str, owner: (u32, u32)) -> Option<Self> {
        let options = format!("size={size},uid={},gid={},mode=0700", owner.0, owner.1);
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(directory);
        let output = mount.output();
        if output.as_ref().is_ok_and(|output| output.status.success()) {
            return Some(Self(directory.to_owned()));
        }
        let said = output.as_ref().map_or_else(ToString::to_string, |output| {
            String::from_utf8_lossy(&output.stderr).to_lowercase()
        });
        // In CI, too, only root may mount, and in a container without that right not even root.
        let may_not =
            ["permission denied", "superuser", "not permitted"].iter().any(|words| said.contains(words));
        assert!(!in_ci() || may_not, "no small disk can be mounted, and CI=true: {output:?}");
        scale::report(&format!("!!! no small disk can be mounted here, its fault is SKIPPED: {output:?}"));
        None
    }

    /// Gives it more room.
    ///
    /// # Panics
    /// When it can't be enlarged.
    #[track_caller]
    pub fn enlarge(&self) {
        let grown = Command::new("mount").args(["-o", "remount,size=200m"]).arg(&self.0).status();
        assert!(grown.is_ok_and(|status| status.success()), "the disk can't be enlarged");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}
