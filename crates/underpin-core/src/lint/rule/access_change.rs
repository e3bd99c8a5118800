use crate::{
    dialect::Flavour::Postgres,
    statement::{ActionKind, ObjectClass, Statement, TriggerState},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "access-change",
    summary: "who may do what changes, or what others rely on without being asked",
    flavours: POSTGRES,
    why: "Policies, grants, a replica identity and the version of an extension take effect for every session at \
          once, and no test of a schema sees them. Have somebody look at them who knows who uses them.",
    examples: &[
        Example::bad(Postgres, "GRANT SELECT ON orders TO reader"),
        Example::bad(Postgres, "ALTER TABLE orders ENABLE ROW LEVEL SECURITY"),
        Example::bad(Postgres, "ALTER TABLE orders REPLICA IDENTITY FULL"),
        Example::bad(Postgres, "ALTER EXTENSION postgis UPDATE"),
        Example::good(Postgres, "ALTER TABLE orders ADD note text"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let what = match context.statement {
        Statement::Grant => "who may do what changes",
        Statement::Define { class, .. } if class == "POLICY" => "which rows a role sees changes",
        Statement::Define { verb, class, .. } if verb == "ALTER" && class == "EXTENSION" => {
            "an extension changes its version"
        }
        Statement::Drop(drop) if drop.class == ObjectClass::Policy => "which rows a role sees changes",
        Statement::AlterTable(alter) => {
            let security = |kind: &ActionKind| *kind == ActionKind::Trigger(TriggerState::RowSecurity);
            if alter.actions.iter().any(|action| security(&action.kind)) {
                "which rows a role sees changes"
            } else if alter.actions.iter().any(|action| action.kind == ActionKind::ReplicaIdentity) {
                "what replicas are sent changes"
            } else {
                return Vec::new();
            }
        }
        _ => return Vec::new(),
    };
    vec![Found::new(Severity::Note, what, "have somebody look at it who knows who uses it")]
}
