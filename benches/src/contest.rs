//! Contestants that take turns, and what is made of their times: medians, and ratios within a round.
//! It is no statistics: a machine that others use allows no finer statement than a median and a range.

use std::time::Duration;

use anyhow::Result;

/// The times of several contestants, taken in turns.
#[derive(Debug)]
pub struct Contest<C> {
    contestants: Vec<C>,
    /// For each contestant the time of each round.
    times: Vec<Vec<Duration>>,
}

impl<C: Copy + PartialEq> Contest<C> {
    /// Lets every contestant run once uncounted and then once in each round; who begins changes from round to
    /// round, so that nobody always meets the same neighbour. A single round has nothing uncounted before it.
    ///
    /// # Errors
    /// What `measure` fails with.
    pub fn hold(
        contestants: &[C],
        rounds: usize,
        mut measure: impl FnMut(C) -> Result<Duration>,
    ) -> Result<Self> {
        let mut times = vec![Vec::with_capacity(rounds); contestants.len()];
        for &contestant in contestants.iter().filter(|_| rounds > 1) {
            measure(contestant)?;
        }
        for round in 0..rounds {
            for turn in 0..contestants.len() {
                let place = (round + turn) % contestants.len();
                times[place].push(measure(contestants[place])?);
            }
        }
        Ok(Self { contestants: contestants.to_vec(), times })
    }

    /// The contestants in their order.
    pub fn contestants(&self) -> &[C] {
        &self.contestants
    }

    /// The median of a contestant's times; nothing for a stranger.
    pub fn median(&self, contestant: C) -> Duration {
        median(self.times(contestant).to_vec()).unwrap_or_default()
    }

    /// The shortest and the longest time of a contestant.
    pub fn range(&self, contestant: C) -> (Duration, Duration) {
        let times = self.times(contestant);
        (times.iter().min().copied().unwrap_or_default(), times.iter().max().copied().unwrap_or_default())
    }

    /// The median of how many times as long one needs as another, round by round.
    pub fn ratio(&self, contestant: C, yardstick: C) -> f64 {
        let pairs = self.times(contestant).iter().zip(self.times(yardstick));
        let mut ratios: Vec<f64> =
            pairs.map(|(one, other)| one.as_secs_f64() / other.as_secs_f64()).collect();
        ratios.sort_by(f64::total_cmp);
        ratios.get(ratios.len() / 2).copied().unwrap_or(f64::NAN)
    }

    fn times(&self, contestant: C) -> &[Duration] {
        let place = self.contestants.iter().position(|&other| other == contestant);
        place.map_or(&[], |place| &self.times[place])
    }
}

/// The middle one; of an even number the later of the two.
fn median(mut times: Vec<Duration>) -> Option<Duration> {
    times.sort_unstable();
    times.get(times.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_turn_of_each_is_not_counted() {
        let mut calls = [0; 2];
        let contest = Contest::hold(&[0, 1], 3, |contestant: usize| {
            calls[contestant] += 1;
            Ok(Duration::from_secs(if calls[contestant] == 1 { 100 } else { contestant as u64 + 1 }))
        });
        let contest = contest.unwrap();
        assert_eq!(calls, [4, 4]);
        assert_eq!(contest.range(1), (Duration::from_secs(2), Duration::from_secs(2)));
        assert!((contest.ratio(1, 0) - 2.0).abs() < 1e-9);
    }

    #[test]
    fn one_slow_round_does_not_move_the_median() {
        let times = [3, 900, 1].map(Duration::from_secs).to_vec();
        assert_eq!(median(times), Some(Duration::from_secs(3)));
    }
}
