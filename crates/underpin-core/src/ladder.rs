//! How long a try waits for a lock that others hold, and how long nobody waits before the next one. Not a
//! clock and not a wait: the time that has passed and the chance in it are told.

use std::time::Duration;

/// How long the first tries wait; every later one waits as long as the last of these. Whoever comes to the
/// same table queues up behind a waiting ALTER TABLE for just as long.
const LIMITS: [Duration; 8] = [
    Duration::from_millis(100),
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(2),
    Duration::from_secs(5),
];

/// The shortest and the longest pause between two tries, before chance changes them.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(60));

/// What is kept at the end for undoing the last try and writing down that it failed.
const MARGIN: Duration = Duration::from_millis(250);

/// The tries of a transaction that others are in the way of: short at first, longer later, and over after a
/// time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ladder {
    budget: Duration,
}

/// The next try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rung {
    /// How long nothing is tried before it, so that those who queued up get through.
    pub pause: Duration,
    /// How long it waits for each lock.
    pub limit: Duration,
}

impl Ladder {
    /// Tries that together take no longer than `budget`, with the pauses between them.
    pub const fn new(budget: Duration) -> Self {
        Self { budget }
    }

    /// How long the first try waits for each lock.
    pub const fn first() -> Duration {
        LIMITS[0]
    }

    /// How long a try waits for each lock that there is no other after.
    pub const fn only() -> Duration {
        LIMITS[3]
    }

    /// The try after `tries` others, of which the first began `spent` ago, if there is to be one. `left` is
    /// what the whole run has left, if it ends at some time; `chance` is between 0 and 1 and keeps those apart
    /// who began together.
    pub fn next(&self, tries: u32, spent: Duration, left: Option<Duration>, chance: f64) -> Option<Rung> {
        let rest = self.budget.saturating_sub(spent);
        let rest = left.map_or(rest, |left| left.min(rest)).checked_sub(MARGIN)?;
        let limit = limit(tries).min(rest);
        if limit < LIMITS[0] {
            return None;
        }
        // The last try comes right before the end, however long the pause would have been.
        Some(Rung { pause: pause(tries, chance).min(rest - limit), limit })
    }
}

fn limit(tries: u32) -> Duration {
    let index = usize::try_from(tries).unwrap_or(usize::MAX);
    LIMITS.get(index).copied().unwrap_or(LIMITS[LIMITS.len() - 1])
}

/// Twice as long each time, changed by chance by up to a half of it.
fn pause(tries: u32, chance: f64) -> Duration {
    let doublings = tries.saturating_sub(1).min(16);
    let base = PAUSES.0.saturating_mul(1 << doublings).min(PAUSES.1);
    base.mul_f64(0.5 + chance.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn each_try_waits_longer_and_comes_later() {
        let ladder = Ladder::new(ms(300_000));
        let rungs: Vec<(u64, u64)> = (1..=14)
            .filter_map(|tries| ladder.next(tries, ms(0), None, 0.5))
            .map(|rung| (rung.pause.as_millis() as u64, rung.limit.as_millis() as u64))
            .collect();
        let expected = [
            (50, 200),
            (100, 500),
            (200, 1_000),
            (400, 1_000),
            (800, 2_000),
            (1_600, 2_000),
            (3_200, 5_000),
            (6_400, 5_000),
            (12_800, 5_000),
            (25_600, 5_000),
            (51_200, 5_000),
            (60_000, 5_000),
            (60_000, 5_000),
            (60_000, 5_000),
        ];
        assert_eq!(rungs, expected);
        assert_eq!(Ladder::first(), ms(100));
    }

    #[test]
    fn chance_spreads_the_pauses_and_nothing_else() {
        let ladder = Ladder::new(ms(300_000));
        for (chance, pause) in [(0.0, 200), (0.25, 300), (0.5, 400), (1.0, 600), (7.0, 600)] {
            assert_eq!(
                ladder.next(4, ms(0), None, chance),
                Some(Rung { pause: ms(pause), limit: ms(1_000) }),
                "{chance}"
            );
        }
    }

    #[test]
    fn the_last_try_comes_right_before_the_end_and_none_after_it() {
        let ladder = Ladder::new(ms(300_000));
        let rung = |pause, limit| Some(Rung { pause: ms(pause), limit: ms(limit) });
        for (tries, spent, left, expected) in [
            // The budget of the tries, and the deadline of the run, whichever comes first.
            (9, 280_000, None, rung(12_800, 5_000)),
            (9, 290_000, None, rung(4_750, 5_000)),
            (9, 280_000, Some(10_000), rung(4_750, 5_000)),
            (9, 10_000, Some(3_250), rung(0, 3_000)),
            (9, 10_000, Some(350), rung(0, 100)),
            (9, 10_000, Some(349), None),
            (1, 299_900, None, None),
            (1, 400_000, Some(60_000), None),
        ] {
            assert_eq!(
                ladder.next(tries, ms(spent), left.map(ms), 0.5),
                expected,
                "{tries} {spent} {left:?}"
            );
        }
    }

    #[test]
    fn a_minute_holds_ten_tries_that_wait_for_a_third_of_it() {
        let ladder = Ladder::new(ms(300_000));
        let (mut spent, mut waited, mut tries) = (LIMITS[0], LIMITS[0], 1);
        while let Some(rung) = ladder.next(tries, spent, Some(ms(60_000).saturating_sub(spent)), 0.5) {
            spent += rung.pause + rung.limit;
            waited += rung.limit;
            tries += 1;
        }
        assert_eq!((tries, waited), (11, ms(21_800) + ms(5_000)));
        assert!(spent <= ms(60_000), "{spent:?}");
    }
}
