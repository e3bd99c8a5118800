//! A change of PostgreSQL in stages that others hardly notice: no scan, no build and no validation runs
//! while a strong lock is held on a table that was there before. Which locks a statement takes is in the
//! manual's section 13.3 and was measured; that it leads where it should is proven by whoever runs it.

mod constraint;
mod decision;
mod index;
mod item;
mod key;
mod never_null;
mod rest;

use std::collections::BTreeSet;

use self::{decision::Decision, item::Moves};
use super::{faithful, statements};
use crate::{
    diagnostic::Diagnostic,
    difference::{Difference, Renames, Stage, StageKind, compare},
    schema::{Body, ObjectId, ObjectKind, Schema},
};

/// The stages of a change.
///
/// # Errors
/// As [`statements`].
pub(crate) fn stages(difference: &Difference) -> Result<Vec<Stage>, Diagnostic> {
    let kinds = [StageKind::Change, StageKind::Validate, StageKind::Index];
    let decision = Decision::of(difference);
    let postponed = decision.postponed.clone();
    let mut stages = round(decision, kinds)?;
    if !postponed.is_empty() {
        let rest = compare(&without(&difference.to, &postponed), &difference.to, &Renames::NONE);
        let kinds = [StageKind::ForeignKey, StageKind::ValidateForeignKey, StageKind::Index];
        stages.extend(round(Decision::of(&rest), kinds)?);
    }
    Ok(stages)
}

/// The stages of what was decided, those without statements left out.
fn round(decision: Decision, [change, validate, build]: [StageKind; 3]) -> Result<Vec<Stage>, Diagnostic> {
    let Decision { rest, items, remarks, .. } = decision;
    let rest = rest.finished();
    let direct = Moves::new(statements(&rest)?, statements(&rest.reversed())?);
    let announced = Moves::of(std::iter::once(&direct).chain(items.iter().map(|item| &item.announced)));
    // First everything is read, and only then anything is told that takes a strong lock.
    let validated: Vec<&Moves> =
        items.iter().map(|item| &item.validated).chain(items.iter().map(|item| &item.settled)).collect();
    // First what comes, and only then what goes.
    let built: Vec<&Moves> =
        items.iter().map(|item| &item.built).chain(items.iter().map(|item| &item.cleared)).collect();
    let mut stages = vec![stage(change, announced)];
    stages[0].remarks = remarks;
    stages.push(stage(validate, Moves::of(validated.into_iter())));
    stages.push(stage(build, Moves::of(built.into_iter())));
    stages.retain(|stage| !stage.upgrade.is_empty() || !stage.downgrade.is_empty());
    Ok(stages)
}

fn stage(kind: StageKind, Moves { up, down }: Moves) -> Stage {
    Stage { kind, upgrade: faithful(up), downgrade: faithful(down), remarks: Vec::new() }
}

/// A schema without these foreign keys.
fn without(schema: &Schema, keys: &BTreeSet<ObjectId>) -> Schema {
    let mut schema = schema.clone();
    for object in schema.objects.values_mut() {
        let id = object.id.clone();
        if let Body::Table(table) = &mut object.body {
            table
                .constraints
                .retain(|one| !keys.contains(&id.part(ObjectKind::Constraint, one.shown_name())));
        }
    }
    schema.dependencies.retain(|one| !keys.contains(&one.dependent) && !keys.contains(&one.on));
    schema
}
