//! The constraints of a table as `CREATE TABLE` has them, and the clauses that those beside a column
//! share with those below it.

use super::{Reader, index, text::expression};
use crate::schema::{
    Action, Constraint, ConstraintKind, Deferral, ForeignKey, IndexPart, ObjectId, ObjectKind,
};

/// The words that a constraint of a table starts with.
pub(super) const STARTS: &[&str] = &["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/// A constraint of a table, and whether it makes its key count up; goes past it.
pub(super) fn constraint(reader: &mut Reader<'_>) -> Option<(Constraint, bool)> {
    let mut name = None;
    while reader.eat(&["CONSTRAINT"]) {
        name = Some(reader.name()?);
    }
    if reader.eat(&["PRIMARY", "KEY"]) {
        let list = reader.group()?;
        let counted = list.rest().last().is_some_and(|code| code.is("AUTOINCREMENT"));
        let parts = index::parts(&if counted { list.without_last(1) } else { list })?;
        return Some((key(name, ConstraintKind::PrimaryKey { parts }, reader)?, counted));
    }
    let constraint = if reader.eat(&["UNIQUE"]) {
        let parts = index::parts(&reader.group()?)?;
        key(name, ConstraintKind::Unique { parts, nulls_not_distinct: false }, reader)?
    } else if reader.is("CHECK") {
        let kind = check(reader)?;
        key(name, kind, reader)?
    } else if reader.eat(&["FOREIGN", "KEY"]) {
        let columns = columns(&reader.group()?)?;
        foreign_key(name, columns, reader)?
    } else {
        return None;
    };
    Some((constraint, false))
}

/// A constraint that may say what to do about a row that breaks it.
pub(super) fn key(name: Option<String>, kind: ConstraintKind, reader: &mut Reader<'_>) -> Option<Constraint> {
    let mut constraint = Constraint::new(name, kind);
    if let Some(resolution) = on_conflict(reader)? {
        constraint.options.insert("on_conflict".to_owned(), resolution);
    }
    Some(constraint)
}

/// The `ON CONFLICT` that may come next; `None` where it can't be understood.
#[expect(clippy::option_option, reason = "nothing there, and nothing understood")]
pub(super) fn on_conflict(reader: &mut Reader<'_>) -> Option<Option<String>> {
    match reader.eat(&["ON", "CONFLICT"]) {
        true => Some(Some(reader.name()?.to_ascii_uppercase())),
        false => Some(None),
    }
}

/// `CHECK (…)`, which is gone past.
pub(super) fn check(reader: &mut Reader<'_>) -> Option<ConstraintKind> {
    reader.eat(&["CHECK"]).then_some(())?;
    Some(ConstraintKind::Check { expression: expression(reader.group()?.rest()) })
}

/// `REFERENCES …` with everything behind it, which is gone past.
pub(super) fn foreign_key(
    name: Option<String>,
    columns_here: Vec<String>,
    reader: &mut Reader<'_>,
) -> Option<Constraint> {
    reader.eat(&["REFERENCES"]).then_some(())?;
    let table = reader.name()?;
    let referenced = match reader.group() {
        Some(list) => columns(&list)?,
        None => Vec::new(),
    };
    let mut key = ForeignKey {
        columns: columns_here,
        table: ObjectId::new(ObjectKind::Table, None, &table),
        referenced,
        on_update: Action::NoAction,
        on_delete: Action::NoAction,
        on_delete_columns: Vec::new(),
        match_full: false,
    };
    let mut matched = None;
    loop {
        if reader.eat(&["ON", "DELETE"]) {
            key.on_delete = action(reader)?;
        } else if reader.eat(&["ON", "UPDATE"]) {
            key.on_update = action(reader)?;
        } else if reader.eat(&["MATCH"]) {
            matched = Some(reader.name()?.to_ascii_uppercase());
        } else {
            break;
        }
    }
    key.match_full = matched.as_deref() == Some("FULL");
    let mut constraint = Constraint::new(name, ConstraintKind::ForeignKey(key));
    if let Some(other) = matched.filter(|matched| !matches!(matched.as_str(), "FULL" | "SIMPLE")) {
        constraint.options.insert("match".to_owned(), other);
    }
    if let Some(deferral) = deferral(reader)? {
        constraint.deferral = deferral;
    }
    Some(constraint)
}

/// The `[NOT] DEFERRABLE` that may come next; `None` where it can't be understood.
#[expect(clippy::option_option, reason = "nothing there, and nothing understood")]
pub(super) fn deferral(reader: &mut Reader<'_>) -> Option<Option<Deferral>> {
    let never = reader.eat(&["NOT", "DEFERRABLE"]);
    if !never && !reader.eat(&["DEFERRABLE"]) {
        return Some(None);
    }
    let deferred = match reader.eat(&["INITIALLY"]) {
        true if reader.eat(&["DEFERRED"]) => true,
        true if reader.eat(&["IMMEDIATE"]) => false,
        true => return None,
        false => false,
    };
    Some(Some(match (never, deferred) {
        (true, _) => Deferral::None,
        (false, true) => Deferral::Deferred,
        (false, false) => Deferral::Immediate,
    }))
}

fn action(reader: &mut Reader<'_>) -> Option<Action> {
    let actions: [(&[&str], Action); 5] = [
        (&["NO", "ACTION"], Action::NoAction),
        (&["RESTRICT"], Action::Restrict),
        (&["CASCADE"], Action::Cascade),
        (&["SET", "NULL"], Action::SetNull),
        (&["SET", "DEFAULT"], Action::SetDefault),
    ];
    actions.into_iter().find(|(words, _)| reader.eat(words)).map(|(_, action)| action)
}

/// Names with commas between them.
fn columns(list: &Reader<'_>) -> Option<Vec<String>> {
    list.parts().iter_mut().map(Reader::name).collect()
}

/// A key over one column.
pub(super) fn over(column: &str, descending: bool) -> Vec<IndexPart> {
    vec![IndexPart { descending, ..IndexPart::column(column) }]
}
