//! Rows that exclude each other.

use super::Part;
use crate::{dialect::Flavour, schema::Deferral};

/// Rows that exclude each other: no two of them may give true for every operator (PostgreSQL; an error
/// elsewhere).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    pub(super) name: Option<String>,
    pub(super) method: Option<String>,
    pub(super) elements: Vec<(Part, String)>,
    pub(super) predicate: Option<String>,
    pub(super) deferral: Deferral,
    pub(super) comment: Option<String>,
    pub(super) only: Vec<Flavour>,
}

impl Exclusion {
    /// Rows exclude each other whose values of this column or expression this operator is true for.
    pub fn new(element: impl Into<Part>, operator: &str) -> Self {
        Self {
            name: None,
            method: None,
            elements: vec![(element.into(), operator.to_owned())],
            predicate: None,
            deferral: Deferral::None,
            comment: None,
            only: Vec::new(),
        }
    }

    /// And this operator is true for these, too.
    #[must_use]
    pub fn and(mut self, element: impl Into<Part>, operator: &str) -> Self {
        self.elements.push((element.into(), operator.to_owned()));
        self
    }

    setters! {
        /// Its name, where it is not the usual one (`bookings_room_during_excl`).
        words name;
        /// The method of its index; `gist`, if nothing is said.
        words method;
        /// The rows that it is for.
        words predicate;
    }

    /// Whether it can wait for the end of the transaction.
    #[must_use]
    pub const fn deferral(mut self, deferral: Deferral) -> Self {
        self.deferral = deferral;
        self
    }

    setters! {
        /// Its comment.
        words comment;
    }

    /// Only these engines have it; as no other than PostgreSQL can, that is what makes one source run on all.
    #[must_use]
    pub fn only(mut self, flavours: impl IntoIterator<Item = Flavour>) -> Self {
        self.only = flavours.into_iter().collect();
        self
    }
}
