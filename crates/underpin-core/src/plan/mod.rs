//! The plan: what a run will do, as an immutable value. The plan that is shown is the plan that
//! runs; nothing that carries it out decides anything about its content.

mod build;
mod index_names;
mod loss;
mod newcomers;
mod open_end;
mod precondition;
pub mod provisional;
#[cfg(test)]
pub(crate) mod sample;
mod statement;

pub use build::{PlanRequest, build};
pub use index_names::check_index_names;
pub use loss::{PlannedLoss, losses};
pub use newcomers::newcomers;
pub use open_end::{OpenEnd, needs_application};
pub use precondition::{Precondition, preconditions};
pub use statement::PlannedStatement;

use crate::{
    dialect::Flavour,
    revision::{Direction, Header, Language, RevisionId},
    sql::Checksum,
};

/// A run from one state of a database to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The server family that its statements are for.
    pub flavour: Flavour,
    /// What is done, in order.
    pub steps: Vec<Step>,
    /// The heads before the first step.
    pub heads_before: Vec<RevisionId>,
    /// The heads after the last step.
    pub heads_after: Vec<RevisionId>,
}

/// One revision, run in one direction.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Whether the revision is applied or taken back.
    pub direction: Direction,
    /// What the revision says of itself.
    pub header: Header,
    /// What it is written in.
    pub language: Language,
    /// The file that it is from.
    pub file: String,
    /// What is sent, statement by statement. Of a revision in Rust, as far as it can be told before.
    pub statements: Vec<PlannedStatement>,
    /// Why a revision in Rust may send more than that, or something else.
    pub open_end: Option<OpenEnd>,
    /// Whether a revision in Rust asks for the schema when it runs, so that it may send something else than what
    /// was written without.
    pub asks_schema: bool,
    /// The checksum of the revision's upgrade on this flavour.
    pub checksum: Checksum,
    /// The text of its downgrade, which the ledger keeps; nothing if it is irreversible, and where a downgrade in Rust
    /// can't be told beforehand.
    pub downgrade: Option<String>,
    /// Whether its file has a downgrade.
    pub reversible: bool,
    /// Whether all of it, with its record in the history, is one transaction.
    pub transactional: bool,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The number of statements of all steps.
    pub fn statement_count(&self) -> usize {
        self.steps.iter().map(|step| step.statements.len()).sum()
    }
}

impl Step {
    /// The id of the revision.
    pub fn revision(&self) -> &RevisionId {
        &self.header.id
    }

    /// The revision as messages name it: `77be41d0 (check order totals)`.
    pub fn title(&self) -> String {
        if self.header.message.is_empty() {
            self.header.id.to_string()
        } else {
            format!("{} ({})", self.header.id, self.header.message)
        }
    }
}
