//! What the file of a merge says: which revisions it joins, and that there is nothing else to do.

use underpin_core::revision::RevisionId;

/// The upgrade section of a merge.
pub(super) fn upgrade(parents: &[RevisionId]) -> String {
    let parents: Vec<&str> = parents.iter().map(|parent| parent.as_str()).collect();
    format!("-- Nothing to do: this revision joins {}.", parents.join(" and "))
}

/// The downgrade section of a merge.
pub(super) const DOWNGRADE: &str = "-- Nothing to do: the branches part again.";

/// The message of a merge that was given none.
pub(super) fn message(parents: &[RevisionId]) -> String {
    let parents: Vec<&str> = parents.iter().map(|parent| parent.as_str()).collect();
    format!("merge {}", parents.join(" and "))
}
