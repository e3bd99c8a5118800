//! What is wrong with the SQL of one file, as far as that shows without a server.

use underpin_core::{
    diagnostic::Diagnostic,
    dialect::Flavour,
    plan::{self, PlanRequest},
    revision::{Checksums, Direction, Path, PathStep, RevisionFile},
};

/// What keeps a file from being run: on servers of a flavour, or, without one, of any.
pub(super) fn check(file: &RevisionFile, flavour: Option<Flavour>) -> Option<Diagnostic> {
    if let Some(flavour) = flavour {
        return plan(file, flavour).err();
    }
    if let Err(error) = Checksums::of(file) {
        return Some(error.into());
    }
    let mut first = None;
    for flavour in Flavour::ALL {
        match plan(file, flavour) {
            Ok(()) => return None,
            Err(error) => {
                first.get_or_insert(error);
            }
        }
    }
    first
}

/// Plans the file alone, up and down.
fn plan(file: &RevisionFile, flavour: Flavour) -> Result<(), Diagnostic> {
    let request = PlanRequest { flavour, one_transaction: false, no_transaction: false };
    let step = |direction| PathStep { direction, id: file.header.id.clone() };
    let mut steps = vec![step(Direction::Upgrade)];
    if file.has(Direction::Downgrade, flavour) {
        steps.push(step(Direction::Downgrade));
    }
    let path = Path { steps, heads_after: Vec::new() };
    plan::build(request, &path, Vec::new(), |_| Ok((file.clone(), file.checksum(flavour)?))).map(drop)
}
