//! What becomes of a unit. Not how.

/// What becomes of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// Nothing.
    Keep,
    /// It comes.
    Make,
    /// It goes.
    Drop,
    /// It is changed in place.
    Alter,
    /// It goes and comes again, because it can't be changed in place or something beneath it can't.
    Replace,
    /// Like `Replace`, for what rows are made of: the old one goes out of the way under another name
    /// until everything has the new one.
    Rebuild,
}

impl Action {
    /// Whether it goes, for a while or for good.
    pub(super) const fn drops(self) -> bool {
        matches!(self, Self::Drop | Self::Replace | Self::Rebuild)
    }

    /// Whether it comes, for the first time or again.
    pub(super) const fn makes(self) -> bool {
        matches!(self, Self::Make | Self::Replace | Self::Rebuild)
    }
}
