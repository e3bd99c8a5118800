//! A place in a text that a diagnostic points at.

/// A place in a file, with enough of its text to draw a caret under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, as its user would name it.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// The text of that line, without its line ending.
    pub text: String,
    /// How many characters of the line are meant; at least 1.
    pub length: usize,
    /// What is said beside the caret, if there is more to say than the message does.
    pub label: Option<String>,
}

impl Place {
    /// The place of a byte range of `source`, which starts at line `first_line` of `file`.
    ///
    /// A range that reaches over the end of its line is cut there.
    pub fn in_text(file: &str, source: &str, range: std::ops::Range<usize>, first_line: usize) -> Self {
        let start = floor_boundary(source, range.start);
        let line_start = source[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = source[start..].find('\n').map_or(source.len(), |newline| start + newline);
        let text = source[line_start..line_end].trim_end_matches('\r');
        let end =
            floor_boundary(source, range.end).clamp(start, line_start + text.len().max(start - line_start));
        Self {
            file: file.to_owned(),
            line: first_line + source[..start].matches('\n').count(),
            column: source[line_start..start].chars().count() + 1,
            text: text.to_owned(),
            length: source[start..end].chars().count().max(1),
            label: None,
        }
    }

    /// The same place, with words beside its caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }
}

fn floor_boundary(source: &str, index: usize) -> usize {
    let mut index = index.min(source.len());
    while !source.is_char_boundary(index) {
        index -= 1;
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_becomes_line_and_column_in_characters() {
        let place = Place::in_text("a.sql", "één\nSELECT ü, x;\n", 17..18, 5);
        assert_eq!((place.line, place.column, place.length), (6, 11, 1));
        assert_eq!(place.text, "SELECT ü, x;");
    }

    #[test]
    fn a_range_over_the_end_of_its_line_is_cut_there() {
        let place = Place::in_text("a.sql", "CREATE\r\nTABLE", 0..13, 1);
        assert_eq!((place.line, place.column, place.length), (1, 1, 6));
        let place = Place::in_text("a.sql", "", 0..9, 1);
        assert_eq!((place.line, place.column, place.length), (1, 1, 1));
    }
}
