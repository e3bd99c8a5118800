//! Tables whose columns a composite type says (`CREATE TABLE … OF`): the server takes no change of either while
//! they belong together, so a table is freed from its type first and bound to it when both are what they are to be.

use super::{action::Action, column::altering, plan::Plan};
use crate::{
    difference::Statement,
    schema::{ObjectId, ObjectKind, Table},
};

/// Frees a table from its type.
pub(super) fn free(id: &ObjectId) -> Statement {
    altering(id, "NOT OF")
}

/// Binds a table to its type, where it is not bound to it any more or was not before.
pub(super) fn bind(plan: &Plan<'_>, id: &ObjectId) -> Option<Statement> {
    let of = of_type(plan.to.schema.table(id))?;
    let stays = plan.action(id) == Action::Alter
        && !plan.is_freed(id)
        && of_type(plan.from.schema.table(id)) == Some(of);
    (!stays).then(|| altering(id, &format!("OF {of}")))
}

fn of_type(table: Option<&Table>) -> Option<&String> {
    table?.options.get("of_type")
}

impl Plan<'_> {
    /// Whether a table that stays is freed from its type, for a while at least.
    pub(super) fn is_freed(&self, id: &ObjectId) -> bool {
        let (before, after) = (self.from.schema.table(id), self.to.schema.table(id));
        of_type(before).is_some()
            && after.is_some()
            && (of_type(before) != of_type(after) || self.types_of(id).next().is_some())
    }

    /// The types of which something becomes that the columns of a table follow.
    pub(super) fn types_of(&self, id: &ObjectId) -> impl Iterator<Item = &ObjectId> {
        let is_type =
            |need: &&ObjectId| need.kind == ObjectKind::Composite && self.action(need) != Action::Keep;
        self.from.needs(id).filter(is_type)
    }

    /// A table whose type changes has to be looked at, whether or not it changes itself.
    pub(super) fn free_tables(&mut self) {
        let freed: Vec<ObjectId> = self
            .from
            .schema
            .tables()
            .map(|(id, _)| id)
            .filter(|id| self.action(id) == Action::Keep && self.is_freed(id))
            .cloned()
            .collect();
        self.actions.extend(freed.into_iter().map(|id| (id, Action::Alter)));
    }
}
