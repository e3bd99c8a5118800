//! How the values of a column become values of another type. Not whether they all can: that is up to
//! the rows, and a value that can't is an error of the server's.

use super::text::{literal, qualified, quote};
use crate::{difference::Statement, schema::ObjectId};

/// The types of numbers, any of which can be assigned to any other.
const NUMBERS: [&str; 6] = ["smallint", "integer", "bigint", "numeric", "real", "double precision"];
/// The types of text. Everything can be assigned to them ("CREATE CAST" in the manual, Notes).
const TEXTS: [&str; 3] = ["text", "character varying", "character"];
/// The types of times, which can be assigned to each other as far as that means anything.
const TIMES: [&str; 3] = ["date", "timestamp without time zone", "timestamp with time zone"];
/// Other types of the server's own.
const OTHERS: [&str; 33] = [
    "boolean",
    "bytea",
    "uuid",
    "json",
    "jsonb",
    "xml",
    "inet",
    "cidr",
    "macaddr",
    "macaddr8",
    "interval",
    "time without time zone",
    "time with time zone",
    "bit",
    "bit varying",
    "money",
    "name",
    "oid",
    "tsvector",
    "tsquery",
    "point",
    "box",
    "circle",
    "polygon",
    "lseg",
    "path",
    "pg_lsn",
    "int4range",
    "int8range",
    "numrange",
    "daterange",
    "tsrange",
    "tstzrange",
];
/// Which of those the server casts to which, beside numbers to numbers, times to times, and everything
/// to and from text (`pg_cast`, PostgreSQL 18; numbers as bytes came with that one and are left out).
const CASTS: [(&str, &[&str]); 26] = [
    ("bigint", &["money", "bit", "oid"]),
    ("integer", &["money", "bit", "oid", "boolean"]),
    ("smallint", &["oid"]),
    ("numeric", &["money"]),
    ("money", &["numeric"]),
    ("oid", &["integer", "bigint"]),
    ("bit", &["integer", "bigint", "bit varying"]),
    ("bit varying", &["bit"]),
    ("boolean", &["integer"]),
    ("jsonb", &["json", "boolean", "smallint", "integer", "bigint", "numeric", "real", "double precision"]),
    ("json", &["jsonb"]),
    ("inet", &["cidr"]),
    ("cidr", &["inet"]),
    ("macaddr", &["macaddr8"]),
    ("macaddr8", &["macaddr"]),
    ("interval", &["time without time zone"]),
    ("time without time zone", &["time with time zone", "interval"]),
    ("time with time zone", &["time without time zone"]),
    ("timestamp without time zone", &["time without time zone"]),
    ("timestamp with time zone", &["time without time zone", "time with time zone"]),
    ("point", &["box"]),
    ("box", &["polygon", "point", "lseg", "circle"]),
    ("circle", &["polygon", "point", "box"]),
    ("polygon", &["path", "point", "box", "circle"]),
    ("lseg", &["point"]),
    ("path", &["polygon"]),
];

/// How the values of a column whose type changes get there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// To a type of another name.
    Cast,
    /// To another type of the same name, which takes the same texts.
    Text,
    /// To another type of the same name, in which attributes stand at other places: their names say
    /// what is what, and a text would give the values of one to another.
    Names,
}

/// The type that is there for as long as a column's values go by the names of their attributes.
const CARRIER: &str = "underpin_carrier";

/// The `USING` that takes a column from one type to another, where the server would not do it by
/// itself. `row` is a type of rows that have a column of this name and of the new type.
pub(super) fn using(row: &ObjectId, column: &str, from: &str, to: &str, way: Way) -> Option<String> {
    match way {
        Way::Names => Some(by_names(row, column)),
        Way::Text => by_words(column, from, to, true),
        Way::Cast => by_words(column, from, to, false),
    }
}

