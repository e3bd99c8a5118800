//! A difference in the words of a person: one line for each thing that comes, goes or changes.
//! What is dangerous about it is told by `hazard`.

use std::fmt;

use super::{Alteration, Change, Difference, Operation};
use crate::schema::{Body, Column, Constraint, Index, ObjectId, ObjectKind};

impl Difference {
    /// What differs, a line for each thing: `add column orders.note`, `drop table basket`.
    pub fn summary(&self) -> Vec<String> {
        self.operations.iter().flat_map(Operation::summary).collect()
    }
}

impl Operation {
    /// What differs, a line for each thing.
    pub fn summary(&self) -> Vec<String> {
        match self {
            Self::Create(object) => vec![format!("create {}", object.id)],
            Self::Drop(object) => vec![format!("drop {}", object.id)],
            Self::Alter(alteration) => alteration.summary(),
        }
    }
}

impl Alteration {
    fn summary(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let id = &self.to.id;
        if self.is_rename() {
            let [_, new] = self.names();
            lines.push(format!("rename {} to {new}", self.from.id));
        }
        if self.from.comment != self.to.comment {
            lines.push(format!("change the comment of {id}"));
        }
        if self.from.grants != self.to.grants {
            lines.push(format!("change the privileges on {id}"));
        }
        lines.extend(self.columns.iter().map(|change| line(id, ObjectKind::Column, change)));
        lines.extend(self.constraints.iter().map(|change| line(id, ObjectKind::Constraint, change)));
        lines.extend(self.indexes.iter().map(|change| line(id, ObjectKind::Index, change)));
        if lines.is_empty() || !self.rest_is_same() {
            lines.push(format!("change {id}{}", self.rest()));
        }
        lines
    }

    /// Whether all that differs is in the parts, the comment and the privileges.
    fn rest_is_same(&self) -> bool {
        match (&self.from.body, &self.to.body) {
            (Body::Table(from), Body::Table(to)) => {
                from.options == to.options
                    && from.partition_by == to.partition_by
                    && from.partitions == to.partitions
                    && from.partition_of == to.partition_of
                    && from.inherits == to.inherits
            }
            (Body::View(from), Body::View(to)) => from.query == to.query && from.options == to.options,
            (from, to) => from == to,
        }
    }

    /// What of the object itself changes, where that is short enough to be said.
    fn rest(&self) -> String {
        match (&self.from.body, &self.to.body) {
            (Body::Enum(from), Body::Enum(to)) => {
                format!(" from ({}) to ({})", from.values.join(", "), to.values.join(", "))
            }
            (Body::Table(from), Body::Table(to)) if from.options != to.options => {
                let names: Vec<&str> = from
                    .options
                    .iter()
                    .filter(|(name, value)| to.options.get(*name) != Some(value))
                    .chain(to.options.iter().filter(|(name, _)| !from.options.contains_key(*name)))
                    .map(|(name, _)| name.as_str())
                    .collect();
                format!(" ({})", names.join(", "))
            }
            (Body::Table(from), Body::Table(to)) if from.partition_by != to.partition_by => {
                " (how it is partitioned)".to_owned()
            }
            _ => String::new(),
        }
    }
}

/// A part of a table that can be told about.
trait Part {
    fn shown_name(&self) -> String;
    fn differences(&self, to: &Self) -> Vec<String>;
}

fn line<T: Part>(table: &ObjectId, kind: ObjectKind, change: &Change<T>) -> String {
    let named = |part: &T| table.part(kind, &part.shown_name());
    match change {
        Change::Add { to } => format!("add {}", named(to)),
        Change::Drop { from } => format!("drop {}", named(from)),
        Change::Alter { from, to } => {
            let mut words = Vec::new();
            if from.shown_name() != to.shown_name() {
                words.push(format!("was {}", from.shown_name()));
            }
            words.extend(from.differences(to));
            match words.is_empty() {
                true => format!("change {}", named(to)),
                false => format!("change {}: {}", named(to), words.join(", ")),
            }
        }
    }
}

