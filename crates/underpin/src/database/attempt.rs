//! How long one attempt to connect may take. Not when the next one comes: that is where the attempts are made.

use std::time::Duration;

/// The longest.
const LONGEST: Duration = Duration::from_secs(10);
/// The shortest: a server that is busy answers late, and a second is no long wait.
const SHORTEST: Duration = Duration::from_secs(1);

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
    fn an_attempt_ends_with_the_patience_but_never_at_once() {
        let seconds = Duration::from_secs;
        assert_eq!(limit(seconds(30), seconds(0)), seconds(10));
        assert_eq!(limit(seconds(30), Duration::from_millis(26_900)), seconds(3));
        assert_eq!(limit(Duration::from_millis(200), seconds(0)), seconds(1));
        assert_eq!(limit(seconds(0), seconds(0)), seconds(10));
    }
}
