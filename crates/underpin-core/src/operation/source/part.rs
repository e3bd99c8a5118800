//! Constraints and indexes as Rust.

use super::{
    chain::Chain,
    value::{list, name},
};
use crate::{
    dialect::Flavour,
    model::{ModelCheck, ModelForeignKey, ModelIndex, ModelKey, ModelPart, ModelUnique},
    operation::{Check, Constraint, ForeignKey, Index, Part, PrimaryKey, Unique},
    schema::{Action, Deferral},
};

/// A constraint of any kind that has words.
pub(super) fn constraint(said: &Constraint) -> Option<Chain> {
    match said {
        Constraint::PrimaryKey(key) => primary_key(key),
        Constraint::Unique(one) => unique(one),
        Constraint::Check(one) => check(one),
        Constraint::ForeignKey(key) => foreign_key(key),
        Constraint::Exclusion(_) => None,
    }
}

pub(super) fn primary_key(said: &PrimaryKey) -> Option<Chain> {
    let PrimaryKey { name, columns, deferral, include, comment, parameters } = said;
    let mut chain = Chain::new(format!("PrimaryKey::new({})", list(columns)));
    named(&mut chain, name.as_ref());
    deferred(&mut chain, *deferral);
    including(&mut chain, include);
    commented(&mut chain, comment.as_ref());
    with_parameters(&mut chain, parameters);
    Some(chain)
}

pub(super) fn unique(said: &Unique) -> Option<Chain> {
    let Unique { model, include, comment, parameters } = said;
    let ModelUnique { name, columns, nulls_not_distinct, deferral, only } = model;
    let mut chain = Chain::new(format!("Unique::new({})", list(columns)));
    named(&mut chain, name.as_ref());
    chain.flag(*nulls_not_distinct, "nulls_not_distinct");
    deferred(&mut chain, *deferral);
    including(&mut chain, include);
    commented(&mut chain, comment.as_ref());
    with_parameters(&mut chain, parameters);
    only.is_empty().then_some(chain)
}

pub(super) fn check(said: &Check) -> Option<Chain> {
    let Check { model, not_valid, not_enforced, no_inherit, comment } = said;
    let ModelCheck { name, column: None, expression, only } = model else { return None };
    let (every, own) = expression.parts();
    let mut chain = Chain::new(format!("Check::new({:?})", every.as_ref()?));
    for (flavour, own) in Flavour::ALL.into_iter().zip(own) {
        if let Some(own) = own {
            chain.call("on", &format!("Flavour::{flavour:?}, {own:?}"));
        }
    }
    named(&mut chain, name.as_ref());
    chain.flag(*not_valid, "not_valid");
    chain.flag(*not_enforced, "not_enforced");
    chain.flag(*no_inherit, "no_inherit");
    commented(&mut chain, comment.as_ref());
    only.is_empty().then_some(chain)
}

pub(super) fn foreign_key(said: &ForeignKey) -> Option<Chain> {
    let ForeignKey { model, match_full, on_delete_columns, not_valid, not_enforced, comment } = said;
    let ModelForeignKey { name: own, columns, table, referenced, on_delete, on_update, deferral, only } =
        model;
    let mut chain = Chain::new(format!("ForeignKey::new({})", list(columns)));
    chain.call("references", &format!("{}, {}", name(table)?, list(referenced)));
    named(&mut chain, own.as_ref());
    for (method, action) in [("on_delete", on_delete), ("on_update", on_update)] {
        if *action != Action::NoAction {
            chain.call(method, &format!("Action::{action:?}"));
        }
    }
    if !on_delete_columns.is_empty() {
        chain.call("on_delete_columns", &list(on_delete_columns));
    }
    deferred(&mut chain, *deferral);
    chain.flag(*match_full, "match_full");
    chain.flag(*not_valid, "not_valid");
    chain.flag(*not_enforced, "not_enforced");
    commented(&mut chain, comment.as_ref());
    only.is_empty().then_some(chain)
}

pub(super) fn index(said: &Index) -> Option<Chain> {
    let Index { table, model, invisible, concurrently, if_not_exists, parameters, collations } = said;
    let ModelIndex {
        name: own,
        renamed_from: None,
        parts,
        unique,
        method,
        predicate,
        include,
        nulls_not_distinct,
        comment,
        only,
    } = model
    else {
        return None;
    };
    let is_plain =
        |part: &ModelPart| matches!(&part.key, ModelKey::Column(name) if *part == ModelPart::column(name));
    let plain = parts.iter().all(is_plain) && collations.iter().all(Option::is_none);
    let each = parts.iter().zip(collations);
    let each: Vec<String> = each
        .map(|(model, collation)| match (&model.key, plain) {
            (ModelKey::Column(name), true) => format!("{name:?}"),
            _ => part(&Part { model: model.clone(), collation: collation.clone() }),
        })
        .collect();
    let each = each.join(", ");
    let mut chain = Chain::new(match table {
        Some(table) => format!("Index::on({}, [{each}])", name(table)?),
        None => format!("Index::new([{each}])"),
    });
    named(&mut chain, own.as_ref());
    chain.flag(*unique, "unique");
    if let Some(method) = method {
        chain.call("method", &format!("{method:?}"));
    }
    if let Some(predicate) = predicate {
        chain.call("predicate", &format!("{predicate:?}"));
    }
    including(&mut chain, include);
    chain.flag(*nulls_not_distinct, "nulls_not_distinct");
    chain.flag(*invisible, "invisible");
    commented(&mut chain, comment.as_ref());
    with_parameters(&mut chain, parameters);
    chain.flag(*concurrently, "concurrently");
    (only.is_empty() && !*if_not_exists).then_some(chain)
}

fn part(said: &Part) -> String {
    let Part { model, collation } = said;
    let ModelPart { key, descending, nulls_first, length, operator_class } = model;
    let mut chain = Chain::new(match key {
        ModelKey::Column(name) => format!("Part::column({name:?})"),
        ModelKey::Expression(text) => format!("Part::expression({text:?})"),
    });
    chain.flag(*descending, "descending");
    chain.flag(*nulls_first == Some(true), "nulls_first");
    chain.flag(*nulls_first == Some(false), "nulls_last");
    if let Some(length) = length {
        chain.call("length", &length.to_string());
    }
    if let Some(collation) = collation {
        chain.call("collation", &format!("{collation:?}"));
    }
    if let Some(class) = operator_class {
        chain.call("operator_class", &format!("{class:?}"));
    }
    chain.text()
}

fn named(chain: &mut Chain, name: Option<&String>) {
    if let Some(name) = name {
        chain.call("name", &format!("{name:?}"));
    }
}

fn commented(chain: &mut Chain, comment: Option<&String>) {
    if let Some(comment) = comment {
        chain.call("comment", &format!("{comment:?}"));
    }
}

fn including(chain: &mut Chain, columns: &[String]) {
    if !columns.is_empty() {
        chain.call("include", &list(columns));
    }
}

fn deferred(chain: &mut Chain, deferral: Deferral) {
    if deferral != Deferral::None {
        chain.call("deferral", &format!("Deferral::{deferral:?}"));
    }
}

fn with_parameters(chain: &mut Chain, parameters: &[(Flavour, String, String)]) {
    for (flavour, name, value) in parameters {
        chain.call("parameter", &format!("Flavour::{flavour:?}, {name:?}, {value:?}"));
    }
}
