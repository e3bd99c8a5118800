//! What several commands say in the same words: durations, counts, a database that is ahead.

use std::time::Duration;

use underpin_core::revision::RevisionId;

use crate::migrate::join;

/// `12ms`, `1.4s`, `2m 5s`.
pub(super) fn duration(duration: Duration) -> String {
    let milliseconds = duration.as_millis();
    match milliseconds {
        0..1_000 => format!("{milliseconds}ms"),
        1_000..60_000 => format!("{}.{}s", milliseconds / 1_000, milliseconds % 1_000 / 100),
        _ => format!("{}m {}s", milliseconds / 60_000, milliseconds % 60_000 / 1_000),
    }
}

/// `1 revision`, `2 revisions`.
pub(super) fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// What is to be said where a database has revisions that are not known here, and that is allowed.
pub(super) fn newer(unknown: &[RevisionId]) -> String {
    let is = if unknown.len() == 1 { "is" } else { "are" };
    format!(
        "the database has {}, which {is} not among the revisions here: it is newer, or files are missing",
        join(unknown)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_the_unit_that_suits_it() {
        for (milliseconds, shown) in [
            (0, "0ms"),
            (999, "999ms"),
            (1_000, "1.0s"),
            (1_449, "1.4s"),
            (59_999, "59.9s"),
            (125_000, "2m 5s"),
        ] {
            assert_eq!(duration(Duration::from_millis(milliseconds)), shown);
        }
    }

    #[test]
    fn one_is_singular() {
        assert_eq!([count(0, "head"), count(1, "head"), count(2, "head")], ["0 heads", "1 head", "2 heads"]);
    }
}