/// A column's values with every attribute where its name is. Only a row can be made of JSON, so that
/// an array of them has to stand in one.
fn by_names(row: &ObjectId, column: &str) -> String {
    format!(
        "(pg_catalog.json_populate_record(NULL::{}, pg_catalog.json_build_object({}, {name}))).{name}",
        qualified(row),
        literal(column),
        name = quote(column)
    )
}

/// The type that stands in for the rows of a table that is changed in place.
pub(super) fn carrier(table: &ObjectId) -> ObjectId {
    table.renamed(CARRIER)
}

/// The statements that must stand around one that takes values by the names of their attributes.
pub(super) fn carried(table: &ObjectId, column: &str, to: &str, statement: Statement) -> Vec<Statement> {
    let carrier = qualified(&carrier(table));
    vec![
        Statement::new(format!("CREATE TYPE {carrier} AS ({} {to})", quote(column))),
        statement,
        Statement::new(format!("DROP TYPE {carrier}")),
    ]
}

/// The `USING` of a cast, or through texts.
fn by_words(column: &str, from: &str, to: &str, rebuilt: bool) -> Option<String> {
    let column = quote(column);
    let (old, new) = (Kind::of(from), Kind::of(to));
    if rebuilt || (!old.is_own() && !new.is_own() && from != to) {
        let through = if old.array && new.array { "text[]" } else { "text" };
        return Some(format!("{column}::{through}::{to}"));
    }
    // Bits are filled up or cut to a length only where that is said ("Bit String Types" in the manual).
    if new.base == "bit" && from != to && ["bit", "bit varying"].contains(&old.base) && old.array == new.array
    {
        return Some(format!("{column}::{to}"));
    }
    if old.is_assigned_to(&new) {
        return None;
    }
    Some(match (old.array, new.array) {
        (false, true) if TEXTS.contains(&old.base) => format!(
            // A text that is written as an array is one; any other is the one value of one.
            "CASE WHEN {column} IS NULL THEN NULL WHEN {column} LIKE '{{%}}' THEN {column}::{to} \
             ELSE ARRAY[{column}]::{to} END"
        ),
        (false, true) => {
            let element = element(&column, &old, &new, to.trim_end_matches("[]"));
            format!("CASE WHEN {column} IS NULL THEN NULL ELSE ARRAY[{element}]::{to} END")
        }
        (true, false) => format!("{}::{to}", element(&format!("({column})[1]"), &old, &new, to)),
        (true, true) => array(&column, &old, &new, to),
        (false, false) => special(&column, &old, &new, to).unwrap_or_else(|| match old.is_cast_to(&new) {
            true => format!("{column}::{to}"),
            false => format!("{column}::text::{to}"),
        }),
    })
}

/// Whether the server is told how values of one type become values of another.
pub(super) fn is_said(from: &str, to: &str) -> bool {
    by_words("", from, to, false).is_some()
}

/// Whether these are two types, neither of arrays nor of text.
pub(super) fn are_single_and_no_text(from: &str, to: &str) -> bool {
    let is_single = |kind: Kind<'_>| !kind.array && !TEXTS.contains(&kind.base);
    from != to && is_single(Kind::of(from)) && is_single(Kind::of(to))
}

/// Whether values of both types can be compared with each other, so that a foreign key from one to the
/// other can stay while only one of its ends has changed.
pub(super) fn are_alike(from: &str, to: &str) -> bool {
    let (old, new) = (Kind::of(from), Kind::of(to));
    let both = |family: &[&str]| family.contains(&old.base) && family.contains(&new.base);
    old.array == new.array && (old.base == new.base || both(&NUMBERS) || both(&TEXTS) || both(&TIMES))
}

/// The kind of a type, as its text tells.
struct Kind<'a> {
    base: &'a str,
    array: bool,
}

