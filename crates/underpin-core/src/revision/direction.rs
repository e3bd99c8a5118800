//! The direction of a migration: towards the heads or towards the base. Not a target.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Which way a revision is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Towards the heads: the revision's change is made.
    Upgrade,
    /// Towards the base: the revision's change is taken back.
    Downgrade,
}

impl Direction {
    /// Both directions.
    pub const ALL: [Self; 2] = [Self::Upgrade, Self::Downgrade];

    /// The name used in revision files and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Upgrade => "upgrade",
            Self::Downgrade => "downgrade",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
