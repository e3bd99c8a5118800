//! How large a batch is: as many rows as take the time that was asked for. A pure function of what the last
//! one took; no clock is read here.

use std::time::Duration;

use super::MOST_ROWS;
use crate::dialect::Dialect;

/// The rows of the first batch.
const FIRST_ROWS: u64 = 1_000;

/// How large batches are and how fast they follow each other, as far as somebody has said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// The rows of the first batch; 1,000 otherwise.
    pub rows: Option<u64>,
    /// The time that a batch should take; half a second otherwise, on SQLite a fifth.
    pub time: Option<Duration>,
    /// How long the table is left alone after each; not at all otherwise, on SQLite for 50 ms.
    pub pause: Option<Duration>,
}

impl Pace {
    /// The rows of the first batch.
    pub fn first_rows(&self) -> u64 {
        self.rows.unwrap_or(FIRST_ROWS).clamp(1, MOST_ROWS)
    }

    /// The time that a batch should take.
    pub fn target(&self, dialect: Dialect) -> Duration {
        self.time.unwrap_or(match dialect {
            // Whoever writes waits for the whole database, not for a row.
            Dialect::Sqlite => Duration::from_millis(200),
            Dialect::Postgres | Dialect::Mysql => Duration::from_millis(500),
        })
    }

    /// How long the table is left alone after each batch.
    pub fn pause(&self, dialect: Dialect) -> Duration {
        self.pause.unwrap_or(match dialect {
            // SQLite has no queue: who waits looks again after up to 50 ms in the first quarter of a second
            // (`sqliteDefaultBusyCallback` in its main.c), and would find the next batch at work.
            Dialect::Sqlite => Duration::from_millis(50),
            Dialect::Postgres | Dialect::Mysql => Duration::ZERO,
        })
    }
}

/// The rows of the next batch, when one of `rows` took that long: at most twice as many, and as few as need
/// be at once, because too large a batch is what others wait for.
///
/// ```
/// use std::time::Duration;
/// use underpin_core::backfill::next_rows;
///
/// let target = Duration::from_millis(500);
/// assert_eq!(next_rows(1_000, Duration::from_millis(400), target), 1_250);
/// assert_eq!(next_rows(1_000, Duration::from_millis(1), target), 2_000);
/// assert_eq!(next_rows(1_000, Duration::from_secs(5), target), 100);
/// ```
pub fn next_rows(rows: u64, took: Duration, target: Duration) -> u64 {
    let took = took.as_micros().max(1);
    let fitting = u128::from(rows).saturating_mul(target.as_micros()) / took;
    let fitting = u64::try_from(fitting).unwrap_or(u64::MAX);
    fitting.min(rows.saturating_mul(2)).clamp(1, MOST_ROWS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_grows_twofold_at_most_and_shrinks_at_once() {
        let target = Duration::from_millis(500);
        for (rows, took, expected) in [
            (1_000, 500, 1_000),
            (1_000, 250, 2_000),
            (1_000, 0, 2_000),
            (1_000, 1_000, 500),
            (1_000, 3_600_000, 1),
            (80_000, 1, MOST_ROWS),
            (u64::MAX, 1, MOST_ROWS),
            (1, 60_000, 1),
        ] {
            assert_eq!(next_rows(rows, Duration::from_millis(took), target), expected, "{rows} in {took} ms");
        }
    }

    #[test]
    fn sizes_settle_where_batches_take_the_time() {
        // 40 µs a row: 12,500 of them take half a second.
        let (mut rows, target) = (1_000, Duration::from_millis(500));
        for _ in 0..10 {
            rows = next_rows(rows, Duration::from_micros(rows * 40), target);
        }
        assert_eq!(rows, 12_500);
    }

    #[test]
    fn what_was_said_is_taken() {
        let pace = Pace { rows: Some(7), time: None, pause: Some(Duration::from_secs(1)) };
        assert_eq!((pace.first_rows(), Pace::default().first_rows()), (7, 1_000));
        assert_eq!(pace.pause(Dialect::Postgres), Duration::from_secs(1));
        assert!(pace.target(Dialect::Sqlite) < pace.target(Dialect::Mysql));
    }
}
