//! `CREATE INDEX`, and the columns in the parentheses of a key. Not which index is of use.

use super::{
    Reader,
    reader::name,
    text::{self, expression},
};
use crate::schema::{Index, IndexPart, Key};

/// The index that a statement creates; `None` if it can't be understood.
///
/// ```
/// use underpin_core::dialect::sqlite::create::create_index;
///
/// let index = create_index("CREATE UNIQUE INDEX i ON t (a DESC, lower(b)) WHERE a > 0").unwrap();
/// assert!(index.unique && index.parts[0].descending);
/// assert_eq!(index.predicate.as_deref(), Some("a > 0"));
/// ```
pub fn create_index(create: &str) -> Option<Index> {
    let mut reader = Reader::new(create);
    let unique = reader.is_at(1, "UNIQUE");
    let name = text::head(&mut reader)?;
    if !reader.eat(&["ON"]) {
        return None;
    }
    reader.qualified_name()?;
    let parts = parts(&reader.group()?)?;
    let predicate = match reader.eat(&["WHERE"]) {
        true => Some(expression(reader.rest())),
        false if reader.is_done() => None,
        false => return None,
    };
    Some(Index { unique, predicate, create: Some(create.to_owned()), ..Index::new(&name, parts) })
}

/// The columns and expressions of an index or a key.
pub(super) fn parts(list: &Reader<'_>) -> Option<Vec<IndexPart>> {
    list.parts().into_iter().map(part).collect()
}

fn part(mut reader: Reader<'_>) -> Option<IndexPart> {
    let last = |reader: &Reader<'_>, word: &str| reader.rest().last().is_some_and(|code| code.is(word));
    let descending = last(&reader, "DESC");
    if descending || last(&reader, "ASC") {
        reader = reader.without_last(1);
    }
    let count = reader.rest().len();
    let mut collation = None;
    if count > 2 && reader.is_at(count - 2, "COLLATE") {
        collation = reader.rest().last().and_then(name);
        reader = reader.without_last(2);
    }
    let key = match reader.rest() {
        [] => return None,
        [code] => name(code).map_or_else(|| Key::Expression(expression(&[*code])), Key::Column),
        codes => Key::Expression(expression(inner(&reader).as_ref().map_or(codes, Reader::rest))),
    };
    Some(IndexPart { descending, collation, ..IndexPart::of(key) })
}

/// What is within parentheses that are around all that is left.
fn inner<'a>(reader: &Reader<'a>) -> Option<Reader<'a>> {
    let mut reader = reader.clone();
    let group = reader.group()?;
    (reader.is_done() && !group.is_done()).then_some(group)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clause_of_an_index_is_read() {
        let index = create_index(
            "CREATE INDEX main.[my i] ON \"t\"('a' COLLATE NOCASE ASC, (b + 1) DESC, c COLLATE \"RTRIM\") WHERE (a IS NOT NULL)",
        )
        .unwrap();
        assert_eq!(index.name, "my i");
        assert_eq!(index.parts[0].key, Key::Column("a".to_owned()));
        assert_eq!(index.parts[0].collation.as_deref(), Some("NOCASE"));
        assert_eq!(index.parts[1].key, Key::Expression("b + 1".to_owned()));
        assert!(index.parts[1].descending);
        assert_eq!(index.parts[2].collation.as_deref(), Some("RTRIM"));
        assert_eq!(index.predicate.as_deref(), Some("(a IS NOT NULL)"));
    }

    #[test]
    fn what_is_no_index_is_none() {
        for text in
            ["", "CREATE INDEX", "CREATE INDEX i ON t", "CREATE INDEX i ON t (a", "CREATE INDEX i ON t ()"]
        {
            assert_eq!(create_index(text), None, "{text}");
        }
    }
}
