//! Columns as Rust.

use super::{
    chain::Chain,
    value::{data_type, default, name, per_flavour},
};
use crate::{
    dialect::Flavour,
    model::{Counting, ModelColumn, ModelGenerated, ModelName, PerFlavour},
    operation::{AlterColumn, Column, ForeignKey, Identity, column::Position},
    schema::Deferral,
};

/// A column.
pub(super) fn column(said: &Column) -> Option<Chain> {
    let Column {
        model,
        primary_key,
        unique,
        index,
        checks,
        references,
        identity,
        charset,
        options,
        position,
    } = said;
    let ModelColumn {
        name: own,
        renamed_from: None,
        data_type: of,
        nullable,
        default: value,
        generated,
        counting,
        collation,
        on_update,
        invisible,
        comment,
    } = model
    else {
        return None;
    };
    if unique.is_some() || index.is_some() || !checks.is_empty() || identity.is_some() || charset.is_some() {
        return None;
    }
    let mut chain = Chain::new(format!("Column::new({own:?}, {})", per_flavour(of, data_type)?));
    chain.flag(*primary_key, "primary_key");
    match counting {
        None => {}
        Some(Counting::ByDefault) => chain.flag(true, "auto_increment"),
        Some(Counting::NeverAgain) => chain.flag(true, "never_again"),
        Some(Counting::Always) => chain.call("identity", "Identity::always()"),
    }
    chain.flag(*nullable, "nullable");
    if *value != PerFlavour::none() {
        chain.call("default", &default(value)?);
    }
    computed(&mut chain, generated)?;
    on_each(&mut chain, "collation_on", collation)?;
    on_each(&mut chain, "on_update_on", on_update)?;
    chain.flag(*invisible, "invisible");
    if let Some(key) = references {
        referring(&mut chain, own, key)?;
    }
    if let Some(comment) = comment {
        chain.call("comment", &format!("{comment:?}"));
    }
    for (flavour, option, value) in options {
        chain.call("option", &format!("Flavour::{flavour:?}, {option:?}, {value:?}"));
    }
    placed(&mut chain, position.as_ref());
    Some(chain)
}

/// What refers to another table's column and nothing more.
fn referring(chain: &mut Chain, own: &str, key: &ForeignKey) -> Option<()> {
    let [there] = &key.model.referenced[..] else { return None };
    let plain = ForeignKey::new([own]).references(key.model.table.clone(), [there.as_str()]);
    if *key != plain || key.model.deferral != Deferral::None {
        return None;
    }
    chain.call("references", &format!("{}, {there:?}", name(&key.model.table)?));
    Some(())
}

fn computed(chain: &mut Chain, generated: &PerFlavour<ModelGenerated>) -> Option<()> {
    let (every, own) = generated.parts();
    if let Some(ModelGenerated { expression, stored }) = every {
        chain.call(if *stored { "computed" } else { "computed_when_read" }, &format!("{expression:?}"));
    }
    for (flavour, own) in Flavour::ALL.into_iter().zip(own) {
        if let Some(ModelGenerated { expression, stored }) = own {
            chain.call("computed_on", &format!("Flavour::{flavour:?}, {expression:?}, {stored}"));
        }
    }
    Some(())
}

/// A text for each engine that has one.
fn on_each(chain: &mut Chain, method: &str, texts: &PerFlavour<String>) -> Option<()> {
    let (every, own) = texts.parts();
    for (flavour, text) in Flavour::ALL.into_iter().zip(own) {
        if let Some(text) = text {
            chain.call(method, &format!("Flavour::{flavour:?}, {text:?}"));
        }
    }
    every.is_none().then_some(())
}

fn placed(chain: &mut Chain, position: Option<&Position>) {
    match position {
        None => {}
        Some(Position::First) => chain.flag(true, "first"),
        Some(Position::After(other)) => chain.call("after", &format!("{other:?}")),
        Some(Position::Before(other)) => chain.call("before", &format!("{other:?}")),
    }
}

/// What becomes of a column, called on this.
pub(super) fn alteration(head: String, change: &AlterColumn) -> Option<Chain> {
    let AlterColumn {
        table,
        column: _,
        data_type: of,
        using: None,
        nullable,
        default: value,
        generated: None,
        counting: None,
        identity: None::<Identity>,
        collation: None,
        on_update: None,
        invisible: None,
        rename,
        comment,
        position: None,
        existing: None,
    } = change
    else {
        return None;
    };
    let _: &ModelName = table;
    let mut chain = Chain::new(head);
    if let Some(of) = of {
        chain.call("data_type", &per_flavour(of, data_type)?);
    }
    match nullable {
        None => {}
        Some(true) => chain.flag(true, "nullable"),
        Some(false) => chain.flag(true, "not_null"),
    }
    match value {
        None => {}
        Some(none) if *none == PerFlavour::none() => chain.flag(true, "no_default"),
        Some(value) => chain.call("default", &default(value)?),
    }
    if let Some(rename) = rename {
        chain.call("rename", &format!("{rename:?}"));
    }
    match comment {
        None => {}
        Some(None) => chain.flag(true, "no_comment"),
        Some(Some(comment)) => chain.call("comment", &format!("{comment:?}")),
    }
    Some(chain)
}
