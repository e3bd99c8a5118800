//! What a statement's words tell of it as one that is run in batches. Not a parser.

use super::{Batches, BatchesError};
use crate::sql::{Code, TokenKind, unquote};

/// The statements that change rows.
const CHANGING: &[&str] = &["INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "WITH"];

pub(super) fn check(batches: &Batches, codes: &[Code<'_>]) -> Result<(), BatchesError> {
    let first = codes.first().map(|code| code.text.to_uppercase()).unwrap_or_default();
    if !codes.first().is_some_and(|code| code.is_one_of(CHANGING)) {
        return Err(BatchesError::OtherStatement(first));
    }
    let own = updates(batches, codes);
    for (qualifier, column) in assigned(codes) {
        let of_table = qualifier.map_or(own, |qualifier| {
            let names = [Some(&batches.table.name), batches.alias.as_ref()];
            names.into_iter().flatten().any(|name| name.eq_ignore_ascii_case(&qualifier))
        });
        if of_table && let Some(key) = batches.key.iter().find(|key| key.eq_ignore_ascii_case(&column)) {
            return Err(BatchesError::ChangesKey(key.clone()));
        }
    }
    Ok(())
}

/// Whether the table of the batches is named between UPDATE and SET, and with it what is set without a table.
fn updates(batches: &Batches, codes: &[Code<'_>]) -> bool {
    let update = codes.iter().position(|code| code.is("UPDATE")).unwrap_or(codes.len());
    let target = codes[update..].iter().take_while(|code| !code.is("SET"));
    let mut names = target.filter_map(name);
    names.any(|name| name.eq_ignore_ascii_case(&batches.table.name))
}

/// The columns that are set, each with the table that is written before it.
fn assigned(codes: &[Code<'_>]) -> Vec<(Option<String>, String)> {
    let Some(update) = codes.iter().position(|code| code.is("UPDATE")) else { return Vec::new() };
    let Some(set) = codes[update..].iter().position(|code| code.is("SET")) else { return Vec::new() };
    let mut assigned = Vec::new();
    let mut depth = 0_usize;
    // Whether a column may stand here, at the start of an assignment or in a list of columns before one.
    let mut expected = true;
    let mut at = update + set + 1;
    while let Some(code) = codes.get(at) {
        at += 1;
        if code.is_operator("(") {
            depth += 1;
        } else if code.is_operator(")") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && code.is_one_of(&["WHERE", "FROM", "ORDER", "LIMIT", "RETURNING"]) {
            break;
        } else if code.is_operator("=") {
            expected = false;
        } else if code.is_operator(",") {
            expected |= depth == 0;
        } else if expected && let Some(first) = name(code) {
            let mut chain = vec![first];
            while codes.get(at).is_some_and(|code| code.is_operator(".")) {
                chain.extend(codes.get(at + 1).and_then(name));
                at += 2;
            }
            let column = chain.pop().unwrap_or_default();
            assigned.push((chain.pop(), column));
        }
    }
    assigned
}

fn name(code: &Code<'_>) -> Option<String> {
    match code.kind {
        TokenKind::Word => Some(code.text.to_owned()),
        TokenKind::QuotedIdentifier => Some(unquote(code.text)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{backfill::Backfill, dialect::Dialect};

    fn checked(statement: &str) -> Result<(), BatchesError> {
        let batches = Batches::parse(Dialect::Postgres, "orders as o by tenant, id").unwrap();
        Backfill::new(Dialect::Postgres, batches, statement).map(drop)
    }

    #[test]
    fn what_changes_rows_can_be_cut() {
        for statement in [
            "UPDATE orders SET total_cents = total * 100 WHERE total_cents IS NULL AND :batch",
            "UPDATE orders SET note = (SELECT id FROM x WHERE id = 1), a = id WHERE :batch",
            "DELETE FROM orders AS o WHERE o.id < 10 AND :batch",
            "INSERT INTO archive (id) SELECT id FROM orders WHERE :batch",
            "WITH a AS (SELECT 1) UPDATE orders SET x = 1 WHERE :batch",
            "UPDATE totals SET id = o.id FROM orders o WHERE :batch",
        ] {
            assert_eq!(checked(statement), Ok(()), "{statement}");
        }
    }

    #[test]
    fn a_statement_that_moves_rows_along_the_key_is_refused() {
        for statement in [
            "UPDATE orders SET id = id + 1 WHERE :batch",
            "UPDATE orders o SET a = 1, \"tenant\" = 2 WHERE :batch",
            "UPDATE orders SET (a, id) = (SELECT 1, 2) WHERE :batch",
            "UPDATE x SET o.id = 1 WHERE :batch",
        ] {
            assert!(matches!(checked(statement), Err(BatchesError::ChangesKey(_))), "{statement}");
        }
    }

    #[test]
    fn a_statement_without_a_mark_or_of_another_kind_is_refused() {
        assert_eq!(checked("UPDATE orders SET a = 1"), Err(BatchesError::NoMark));
        assert_eq!(
            checked("SELECT 1 FROM orders WHERE :batch"),
            Err(BatchesError::OtherStatement("SELECT".to_owned()))
        );
    }
}
