//! What a benchmark is asked for on its command line: engines and counts as plain words.
//! Words that mean nothing here are left alone, because cargo adds some of its own.

use std::env;

use underpin_tests::Engine;

/// What to measure.
#[derive(Clone, Debug, Default)]
pub struct Options {
    engines: Vec<Engine>,
    counts: Vec<usize>,
    quick: bool,
}

impl Options {
    /// Reads the arguments of this process: `sqlite`, `postgres`, `mysql`, `mariadb`, numbers, `quick`.
    pub fn from_arguments() -> Self {
        Self::of(env::args().skip(1))
    }

    fn of(words: impl Iterator<Item = String>) -> Self {
        let mut options = Self::default();
        for word in words {
            let engine =
                Engine::ALL.into_iter().find(|engine| engine.to_string().eq_ignore_ascii_case(&word));
            if let Some(engine) = engine.or_else(|| (word == "postgres").then_some(Engine::Postgres)) {
                options.engines.push(engine);
            } else if let Ok(count) = word.parse() {
                options.counts.push(count);
            } else if word == "quick" {
                options.quick = true;
            }
        }
        options
    }

    /// The engines that are named, or else the usual ones, as far as they are at hand.
    pub fn engines(&self, usual: &[Engine]) -> Vec<Engine> {
        let wanted = if self.engines.is_empty() { usual } else { &self.engines };
        wanted.iter().copied().filter(|engine| engine.is_available()).collect()
    }

    /// Those of these counts that are wanted.
    pub fn counts(&self, all: &[usize]) -> Vec<usize> {
        all.iter().copied().filter(|count| self.counts.is_empty() || self.counts.contains(count)).collect()
    }

    /// How many rounds to make of these.
    pub fn rounds(&self, rounds: usize) -> usize {
        if self.quick { rounds.div_ceil(3) } else { rounds }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_choose_and_no_word_chooses_all() {
        let options = Options::of(["--bench", "sqlite", "100", "quick"].map(str::to_owned).into_iter());
        assert_eq!(options.engines(&[]), [Engine::Sqlite]);
        assert_eq!(options.counts(&[1, 100, 1_000]), [100]);
        assert_eq!((options.rounds(9), Options::default().rounds(9)), (3, 9));
        assert_eq!(Options::default().counts(&[1, 100]), [1, 100]);
    }
}
