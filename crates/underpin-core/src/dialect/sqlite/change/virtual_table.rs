//! Virtual tables: their modules can't change them, so they are made anew, and filled again where the
//! module keeps rows.

use super::{literal, names, order::Altered, quote, rebuild, table};
use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::sqlite::create::Reader,
    difference::Difference,
    schema::{Body, Column, Table, TableKind},
    sql::unquote,
};

/// The modules that keep rows of their own and tell them by their rowid.
const TEXT: [&str; 3] = ["fts3", "fts4", "fts5"];
/// The modules that keep rows of their own, whose first column is the rowid.
const ROWS: [&str; 4] = ["rtree", "rtree_i32", "geopoly", "spellfix1"];

/// The statements that make a virtual table anew.
pub(super) fn remake(altered: &Altered<'_>, difference: &Difference) -> Result<Vec<String>, Diagnostic> {
    let name = &altered.id().name;
    let drop = format!("DROP TABLE {}", quote(name));
    let create = |name: &str| table::create(name, altered.wanted);
    let module = module(altered.wanted);
    let keeps_text = TEXT.contains(&module.as_str());
    match content(altered.wanted).filter(|_| keeps_text) {
        Some(Content::Elsewhere) => {
            let table = quote(name);
            let refill = format!("INSERT INTO {table} ({table}) VALUES ({})", literal("rebuild"));
            return Ok(vec![drop, create(name), refill]);
        }
        Some(Content::Nowhere) => return Err(unreadable(name)),
        None => {}
    }
    if content(&altered.renamed).is_some() && keeps_text {
        return Err(unreadable(name));
    }
    let keeps_rows = ROWS.contains(&module.as_str());
    let mut columns = common(altered, keeps_rows);
    if columns.is_empty() || !(keeps_text || keeps_rows) {
        return Ok(vec![drop, create(name)]);
    }
    let other = names::free(difference, name);
    let has_rowid = !altered.renamed.options.contains_key("without_rowid");
    if keeps_text && has_rowid {
        columns.insert(0, ("rowid".to_owned(), "rowid".to_owned()));
    }
    let (sources, targets): (Vec<String>, Vec<String>) = columns.into_iter().unzip();
    let copy = format!(
        "INSERT INTO {} ({}) SELECT {} FROM {}",
        quote(&other),
        targets.join(", "),
        sources.join(", "),
        quote(name)
    );
    let mut statements = vec![create(&other), copy, drop];
    statements.extend(rebuild::rename(&other, name, difference));
    Ok(statements)
}

/// The columns that both tables have, each as the old one still calls it and as the new one does; the
/// first ones, where those are the rowids, whatever they are called.
fn common(altered: &Altered<'_>, rowids_first: bool) -> Vec<(String, String)> {
    let Body::Table(before) = &altered.alteration.from.body else { return Vec::new() };
    let old: Vec<(&Column, &Column)> = before.columns.iter().zip(&altered.renamed.columns).collect();
    let source = |(place, new): (usize, &Column)| {
        let same = |(_, renamed): &&(&Column, &Column)| renamed.name.eq_ignore_ascii_case(&new.name);
        let first = old.first().filter(|_| rowids_first && place == 0);
        let (old, _) = first.or_else(|| old.iter().find(same))?;
        Some((quote(&old.name), quote(&new.name)))
    };
    altered.wanted.columns.iter().enumerate().filter_map(source).collect()
}

/// Where a table of text has what it indexes, if not within itself.
enum Content {
    /// In another table, from which it can be filled again.
    Elsewhere,
    /// Nowhere: it can't be read back.
    Nowhere,
}

fn module(table: &Table) -> String {
    let Some(mut reader) = table.create.as_deref().map(Reader::new) else { return String::new() };
    while !reader.is_done() && !reader.eat(&["USING"]) {
        reader.next();
    }
    reader.name().unwrap_or_default().to_ascii_lowercase()
}

/// The argument `content=` of the FTS modules.
fn content(table: &Table) -> Option<Content> {
    if table.kind != TableKind::Virtual {
        return None;
    }
    let mut reader = Reader::new(table.create.as_deref()?);
    while !reader.is_done() {
        if reader.eat(&["content"]) && reader.eat_operator("=") {
            let value = reader.next()?;
            return Some(match unquote(value.text).is_empty() && !value.is(value.text) {
                true => Content::Nowhere,
                false => Content::Elsewhere,
            });
        }
        reader.next();
    }
    None
}

fn unreadable(name: &str) -> Diagnostic {
    Diagnostic::new(
        ErrorKind::Unsupported,
        format!("can't change the virtual table {name}: what it holds can't be read back from it"),
    )
    .hint("drop it and create it under its new definition in a revision, and fill it again there")
    .state("nothing was changed")
}
