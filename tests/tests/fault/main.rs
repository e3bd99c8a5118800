//! Everything that can go wrong around a run, done to it on purpose, each followed by a normal start that has to
//! finish the work: the process, its connection, its session, its server, the disk, the right to write.
//! What the faults were and how the runs took them is printed as rows of the table in
//! `docs/reference/reliability.md`.

mod chain;
mod disk;
mod held;
mod read_only;
mod server;

use std::collections::BTreeMap;

use underpin_tests::{Engine, Output, scale};

/// How often a fault was tried on an engine, and how the runs took it.
struct Tally {
    engine: Engine,
    fault: String,
    endings: BTreeMap<String, usize>,
}

impl Tally {
    fn new(engine: Engine, fault: &str) -> Self {
        Self { engine, fault: fault.to_owned(), endings: BTreeMap::new() }
    }

    /// Counts a run that met the fault, and that a normal start has finished since.
    fn count(&mut self, output: &Output) {
        let ending = match output.code() {
            Some(code) => format!("exit {code}"),
            None => "killed".to_owned(),
        };
        *self.endings.entry(ending).or_default() += 1;
    }

    /// Prints the row; where the fault does not exist on an engine there is none.
    fn report(&self) {
        let tried: usize = self.endings.values().sum();
        let endings: Vec<_> =
            self.endings.iter().map(|(ending, count)| format!("{ending}: {count}")).collect();
        if tried > 0 {
            let Self { engine, fault, .. } = self;
            scale::report(&format!("| {fault} | {engine} | {tried} | {} | {tried} |", endings.join(", ")));
        }
    }
}
