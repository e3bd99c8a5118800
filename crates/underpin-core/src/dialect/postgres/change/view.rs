//! Views and materialised views. Not their indexes, triggers and rules.

use super::{
    action::Action,
    grant,
    text::{comment, grants, parameter_changes, parameters, qualified, quote, target, with},
    values::{spaced_alike, values},
};
use crate::{
    difference::Statement,
    schema::{Column, Object, ObjectKind, View},
};

/// What becomes of a view that is not as it is to be: `CREATE OR REPLACE` can add columns at the end
/// and nothing else ("CREATE VIEW" in the manual), and a materialised view's query can't be changed.
pub(super) fn decide(from: &Object, to: &Object, before: &View, after: &View) -> Action {
    let own = |view: &View| View { indexes: Vec::new(), ..view.clone() };
    let without_defaults = |view: &View| {
        let mut view = own(view);
        view.columns.iter_mut().for_each(|column| column.default = None);
        view.query = spaced_alike(&view.query);
        view
    };
    let (before, after) = (without_defaults(before), without_defaults(after));
    if before == after && from.comment == to.comment && from.grants == to.grants {
        return Action::Keep;
    }
    if to.id.kind == ObjectKind::MaterializedView {
        let method = |view: &View| view.options.get("access_method").cloned();
        let same = before.query == after.query && method(&before) == method(&after);
        return if same { Action::Alter } else { Action::Replace };
    }
    let kept = before.columns.len() <= after.columns.len()
        && before.columns.iter().zip(&after.columns).all(|(old, new)| {
            old.name == new.name && old.data_type == new.data_type && old.collation == new.collation
        });
    if kept { Action::Alter } else { Action::Replace }
}

/// Creates a view.
pub(super) fn make(object: &Object, view: &View) -> Vec<Statement> {
    let mut statements = vec![Statement::new(create(object, view, false))];
    statements.extend(comment(&target(&object.id), None, object.comment.as_deref()));
    statements.extend(columns(object, &View::default(), view));
    statements
}

fn create(object: &Object, view: &View, replace: bool) -> String {
    let name = qualified(&object.id);
    let (name, query) = match values(&view.query) {
        Some((columns, values)) => (format!("{name} ({columns})"), format!("VALUES {values}")),
        None => (name, view.query.trim().to_owned()),
    };
    if object.id.kind == ObjectKind::View {
        let replace = if replace { "OR REPLACE " } else { "" };
        return format!("CREATE {replace}VIEW {name}{} AS\n{query}", with(&view.options));
    }
    let method = view.options.get("access_method").map(|method| format!(" USING {}", quote(method)));
    let space = view.options.get("tablespace").map(|space| format!(" TABLESPACE {}", quote(space)));
    let empty = if view.options.contains_key("unpopulated") { "\nWITH NO DATA" } else { "" };
    format!(
        "CREATE MATERIALIZED VIEW {name}{}{}{} AS\n{query}{empty}",
        method.unwrap_or_default(),
        with(&view.options),
        space.unwrap_or_default()
    )
}

/// Changes a view in place.
pub(super) fn alter(from: &Object, to: &Object, before: &View, after: &View) -> Vec<Statement> {
    let mut statements = match to.id.kind {
        ObjectKind::View => {
            let same = spaced_alike(&before.query) == spaced_alike(&after.query)
                && parameters(&before.options) == parameters(&after.options);
            if same { Vec::new() } else { vec![Statement::new(create(to, after, true))] }
        }
        _ => alter_materialized(to, before, after),
    };
    statements.extend(comment(&target(&to.id), from.comment.as_deref(), to.comment.as_deref()));
    // What is taken from the view is taken from its columns, so that those come after it.
    statements.extend(grant::alter(from, to));
    statements.extend(columns(to, before, after));
    statements
}

fn alter_materialized(to: &Object, before: &View, after: &View) -> Vec<Statement> {
    let name = qualified(&to.id);
    let mut actions = parameter_changes(&before.options, &after.options);
    let space = |view: &View| view.options.get("tablespace").cloned();
    if space(before) != space(after) {
        let space = space(after).unwrap_or_else(|| "pg_default".to_owned());
        actions.push(format!("SET TABLESPACE {}", quote(&space)));
    }
    let mut statements: Vec<Statement> = actions
        .into_iter()
        .map(|action| Statement::new(format!("ALTER MATERIALIZED VIEW {name} {action}")))
        .collect();
    let empty = |view: &View| view.options.contains_key("unpopulated");
    // Rows that are there are no part of what the schema says: nothing empties it.
    if empty(before) && !empty(after) {
        statements.push(Statement::new(format!("REFRESH MATERIALIZED VIEW {name}")));
    }
    statements
}

/// Comments and privileges of a view's columns, and how a materialised one stores them.
fn columns(object: &Object, before: &View, after: &View) -> Vec<Statement> {
    let name = qualified(&object.id);
    let none = Column::default();
    let mut statements = Vec::new();
    for new in &after.columns {
        let old = before.columns.iter().find(|old| old.name == new.name).unwrap_or(&none);
        let column = quote(&new.name);
        let target = format!("COLUMN {name}.{column}");
        statements.extend(comment(&target, old.comment.as_deref(), new.comment.as_deref()));
        statements.extend(grants(
            "",
            &format!("TABLE {name}"),
            &format!(" ({column})"),
            &old.grants,
            &new.grants,
        ));
        if let Some(target) =
            new.options.get("statistics").filter(|value| old.options.get("statistics") != Some(value))
        {
            statements.push(Statement::new(format!(
                "ALTER MATERIALIZED VIEW {name} ALTER COLUMN {column} SET STATISTICS {target}"
            )));
        }
    }
    statements
}
