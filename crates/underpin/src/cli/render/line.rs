//! One revision as Alembic writes it: on one line, or as a block (`script/base.py`,
//! `Script._head_only` and `Script.log_entry`).

use std::fmt::Write as _;

use underpin_core::revision::{Revision, RevisionGraph, RevisionId};

/// What of a revision is shown.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::cli) struct Shown<'a> {
    /// A block instead of a line; then nothing else counts but `current`.
    pub(in crate::cli) verbose: bool,
    /// What it follows and depends on.
    pub(in crate::cli) parents: bool,
    /// Its branch labels.
    pub(in crate::cli) labels: bool,
    /// Whether branches part or meet there.
    pub(in crate::cli) places: bool,
    /// What it does.
    pub(in crate::cli) message: bool,
    /// What a database is at.
    pub(in crate::cli) current: &'a [RevisionId],
}

impl Shown<'_> {
    /// The revision as text. An id that the graph does not know is all that can be said of it.
    pub(in crate::cli) fn revision(&self, graph: &RevisionGraph, id: &RevisionId) -> String {
        match graph.get(id) {
            None => id.to_string(),
            Some(revision) if self.verbose => self.block(graph, revision),
            Some(revision) => self.line(graph, revision),
        }
    }

    fn line(&self, graph: &RevisionGraph, revision: &Revision) -> String {
        let (id, header) = (revision.id(), &revision.header);
        let mut text = String::new();
        if self.parents {
            text.push_str(&parents(revision));
            if !header.depends_on.is_empty() {
                let _ = write!(text, " ({})", header.depends_on.join(", "));
            }
            text.push_str(" -> ");
        }
        text.push_str(id);
        let labels = graph.labels_of(id);
        if self.labels && !labels.is_empty() {
            let _ = write!(text, " ({})", labels.join(", "));
        }
        if graph.is_head(id) {
            // Where something depends on it, it is a head of its branch and no head of the whole,
            // and Alembic has it the other way round.
            text.push_str(if graph.dependents(id).is_empty() { " (head)" } else { " (effective head)" });
        }
        if self.current.contains(id) {
            text.push_str(" (current)");
        }
        if self.places {
            text.push_str(places(graph, revision));
        }
        if self.message {
            let _ = write!(text, ", {}", header.message);
        }
        text
    }

    /// The block, with a line end of its own.
    fn block(&self, graph: &RevisionGraph, revision: &Revision) -> String {
        let (id, header) = (revision.id(), &revision.header);
        let head = if graph.is_head(id) { " (head)" } else { "" };
        let current = if self.current.contains(id) { " (current)" } else { "" };
        let mut text = format!("Rev: {id}{head}{}{current}\n", places(graph, revision));
        let mut line = |name: &str, value: &str| {
            // Writing to a string can't fail.
            let _ = writeln!(text, "{name}: {value}");
        };
        line(if header.parents.len() > 1 { "Merges" } else { "Parent" }, &parents(revision));
        if !header.depends_on.is_empty() {
            line("Also depends on", &header.depends_on.join(", "));
        }
        let children = graph.children(id);
        if children.len() > 1 {
            line("Branches into", &list(&children));
        }
        let labels = graph.labels_of(id);
        if !labels.is_empty() {
            line("Branch names", &labels.join(", "));
        }
        line("Path", &revision.file);
        text.push('\n');
        for line in document(revision).lines() {
            let _ = writeln!(text, "    {line}");
        }
        text
    }
}

/// What Alembic's template puts at the head of a file, which is what it shows of it.
fn document(revision: &Revision) -> String {
    let header = &revision.header;
    let mut text =
        format!("{}\n\nRevision ID: {}\nRevises: {}\n", header.message, header.id, list(&header.parents));
    if let Some(created) = &header.created {
        let _ = writeln!(text, "Create Date: {}", python_time(created));
    }
    text
}

/// A time as Python writes it: `2026-11-20 11:03:00+00:00`.
fn python_time(created: &str) -> String {
    let text = created.replacen(['T', 't'], " ", 1);
    match text.strip_suffix(['Z', 'z']) {
        Some(text) => format!("{text}+00:00"),
        None => text,
    }
}

fn places(graph: &RevisionGraph, revision: &Revision) -> &'static str {
    match (graph.children(revision.id()).len() > 1, revision.header.parents.len() > 1) {
        (true, true) => " (branchpoint) (mergepoint)",
        (true, false) => " (branchpoint)",
        (false, true) => " (mergepoint)",
        (false, false) => "",
    }
}

fn parents(revision: &Revision) -> String {
    match revision.header.parents.as_slice() {
        [] => "<base>".to_owned(),
        parents => list(parents),
    }
}

fn list(ids: &[RevisionId]) -> String {
    ids.iter().map(RevisionId::as_str).collect::<Vec<_>>().join(", ")
}
