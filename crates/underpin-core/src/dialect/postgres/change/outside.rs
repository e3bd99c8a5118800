//! Views that are not looked at, and what they are made of. The server changes nothing under a view, and
//! nobody can put one aside that is not known.

use super::plan::Plan;
use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    schema::{Dependency, ObjectId, ObjectKind},
};

/// Refuses to change what a view is made of that is not looked at.
pub(super) fn refuse(plan: &Plan<'_>) -> Result<(), Diagnostic> {
    let is_outside = |view: &ObjectId| {
        matches!(view.kind, ObjectKind::View | ObjectKind::MaterializedView)
            && !plan.from.schema.objects.contains_key(view)
    };
    let in_the_way = |one: &&Dependency| is_outside(&one.dependent) && is_disturbed(plan, &one.on);
    match plan.from.schema.dependencies.iter().find(in_the_way) {
        Some(Dependency { dependent, on }) => Err(refusal(dependent, on)),
        None => Ok(()),
    }
}

/// Whether something goes, for a while at least, or gets another type.
fn is_disturbed(plan: &Plan<'_>, on: &ObjectId) -> bool {
    let Some(id) = plan.from.home(on) else { return false };
    let owner = plan.from.units.get(&id).map(|unit| &unit.object.id);
    plan.action(&id).drops() || plan.is_retyped(&id) || owner.is_some_and(|owner| plan.action(owner).drops())
}

fn refusal(view: &ObjectId, on: &ObjectId) -> Diagnostic {
    Diagnostic::new(
        ErrorKind::Unsupported,
        format!("{view}, which is not looked at, is made of {on}, which can't change before it goes"),
    )
    .state("nothing was changed")
    .hint(
        "let it be looked at (--schema, --include, --exclude), so that it makes way and comes again; or drop it \
         before, and make it again afterwards",
    )
}
