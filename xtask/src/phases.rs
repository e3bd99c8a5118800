//! The phases of a task and how long each of them took on the wall.
//! It is not a profiler: a phase is a whole command, and only whoever waits for it cares.

use std::time::{Duration, Instant};

use anyhow::Result;

/// The phases that a task has gone through.
#[derive(Debug, Default)]
pub(crate) struct Phases {
    done: Vec<(String, Duration)>,
}

impl Phases {
    /// Runs one phase; its time is kept also when it fails.
    pub(crate) fn run<T>(&mut self, name: &str, phase: impl FnOnce() -> Result<T>) -> Result<T> {
        eprintln!("==> {name}");
        let start = Instant::now();
        let result = phase();
        let taken = start.elapsed();
        eprintln!("    {name}: {:.1} s", taken.as_secs_f64());
        self.done.push((name.to_owned(), taken));
        result
    }

    /// One line with every phase and its time.
    pub(crate) fn summary(&self) -> String {
        let total: Duration = self.done.iter().map(|(_, taken)| *taken).sum();
        let each: Vec<String> =
            self.done.iter().map(|(name, taken)| format!("{name} {:.1} s", taken.as_secs_f64())).collect();
        format!("wall time so far {:.1} s: {}", total.as_secs_f64(), each.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_names_every_phase_also_a_failed_one() {
        let mut phases = Phases::default();
        phases.run("build", || Ok(())).unwrap();
        phases.run("doc tests", || -> Result<()> { anyhow::bail!("no") }).unwrap_err();
        let summary = phases.summary();
        assert!(summary.contains("build ") && summary.contains("doc tests "), "{summary}");
    }
}
