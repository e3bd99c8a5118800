//! The text that goes to the engine in one go, and where in it something failed. What is in it, and
//! what becomes of it, is the business of others.

use std::ops::Range;

/// What stands between two statements of a script. No statement ends with a comment that could
/// swallow it: the splitter takes comments off both ends.
const SEPARATOR: &str = ";\n";

/// The parts of a script, each one statement.
#[derive(Default)]
pub(super) struct Script<'a> {
    pub(super) parts: Vec<&'a str>,
}

impl<'a> Script<'a> {
    /// The parts in runs of at most `most` bytes, or of one part.
    pub(super) fn pieces(&self, most: usize) -> Vec<Range<usize>> {
        let mut pieces: Vec<Range<usize>> = Vec::new();
        let mut size = 0_usize;
        for (index, part) in self.parts.iter().enumerate() {
            size = size.saturating_add(part.len());
            match pieces.last_mut() {
                Some(piece) if size <= most => piece.end = index + 1,
                _ => {
                    pieces.push(index..index + 1);
                    size = part.len();
                }
            }
        }
        pieces
    }

    /// Some of the parts as one text.
    pub(super) fn text(&self, range: Range<usize>) -> String {
        self.parts[range].join(SEPARATOR)
    }

    /// The part that holds a character of the whole script, and its place there.
    pub(super) fn part_at(&self, character: usize) -> Option<(usize, usize)> {
        let mut start = 0;
        for (index, part) in self.parts.iter().enumerate() {
            let length = part.chars().count();
            // What is wrong with a statement may be seen only where it ends.
            if character < start + length + SEPARATOR.len() {
                return Some((index, (character - start).min(length)));
            }
            start += length + SEPARATOR.len();
        }
        None
    }

    pub(super) fn extend(&mut self, parts: impl IntoIterator<Item = &'a str>) {
        self.parts.extend(parts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script() -> Script<'static> {
        let mut script = Script::default();
        script.extend(["BEGIN", "SELECT 'ä'", "COMMIT"]);
        script
    }

    #[test]
    fn a_character_leads_to_its_statement() {
        let script = script();
        assert_eq!(script.text(0..3), "BEGIN;\nSELECT 'ä';\nCOMMIT");
        assert_eq!(script.part_at(0), Some((0, 0)));
        assert_eq!(script.part_at(7), Some((1, 0)));
        assert_eq!(script.part_at(19), Some((2, 0)));
        assert_eq!(script.part_at(99), None);
    }

    #[test]
    fn pieces_are_as_long_as_they_may_be() {
        assert_eq!(script().pieces(0), [0..1, 1..2, 2..3]);
        assert_eq!(script().pieces(usize::MAX), vec![0..3; 1]);
    }
}