impl<'a> Kind<'a> {
    fn of(text: &'a str) -> Self {
        let array = text.ends_with("[]");
        let text = text.trim_end_matches("[]");
        // What stands in parentheses can be followed by more: `timestamp(3) without time zone`.
        let base = match text.find('(') {
            Some(_) if text.starts_with("timestamp") && text.contains("with time") => {
                "timestamp with time zone"
            }
            Some(_) if text.starts_with("timestamp") => "timestamp without time zone",
            Some(_) if text.starts_with("time") && text.contains("with time") => "time with time zone",
            Some(_) if text.starts_with("time") => "time without time zone",
            Some(open) => &text[..open],
            None if text.starts_with("interval ") => "interval",
            None => text,
        };
        Self { base, array }
    }

    /// Whether it is one of the server's own types.
    fn is_own(&self) -> bool {
        NUMBERS.contains(&self.base)
            || TEXTS.contains(&self.base)
            || TIMES.contains(&self.base)
            || OTHERS.contains(&self.base)
    }

    /// Whether the server knows a cast. Of the types of users nothing is known here, and they can have
    /// casts of their own.
    fn is_cast_to(&self, other: &Self) -> bool {
        let is_listed = || CASTS.iter().any(|(from, to)| *from == self.base && to.contains(&other.base));
        !self.is_own() || !other.is_own() || TEXTS.contains(&self.base) || is_listed()
    }

    fn is_assigned_to(&self, other: &Self) -> bool {
        if self.array != other.array {
            return TEXTS.contains(&other.base) && !other.array;
        }
        let both = |family: &[&str]| family.contains(&self.base) && family.contains(&other.base);
        self.base == other.base
            || TEXTS.contains(&other.base)
            || both(&NUMBERS)
            || both(&TIMES)
            || both(&["json", "jsonb"])
            || both(&["bit", "bit varying"])
    }
}

/// The value that an array is made of, or that is taken out of one, before it is cast.
fn element(value: &str, old: &Kind<'_>, new: &Kind<'_>, to: &str) -> String {
    let is_cast = Kind { array: new.array, ..*old }.is_assigned_to(new);
    let special = || special(value, old, new, to);
    (!is_cast).then(special).flatten().unwrap_or_else(|| value.to_owned())
}

/// The expression for an array that becomes another one. What is done to each of its values can't be
/// said (`USING` takes no subquery), so that they go by their texts where they are more than cast.
fn array(column: &str, old: &Kind<'_>, new: &Kind<'_>, to: &str) -> String {
    let through = if old.base == "boolean" { "integer[]" } else { "text[]" };
    match special(column, old, new, to) {
        Some(_) => format!("{column}::{through}::{to}"),
        None => format!("{column}::{to}"),
    }
}

/// The expression for a value that is not an array, where that is more than a cast.
fn special(value: &str, old: &Kind<'_>, new: &Kind<'_>, to: &str) -> Option<String> {
    let is_number = |kind: &Kind<'_>| NUMBERS.contains(&kind.base);
    Some(match (old.base, new.base) {
        (_, "boolean") if is_number(old) && old.base != "integer" => format!("({value} <> 0)"),
        ("boolean", _) if is_number(new) => format!("{value}::integer::{to}"),
        // Milliseconds in eight bytes, seconds in others, as most programs have it.
        ("bigint", time) if TIMES.contains(&time) => moment(&format!("{value} / 1000.0"), time, to),
        (_, time) if is_number(old) && TIMES.contains(&time) => moment(value, time, to),
        (time, "bigint") if TIMES.contains(&time) => format!("(EXTRACT(epoch FROM {value}) * 1000)::{to}"),
        (time, _) if TIMES.contains(&time) && is_number(new) => {
            format!("EXTRACT(epoch FROM {value})::{to}")
        }
        (old, "json") if !TEXTS.contains(&old) => format!("to_json({value})"),
        (old, "jsonb") if !TEXTS.contains(&old) => format!("to_jsonb({value})"),
        _ => return None,
    })
}

