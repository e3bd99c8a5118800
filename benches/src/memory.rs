//! The most memory that this process had in RAM, as the kernel counts it: VmHWM in `/proc/self/status`, proc(5).
//! It is no allocator's count: what a program costs its machine is what is resident.

use std::fs;

use anyhow::{Context, Result};

/// The peak of the resident memory of this process, in KiB.
///
/// # Errors
/// Where there is no `/proc`.
pub fn peak() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status").context("no /proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    line.trim().trim_end_matches(" kB").parse().context("VmHWM is no number")
}

/// Lets the peak begin anew from what is resident now.
///
/// # Errors
/// Where the kernel has no `/proc/self/clear_refs`.
pub fn forget_peak() -> Result<()> {
    fs::write("/proc/self/clear_refs", "5").context("cannot reset the peak of the memory")
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_counts() {
        forget_peak().unwrap();
        let before = peak().unwrap();
        let held = vec![1_u8; 32 << 20];
        let after = peak().unwrap();
        assert!(after >= before + 30_000, "{before} {after} {}", held.len());
    }
}
