//! Identities of columns, and the names of their sequences.

use super::{
    column::altering,
    sequence::{self, identity_options},
    text::{literal, qualified, quote},
};
use crate::{
    difference::Statement,
    name::{chosen, quote_in},
    schema::{Column, Identity, ObjectId},
};

/// The option of a column with the name of its sequence, where that is not the usual one.
const SEQUENCE_NAME: &str = "sequence_name";

/// An identity as `CREATE TABLE` takes it.
pub(super) fn clause(column: &Column, identity: &Identity) -> String {
    let kind = if identity.always { "ALWAYS" } else { "BY DEFAULT" };
    let options = identity_options(&identity.sequence, column.options.get(SEQUENCE_NAME));
    format!("GENERATED {kind} AS IDENTITY{options}")
}

/// Gives a column the identity that it is to have.
pub(super) fn changes(table: &ObjectId, from: &Column, to: &Column, identity: &Identity) -> Vec<Statement> {
    let name = quote(&to.name);
    let change = |action: &str| altering(table, &format!("ALTER COLUMN {name} {action}"));
    let Some(old) = &from.identity else {
        let sequence = format!(
            "pg_catalog.pg_get_serial_sequence({}, {})",
            literal(&qualified(table)),
            literal(&to.name)
        );
        return vec![
            change(&format!("ADD {}", clause(to, identity))),
            sequence::continued(&sequence, table, &to.name, &identity.sequence),
        ];
    };
    let mut actions = Vec::new();
    if old.always != identity.always {
        actions.push(format!("SET GENERATED {}", if identity.always { "ALWAYS" } else { "BY DEFAULT" }));
    }
    let mut before = old.sequence.clone();
    before.data_type.clone_from(&identity.sequence.data_type);
    let options = sequence::changes(&before, &identity.sequence);
    actions.extend(options.into_iter().map(|option| format!("SET {option}")));
    actions.extend(sequence::restarted(&before, &identity.sequence));
    let mut statements: Vec<Statement> = renamed(table, from, to).into_iter().collect();
    statements.extend(sequence::moved(&sequence_name(table, to), &before, &identity.sequence));
    if !actions.is_empty() {
        statements.push(change(&actions.join(" ")));
    }
    statements
}

/// The column with the limits that the numbers of its identity are to have, where those that they were told to have
/// are no numbers of the new type, so that they go before it comes; and what gives it them.
pub(super) fn narrowed(table: &ObjectId, from: &Column, to: &Column) -> Option<(Column, Statement)> {
    let number = |text: &String| text.parse::<i128>().ok();
    let (before, after) = (&from.identity.as_ref()?.sequence, &to.identity.as_ref()?.sequence);
    let usual = sequence::usual(before);
    let told = (&before.minimum, &before.maximum) != (&usual.minimum, &usual.maximum);
    let (least, most) = (number(&after.minimum)?, number(&after.maximum)?);
    let within = number(&before.minimum)? <= least && most <= number(&before.maximum)?;
    if !told || !within || (&before.minimum, &before.maximum) == (&after.minimum, &after.maximum) {
        return None;
    }
    let mut column = from.clone();
    let identity = column.identity.as_mut()?;
    identity.sequence.minimum.clone_from(&after.minimum);
    identity.sequence.maximum.clone_from(&after.maximum);
    let options =
        sequence::changes(before, &identity.sequence).into_iter().map(|option| format!("SET {option}"));
    let actions: Vec<String> = options.chain(sequence::restarted(before, &identity.sequence)).collect();
    let action = format!("ALTER COLUMN {} {}", quote(&to.name), actions.join(" "));
    Some((column, altering(table, &action)))
}

/// Gives the sequence of an identity another name. It is always in the namespace of its table.
fn renamed(table: &ObjectId, from: &Column, to: &Column) -> Option<Statement> {
    let (old, new) = (sequence(table, from), sequence(table, to));
    let rename = || format!("ALTER SEQUENCE {} RENAME TO {}", sequence_name(table, from), quote(&new));
    (old != new).then(|| Statement::new(rename()))
}

/// The name of an identity's sequence as SQL, with its namespace.
fn sequence_name(table: &ObjectId, column: &Column) -> String {
    quote_in(crate::dialect::Dialect::Postgres, table.schema.as_deref(), &sequence(table, column))
}

/// The name of an identity's sequence, without its namespace, which is that of the table.
pub(super) fn sequence(table: &ObjectId, column: &Column) -> String {
    let Some(name) = column.options.get(SEQUENCE_NAME) else {
        return chosen(&table.name, &column.name, "seq");
    };
    let namespace = table.schema.as_deref().map(|schema| format!("{}.", quote(schema)));
    let name = namespace.as_deref().and_then(|namespace| name.strip_prefix(namespace)).unwrap_or(name);
    let inner = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
    inner.map_or_else(|| name.to_owned(), |inner| inner.replace("\"\"", "\""))
}

/// The sequence of an identity keeps its name when its table or column gets another one, so that it
/// may no longer be the usual one, or be it now.
pub(super) fn keep_sequence_name(
    (table, column): (&ObjectId, &Column),
    now: &ObjectId,
    renamed: &mut Column,
) {
    // A partition has the sequence of its parent, of which nothing is told here (PostgreSQL 17).
    let is_own = column.identity.as_ref().is_some_and(|identity| !identity.sequence.increment.is_empty());
    if !is_own {
        return;
    }
    let name = sequence(table, column);
    renamed.options.remove(SEQUENCE_NAME);
    if name != sequence(now, renamed) {
        let name = quote_in(crate::dialect::Dialect::Postgres, now.schema.as_deref(), &name);
        renamed.options.insert(SEQUENCE_NAME.to_owned(), name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{ObjectKind, SequenceOptions};

    fn table(name: &str) -> ObjectId {
        ObjectId::new(ObjectKind::Table, Some("public"), name)
    }

    fn column(name: &str) -> Column {
        let sequence = SequenceOptions { increment: "1".to_owned(), ..SequenceOptions::default() };
        Column {
            name: name.to_owned(),
            identity: Some(Identity { always: true, sequence }),
            ..Column::default()
        }
    }

    #[test]
    fn a_sequence_keeps_its_name_when_its_table_gets_another() {
        let mut now = column("id");
        keep_sequence_name((&table("old"), &column("id")), &table("new"), &mut now);
        assert_eq!(sequence(&table("new"), &now), "old_id_seq");
        let statement = renamed(&table("new"), &now, &column("id")).map(|statement| statement.sql);
        assert_eq!(
            statement.as_deref(),
            Some("ALTER SEQUENCE \"public\".\"old_id_seq\" RENAME TO \"new_id_seq\"")
        );
        let mut again = now.clone();
        keep_sequence_name((&table("new"), &now), &table("old"), &mut again);
        assert_eq!(again, column("id"));
    }
}
