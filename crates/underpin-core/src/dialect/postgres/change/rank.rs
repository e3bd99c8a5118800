//! What comes first where nothing else says. What must come first is told by `order`.

use super::order::{Phase, Step};
use crate::schema::ObjectKind;

/// What comes first where nothing else says: what stands in the way goes, then types, tables, columns
/// and keys come, then what runs, and at last everything goes that nothing needs.
pub(super) fn rank((id, phase): &Step) -> u32 {
    use ObjectKind as K;
    match (phase, id.kind) {
        (Phase::Drop, K::EventTrigger) => 1,
        (Phase::Drop, K::Publication) => 2,
        (Phase::Drop, K::Policy) => 3,
        (Phase::Drop, K::Trigger) => 4,
        (Phase::Drop, K::Rule) => 5,
        (Phase::Drop, K::MaterializedView) => 6,
        (Phase::Drop, K::View) => 7,
        (Phase::Drop, K::Statistics) => 8,
        (Phase::Drop, K::Constraint) => 9,
        (Phase::Drop, K::Index) => 10,
        (Phase::Drop, K::Default) => 11,
        (Phase::Drop, K::Cast | K::Operator | K::Aggregate) => 12,
        (Phase::Make | Phase::Alter, K::Namespace) => 20,
        (Phase::Make | Phase::Alter, K::Extension) => 21,
        (Phase::Make | Phase::Alter, K::ForeignServer | K::Collation) => 22,
        (Phase::Make | Phase::Alter, K::Enum) => 23,
        (Phase::Make | Phase::Alter, K::Composite) => 24,
        (Phase::Make | Phase::Alter, K::Range) => 25,
        (Phase::Make | Phase::Alter, K::Domain) => 26,
        (Phase::Make | Phase::Alter, K::Sequence) => 27,
        (Phase::Make | Phase::Alter, K::Table) => 30,
        (Phase::Make | Phase::Alter, K::Column) => 31,
        (Phase::Make | Phase::Alter, K::Default) => 32,
        (Phase::Drop, K::Column) => 33,
        (Phase::Leave, _) => 34,
        (Phase::Finish, K::Table) => 35,
        (Phase::Finish, K::Sequence) => 36,
        (Phase::Finish, _) => 37,
        (Phase::Make | Phase::Alter, K::Constraint) => 40,
        (Phase::Make | Phase::Alter, K::Index) => 41,
        (Phase::Make | Phase::Alter, K::Statistics) => 42,
        (Phase::Make | Phase::Alter, K::Function | K::Procedure) => 50,
        (Phase::Make | Phase::Alter, K::Aggregate | K::Operator | K::Cast) => 51,
        (Phase::Make | Phase::Alter, K::View) => 52,
        (Phase::Make | Phase::Alter, K::MaterializedView) => 53,
        (Phase::Make | Phase::Alter, K::Rule) => 54,
        (Phase::Make | Phase::Alter, K::Trigger) => 55,
        (Phase::Make | Phase::Alter, K::Policy) => 56,
        (Phase::Make | Phase::Alter, K::Publication) => 57,
        (Phase::Drop, K::Table) => 60,
        (Phase::Drop, K::Sequence) => 61,
        (Phase::Drop, K::Function | K::Procedure) => 62,
        (Phase::Drop, K::Domain | K::Composite | K::Range | K::Enum | K::Collation) => 63,
        (Phase::Drop, K::Extension | K::ForeignServer) => 64,
        (Phase::Drop, K::DefaultPrivilege | K::Event) => 65,
        (Phase::Drop, K::Namespace) => 66,
        (Phase::Make | Phase::Alter, K::DefaultPrivilege | K::Event) => 70,
        (Phase::Make | Phase::Alter, K::EventTrigger) => 71,
    }
}
