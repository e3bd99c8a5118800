//! How objects are named in statements, and the statements that all kinds have in common: dropping,
//! comments, privileges. Not what is particular to one kind.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    dialect::Dialect,
    difference::Statement,
    name,
    schema::{Grant, Grantee, ObjectId, ObjectKind, Options},
};

/// A name as SQL.
pub(super) fn quote(text: &str) -> String {
    name::quote(Dialect::Postgres, text)
}

/// A value as SQL.
pub(super) fn literal(text: &str) -> String {
    name::literal(Dialect::Postgres, text)
}

/// An object's own name with its namespace, as SQL.
pub(super) fn qualified(id: &ObjectId) -> String {
    name::quote_in(Dialect::Postgres, id.schema.as_deref(), &id.name)
}

/// The table or view that a part belongs to, as SQL.
pub(super) fn owner(id: &ObjectId) -> String {
    name::quote_in(Dialect::Postgres, id.schema.as_deref(), id.table.as_deref().unwrap_or(&id.name))
}

/// Names as a list.
pub(super) fn list<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    names.into_iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ")
}

/// What stands for an object behind `DROP` and `COMMENT ON`: `TRIGGER "a" ON "t"`.
pub(super) fn target(id: &ObjectId) -> String {
    let arguments = || id.arguments.as_deref().unwrap_or_default();
    let word = match id.kind {
        ObjectKind::Namespace => "SCHEMA",
        ObjectKind::Extension => "EXTENSION",
        ObjectKind::ForeignServer => "SERVER",
        ObjectKind::Collation => "COLLATION",
        ObjectKind::Enum | ObjectKind::Composite | ObjectKind::Range => "TYPE",
        ObjectKind::Domain => "DOMAIN",
        ObjectKind::Sequence => "SEQUENCE",
        ObjectKind::Table | ObjectKind::DefaultPrivilege | ObjectKind::Event => "TABLE",
        ObjectKind::Column | ObjectKind::Default => {
            return format!("COLUMN {}.{}", owner(id), quote(&id.name));
        }
        ObjectKind::Constraint => return format!("CONSTRAINT {} ON {}", quote(&id.name), owner(id)),
        ObjectKind::Index => "INDEX",
        ObjectKind::Statistics => "STATISTICS",
        ObjectKind::View => "VIEW",
        ObjectKind::MaterializedView => "MATERIALIZED VIEW",
        ObjectKind::Function => return format!("FUNCTION {}({})", qualified(id), arguments()),
        ObjectKind::Procedure => return format!("PROCEDURE {}({})", qualified(id), arguments()),
        ObjectKind::Aggregate => {
            let arguments = if arguments().is_empty() { "*" } else { arguments() };
            return format!("AGGREGATE {}({arguments})", qualified(id));
        }
        ObjectKind::Operator => {
            let schema = id.schema.as_deref().map(|schema| format!("{}.", quote(schema)));
            return format!("OPERATOR {}{} ({})", schema.unwrap_or_default(), id.name, arguments());
        }
        ObjectKind::Cast => return format!("CAST ({})", id.name),
        ObjectKind::Trigger => return format!("TRIGGER {} ON {}", quote(&id.name), owner(id)),
        ObjectKind::Rule => return format!("RULE {} ON {}", quote(&id.name), owner(id)),
        ObjectKind::Policy => return format!("POLICY {} ON {}", quote(&id.name), owner(id)),
        ObjectKind::EventTrigger => "EVENT TRIGGER",
        ObjectKind::Publication => "PUBLICATION",
    };
    format!("{word} {}", qualified(id))
}

/// `DROP`.
pub(super) fn drop(id: &ObjectId) -> Statement {
    Statement::new(format!("DROP {}", target(id)))
}

/// The statement that gives a comment, or takes it away, where it changes.
pub(super) fn comment(target: &str, from: Option<&str>, to: Option<&str>) -> Option<Statement> {
    if from == to {
        return None;
    }
    let text = to.map_or_else(|| "NULL".to_owned(), literal);
    Some(Statement::new(format!("COMMENT ON {target} IS {text}")))
}

/// What stands for an object behind `GRANT … ON`; nothing for what has no privileges.
pub(super) fn granted(id: &ObjectId) -> Option<String> {
    match id.kind {
        ObjectKind::Namespace | ObjectKind::Sequence | ObjectKind::Function | ObjectKind::Procedure => {
            Some(target(id))
        }
        ObjectKind::Aggregate => {
            Some(format!("FUNCTION {}({})", qualified(id), id.arguments.as_deref().unwrap_or_default()))
        }
        ObjectKind::Table | ObjectKind::View | ObjectKind::MaterializedView => {
            Some(format!("TABLE {}", qualified(id)))
        }
        ObjectKind::Enum | ObjectKind::Domain | ObjectKind::Composite | ObjectKind::Range => {
            Some(format!("TYPE {}", qualified(id)))
        }
        _ => None,
    }
}

