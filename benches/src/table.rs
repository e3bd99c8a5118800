//! A table as Markdown, so that what a benchmark prints can go into the documentation as it is.
//! It knows nothing of what stands in its cells.

use std::fmt;
use std::time::Duration;

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns, of which the first is text and the others are numbers.
    pub fn new<T: Into<String>>(head: impl IntoIterator<Item = T>) -> Self {
        Self { head: head.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row<T: Into<String>>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| {} |", self.head.join(" | "))?;
        let numbers = "---:|".repeat(self.head.len().saturating_sub(1));
        writeln!(f, "|---|{numbers}")?;
        for row in &self.rows {
            writeln!(f, "| {} |", row.join(" | "))?;
        }
        Ok(())
    }
}

/// A time in milliseconds, with three digits that count.
pub fn milliseconds(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1_000.0;
    let places = if milliseconds < 10.0 {
        2
    } else if milliseconds < 100.0 {
        1
    } else {
        0
    };
    format!("{milliseconds:.places$}")
}

/// A ratio: `1.07×`.
pub fn times(ratio: f64) -> String {
    format!("{ratio:.2}×")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_markdown() {
        let mut table = Table::new(["who", "ms"]);
        table.row(["by hand", "1.00"]);
        assert_eq!(table.to_string(), "| who | ms |\n|---|---:|\n| by hand | 1.00 |\n");
    }

    #[test]
    fn small_times_have_more_places() {
        let shown = [1_234, 12_345, 123_456].map(|micros| milliseconds(Duration::from_micros(micros)));
        assert_eq!(shown, ["1.23", "12.3", "123"]);
    }
}
