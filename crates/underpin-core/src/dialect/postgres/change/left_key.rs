//! The foreign keys that a partition has from the tables above it, and that are its own once it has left them.

use super::{
    attachment::above,
    column::altering,
    plan::Plan,
    table::aside,
    text::{literal, qualified, quote},
};
use crate::{
    difference::Statement,
    schema::{Constraint, ConstraintKind, ObjectId, ObjectKind, Table},
};

/// What gives the foreign keys of a partition that leaves the names that they are to have, or such that they are
/// known by when they are not to be there; and what drops those then.
pub(super) fn left(plan: &Plan<'_>, id: &ObjectId) -> (Vec<Statement>, Vec<Statement>) {
    let (mut named, mut left) = (Vec::new(), Vec::new());
    let (Some(before), Some(after)) = (plan.from.schema.table(id), plan.to.schema.table(id)) else {
        return (named, left);
    };
    let (old, new) = (above(before, plan.from.schema), above(after, plan.to.schema));
    for parent in old.into_iter().filter(|parent| !new.contains(parent)) {
        let keys = foreign_keys(plan.from.schema.table(parent)).filter(|key| !is_above(plan, &new, key));
        for key in keys {
            let usual = key.name.as_deref().unwrap_or_default();
            let is_new = |own: &&Constraint| {
                let part = |name: &str| id.part(ObjectKind::Constraint, name);
                own.name.as_deref().is_some_and(|name| !plan.from.units.contains_key(&part(name)))
            };
            let wanted = foreign_keys(Some(after)).filter(is_new).find(|own| is_alike(own, key));
            let wanted = wanted.and_then(|own| own.name.as_deref());
            // The server takes the parent's name, unless the partition has another constraint of that name.
            let is_known = before.constraint(usual).is_none();
            let name = match wanted {
                Some(name) => name.to_owned(),
                None if is_known => usual.to_owned(),
                None => aside(usual),
            };
            if !is_known || name != usual {
                named.push(rename(id, parent, key, &name));
            }
            if wanted.is_none() {
                left.push(altering(id, &format!("DROP CONSTRAINT IF EXISTS {}", quote(&name))));
            }
        }
    }
    (named, left)
}

/// Whether one of these tables has such a foreign key, which the partition shares with it then.
fn is_above(plan: &Plan<'_>, tables: &[&ObjectId], key: &Constraint) -> bool {
    tables.iter().any(|table| foreign_keys(plan.to.schema.table(table)).any(|other| is_alike(other, key)))
}

fn foreign_keys(table: Option<&Table>) -> impl Iterator<Item = &Constraint> {
    let constraints = table.into_iter().flat_map(|table| &table.constraints);
    constraints.filter(|constraint| matches!(constraint.kind, ConstraintKind::ForeignKey(_)))
}

fn is_alike(one: &Constraint, other: &Constraint) -> bool {
    one.kind == other.kind && one.definition == other.definition
}

/// Gives the foreign key that a partition has from a table above it a name. Which one it has is known to the
/// server only.
fn rename(id: &ObjectId, parent: &ObjectId, key: &Constraint, name: &str) -> Statement {
    let table = qualified(id);
    Statement::new(format!(
        "DO $underpin$\nDECLARE\n  old text;\nBEGIN\n  \
         WITH RECURSIVE line (name, far, above) AS (\n    \
         SELECT k.conname, k.confrelid, k.conparentid FROM pg_catalog.pg_constraint k\n      \
         WHERE k.conrelid = {}::pg_catalog.regclass AND k.contype = 'f'\n    \
         UNION ALL SELECT line.name, line.far, k.conparentid FROM line\n      \
         JOIN pg_catalog.pg_constraint k ON k.oid = line.above)\n  \
         SELECT line.name INTO old FROM line JOIN pg_catalog.pg_constraint k ON k.oid = line.above\n    \
         WHERE k.conrelid = {}::pg_catalog.regclass AND k.conname = {} AND k.confrelid = line.far;\n  \
         IF old <> {} THEN\n    \
         EXECUTE pg_catalog.format({}, old);\n  END IF;\nEND $underpin$",
        literal(&table),
        literal(&qualified(parent)),
        literal(key.name.as_deref().unwrap_or_default()),
        literal(name),
        literal(&format!(
            "ALTER TABLE {} RENAME CONSTRAINT %I TO {}",
            table.replace('%', "%%"),
            quote(name).replace('%', "%%")
        )),
    ))
}