/// The statements that make privileges into others. `columns` is what stands behind each privilege:
/// `("total")` or nothing; `before` goes before each statement.
pub(super) fn grants(
    before: &str,
    on: &str,
    columns: &str,
    from: &BTreeSet<Grant>,
    to: &BTreeSet<Grant>,
) -> Vec<Statement> {
    let mut statements = Vec::new();
    let known = |grants: &BTreeSet<Grant>, grant: &Grant, grantable: bool| {
        grants.contains(&Grant { grantable, ..grant.clone() })
    };
    let gone = from.iter().filter(|grant| !known(to, grant, true) && !known(to, grant, false));
    let lesser = from.iter().filter(|grant| grant.grantable && known(to, grant, false));
    let new = to.iter().filter(|grant| !known(from, grant, grant.grantable) && !(known(from, grant, true)));
    for (grantee, _, privileges) in together(gone, columns) {
        statements.push(format!("{before}REVOKE {privileges} ON {on} FROM {grantee}"));
    }
    for (grantee, _, privileges) in together(lesser, columns) {
        statements.push(format!("{before}REVOKE GRANT OPTION FOR {privileges} ON {on} FROM {grantee}"));
    }
    for (grantee, grantable, privileges) in together(new, columns) {
        let option = if grantable { " WITH GRANT OPTION" } else { "" };
        statements.push(format!("{before}GRANT {privileges} ON {on} TO {grantee}{option}"));
    }
    statements.into_iter().map(Statement::new).collect()
}

/// The privileges of each grantee in one list.
fn together<'a>(grants: impl Iterator<Item = &'a Grant>, columns: &str) -> Vec<(String, bool, String)> {
    let mut lists: BTreeMap<(String, bool), Vec<String>> = BTreeMap::new();
    for grant in grants {
        let grantee = match &grant.grantee {
            Grantee::Public => "PUBLIC".to_owned(),
            Grantee::Role(role) => quote(role),
        };
        let privilege = format!("{}{columns}", grant.privilege);
        lists.entry((grantee, grant.grantable)).or_default().push(privilege);
    }
    lists.into_iter().map(|((grantee, grantable), list)| (grantee, grantable, list.join(", "))).collect()
}

/// Storage parameters as `SET` and `RESET` take them; those of an object begin with `with.`.
pub(super) fn parameters(options: &Options) -> Vec<(&str, &str)> {
    options.iter().filter_map(|(name, value)| Some((name.strip_prefix("with.")?, value.as_str()))).collect()
}

/// ` WITH (fillfactor='70')`, or nothing.
pub(super) fn with(options: &Options) -> String {
    let parameters: Vec<String> = parameters(options).into_iter().map(assignment).collect();
    if parameters.is_empty() { String::new() } else { format!(" WITH ({})", parameters.join(", ")) }
}

fn assignment((name, value): (&str, &str)) -> String {
    format!("{name} = {}", literal(value))
}

/// The actions that make storage parameters into others: `RESET (…)`, `SET (…)`.
pub(super) fn parameter_changes(from: &Options, to: &Options) -> Vec<String> {
    let (from, to) = (parameters(from), parameters(to));
    let gone: Vec<&str> = from
        .iter()
        .filter(|(name, _)| !to.iter().any(|(other, _)| other == name))
        .map(|(name, _)| *name)
        .collect();
    let new: Vec<String> =
        to.into_iter().filter(|parameter| !from.contains(parameter)).map(assignment).collect();
    let mut actions = Vec::new();
    if !gone.is_empty() {
        actions.push(format!("RESET ({})", gone.join(", ")));
    }
    if !new.is_empty() {
        actions.push(format!("SET ({})", new.join(", ")));
    }
    actions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(role: &str, privilege: &str, grantable: bool) -> Grant {
        Grant { grantee: Grantee::Role(role.to_owned()), privilege: privilege.to_owned(), grantable }
    }

    #[test]
    fn privileges_of_one_grantee_are_one_statement() {
        let to = BTreeSet::from([grant("bob", "SELECT", false), grant("bob", "INSERT", false)]);
        let statements = grants("", "TABLE \"t\"", "", &BTreeSet::new(), &to);
        assert_eq!(statements.len(), 1);
        assert_eq!(statements[0].sql, "GRANT INSERT, SELECT ON TABLE \"t\" TO \"bob\"");
        let back = grants("", "TABLE \"t\"", "", &to, &BTreeSet::new());
        assert_eq!(back[0].sql, "REVOKE INSERT, SELECT ON TABLE \"t\" FROM \"bob\"");
    }

    #[test]
    fn a_grant_option_goes_without_the_privilege() {
        let from = BTreeSet::from([grant("bob", "SELECT", true)]);
        let to = BTreeSet::from([grant("bob", "SELECT", false)]);
        let statements = grants("", "TABLE \"t\"", "", &from, &to);
        assert_eq!(statements.len(), 1);
        assert_eq!(statements[0].sql, "REVOKE GRANT OPTION FOR SELECT ON TABLE \"t\" FROM \"bob\"");
    }
}
