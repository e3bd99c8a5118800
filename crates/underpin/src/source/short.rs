//! Ids as people are shown them: their first eight characters, unless two revisions share those. Data
//! always has whole ids.

use std::collections::HashMap;

use underpin_core::revision::RevisionId;

use super::Revisions;

/// The short forms of the ids that are at hand.
#[derive(Clone, Debug, Default)]
pub(crate) struct ShortIds {
    shared: HashMap<String, usize>,
    heads: Vec<RevisionId>,
}

impl ShortIds {
    /// The short forms of some revisions; revisions that form no graph have long ones.
    pub(crate) fn of(revisions: &Revisions) -> Self {
        let Ok(graph) = revisions.graph() else { return Self::default() };
        Self::among(graph.iter().map(|revision| revision.id()), graph.heads())
    }

    fn among<'a>(ids: impl Iterator<Item = &'a RevisionId>, heads: Vec<RevisionId>) -> Self {
        let mut shared = HashMap::new();
        for id in ids {
            *shared.entry(id.short().to_owned()).or_default() += 1;
        }
        Self { shared, heads }
    }

    /// The short forms of these ids alone.
    #[cfg(test)]
    pub(crate) fn of_ids(ids: &[RevisionId]) -> Self {
        Self::among(ids.iter(), Vec::new())
    }

    /// The short form of an id, if it is known and nothing else starts like it.
    pub(crate) fn short<'a>(&self, id: &'a RevisionId) -> &'a str {
        if self.shared.get(id.short()) == Some(&1) { id.short() } else { id.as_str() }
    }

    /// `3f9a0c12`, `3f9a0c12, 77be41d0 (head)`; `base` for none.
    pub(crate) fn at(&self, ids: &[RevisionId]) -> String {
        if ids.is_empty() {
            return "base".to_owned();
        }
        let shown = |id: &RevisionId| format!("{}{}", self.short(id), self.mark(id));
        ids.iter().map(shown).collect::<Vec<_>>().join(", ")
    }

    /// ` (head)` behind a head.
    pub(crate) fn mark(&self, id: &RevisionId) -> &'static str {
        if self.heads.contains(id) { " (head)" } else { "" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_start_alike_stay_long() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        for (id, parents) in [("abcdefgh1", ""), ("abcdefgh2", "abcdefgh1"), ("ijklmnopq", "abcdefgh2")] {
            let text =
                format!("-- revision: {id}\n-- parents: {parents}\n\n-- underpin: upgrade\nSELECT 1;\n");
            std::fs::write(directory.path().join(format!("{id}.sql")), text).expect("a file");
        }
        let ids = ShortIds::of(&Revisions::read(directory.path()).expect("revisions"));
        let id = |text: &str| RevisionId::new(text).expect("an id");
        assert_eq!(ids.at(&[id("abcdefgh1")]), "abcdefgh1");
        assert_eq!(ids.at(&[id("ijklmnopq")]), "ijklmnop (head)");
        assert_eq!(ids.at(&[id("unknown_to_us")]), "unknown_to_us");
        assert_eq!(ids.at(&[]), "base");
    }
}
