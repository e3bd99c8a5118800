//! The names of scratch databases: what tells them from everybody else's, and when they were made.
//! Whether one may be dropped is the dialect's to say.

use std::time::{SystemTime, UNIX_EPOCH};

/// What the names start with.
pub(super) const PREFIX: &str = "underpin_scratch_";

/// A name that nobody has yet: the prefix, the second it was made in and something random, both in
/// hexadecimal. It is shorter than what any engine allows (63 bytes on PostgreSQL).
pub(super) fn new() -> String {
    let second = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let mut random = [0_u8; 6];
    if getrandom::fill(&mut random).is_err() {
        // Without randomness, the process tells names of one second apart.
        random[2..].copy_from_slice(&std::process::id().to_le_bytes());
    }
    let random: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{PREFIX}{second:010x}_{random}")
}

/// The name of a database for what a restore replaces. It is no scratch database's, so that nobody sweeps rows away
/// that may be the only ones; and it begins like one, so that the same privilege makes it.
#[cfg(feature = "mysql")]
pub(crate) fn of_replaced(live: &str) -> String {
    format!("{}{WAS}{}", new(), plain(live))
}

/// What of a database's name stands in that of another: plain letters, and not many.
#[cfg(feature = "mysql")]
fn plain(live: &str) -> String {
    const LONGEST: usize = 18;
    let plain = live.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(LONGEST);
    plain.collect::<String>().to_ascii_lowercase()
}

/// Whether a name is one that [`of_replaced`] makes.
#[cfg(feature = "mysql")]
pub(super) fn is_of_any_replaced(name: &str) -> bool {
    name.split_once(WAS).is_some_and(|(scratch, _)| is_ours(scratch))
}

/// Whether a name is one that [`of_replaced`] makes for this database, or for one whose name begins like its own.
#[cfg(feature = "mysql")]
pub(crate) fn is_of_replaced(name: &str, live: &str) -> bool {
    name.split_once(WAS).is_some_and(|(scratch, of)| is_ours(scratch) && of == plain(live))
}

/// What stands between the name of a scratch database and that of the database whose tables are there.
#[cfg(feature = "mysql")]
const WAS: &str = "_was_";

/// Whether a name is one that [`new`] makes, and nobody else's that only begins like it.
pub(crate) fn is_ours(name: &str) -> bool {
    let hexadecimal = |text: &str, length: usize| {
        text.len() == length
            && text.bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase())
    };
    name.strip_prefix(PREFIX)
        .and_then(|rest| rest.split_once('_'))
        .is_some_and(|(second, random)| hexadecimal(second, 10) && hexadecimal(random, 12))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_made_here_is_ours() {
        let name = new();
        assert!(is_ours(&name) && name.len() < 63, "{name}");
        assert_ne!(name, new());
        #[cfg(feature = "mysql")]
        {
            let live = "Shop-of-somebody-with-a-long-name";
            let replaced = of_replaced(live);
            assert!(
                is_of_any_replaced(&replaced) && !is_ours(&replaced) && replaced.len() <= 64,
                "{replaced}"
            );
            assert!(is_of_replaced(&replaced, live) && !is_of_replaced(&replaced, "shop"), "{replaced}");
            assert!(!is_of_replaced(&name, live) && !is_of_replaced("shop_was_here", "here"));
        }
        for other in ["underpin_scratch_", "underpin_scratch_shop", "underpin_scratch_0000000001_x", "shop"] {
            assert!(!is_ours(other), "{other}");
        }
    }
}
