//! Making the id of a new revision: random, the next number, or the time. Whether another file has
//! taken the id meanwhile is found out when the file is written.

use jiff::{Timestamp, ToSpan, tz::TimeZone};
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    revision::{InvalidRevisionId, Revision, RevisionGraph, RevisionId},
};

use crate::policy::IdStyle;

/// The digits of the first number of a sequence.
const WIDTH: usize = 4;

/// Numbers with more digits are times, or random: no sequence goes on from them.
const LONGEST_NUMBER: usize = 9;

/// How often a random id is thrown again before giving up; two ids in four thousand million
/// million meet rarely.
const THROWS: usize = 8;

/// An id that no revision has.
///
/// # Errors
/// If the operating system has no random bytes to give.
pub(super) fn new_id(
    style: IdStyle,
    graph: &RevisionGraph,
    now: Timestamp,
) -> Result<RevisionId, Diagnostic> {
    match style {
        IdStyle::Hash => random(graph),
        IdStyle::Sequence => checked(&next_number(graph)),
        IdStyle::Timestamp => time(graph, now),
    }
}

/// The id that a person asked for.
///
/// # Errors
/// [`ErrorKind::Usage`] if it can't be one.
pub(super) fn checked(text: &str) -> Result<RevisionId, Diagnostic> {
    RevisionId::new(text).map_err(|error| {
        let hint = match error {
            InvalidRevisionId::Reserved(_) => "choose another word",
            InvalidRevisionId::Empty | InvalidRevisionId::TooLong(_) | InvalidRevisionId::Character(..) => {
                "letters, digits, dots and underscores are fine"
            }
        };
        Diagnostic::new(ErrorKind::Usage, error.to_string()).hint(hint)
    })
}

fn random(graph: &RevisionGraph) -> Result<RevisionId, Diagnostic> {
    for _ in 0..THROWS {
        let mut bytes = [0_u8; 6];
        getrandom::fill(&mut bytes).map_err(|error| {
            Diagnostic::new(ErrorKind::Internal, format!("there are no random bytes for an id: {error}"))
                .hint("give the id yourself with --rev-id, or use --id-style timestamp")
        })?;
        let id: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        if !graph.contains(&id) {
            return checked(&id);
        }
    }
    Err(Diagnostic::new(ErrorKind::Internal, "the random bytes for an id are always the same")
        .hint("give the id yourself with --rev-id"))
}

/// The number after the greatest one there is, as wide as the widest.
fn next_number(graph: &RevisionGraph) -> String {
    let numbers = || graph.iter().map(Revision::id).filter_map(|id| leading_number(id));
    let width = numbers().map(str::len).max().unwrap_or(WIDTH);
    let greatest: u64 = numbers().filter_map(|digits| digits.parse().ok()).max().unwrap_or_default();
    format!("{:0width$}", greatest + 1)
}

/// The number that an id begins with: `006` of `006_conversation_tags`, none of `3f9a`.
fn leading_number(id: &str) -> Option<&str> {
    let rest = id.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &id[..id.len() - rest.len()];
    let ends = rest.chars().next().is_none_or(|c| !c.is_alphanumeric());
    (ends && (1..=LONGEST_NUMBER).contains(&digits.len())).then_some(digits)
}

/// The time to the second, or the next second that is free.
fn time(graph: &RevisionGraph, now: Timestamp) -> Result<RevisionId, Diagnostic> {
    let mut at = now;
    loop {
        let id = at.to_zoned(TimeZone::UTC).strftime("%Y%m%d%H%M%S").to_string();
        if !graph.contains(&id) {
            return checked(&id);
        }
        at = at.checked_add(1.second()).map_err(|error| {
            Diagnostic::new(ErrorKind::Internal, format!("there is no time left for an id: {error}"))
        })?;
    }
}

#[cfg(test)]
mod tests {
    use underpin_core::revision::Header;

    use super::*;

    fn graph(ids: &[&str]) -> RevisionGraph {
        let revision = |id: &&str| Revision {
            header: Header::new(RevisionId::new(id).expect("an id"), Vec::new()),
            file: format!("{id}.sql"),
        };
        RevisionGraph::new(ids.iter().map(revision).collect()).expect("a graph")
    }

    fn made(style: IdStyle, ids: &[&str]) -> String {
        let now = "2026-11-20T11:03:00.5Z".parse().expect("a time");
        new_id(style, &graph(ids), now).expect("an id").to_string()
    }

    #[test]
    fn a_sequence_goes_on_after_its_greatest_number_and_keeps_its_width() {
        for (ids, next) in [
            (&[][..], "0001"),
            (&["0001", "0003"], "0004"),
            (&["001", "002_users"], "003"),
            (&["006_conversation_history_tags"], "007"),
            (&["9"], "10"),
            (&["99", "0001"], "0100"),
            (&["20261120110300", "123456789012"], "0001"),
            (&["3f9a0c12b7e4", "7"], "8"),
        ] {
            assert_eq!(made(IdStyle::Sequence, ids), next, "{ids:?}");
        }
    }

    #[test]
    fn a_time_that_is_taken_gives_way_to_the_next_second() {
        assert_eq!(made(IdStyle::Timestamp, &[]), "20261120110300");
        assert_eq!(made(IdStyle::Timestamp, &["20261120110300", "20261120110301"]), "20261120110302");
    }

    #[test]
    fn a_random_id_has_twelve_hexadecimal_digits_and_differs_every_time() {
        let (one, other) = (made(IdStyle::Hash, &[]), made(IdStyle::Hash, &[]));
        assert_ne!(one, other);
        assert!(one.len() == 12 && one.bytes().all(|byte| byte.is_ascii_hexdigit()), "{one}");
    }

    #[test]
    fn an_id_that_is_a_target_is_refused() {
        assert_eq!(checked("head").expect_err("a target").kind, ErrorKind::Usage);
        assert_eq!(checked("a b").expect_err("a blank").kind, ErrorKind::Usage);
    }
}
