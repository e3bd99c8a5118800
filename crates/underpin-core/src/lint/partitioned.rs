//! How a key comes to a partitioned table while others use it, as statements for a help. Not whether it has
//! to: the rules ask for that, and only of tables that are known to be partitioned.

use super::Context;
use crate::{
    catalog::Table,
    name::chosen,
    statement::{ConstraintDefinition, ConstraintKind, ObjectName},
};

/// With more partitions than these, only the first of each table is written out.
const MANY: usize = 8;

/// A primary key or a unique constraint.
pub(super) struct Key<'a> {
    /// `UNIQUE` or `PRIMARY KEY`.
    pub(super) kind: &'static str,
    /// Its columns.
    pub(super) columns: &'a [String],
}

impl Key<'_> {
    /// The safe way to give it to a table that is known to be partitioned; nothing for another one.
    pub(super) fn help(&self, context: &Context<'_>, table: &ObjectName, name: &str) -> Option<String> {
        is_partitioned(context, table).then(|| {
            let mut statements = Vec::new();
            let shown = shown(context, table);
            self.write(context, table, name, shown, &mut statements);
            let rest = match shown {
                0 => {
                    " then, on each partition: CREATE UNIQUE INDEX CONCURRENTLY, ADD CONSTRAINT … USING INDEX, \
                     and ALTER INDEX … ATTACH PARTITION"
                }
                1 => " and so on for the other partitions",
                _ => "",
            };
            format!("{};{rest}", statements.join("; "))
        })
    }

    fn write(
        &self,
        context: &Context<'_>,
        table: &ObjectName,
        name: &str,
        shown: usize,
        statements: &mut Vec<String>,
    ) {
        let (kind, columns) = (self.kind, context.quoted_parts(self.columns));
        let constraint = context.quoted_part(name);
        let of = context.quoted(table);
        statements.push(format!("ALTER TABLE ONLY {of} ADD CONSTRAINT {constraint} {kind} ({columns})"));
        for child in partitions(context, table).into_iter().take(shown) {
            let part = match kind {
                "UNIQUE" => chosen(&child.name.name, &self.columns.join("_"), "key"),
                _ => chosen(&child.name.name, "", "pkey"),
            };
            if child.partitioned {
                self.write(context, &child.name, &part, shown, statements);
            } else {
                let (of, index) = (context.quoted(&child.name), context.quoted_part(&part));
                statements.push(format!("CREATE UNIQUE INDEX CONCURRENTLY {index} ON {of} ({columns})"));
                statements
                    .push(format!("ALTER TABLE {of} ADD CONSTRAINT {index} {kind} USING INDEX {index}"));
            }
            let beside = |table: &ObjectName, name: &str| {
                context.quoted(&ObjectName { name: name.to_owned(), ..table.clone() })
            };
            let (whole, part) = (beside(table, name), beside(&child.name, &part));
            statements.push(format!("ALTER INDEX {whole} ATTACH PARTITION {part}"));
        }
    }
}

/// Whether an action is about a partitioned table alone, without its partitions: it has no rows.
pub(super) fn is_alone(context: &Context<'_>, table: &ObjectName) -> bool {
    context.alter().is_some_and(|alter| alter.only) && is_partitioned(context, table)
}

/// Whether the table is known to be partitioned.
pub(super) fn is_partitioned(context: &Context<'_>, table: &ObjectName) -> bool {
    context.table(table).is_some_and(|table| table.partitioned)
}

/// The text of a foreign key.
pub(super) fn foreign_key(context: &Context<'_>, constraint: &ConstraintDefinition) -> String {
    let ConstraintKind::ForeignKey { columns, reference } = &constraint.kind else { return String::new() };
    let mut text = format!(
        "FOREIGN KEY ({}) REFERENCES {}",
        context.quoted_parts(columns),
        context.quoted(&reference.table)
    );
    if !reference.columns.is_empty() {
        text.push_str(&format!(" ({})", context.quoted_parts(&reference.columns)));
    }
    if reference.on_delete_cascade {
        text.push_str(" ON DELETE CASCADE");
    }
    text
}

/// The safe way to give a foreign key to a partitioned table that refuses NOT VALID: to each partition,
/// whose keys become parts of the table's, which reads nothing then.
pub(super) fn foreign_key_help(context: &Context<'_>, table: &ObjectName, name: &str, text: &str) -> String {
    let shown = shown(context, table);
    if shown == 0 {
        return "add the key NOT VALID to each partition, validate each in another transaction, then add it to \
                the partitioned table"
            .to_owned();
    }
    let mut leaves = Vec::new();
    find_leaves(context, table, shown, &mut leaves);
    let each = |write: &dyn Fn(&str) -> String| {
        let all: Vec<String> = leaves.iter().map(|leaf| write(&context.quoted(leaf))).collect();
        all.join(" ")
    };
    let others = if shown == 1 { " (and so for the other partitions)" } else { "" };
    format!(
        "{}{others} then, in another transaction: {} then: ALTER TABLE {} ADD CONSTRAINT {name} {text};",
        each(&|leaf| format!("ALTER TABLE {leaf} ADD CONSTRAINT {name} {text} NOT VALID;")),
        each(&|leaf| format!("ALTER TABLE {leaf} VALIDATE CONSTRAINT {name};")),
        context.quoted(table)
    )
}

fn find_leaves(context: &Context<'_>, table: &ObjectName, shown: usize, leaves: &mut Vec<ObjectName>) {
    for child in partitions(context, table).into_iter().take(shown) {
        match child.partitioned {
            true => find_leaves(context, &child.name, shown, leaves),
            false => leaves.push(child.name.clone()),
        }
    }
}

/// How many partitions of each table are written out.
fn shown(context: &Context<'_>, table: &ObjectName) -> usize {
    match context.catalog.below(table).len() {
        0 => 0,
        count if count > MANY => 1,
        _ => MANY,
    }
}

fn partitions<'a>(context: &Context<'a>, table: &ObjectName) -> Vec<&'a Table> {
    context.catalog.partitions(table)
}