/// `type integer -> bigint`, where one differs.
fn changed<T: PartialEq + fmt::Display>(words: &mut Vec<String>, what: &str, from: T, to: T) {
    if from != to {
        words.push(format!("{what} {from} -> {to}"));
    }
}

fn or_none(text: Option<&String>) -> &str {
    text.map_or("none", String::as_str)
}

impl Part for Column {
    fn shown_name(&self) -> String {
        self.name.clone()
    }

    fn differences(&self, to: &Self) -> Vec<String> {
        let mut words = Vec::new();
        changed(&mut words, "type", &self.data_type, &to.data_type);
        if self.nullable != to.nullable {
            words.push(if to.nullable { "may be null" } else { "may not be null" }.to_owned());
        }
        changed(&mut words, "default", or_none(self.default.as_ref()), or_none(to.default.as_ref()));
        changed(&mut words, "collation", or_none(self.collation.as_ref()), or_none(to.collation.as_ref()));
        changed(&mut words, "charset", or_none(self.charset.as_ref()), or_none(to.charset.as_ref()));
        changed(&mut words, "on update", or_none(self.on_update.as_ref()), or_none(to.on_update.as_ref()));
        let mut tell = |differs: bool, what: &str| {
            if differs {
                words.push(what.to_owned());
            }
        };
        tell(self.generated != to.generated, "what it is computed from");
        tell(self.identity != to.identity, "identity");
        tell(self.auto_increment != to.auto_increment, "auto increment");
        tell(self.invisible != to.invisible, "visibility");
        tell(self.comment != to.comment, "comment");
        tell(self.options != to.options, "options");
        tell(self.grants != to.grants, "privileges");
        words
    }
}

impl Part for Constraint {
    fn shown_name(&self) -> String {
        Self::shown_name(self).to_owned()
    }

    fn differences(&self, to: &Self) -> Vec<String> {
        match (&self.definition, &to.definition) {
            (Some(from), Some(to)) if from != to => vec![format!("{from} -> {to}")],
            _ => Vec::new(),
        }
    }
}

impl Part for Index {
    fn shown_name(&self) -> String {
        self.name.clone()
    }

    fn differences(&self, to: &Self) -> Vec<String> {
        if self.unique == to.unique {
            return Vec::new();
        }
        vec![if to.unique { "is unique" } else { "is not unique" }.to_owned()]
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        dialect::Flavour,
        difference::{Renames, compare},
        schema::{Body, Column, Object, ObjectId, ObjectKind, Schema, ServerVersion, Table},
    };

    fn schema(columns: &[(&str, &str, bool)]) -> Schema {
        let mut schema = Schema::empty(Flavour::Sqlite, ServerVersion::new(3, 50, 0));
        let columns = columns.iter().map(|(name, data_type, nullable)| Column {
            name: (*name).to_owned(),
            data_type: (*data_type).to_owned(),
            nullable: *nullable,
            ..Column::default()
        });
        let table = Table { columns: columns.collect(), ..Table::default() };
        schema.insert(Object::new(ObjectId::new(ObjectKind::Table, None, "orders"), Body::Table(table)));
        schema
    }

    #[test]
    fn each_thing_that_differs_is_a_line_that_names_it() {
        let from = schema(&[("a", "INT", true), ("b", "INT", true)]);
        let to = schema(&[("a", "BIGINT", false), ("c", "TEXT", true)]);
        let difference = compare(&from, &to, &Renames::NONE);
        assert_eq!(
            difference.summary(),
            [
                "drop column orders.b",
                "change column orders.a: type INT -> BIGINT, may not be null",
                "add column orders.c",
            ]
        );
        let gone = compare(&from, &Schema::empty(from.flavour, from.version), &Renames::NONE);
        assert_eq!(gone.summary(), ["drop table orders"]);
    }
}
