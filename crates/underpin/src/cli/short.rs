//! Ids as talk shows them: their first eight characters, unless two revisions share those. Data
//! always has whole ids.

use std::collections::HashMap;

use underpin_core::revision::RevisionId;

use crate::source::Revisions;

/// The short forms of the ids that are at hand.
#[derive(Clone, Debug, Default)]
pub(super) struct ShortIds {
    shared: HashMap<String, usize>,
    heads: Vec<RevisionId>,
}

impl ShortIds {
    /// The short forms of some revisions; revisions that form no graph have long ones.
    pub(super) fn of(revisions: &Revisions) -> Self {
        let Ok(graph) = revisions.graph() else { return Self::default() };
        let mut shared = HashMap::new();
        for revision in graph.iter() {
            *shared.entry(revision.id().short().to_owned()).or_default() += 1;
        }
        Self { shared, heads: graph.heads() }
    }

    /// The short form of an id, if it is known and nothing else starts like it.
    pub(super) fn short<'a>(&self, id: &'a RevisionId) -> &'a str {
        if self.shared.get(id.short()) == Some(&1) { id.short() } else { id.as_str() }
    }

    /// `3f9a0c12`, `3f9a0c12, 77be41d0 (head)`; `base` for none.
    pub(super) fn at(&self, ids: &[RevisionId]) -> String {
        if ids.is_empty() {
            return "base".to_owned();
        }
        let shown = |id: &RevisionId| format!("{}{}", self.short(id), self.mark(id));
        ids.iter().map(shown).collect::<Vec<_>>().join(", ")
    }

    /// ` (head)` behind a head.
    pub(super) fn mark(&self, id: &RevisionId) -> &'static str {
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
