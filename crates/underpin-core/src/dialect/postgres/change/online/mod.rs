//! A change of PostgreSQL in stages that others hardly notice: no scan, no build and no validation runs
//! while a strong lock is held on a table that was there before. Which locks a statement takes is in the
//! manual's section 13.3 and was measured; that it leads where it should is proven by whoever runs it.

mod constraint;
mod decision;
mod index;
mod item;
mod key;
mod never_null;
mod partitions;
mod rest;
mod subject;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dialect::Flavour,
        schema::{
            Action, Column, Constraint, ConstraintKind, ForeignKey, Index, IndexPart, Object, ServerVersion,
            Table,
        },
    };

    const OLD: u32 = 15;
    const NEW: u32 = 18;

    fn id(name: &str) -> ObjectId {
        ObjectId::new(ObjectKind::Table, None, name)
    }

    /// A table of two numbers, as `change` makes it, beside one that it may refer to.
    fn schema(major: u32, change: impl FnOnce(&mut Table)) -> Schema {
        let mut schema = Schema::empty(Flavour::Postgres, ServerVersion::new(major, 0, 0));
        let column =
            |name: &str| Column { name: name.to_owned(), data_type: "integer".to_owned(), ..nullable() };
        let mut table = Table { columns: vec![column("a"), column("b")], ..Table::default() };
        let other = table.clone();
        change(&mut table);
        for (name, table) in [("t", table), ("u", other)] {
            schema.insert(Object::new(id(name), Body::Table(table)));
        }
        schema
    }

    fn nullable() -> Column {
        Column { nullable: true, ..Column::default() }
    }

    fn unique() -> Constraint {
        let kind = ConstraintKind::Unique { parts: vec![IndexPart::column("a")], nulls_not_distinct: false };
        Constraint {
            definition: Some("UNIQUE (a)".to_owned()),
            ..Constraint::new(Some("t_a".to_owned()), kind)
        }
    }

    fn check() -> Constraint {
        Constraint::new(Some("c".to_owned()), ConstraintKind::Check { expression: "a > 0".to_owned() })
    }

    fn reference() -> Constraint {
        let key = ForeignKey {
            columns: vec!["a".to_owned()],
            table: id("u"),
            referenced: vec!["a".to_owned()],
            on_update: Action::NoAction,
            on_delete: Action::NoAction,
            on_delete_columns: Vec::new(),
            match_full: false,
        };
        Constraint::new(Some("f".to_owned()), ConstraintKind::ForeignKey(key))
    }

    fn index(column: &str) -> Index {
        let create = format!("CREATE INDEX i ON t USING btree ({column})");
        Index { create: Some(create), ..Index::new("i", vec![IndexPart::column(column)]) }
    }

    /// A change with the stages that it has: the kind of each, whether a transaction holds it, and what its
    /// statements hold, up and down.
    struct Case {
        name: &'static str,
        major: u32,
        from: fn(&mut Table),
        to: fn(&mut Table),
        stages: &'static [(StageKind, bool, &'static [&'static str], &'static [&'static str])],
    }

    fn nothing(_: &mut Table) {}

    fn never_null(table: &mut Table) {
        table.columns[0].nullable = false;
    }

    use StageKind::{Change, Index as Build, Validate};

    const CASES: [Case; 9] = [
        Case {
            name: "a column comes",
            major: OLD,
            from: nothing,
            to: |table| table.columns.push(Column { name: "c".to_owned(), ..nullable() }),
            stages: &[(Change, true, &["ADD COLUMN"], &["DROP COLUMN"])],
        },
        Case {
            name: "an index comes",
            major: OLD,
            from: nothing,
            to: |table| table.indexes.push(index("a")),
            stages: &[(Build, false, &["CREATE INDEX CONCURRENTLY i"], &["DROP INDEX CONCURRENTLY"])],
        },
        Case {
            name: "an index goes",
            major: OLD,
            from: |table| table.indexes.push(index("a")),
            to: nothing,
            stages: &[(Build, false, &["DROP INDEX CONCURRENTLY"], &["CREATE INDEX CONCURRENTLY i"])],
        },
        Case {
            name: "an index changes",
            major: OLD,
            from: |table| table.indexes.push(index("a")),
            to: |table| table.indexes.push(index("b")),
            stages: &[(
                Build,
                false,
                &[
                    "CREATE INDEX CONCURRENTLY \"i_new\" ON t",
                    "DROP INDEX CONCURRENTLY \"i\"",
                    "RENAME TO \"i\"",
                ],
                &[
                    "CREATE INDEX CONCURRENTLY \"i_new\" ON t",
                    "DROP INDEX CONCURRENTLY \"i\"",
                    "RENAME TO \"i\"",
                ],
            )],
        },
        Case {
            name: "a check comes",
            major: OLD,
            from: nothing,
            to: |table| table.constraints.push(check()),
            stages: &[
                (Change, true, &["CHECK (a > 0) NOT VALID"], &["DROP CONSTRAINT \"c\""]),
                (Validate, true, &["VALIDATE CONSTRAINT \"c\""], &["DROP CONSTRAINT \"c\"", "NOT VALID"]),
            ],
        },
        Case {
            name: "a foreign key comes",
            major: OLD,
            from: nothing,
            to: |table| table.constraints.push(reference()),
            stages: &[
                (Change, true, &["REFERENCES \"u\" (\"a\") NOT VALID"], &["DROP CONSTRAINT \"f\""]),
                (Validate, true, &["VALIDATE CONSTRAINT \"f\""], &["DROP CONSTRAINT \"f\"", "NOT VALID"]),
            ],
        },
        Case {
            name: "a column may be null no longer",
            major: OLD,
            from: nothing,
            to: never_null,
            stages: &[
                (
                    Change,
                    true,
                    &["CHECK (\"a\" IS NOT NULL) NOT VALID"],
                    &["DROP CONSTRAINT \"t_a_never_null\""],
                ),
                (
                    Validate,
                    false,
                    &["VALIDATE CONSTRAINT", "SET NOT NULL", "DROP CONSTRAINT \"t_a_never_null\""],
                    &["DROP NOT NULL", "CHECK (\"a\" IS NOT NULL) NOT VALID"],
                ),
            ],
        },
        Case {
            name: "a column may be null no longer, and the server has a constraint for that",
            major: NEW,
            from: nothing,
            to: never_null,
            stages: &[
                (Change, true, &["\"t_a_not_null\" NOT NULL \"a\" NOT VALID"], &["DROP CONSTRAINT"]),
                (
                    Validate,
                    true,
                    &["VALIDATE CONSTRAINT \"t_a_not_null\""],
                    &["DROP CONSTRAINT", "NOT VALID"],
                ),
            ],
        },
        Case {
            name: "a unique constraint comes",
            major: OLD,
            from: nothing,
            to: |table| table.constraints.push(unique()),
            stages: &[(
                Build,
                false,
                &["CREATE UNIQUE INDEX CONCURRENTLY \"t_a\" ON \"t\" (a)", "UNIQUE USING INDEX \"t_a\""],
                &["DROP CONSTRAINT \"t_a\""],
            )],
        },
    ];

    #[test]
    fn every_change_has_the_stages_that_hold_nobody_up() {
        for Case { name, major, from, to, stages: expected } in CASES {
            let difference = compare(&schema(major, from), &schema(major, to), &Renames::NONE);
            let stages = stages(&difference).expect("stages");
            let kinds: Vec<_> = stages.iter().map(|stage| (stage.kind, stage.is_transactional())).collect();
            let wanted: Vec<_> =
                expected.iter().map(|(kind, transactional, ..)| (*kind, *transactional)).collect();
            assert_eq!(kinds, wanted, "{name}: {stages:#?}");
            for (stage, (_, _, up, down)) in stages.iter().zip(expected) {
                for (statements, words) in [(&stage.upgrade, up), (&stage.downgrade, down)] {
                    assert_eq!(statements.len(), words.len(), "{name}: {stage:#?}");
                    for (statement, word) in statements.iter().zip(*words) {
                        assert!(statement.sql.contains(word), "{name}: no {word} in {}", statement.sql);
                    }
                }
            }
        }
    }

    #[test]
    fn a_foreign_key_waits_for_the_key_that_comes_with_it() {
        let from = schema(OLD, nothing);
        let mut to = schema(OLD, |table| table.constraints.push(unique()));
        let mut key = reference();
        if let ConstraintKind::ForeignKey(key) = &mut key.kind {
            key.table = id("t");
        }
        if let Some(Body::Table(table)) = to.objects.get_mut(&id("u")).map(|object| &mut object.body) {
            table.constraints.push(key);
        }
        let on = id("t").part(ObjectKind::Constraint, "t_a");
        to.depends(id("u").part(ObjectKind::Constraint, "f"), on);
        let stages = stages(&compare(&from, &to, &Renames::NONE)).expect("stages");
        let kinds: Vec<StageKind> = stages.iter().map(|stage| stage.kind).collect();
        assert_eq!(kinds, [Build, StageKind::ForeignKey, StageKind::ValidateForeignKey]);
    }

    #[test]
    fn what_has_no_better_way_is_done_at_once_and_told_of() {
        let exclusion = || Constraint {
            definition: Some("EXCLUDE USING gist (a WITH =)".to_owned()),
            ..Constraint::new(Some("e".to_owned()), ConstraintKind::Exclusion)
        };
        let to = schema(OLD, |table| table.constraints.push(exclusion()));
        let stages = stages(&compare(&schema(OLD, nothing), &to, &Renames::NONE)).expect("stages");
        let [stage] = &stages[..] else { panic!("{stages:#?}") };
        assert!(stage.remarks[0].contains("constraint e of t"), "{:?}", stage.remarks);
    }
}
