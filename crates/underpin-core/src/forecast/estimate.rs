//! How long a statement's work on rows may take: bytes by the speed of the work. Not how long it waits
//! for its locks, which nobody knows beforehand.

use serde::Serialize;

use crate::{
    impact::{Algorithm, Impact},
    statement::ObjectName,
};

use super::TableSize;

/// What is done with rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Work {
    /// They are read.
    Scan,
    /// They are read and sorted into an index.
    Build,
    /// They are written anew, with their indexes.
    Rewrite,
    /// The same as an index of MySQL or MariaDB.
    OnlineBuild,
    /// They are written anew in place (MySQL, MariaDB).
    Rebuild,
    /// They are copied one by one (MySQL, MariaDB).
    Copy,
}

/// How long a statement's work on rows may take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Estimate {
    /// Seconds, rounded up.
    pub seconds: u64,
    /// What it is made from: `0.6 GB written at 50 MB/s`.
    pub basis: String,
}

const MEGABYTE: u64 = 1_000_000;

impl Work {
    /// Bytes of the table a second, rounded down from what was measured on two busy cores with tables in
    /// memory. PostgreSQL 18, a million rows, 135 MB: 240 MB/s read, 145 MB/s into an index, 50 MB/s
    /// written. MySQL 9.7 and MariaDB 10.11, 262,144 rows, 36 MB: 25 and 38 MB/s into an index, 20 and
    /// 17 MB/s written in place, 4.3 and 5.3 MB/s copied. Slow disks take longer.
    pub const fn speed(self) -> u64 {
        match self {
            Self::Scan => 200 * MEGABYTE,
            Self::Build => 100 * MEGABYTE,
            Self::Rewrite => 50 * MEGABYTE,
            Self::OnlineBuild => 25 * MEGABYTE,
            Self::Rebuild => 15 * MEGABYTE,
            Self::Copy => 4 * MEGABYTE,
        }
    }

    const fn done(self) -> &'static str {
        match self {
            Self::Scan => "read",
            Self::Build | Self::OnlineBuild => "indexed",
            Self::Rewrite | Self::Rebuild => "written",
            Self::Copy => "copied",
        }
    }

    /// How the server of an impact writes rows and builds indexes.
    fn of(impact: &Impact) -> (Self, Self) {
        match impact.way.map(|way| way.algorithm) {
            None => (Self::Rewrite, Self::Build),
            Some(Algorithm::Copy) => (Self::Copy, Self::OnlineBuild),
            Some(Algorithm::Instant | Algorithm::NoCopy | Algorithm::Inplace) => {
                (Self::Rebuild, Self::OnlineBuild)
            }
        }
    }
}

impl Estimate {
    /// The time that an impact's work takes on tables of these sizes; nothing where there is no work on
    /// rows, or none of the sizes is known.
    pub fn of(impact: &Impact, sizes: &[TableSize]) -> Option<Self> {
        let (rewrite, build) = Work::of(impact);
        let built =
            impact.builds.iter().filter_map(|build| Some(bytes(sizes, &build.table)? * build.indexes as u64));
        let work = [
            (rewrite, total(sizes, &impact.rewrites)),
            (Work::Scan, total(sizes, &impact.scans)),
            (build, built.sum()),
        ];
        let parts: Vec<(Work, u64)> = work.into_iter().filter(|(_, bytes)| *bytes > 0).collect();
        let milliseconds: u64 =
            parts.iter().map(|(work, bytes)| bytes.saturating_mul(1000) / work.speed()).sum();
        let part = |(work, bytes): &(Work, u64)| {
            format!("{} {} at {} MB/s", in_bytes(*bytes), work.done(), work.speed() / MEGABYTE)
        };
        let basis = parts.iter().map(part).collect::<Vec<_>>().join(", ");
        (!parts.is_empty()).then(|| Self { seconds: milliseconds.div_ceil(1000), basis })
    }
}

fn bytes(sizes: &[TableSize], name: &ObjectName) -> Option<u64> {
    sizes.iter().find(|size| size.is_of(name)).and_then(|size| size.bytes)
}

fn total(sizes: &[TableSize], names: &[ObjectName]) -> u64 {
    names.iter().filter_map(|name| bytes(sizes, name)).sum()
}

/// `1.2 GB`, `35 MB`, `8 kB`.
fn in_bytes(bytes: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        1_000_000..1_000_000_000 => format!("{} MB", bytes / MEGABYTE),
        1_000_000_000..1_000_000_000_000 => format!("{} GB", tenths(1_000 * MEGABYTE)),
        _ => format!("{} TB", tenths(1_000_000 * MEGABYTE)),
    }
}

impl TableSize {
    /// `1.2 GB, 1500000 rows`; nothing where nothing is known.
    pub fn in_words(&self) -> Option<String> {
        let bytes = self.bytes.map(in_bytes);
        let rows = self.rows.map(|rows| format!("about {rows} {}", if rows == 1 { "row" } else { "rows" }));
        let known: Vec<String> = bytes.into_iter().chain(rows).collect();
        (!known.is_empty()).then(|| known.join(", "))
    }
}
