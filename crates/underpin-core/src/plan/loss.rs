//! What a plan deletes that no downgrade brings back, with the place of each statement. Whether it may is
//! policy, and decided elsewhere.

use serde::Serialize;

use super::{Plan, Step};
use crate::{
    diagnostic::Place,
    loss::{Loss, Losses, may_lose},
    revision::{Direction, RevisionId},
};

/// Something that a statement of a plan deletes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedLoss {
    /// The revision.
    pub revision: RevisionId,
    /// Which way it is run.
    pub direction: Direction,
    /// Whether a person has said in its file that this is meant: `destructive: reviewed`.
    pub reviewed: bool,
    /// The place of its step in the plan, from 0.
    pub step: usize,
    /// Where the statement stands.
    #[serde(skip)]
    pub place: Place,
    /// What is lost.
    pub loss: Loss,
}

/// What the steps of a plan delete, in order. What the plan has made itself counts for nothing, so that
/// all revisions of a project can be applied to an empty database.
pub fn losses(plan: &Plan) -> Vec<PlannedLoss> {
    // Most plans delete nothing, and are not read a second time.
    let all = || plan.steps.iter().flat_map(|step| &step.statements);
    if !all().any(|statement| may_lose(&statement.text)) {
        return Vec::new();
    }
    let mut follower = Losses::new(plan.flavour.dialect());
    let mut found = Vec::new();
    for (index, step) in plan.steps.iter().enumerate() {
        found.extend(of_step(&mut follower, index, step));
    }
    found
}

fn of_step(follower: &mut Losses, index: usize, step: &Step) -> Vec<PlannedLoss> {
    let mut found = Vec::new();
    for statement in &step.statements {
        found.extend(follower.follow(&statement.text).into_iter().map(|loss| PlannedLoss {
            revision: step.revision().clone(),
            direction: step.direction,
            reviewed: step.header.destructive_reviewed,
            step: index,
            place: statement.place.clone(),
            loss,
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dialect::Flavour, plan::sample};

    #[test]
    fn a_loss_has_its_revision_and_its_place() {
        let plan = sample::plan(
            Flavour::Postgres,
            &[("0001", &["CREATE TABLE a (i int)"]), ("0002", &["SELECT 1", "ALTER TABLE b DROP COLUMN c"])],
        );
        let found = losses(&plan);
        let [loss] = &found[..] else { panic!("{found:?}") };
        assert_eq!((loss.revision.as_str(), loss.step, loss.place.line), ("0002", 1, 2));
        assert!(!loss.reviewed);
    }

    #[test]
    fn what_a_revision_of_the_same_plan_has_made_is_no_loss() {
        let steps: [(&str, &[&str]); 2] =
            [("0001", &["CREATE TABLE a (i int)"]), ("0002", &["DROP TABLE a"])];
        for flavour in [Flavour::Sqlite, Flavour::Postgres, Flavour::Mysql, Flavour::Mariadb] {
            assert_eq!(losses(&sample::plan(flavour, &steps)), []);
            assert_eq!(losses(&sample::plan(flavour, &steps[1..])).len(), 1);
        }
    }
}
