//! Foreign keys that come while others write. With `foreign_key_checks = 1` the server copies the table to
//! look at its rows ("Online DDL Operations" in MySQL's manual); without, it takes the key at once and holds
//! what is written from then on against it. The rows that were there are looked at by a query later, which
//! locks nothing and fails where one refers to nothing.

use super::{
    super::{
        alterations,
        foreign_key::{ForeignKeys, is_absent},
        name, quoted,
    },
    algorithm::Algorithm,
    clause::Alter,
};
use crate::{
    dialect::Flavour,
    difference::{Difference, Statement},
    name::mysql_string,
    schema::{Constraint, ConstraintKind, ForeignKey, ObjectId, ServerVersion},
};

/// What makes a session take a foreign key without a look at the rows.
pub(super) const UNCHECKED: &str = "SET SESSION foreign_key_checks = 0";

const CHECKED: &str = "SET SESSION foreign_key_checks = DEFAULT";

/// Whether all that a statement does is to add foreign keys.
pub(super) fn is_addition(alter: &Alter<'_>) -> bool {
    alter.clauses.iter().all(|clause| clause.starts(&["ADD"]) && clause.has_before_parenthesis("FOREIGN"))
}

/// What the server takes for one that it does not check. An index may come with it.
pub(super) fn algorithm(flavour: Flavour, version: ServerVersion) -> Algorithm {
    match flavour {
        Flavour::Mariadb if version >= ServerVersion::new(10, 3, 2) => Algorithm::Nocopy,
        Flavour::Mariadb | Flavour::Mysql | Flavour::Postgres | Flavour::Sqlite => Algorithm::Inplace,
    }
}

/// The statement, in a session that does not check.
pub(super) fn unchecked(sql: String) -> [Statement; 3] {
    [UNCHECKED.to_owned(), sql, CHECKED.to_owned()].map(Statement::new)
}

/// The queries that fail where a row that was there refers to nothing, for every foreign key that a table
/// gets which was there.
pub(super) fn checks(difference: &Difference) -> Vec<String> {
    let keys = ForeignKeys::of(difference);
    let was_there = |id: &ObjectId| {
        alterations(difference).any(|alteration| alteration.to.id == *id)
            || difference.from.objects.contains_key(id)
    };
    keys.coming()
        .filter(|(id, one)| was_there(id) && !refers_to_nothing(difference, one))
        .filter_map(|(id, one)| check(difference.to.flavour, id, one))
        .collect()
}

/// Whether the table that a foreign key refers to is not there, which a session may want that does not check.
fn refers_to_nothing(difference: &Difference, constraint: &Constraint) -> bool {
    matches!(&constraint.kind, ConstraintKind::ForeignKey(key) if is_absent(difference, &key.table))
}

fn check(flavour: Flavour, id: &ObjectId, constraint: &Constraint) -> Option<String> {
    let ConstraintKind::ForeignKey(key) = &constraint.kind else { return None };
    let pairs: Vec<(String, String)> =
        key.columns.iter().zip(&key.referenced).map(|(own, other)| (quoted(own), quoted(other))).collect();
    let (_, first) = pairs.first()?;
    let all =
        |text: &dyn Fn(&(String, String)) -> String| pairs.iter().map(text).collect::<Vec<_>>().join(" AND ");
    Some(format!(
        "SELECT IF(COUNT(*) = 0, 'valid', {}) AS {}\n  FROM {} AS child LEFT JOIN {} AS parent ON {}\n  \
         WHERE {} AND parent.{first} IS NULL",
        failure(flavour, id, key),
        quoted(constraint.name.as_deref().unwrap_or("foreign_key")),
        name(id),
        name(&key.table),
        all(&|(own, other)| format!("parent.{other} = child.{own}")),
        all(&|(own, _)| format!("child.{own} IS NOT NULL")),
    ))
}

/// An expression that is an error, which says as much as the server lets it.
fn failure(flavour: Flavour, id: &ObjectId, key: &ForeignKey) -> String {
    let what = format!(" rows of {} that refer to no row of {}", id.name, key.table.name);
    match flavour {
        Flavour::Mysql => format!("UUID_TO_BIN(CONCAT(COUNT(*), {}))", mysql_string(&what)),
        Flavour::Mariadb | Flavour::Postgres | Flavour::Sqlite => {
            // No function of MariaDB's fails with words of ours; these two rows where one may be do fail.
            format!("(SELECT {} UNION SELECT 'which is an error')", mysql_string(what.trim()))
        }
    }
}
