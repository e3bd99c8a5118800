//! What the history of a database says, against the revisions at hand. Decided from a status alone.

use underpin_core::{diagnostic::ErrorKind, revision::RevisionId};

use super::Finding;
use crate::migrate::{Status, at};

/// One finding each for the history itself, what is half-way, what was edited, what is newer, and what is
/// pending.
pub(super) fn findings(status: &Status) -> Vec<Finding> {
    vec![consistent(status), dirty(status), edited(status), newer(status), pending(status)]
}

fn consistent(status: &Status) -> Finding {
    if status.consistent {
        return Finding::ok("history", format!("the history can be read, and is at {}", at(&status.current)));
    }
    Finding::wrong(
        "history",
        ErrorKind::VerificationFailed,
        "the digest of the history is not that of its rows",
    )
    .hint("somebody else has written there; compare `underpin history --applied` with what you know")
}

fn dirty(status: &Status) -> Finding {
    let Some(dirty) = &status.dirty else { return Finding::ok("dirty", "no revision is half-way") };
    let message =
        format!("revision {} was cut off at statement {} of {}", dirty.revision, dirty.statement, dirty.of);
    Finding::wrong("dirty", ErrorKind::Dirty, message)
        .hint("finish it with `underpin upgrade`, or see `underpin resolve --help`")
}

fn edited(status: &Status) -> Finding {
    if status.edited.is_empty() {
        return Finding::ok("edited", "every applied revision is as its file has it");
    }
    let message = format!("changed after they were applied: {}", list(&status.edited));
    Finding::wrong("edited", ErrorKind::EditedRevision, message)
        .hint("put the files back, and write what is to change in a new revision")
}

fn newer(status: &Status) -> Finding {
    if !status.incompatible.is_empty() {
        let message =
            format!("the database has revisions that are not known here: {}", list(&status.unknown));
        return Finding::wrong("newer", ErrorKind::DatabaseNewer, message)
            .hint("deploy the version that has them, or take them back: `underpin downgrade`");
    }
    if !status.unknown.is_empty() {
        let message = format!("the database is ahead with what only expands: {}", list(&status.unknown));
        return Finding::warning("newer", message)
            .hint("an older program lives with it; deploy the newer one");
    }
    Finding::ok("newer", "the database has nothing that is not known here")
}

fn pending(status: &Status) -> Finding {
    match (status.pending.len(), status.deferred.len()) {
        (0, _) => Finding::ok("pending", "every revision is applied"),
        (pending, 0) => Finding::ok("pending", format!("{pending} to apply: {}", list(&status.pending))),
        (pending, deferred) => {
            let message = format!("{pending} to apply, of which {deferred} wait for older replicas");
            Finding::warning("pending", message).hint("`underpin status` names the replicas")
        }
    }
}

fn list(ids: &[RevisionId]) -> String {
    const SHOWN: usize = 5;
    let mut text = ids.iter().take(SHOWN).map(|id| id.as_str()).collect::<Vec<_>>().join(", ");
    if ids.len() > SHOWN {
        text.push_str(&format!(" and {} more", ids.len() - SHOWN));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_cut() {
        let ids: Vec<RevisionId> =
            (1..=7).map(|number| RevisionId::new(&format!("000{number}")).expect("an id")).collect();
        assert_eq!(list(&ids), "0001, 0002, 0003, 0004, 0005 and 2 more");
        assert_eq!(list(&ids[..1]), "0001");
    }
}
