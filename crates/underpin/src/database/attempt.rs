//! How long one attempt to connect may take, and the pause before the next one. Whether there is a next one is
//! decided where the attempts are made.

use std::time::Duration;

/// The longest.
const LONGEST: Duration = Duration::from_secs(10);
/// The shortest: a server that is busy answers late, and a second is no long wait.
const SHORTEST: Duration = Duration::from_secs(1);

/// The pause before the second attempt.
pub(crate) const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// The pause after this one.
pub(crate) fn longer(pause: Duration) -> Duration {
    (pause * 3 / 2).min(LONGEST_PAUSE)
}

/// How long an attempt may take that begins when so much of the patience is spent, in whole seconds. No
/// patience is one attempt, with all the time that it needs.
pub(super) fn limit(patience: Duration, spent: Duration) -> Duration {
    if patience.is_zero() {
        return LONGEST;
    }
    Duration::from_secs(patience.saturating_sub(spent).as_secs()).clamp(SHORTEST, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_are_never_long() {
        let pauses = std::iter::successors(Some(FIRST_PAUSE), |&pause| Some(longer(pause)));
        let milliseconds: Vec<u128> = pauses.map(|pause| pause.as_millis()).take(10).collect();
        assert_eq!(milliseconds, [100, 150, 225, 337, 506, 759, 1_139, 1_708, 2_000, 2_000]);
    }

    #[test]
    fn an_attempt_ends_with_the_patience_but_never_at_once() {
        let seconds = Duration::from_secs;
        assert_eq!(limit(seconds(30), seconds(0)), seconds(10));
        assert_eq!(limit(seconds(30), Duration::from_millis(26_900)), seconds(3));
        assert_eq!(limit(Duration::from_millis(200), seconds(0)), seconds(1));
        assert_eq!(limit(seconds(0), seconds(0)), seconds(10));
    }
}
