//! The columns of a drawn history: what each of them leads to, and the lines between two revisions
//! where columns part, meet or move. It knows no graph, only ids.

use underpin_core::revision::RevisionId;

/// The columns that are open, from left to right: each leads down to a revision.
#[derive(Debug, Default)]
pub(super) struct Columns(Vec<RevisionId>);

impl Columns {
    /// How many are open.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Leads all columns of a revision into the leftmost, or opens one; returns its place, and the
    /// lines that it takes.
    pub(super) fn arrive(&mut self, id: &RevisionId) -> (usize, Vec<String>) {
        let Some(place) = self.0.iter().position(|column| column == id) else {
            self.0.push(id.clone());
            return (self.0.len() - 1, Vec::new());
        };
        let mut lines = Vec::new();
        while let Some(other) = self.0.iter().rposition(|column| column == id).filter(|&other| other > place)
        {
            lines.push(self.joined(place, other));
            self.0.remove(other);
        }
        (place, lines)
    }

    /// The line of a revision, up to its text.
    pub(super) fn mark(&self, place: usize) -> String {
        (0..self.len()).map(|column| if column == place { "* " } else { "| " }).collect()
    }

    /// Leads the column of a revision on to its parents; returns the lines that it takes.
    pub(super) fn leave(&mut self, place: usize, parents: &[RevisionId]) -> Vec<String> {
        let Some((first, others)) = parents.split_first() else {
            let line = self.closed(place);
            self.0.remove(place);
            return line.into_iter().collect();
        };
        self.0[place] = first.clone();
        let mut lines = Vec::new();
        for parent in others.iter().rev() {
            lines.push(self.parted(place));
            self.0.insert(place + 1, parent.clone());
        }
        lines
    }

    /// The column `from` goes over to the left into `to`, and those behind it move up.
    fn joined(&self, to: usize, from: usize) -> String {
        let mut line = vec![' '; 2 * self.len()];
        for column in 0..from {
            line[2 * column] = '|';
        }
        for space in line.iter_mut().take(2 * from - 1).skip(2 * to + 1).step_by(2) {
            *space = '_';
        }
        for column in from..self.len() {
            line[2 * column - 1] = '/';
        }
        finished(&line)
    }

    /// The column at `place` becomes two, and those behind it make room.
    fn parted(&self, place: usize) -> String {
        let mut line = vec![' '; 2 * self.len() + 2];
        for column in 0..=place {
            line[2 * column] = '|';
        }
        for column in place..self.len() {
            line[2 * column + 1] = '\\';
        }
        finished(&line)
    }

    /// The column at `place` ends, and those behind it move up; no line if there are none.
    fn closed(&self, place: usize) -> Option<String> {
        if place + 1 == self.len() {
            return None;
        }
        let mut line = vec![' '; 2 * self.len()];
        for column in 0..place {
            line[2 * column] = '|';
        }
        for column in place + 1..self.len() {
            line[2 * column - 1] = '/';
        }
        Some(finished(&line))
    }
}

fn finished(line: &[char]) -> String {
    line.iter().collect::<String>().trim_end().to_owned()
}
