//! Planning on many revisions, in a line and in a chain of diamonds: from nothing but static data to a plan with
//! every statement. No database is involved, so that it is the graph that is measured.

#![allow(clippy::print_stdout, reason = "a benchmark prints its results")]

use std::env;
use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use underpin::core::dialect::Flavour;
use underpin::core::plan::{self, Plan, PlanRequest};
use underpin::core::revision::{Applied, Path, Target};
use underpin::{Embedded, Migrator, RevisionId, Revisions};
use underpin_benches::table::milliseconds;
use underpin_benches::{Contest, Library, Options, Table, child, memory};

const COUNTS: [usize; 2] = [1_000, 10_000];
const ROUNDS: usize = 21;
/// The first argument of a process that plans once and tells its peak.
const PEAK: &str = "--peak";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Graph,
    Upgrade,
    Plan,
    Downgrade,
    Migrator,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Line,
    Diamonds,
}

impl Shape {
    const fn name(self) -> &'static str {
        match self {
            Self::Line => "in a line",
            Self::Diamonds => "in diamonds",
        }
    }

    fn library(self, count: usize) -> Library {
        match self {
            Self::Line => Library::linear(count),
            Self::Diamonds => Library::diamonds(count),
        }
    }
}

fn main() -> Result<()> {
    if let Some(peak) = peak_was_asked()? {
        println!("{peak}");
        return Ok(());
    }
    let options = Options::from_arguments();
    let mut table = Table::new([
        "revisions",
        "graph",
        "path to the head",
        "plan of it",
        "sum",
        "path back to base",
        "`Migrator::plan`, all of it",
        "peak memory, MiB",
    ]);
    for count in options.counts(&COUNTS) {
        for shape in [Shape::Line, Shape::Diamonds] {
            measure(shape, count, options.rounds(ROUNDS), &mut table)?;
        }
    }
    println!("## Planning\n\nMilliseconds; medians.\n\n{table}");
    Ok(())
}

fn measure(shape: Shape, count: usize, rounds: usize, table: &mut Table) -> Result<()> {
    let library = shape.library(count);
    let embedded = library.embedded()?;
    let runtime = child::runtime()?;
    let directory = tempfile::tempdir()?;
    let url = format!("sqlite://{}", directory.path().join("none.db").display());
    let parts = [Part::Graph, Part::Upgrade, Part::Plan, Part::Downgrade, Part::Migrator];
    let contest = Contest::hold(&parts, rounds, |part| match part {
        Part::Migrator => {
            let start = Instant::now();
            let planned = runtime.block_on(async {
                let migrator = Migrator::builder().url(&url).migrations(embedded).build().await?;
                migrator.plan(Target::Heads).await
            });
            anyhow::ensure!(planned?.plan().steps.len() == library.len(), "the plan is not whole");
            Ok(start.elapsed())
        }
        part => time(part, embedded),
    })?;
    let sum = contest.median(Part::Graph) + contest.median(Part::Upgrade) + contest.median(Part::Plan);
    let mut row = vec![format!("{count} {}", shape.name())];
    for time in [
        contest.median(Part::Graph),
        contest.median(Part::Upgrade),
        contest.median(Part::Plan),
        sum,
        contest.median(Part::Downgrade),
        contest.median(Part::Migrator),
    ] {
        row.push(milliseconds(time));
    }
    row.push(peak(shape, count)?);
    table.row(row);
    Ok(())
}

/// Times one part alone; the others are done before or after it.
fn time(part: Part, embedded: &'static Embedded) -> Result<Duration> {
    let start = Instant::now();
    let revisions = Revisions::embedded(embedded);
    let graph = revisions.graph()?;
    if part == Part::Graph {
        return Ok(start.elapsed());
    }
    let start = Instant::now();
    let path = graph.upgrade(&Applied::default(), &[Target::Heads])?;
    if part == Part::Upgrade {
        return Ok(start.elapsed());
    }
    if part == Part::Downgrade {
        let applied = Applied::from_heads(graph, &graph.heads());
        let start = Instant::now();
        let back = graph.downgrade(&applied, &Target::Base)?;
        anyhow::ensure!(back.steps.len() == graph.len(), "the path is not whole");
        return Ok(start.elapsed());
    }
    let start = Instant::now();
    let plan = plan_of(&revisions, &path)?;
    let time = start.elapsed();
    drop(black_box(plan));
    Ok(time)
}

fn planned(embedded: &'static Embedded) -> Result<Plan> {
    let revisions = Revisions::embedded(embedded);
    let path = revisions.graph()?.upgrade(&Applied::default(), &[Target::Heads])?;
    plan_of(&revisions, &path)
}

fn plan_of(revisions: &Revisions, path: &Path) -> Result<Plan> {
    let request = PlanRequest { flavour: Flavour::Postgres, one_transaction: false, no_transaction: false };
    let files = |id: &RevisionId| Ok((revisions.file(id)?, revisions.checksum(id, request.flavour)?));
    plan::build(request, path, Vec::new(), files).context("no plan")
}

/// The most memory that planning needs over what is embedded, in MiB, from a process of its own.
fn peak(shape: Shape, count: usize) -> Result<String> {
    let mut command = Command::new(env::current_exe()?);
    let output = command.args([PEAK, shape.name(), &count.to_string()]).output()?;
    let peak: u32 = String::from_utf8_lossy(&output.stdout).trim().parse().context("no peak was told")?;
    Ok(format!("{:.1}", f64::from(peak) / 1_024.0))
}

/// The peak of one planning in KiB, if this process is there for that.
fn peak_was_asked() -> Result<Option<u64>> {
    let words: Vec<String> = env::args().skip(1).collect();
    let [mark, shape, count] = &words[..] else { return Ok(None) };
    if mark != PEAK {
        return Ok(None);
    }
    let shape = if shape == Shape::Line.name() { Shape::Line } else { Shape::Diamonds };
    let embedded = shape.library(count.parse()?).embedded()?;
    memory::forget_peak()?;
    let before = memory::peak()?;
    drop(black_box(planned(embedded)?));
    Ok(Some(memory::peak()?.saturating_sub(before)))
}
