//! `history --graph`: the revisions with lines between them, newest first, as `git log --graph`
//! draws commits. What a revision depends on stands in its text; lines are drawn to parents only.

use underpin_core::revision::{RevisionGraph, RevisionId};

use super::{column::Columns, line::Shown};

/// Draws these revisions, which come newest first. Parents that are not among them are left out.
pub(in crate::cli) fn drawing(graph: &RevisionGraph, ids: &[RevisionId], current: &[RevisionId]) -> String {
    let shown = Shown { labels: true, message: true, current, ..Shown::default() };
    let drawn: std::collections::HashSet<&RevisionId> = ids.iter().collect();
    let mut columns = Columns::default();
    let mut lines = Vec::new();
    for id in ids {
        let Some(revision) = graph.get(id) else { continue };
        let (place, joins) = columns.arrive(id);
        lines.extend(joins);
        let mut text = shown.revision(graph, id);
        if !revision.header.depends_on.is_empty() {
            text.push_str(&format!(" (depends on {})", revision.header.depends_on.join(", ")));
        }
        lines.push(format!("{}{text}", columns.mark(place)));
        let parents: Vec<RevisionId> =
            revision.header.parents.iter().filter(|parent| drawn.contains(parent)).cloned().collect();
        lines.extend(columns.leave(place, &parents));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use underpin_core::revision::{Header, Revision};

    use super::*;

    /// `r a(r) m(a,b)`: ids with their parents, oldest first.
    fn drawn(text: &str) -> String {
        let id = |text: &str| RevisionId::new(text).expect("an id");
        let revisions = text.split_whitespace().map(|entry| {
            let (name, parents) = entry.split_once('(').unwrap_or((entry, ")"));
            let parents = parents.trim_end_matches(')').split(',').filter(|parent| !parent.is_empty());
            let mut header = Header::new(id(name), parents.map(id).collect());
            header.message = name.to_uppercase();
            Revision { header, file: format!("{name}.sql") }
        });
        let graph = RevisionGraph::new(revisions.collect()).expect("a graph");
        let ids: Vec<RevisionId> = graph.iter().rev().map(|revision| revision.id().clone()).collect();
        drawing(&graph, &ids, &[])
    }

    #[test]
    fn a_line_is_a_line() {
        assert_eq!(drawn("a b(a) c(b)"), "* c (head), C\n* b, B\n* a, A");
        assert_eq!(drawn(""), "");
    }

    #[test]
    fn a_diamond_parts_and_meets() {
        assert_eq!(
            drawn("r a(r) b(r) m(a,b)"),
            "* m (head), M\n\
             |\\\n\
             * | a, A\n\
             | * b, B\n\
             |/\n\
             * r, R"
        );
    }

    #[test]
    fn two_lines_of_their_own_stand_below_each_other() {
        assert_eq!(drawn("a1 a2(a1) b1"), "* a2 (head), A2\n* a1, A1\n* b1 (head), B1");
    }

    #[test]
    fn columns_move_up_when_one_in_front_of_them_ends() {
        assert_eq!(
            drawn("a b c(b) m(a,c) d(c)"),
            "* m (head), M\n\
             |\\\n\
             * | a, A\n \
              /\n\
             | * d (head), D\n\
             |/\n\
             * c, C\n\
             * b, B"
        );
    }

    #[test]
    fn a_merge_of_three_opens_three_columns() {
        assert_eq!(
            drawn("r a(r) b(r) c(r) m(a,b,c)"),
            "* m (head), M\n\
             |\\\n\
             |\\ \\\n\
             * | | a, A\n\
             | * | b, B\n\
             | | * c, C\n\
             |_|/\n\
             |/\n\
             * r, R"
        );
    }
}
