//! Views of nothing but values (`CREATE VIEW v (n) AS VALUES (1), (2)`), which the server shows as a query that it
//! would show otherwise once it has read it again.

/// A query whose lists of values are spaced as they are first: read again, they get a blank more.
pub(crate) fn spaced_alike(query: &str) -> String {
    let parts = query.split('\'').enumerate();
    let outside_of_texts = |(index, part): (usize, &str)| match index % 2 {
        0 => part.replace("( VALUES", "(VALUES"),
        _ => part.to_owned(),
    };
    parts.map(outside_of_texts).collect::<Vec<_>>().join("'")
}

/// The names of the columns, and the list of values, of a query that is nothing else.
pub(super) fn values(query: &str) -> Option<(String, &str)> {
    let (columns, values) = query.trim().strip_prefix("SELECT ")?.split_once("FROM (VALUES ")?;
    // Of several lists (`UNION`) each has that name.
    let values = values.strip_suffix(") \"*VALUES*\"").filter(|values| !values.contains("\"*VALUES*\""))?;
    let mut names = Vec::new();
    for (place, column) in columns.split(',').enumerate() {
        let column = column.trim();
        let column = column.strip_prefix("\"*VALUES*\".").unwrap_or(column);
        let usual = format!("column{}", place + 1);
        let name = match column.split_once(" AS ") {
            Some((value, name)) if value == usual => name,
            None if column == usual => column,
            _ => return None,
        };
        names.push(name);
    }
    Some((names.join(", "), values))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_of_nothing_but_values_is_read() {
        let old = "SELECT \"*VALUES*\".column1 AS n,\n    \"*VALUES*\".column2\n   FROM (VALUES (1,'a'::text), (2,'b'::text)) \"*VALUES*\"";
        assert_eq!(values(old), Some(("n, column2".to_owned(), "(1,'a'::text), (2,'b'::text)")));
        let new = "SELECT column1 AS \"N\"\n   FROM (VALUES (1)) \"*VALUES*\"";
        assert_eq!(values(new), Some(("\"N\"".to_owned(), "(1)")));
        for other in [
            "SELECT column2 AS n\n   FROM (VALUES (1,2)) \"*VALUES*\"",
            "SELECT column1 AS n\n   FROM (VALUES (1)) \"*VALUES*\"\n  ORDER BY column1",
            "SELECT column1 AS n\n   FROM ( VALUES (1)) \"*VALUES*\"",
            "SELECT column1 AS n\n   FROM (VALUES (1)) \"*VALUES*\"\nUNION\n SELECT column1\n   FROM (VALUES (2)) \"*VALUES*\"",
            "SELECT column1 + 1 AS n\n   FROM (VALUES (1)) \"*VALUES*\"",
        ] {
            assert_eq!(values(other), None, "{other}");
        }
    }

    #[test]
    fn blanks_before_values_do_not_count_outside_of_texts() {
        assert_eq!(spaced_alike("FROM ( VALUES ('( VALUES'))"), "FROM (VALUES ('( VALUES'))");
    }
}
