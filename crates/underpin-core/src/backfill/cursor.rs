//! How far the batches of a statement have come: plain data, which the history keeps beside what they did.

use serde::{Deserialize, Serialize};

/// How far the batches of a statement have come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cursor {
    /// The columns of the key.
    pub key: Vec<String>,
    /// The key of the first row when they were begun.
    pub first: Vec<String>,
    /// The key of the last row when they were begun. Rows that come later are not theirs.
    pub last: Vec<String>,
    /// The key that was reached; nothing before the first batch.
    pub reached: Option<Vec<String>>,
    /// How many rows the statement has changed.
    pub changed: u64,
    /// How many rows were passed on the way.
    pub passed: u64,
    /// How many batches that took.
    pub batches: u64,
    /// The rows of the next batch.
    pub rows: u64,
    /// How many rows the table had, as far as the server guesses.
    pub estimate: Option<u64>,
}

impl Cursor {
    /// Before the first of some batches.
    pub fn new(key: Vec<String>, (first, last): (Vec<String>, Vec<String>), rows: u64) -> Self {
        Self { key, first, last, reached: None, changed: 0, passed: 0, batches: 0, rows, estimate: None }
    }

    /// Takes note of a batch that is done.
    pub fn advance(&mut self, to: Vec<String>, passed: u64, changed: u64) {
        self.reached = Some(to);
        self.passed = self.passed.saturating_add(passed);
        self.changed = self.changed.saturating_add(changed);
        self.batches += 1;
    }

    /// Whether the last row was reached.
    pub fn is_done(&self) -> bool {
        self.reached.as_ref() == Some(&self.last)
    }

    /// The share that is done, of a hundred: by the place of a key that is a number between the first and the
    /// last, and otherwise by how many rows the server guesses that there are.
    pub fn percent(&self) -> Option<u8> {
        let Some(reached) = &self.reached else { return Some(0) };
        if self.is_done() {
            return Some(100);
        }
        let share = match (self.first.as_slice(), self.last.as_slice(), reached.as_slice()) {
            ([first], [last], [reached]) => share_of_way(first, last, reached),
            _ => None,
        };
        let share = share.or_else(|| self.share_of_estimate())?;
        // A share is from 0 to 1, so that nothing is cut off.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 99")]
        Some((share.clamp(0.0, 1.0) * 100.0).min(99.0) as u8)
    }

    #[allow(clippy::cast_precision_loss, reason = "a share is shown in whole hundredths")]
    fn share_of_estimate(&self) -> Option<f64> {
        self.estimate.filter(|rows| *rows > 0).map(|rows| self.passed as f64 / rows as f64)
    }

    /// `id = 4711`; empty before the first batch.
    pub fn place(&self) -> String {
        let Some(reached) = &self.reached else { return String::new() };
        let pairs =
            self.key.iter().zip(reached).map(|(column, value)| format!("{column} = {}", shown(value)));
        pairs.collect::<Vec<_>>().join(", ")
    }
}

/// `13,000 rows changed, up to id = 4711 (12 %)`.
impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} rows changed", self.changed)?;
        if self.reached.is_some() {
            write!(f, ", up to {}", self.place())?;
        }
        match self.percent() {
            Some(percent) => write!(f, " ({percent} %)"),
            None => Ok(()),
        }
    }
}

fn share_of_way(first: &str, last: &str, reached: &str) -> Option<f64> {
    let [first, last, reached] = [first, last, reached].map(|key| key.parse::<f64>().ok());
    let (first, last, reached) = (first?, last?, reached?);
    let share = (reached - first) / (last - first);
    share.is_finite().then_some(share)
}

/// A value as a message may hold it: on one line, and not all of a long one.
fn shown(value: &str) -> String {
    const SHOWN: usize = 60;
    let mut text: String = value.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if value.chars().nth(SHOWN).is_some() {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Vec<String> {
        vec![text.to_owned()]
    }

    fn cursor(first: &str, last: &str) -> Cursor {
        Cursor::new(key("id"), (key(first), key(last)), 1_000)
    }

    #[test]
    fn the_share_is_that_of_the_way_between_numbers() {
        let mut cursor = cursor("-100", "900");
        assert_eq!(cursor.percent(), Some(0));
        cursor.advance(key("150"), 1_000, 990);
        assert_eq!((cursor.percent(), cursor.changed, cursor.batches), (Some(25), 990, 1));
        assert_eq!(cursor.to_string(), "990 rows changed, up to id = 150 (25 %)");
        cursor.advance(key("899"), 1_000, 0);
        assert_eq!((cursor.percent(), cursor.is_done()), (Some(99), false));
        cursor.advance(key("900"), 1, 1);
        assert_eq!((cursor.percent(), cursor.is_done()), (Some(100), true));
    }

    #[test]
    fn the_share_of_other_keys_is_guessed_or_not_told() {
        let mut cursor = cursor("aa", "zz");
        cursor.advance(key("k\n"), 500, 500);
        assert_eq!(cursor.percent(), None);
        cursor.estimate = Some(2_000);
        assert_eq!(cursor.percent(), Some(25));
        cursor.estimate = Some(10);
        assert_eq!(cursor.percent(), Some(99));
        assert_eq!(cursor.place(), "id = k ");
    }

    #[test]
    fn it_survives_json() {
        let mut cursor = cursor("1", "9");
        cursor.advance(key("5"), 5, 5);
        let json = serde_json::to_string(&cursor).unwrap();
        assert_eq!(serde_json::from_str::<Cursor>(&json).unwrap(), cursor);
    }
}