/// The time that is so many seconds after 1970 began in UTC, whatever the time zone of the session.
fn moment(seconds: &str, time: &str, to: &str) -> String {
    match time {
        "timestamp with time zone" => format!("to_timestamp({seconds})::{to}"),
        _ => format!("(to_timestamp({seconds}) AT TIME ZONE 'UTC')::{to}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_assigns_by_itself_needs_no_words() {
        for (from, to) in [
            ("integer", "bigint"),
            ("character varying(20)", "text"),
            ("numeric(10,2)", "numeric(12,4)"),
            ("timestamp without time zone", "timestamp(3) with time zone"),
            ("uuid", "text"),
            ("integer[]", "bigint[]"),
        ] {
            assert_eq!(by_words("c", from, to, false), None, "{from} to {to}");
        }
    }

    #[test]
    fn other_types_are_cast() {
        assert_eq!(by_words("c", "text", "integer", false).as_deref(), Some("\"c\"::integer"));
        assert_eq!(by_words("c", "text", "app.mood", false).as_deref(), Some("\"c\"::app.mood"));
        assert_eq!(by_words("c", "app.mood", "app.state", false).as_deref(), Some("\"c\"::text::app.state"));
        assert_eq!(
            by_words("c", "app.mood[]", "app.mood[]", true).as_deref(),
            Some("\"c\"::text[]::app.mood[]")
        );
        assert_eq!(by_words("c", "boolean", "bigint", false).as_deref(), Some("\"c\"::integer::bigint"));
    }

    #[test]
    fn what_the_server_has_no_cast_for_goes_by_its_text() {
        let said = |from, to| by_words("c", from, to, false).unwrap_or_default();
        assert_eq!(said("int4range", "int8range"), "\"c\"::text::int8range");
        assert_eq!(said("interval", "integer"), "\"c\"::text::integer");
        assert_eq!(said("inet", "cidr"), "\"c\"::cidr");
        assert_eq!(said("box", "circle"), "\"c\"::circle");
        assert_eq!(said("uuid", "app.token"), "\"c\"::app.token");
    }

    #[test]
    fn a_text_becomes_an_array_whether_or_not_it_is_written_as_one() {
        assert_eq!(
            by_words("c", "text", "text[]", false).as_deref(),
            Some(
                "CASE WHEN \"c\" IS NULL THEN NULL WHEN \"c\" LIKE '{%}' THEN \"c\"::text[] \
                 ELSE ARRAY[\"c\"]::text[] END"
            )
        );
    }

    #[test]
    fn numbers_are_times_in_utc_and_the_way_back_gives_the_same() {
        let said = |from, to| by_words("c", from, to, false).unwrap_or_default();
        assert_eq!(said("bigint", "date"), "(to_timestamp(\"c\" / 1000.0) AT TIME ZONE 'UTC')::date");
        assert_eq!(said("date", "bigint"), "(EXTRACT(epoch FROM \"c\") * 1000)::bigint");
        assert_eq!(
            said("integer", "timestamp(3) without time zone"),
            "(to_timestamp(\"c\") AT TIME ZONE 'UTC')::timestamp(3) without time zone"
        );
        assert_eq!(
            said("integer", "timestamp with time zone"),
            "to_timestamp(\"c\")::timestamp with time zone"
        );
    }

    #[test]
    fn arrays_are_cast_as_a_whole_and_by_their_texts_where_there_is_no_cast() {
        let said = |from, to| by_words("c", from, to, false).unwrap_or_default();
        assert_eq!(
            said("bigint[]", "timestamp with time zone[]"),
            "\"c\"::text[]::timestamp with time zone[]"
        );
        assert_eq!(said("boolean[]", "bigint[]"), "\"c\"::integer[]::bigint[]");
        assert_eq!(said("text[]", "integer[]"), "\"c\"::integer[]");
        assert_eq!(said("integer[]", "bigint"), "(\"c\")[1]::bigint");
        assert_eq!(
            said("bigint", "date[]"),
            "CASE WHEN \"c\" IS NULL THEN NULL ELSE ARRAY[(to_timestamp(\"c\" / 1000.0) AT TIME ZONE 'UTC')::date]::date[] END"
        );
    }
}
