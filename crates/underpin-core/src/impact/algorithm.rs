//! How MySQL and MariaDB carry out an `ALTER TABLE`: the words behind `ALGORITHM` and `LOCK`. Not which
//! of them a statement gets: that is `mysql`.

use std::fmt;

use serde::Serialize;

/// How MySQL and MariaDB carry out an `ALTER TABLE`, from the cheapest to the dearest (MySQL 8.4
/// manual, 17.12.1 "Online DDL Operations"; MariaDB manual, "InnoDB Online DDL Overview").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Algorithm {
    /// Only the catalog changes.
    Instant,
    /// Indexes may be built, and rows stay as they are (MariaDB).
    NoCopy,
    /// The engine does it; rows may be written anew.
    Inplace,
    /// The server makes a new table and copies every row.
    Copy,
}

/// What others may do meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Concurrency {
    /// They may read and write: `LOCK=NONE`.
    None,
    /// They may read: `LOCK=SHARED`.
    Shared,
    /// They wait: `LOCK=EXCLUSIVE`.
    Exclusive,
}

/// The best way that the server has for an `ALTER TABLE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// The algorithm.
    pub algorithm: Algorithm,
    /// What others may do meanwhile.
    pub concurrency: Concurrency,
    /// Whether every row is written anew.
    pub rebuild: bool,
}

impl Way {
    /// Only the catalog changes.
    pub const INSTANT: Self =
        Self { algorithm: Algorithm::Instant, concurrency: Concurrency::None, rebuild: false };
    /// The engine does it without new rows; others go on.
    pub const INPLACE: Self = Self { algorithm: Algorithm::Inplace, ..Self::INSTANT };
    /// Indexes change and rows don't (MariaDB); others go on.
    pub const NOCOPY: Self = Self { algorithm: Algorithm::NoCopy, ..Self::INSTANT };
    /// The engine writes every row anew; others go on.
    pub const REBUILD: Self = Self { rebuild: true, ..Self::INPLACE };
    /// The server copies every row; others may read.
    pub const COPY: Self =
        Self { algorithm: Algorithm::Copy, concurrency: Concurrency::Shared, rebuild: true };

    /// The same, while others may only read.
    #[must_use]
    pub const fn shared(self) -> Self {
        Self { concurrency: Concurrency::Shared, ..self }
    }

    /// What both together need.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            algorithm: self.algorithm.max(other.algorithm),
            concurrency: self.concurrency.max(other.concurrency),
            rebuild: self.rebuild || other.rebuild,
        }
    }
}

impl Algorithm {
    /// The word behind `ALGORITHM=`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Instant => "INSTANT",
            Self::NoCopy => "NOCOPY",
            Self::Inplace => "INPLACE",
            Self::Copy => "COPY",
        }
    }
}

impl Concurrency {
    /// The word behind `LOCK=`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Shared => "SHARED",
            Self::Exclusive => "EXCLUSIVE",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// `ALGORITHM=INSTANT`, which takes no `LOCK` on MySQL; `ALGORITHM=INPLACE, LOCK=NONE`.
impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ALGORITHM={}", self.algorithm)?;
        match self.algorithm {
            Algorithm::Instant => Ok(()),
            Algorithm::NoCopy | Algorithm::Inplace | Algorithm::Copy => {
                write!(f, ", LOCK={}", self.concurrency.name())
            }
        }
    }
}
