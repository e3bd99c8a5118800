//! `ALTER TABLE` and `CREATE UNIQUE INDEX`: the clauses that ask something of the rows.

use super::{Requirement, RequirementKind, clause::Clause};
use crate::dialect::Dialect;

pub(super) fn requirements(dialect: Dialect, statement: &str) -> Vec<Requirement> {
    let clause = Clause::new(dialect, statement);
    if let Some(rest) = clause.after(&["ALTER", "TABLE"]) {
        return altered(dialect, &rest).unwrap_or_default();
    }
    clause.after(&["CREATE", "UNIQUE", "INDEX"]).and_then(|rest| unique_index(&rest)).into_iter().collect()
}

fn altered(dialect: Dialect, rest: &Clause<'_>) -> Option<Vec<Requirement>> {
    let (table, actions) = rest.skip(&["IF", "EXISTS"]).skip(&["ONLY"]).name()?;
    let kinds = actions.parts().into_iter().filter_map(|action| action_kind(dialect, &action));
    Some(kinds.map(|kind| Requirement::new(table, kind)).collect())
}

fn action_kind(dialect: Dialect, action: &Clause<'_>) -> Option<RequirementKind> {
    if let Some(added) = action.after(&["ADD"]) {
        return constraint(&added).or_else(|| column(dialect, &added));
    }
    if let Some(altered) = action.after(&["ALTER"]) {
        let (column, rest) = altered.skip(&["COLUMN"]).name()?;
        rest.after(&["SET", "NOT", "NULL"])?;
        return Some(RequirementKind::NotNull { column: column.to_owned() });
    }
    // MODIFY and CHANGE of MySQL say all of the column; its old name comes first.
    let changed = action.after(&["MODIFY"]).or_else(|| action.after(&["CHANGE"]))?;
    let (column, rest) = changed.skip(&["COLUMN"]).name()?;
    rest.has_phrase("NOT", "NULL").then(|| RequirementKind::NotNull { column: column.to_owned() })
}

/// What stands behind ADD, if it is a constraint that is checked at once.
fn constraint(added: &Clause<'_>) -> Option<RequirementKind> {
    const KINDS: [&str; 4] = ["PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];
    let named = added.after(&["CONSTRAINT"]);
    let definition = match named {
        Some(rest) if rest.starts_with(&KINDS) => rest,
        Some(rest) => rest.name()?.1,
        None => added.clone(),
    };
    if !definition.starts_with(&KINDS)
        || definition.has_phrase("NOT", "VALID")
        || definition.has_phrase("NOT", "ENFORCED")
    {
        return None;
    }
    let (content, behind) = definition.parenthesised()?;
    if definition.starts_with(&["CHECK"]) {
        return Some(RequirementKind::Check { expression: content.text().to_owned() });
    }
    let columns = content.names()?;
    if !definition.starts_with(&["FOREIGN"]) {
        return Some(RequirementKind::Unique { columns });
    }
    let (table, rest) = behind.after(&["REFERENCES"])?.name()?;
    let (referenced, _) = rest.parenthesised()?;
    let referenced = referenced.names().filter(|referenced| referenced.len() == columns.len())?;
    Some(RequirementKind::ForeignKey { columns, table: table.to_owned(), referenced })
}

/// What stands behind ADD, if it is a column that rows have nothing for. MySQL makes something up.
fn column(dialect: Dialect, added: &Clause<'_>) -> Option<RequirementKind> {
    const OTHERS: &[&str] = &["INDEX", "KEY", "FULLTEXT", "SPATIAL", "PARTITION", "EXCLUDE", "CONSTRAINT"];
    const FILLED: &[&str] = &["DEFAULT", "GENERATED", "AS", "SERIAL", "BIGSERIAL", "SMALLSERIAL"];
    if dialect == Dialect::Mysql || added.starts_with(OTHERS) {
        return None;
    }
    let (column, rest) = added.skip(&["COLUMN"]).skip(&["IF", "NOT", "EXISTS"]).name()?;
    let required = rest.has_phrase("NOT", "NULL") && !FILLED.iter().any(|word| rest.has(word));
    required.then(|| RequirementKind::NoRows { column: column.to_owned() })
}

fn unique_index(rest: &Clause<'_>) -> Option<Requirement> {
    let (_, target) = rest.split_at("ON")?;
    let (table, definition) = target.skip(&["ONLY"]).name()?;
    let (parts, behind) = definition.parenthesised()?;
    let mut requirement = Requirement::new(table, RequirementKind::Unique { columns: parts.names()? });
    requirement.filter = behind.split_at("WHERE").map(|(_, condition)| condition.text().to_owned());
    Some(requirement)
}
