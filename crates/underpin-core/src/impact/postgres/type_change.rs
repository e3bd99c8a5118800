//! What a change of a column's type costs by its two types alone. Not what indexes and constraints
//! on the column add to that: `impact` knows the table.

use crate::{
    schema::ServerVersion,
    statement::{DataType, Expression},
};

/// What a change of a column's type makes the server do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TypeChange {
    /// Nothing to the rows: only the catalog changes.
    Free,
    /// Nothing to the rows if the session's time zone is UTC; else they are written anew.
    FreeInUtc,
    /// Every row is written anew, and every index of the table with it.
    Rewrite,
}

/// Casts that leave the bytes as they are, by `pg_cast.castmethod = 'b'` of PostgreSQL 15 and 18, and
/// those of the extension `citext`; kinds of object numbers are taken care of by themselves.
const SAME_BYTES: &[(&str, &str)] = &[
    ("text", "character varying"),
    ("character varying", "text"),
    ("cidr", "inet"),
    ("bit", "bit varying"),
    ("xml", "text"),
    ("xml", "character varying"),
    ("citext", "text"),
    ("citext", "character varying"),
    ("text", "citext"),
    ("character varying", "citext"),
];

/// What changing `from` into `to` makes the server do, measured on PostgreSQL 15 and 18 and read in
/// `ATColumnChangeRequiresRewrite` (tablecmds.c) for those before.
///
/// ```
/// use underpin_core::{
///     dialect::Dialect::Postgres,
///     impact::postgres::{TypeChange, type_change},
///     schema::ServerVersion,
///     statement::DataType,
/// };
///
/// let change = |from, to| {
///     let read = |text| DataType::parse(Postgres, text).unwrap();
///     type_change(&read(from), &read(to), ServerVersion::new(16, 0, 0))
/// };
/// assert_eq!(change("varchar(20)", "text"), TypeChange::Free);
/// assert_eq!(change("integer", "bigint"), TypeChange::Rewrite);
/// ```
pub fn type_change(from: &DataType, to: &DataType, version: ServerVersion) -> TypeChange {
    if from == to {
        return TypeChange::Free;
    }
    if from.array || to.array {
        // A coercion of every element; none where only a limit goes.
        let unlimited = from.array && to.array && from.name == to.name && to.arguments.is_empty();
        return free(unlimited && from.name != "character" && from.name != "bit");
    }
    if from.name == to.name {
        return free(no_narrower(from, to));
    }
    match (from.name.as_str(), to.name.as_str()) {
        ("timestamp without time zone", "timestamp with time zone")
        | ("timestamp with time zone", "timestamp without time zone") => {
            let precise = precision(to).is_none_or(|to| precision(from).is_some_and(|from| to >= from));
            if version.major >= 12 && precise { TypeChange::FreeInUtc } else { TypeChange::Rewrite }
        }
        (one, other) if interval(one) && interval(other) => {
            free(finest(other) >= finest(one) && no_narrower_precision(from, to))
        }
        (one, other) if object_number(one) && object_number(other) => {
            free(one == "integer" || one == "oid" || other == "oid" || other == "integer" || kin(one, other))
        }
        // varchar(5) to text to varchar(9) forgets the 5 on the way: the target may not be limited.
        (one, other) => free(SAME_BYTES.contains(&(one, other)) && to.arguments.is_empty()),
    }
}

/// Whether `USING` says no more than the change of type itself: the column, or its cast to the type.
pub fn using_is_plain(using: &Expression, column: &str, to: &DataType) -> bool {
    let text = using.text.trim_start_matches('(').trim_end();
    if let Some((operand, cast)) = as_cast(text) {
        return operand.eq_ignore_ascii_case(column)
            && DataType::parse(crate::dialect::Dialect::Postgres, cast).is_some_and(|cast| cast == *to);
    }
    let Some((operand, cast)) = text.split_once("::") else {
        return using.text.trim_matches(['(', ')', ' ', '"']).eq_ignore_ascii_case(column);
    };
    // Casts one after the other; anything else behind one is computed.
    if cast.chars().any(|character| !(character.is_alphanumeric() || " ()_,.\"".contains(character))) {
        return false;
    }
    let same_type = DataType::parse(crate::dialect::Dialect::Postgres, cast.trim_end())
        .is_some_and(|cast| cast == *to || (cast.name == to.name && cast.arguments.is_empty()));
    operand.trim_matches(['(', ')', ' ', '"']).eq_ignore_ascii_case(column) && same_type
}

/// The operand and the type of `CAST(operand AS type)`.
fn as_cast(text: &str) -> Option<(&str, &str)> {
    let inner = text.get(.."cast".len()).filter(|word| word.eq_ignore_ascii_case("cast"))?;
    let inner = text[inner.len()..].trim().strip_prefix('(')?.strip_suffix(')')?;
    let at = inner.to_ascii_lowercase().find(" as ")?;
    Some((inner[..at].trim_matches(['"', ' ']), inner[at + " as ".len()..].trim()))
}

const fn free(free: bool) -> TypeChange {
    if free { TypeChange::Free } else { TypeChange::Rewrite }
}

/// Whether every value of `from` is one of `to`, which is the same type with other limits.
fn no_narrower(from: &DataType, to: &DataType) -> bool {
    match to.name.as_str() {
        "character varying" | "bit varying" => wider(from.number(0), to.number(0)),
        "numeric" => {
            let scale =
                |data_type: &DataType| data_type.arguments.get(1).map_or("0", String::as_str).to_owned();
            to.arguments.is_empty()
                || (!from.arguments.is_empty()
                    && wider(from.number(0), to.number(0))
                    && scale(from) == scale(to))
        }
        "timestamp without time zone"
        | "timestamp with time zone"
        | "time without time zone"
        | "time with time zone" => no_narrower_precision(from, to),
        name if interval(name) => no_narrower_precision(from, to),
        // char(3) to char(5) fills every value up.
        _ => false,
    }
}

/// Whether a limit is no lower than the one before; no limit is the highest.
fn wider(from: Option<u64>, to: Option<u64>) -> bool {
    to.is_none_or(|to| from.is_some_and(|from| to >= from))
}

/// Digits of a second; six are all there are.
fn precision(data_type: &DataType) -> Option<u64> {
    data_type.number(0).filter(|&digits| digits < 6)
}

fn no_narrower_precision(from: &DataType, to: &DataType) -> bool {
    wider(precision(from), precision(to))
}

fn interval(name: &str) -> bool {
    name == "interval" || name.starts_with("interval ")
}

/// The finest unit that an interval of this name keeps.
fn finest(name: &str) -> usize {
    const UNITS: &[&str] = &["year", "month", "day", "hour", "minute", "second"];
    let last = name.rsplit(' ').next().unwrap_or(name);
    UNITS.iter().position(|unit| *unit == last).unwrap_or(UNITS.len() - 1)
}

/// Whether the type is stored as the number of an object.
fn object_number(name: &str) -> bool {
    name == "integer" || name == "oid" || (name.starts_with("reg") && name != "regexp")
}

/// `regproc` and `regprocedure`, `regoper` and `regoperator`.
fn kin(one: &str, other: &str) -> bool {
    let stem = |name: &str| name.chars().take(6).collect::<String>();
    stem(one) == stem(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;

    fn changes(version: u32, pairs: &[(&str, &str)], expected: TypeChange) {
        let read = |text| DataType::parse(Dialect::Postgres, text).unwrap();
        for (from, to) in pairs {
            let found = type_change(&read(from), &read(to), ServerVersion::new(version, 0, 0));
            assert_eq!(found, expected, "{from} to {to} on {version}");
        }
    }

    #[test]
    fn what_only_widens_is_free() {
        let pairs = [
            ("varchar(5)", "varchar(10)"),
            ("varchar(5)", "varchar"),
            ("varchar(5)", "text"),
            ("text", "varchar"),
            ("numeric(10,2)", "numeric(12,2)"),
            ("numeric(10,2)", "numeric"),
            ("numeric(10)", "numeric(12)"),
            ("timestamp", "timestamp(6)"),
            ("timestamp(3)", "timestamp"),
            ("timetz(2)", "timetz(4)"),
            ("interval(3)", "interval"),
            ("interval", "interval day to second"),
            ("interval hour", "interval second"),
            ("interval year", "interval"),
            ("varbit(3)", "varbit(8)"),
            ("bit(3)", "varbit"),
            ("cidr", "inet"),
            ("int", "oid"),
            ("oid", "int4"),
            ("int", "regclass"),
            ("xml", "text"),
            ("text[]", "text[]"),
            ("varchar(5)[]", "varchar[]"),
            ("json", "json"),
        ];
        changes(15, &pairs, TypeChange::Free);
    }

    #[test]
    fn what_narrows_or_is_stored_otherwise_is_written_anew() {
        let pairs = [
            ("int", "bigint"),
            ("varchar(10)", "varchar(5)"),
            ("text", "varchar(100)"),
            ("varchar", "varchar(5)"),
            ("char(3)", "char(5)"),
            ("char(3)", "text"),
            ("varchar(3)", "char(3)"),
            ("numeric", "numeric(10,2)"),
            ("numeric(10,2)", "numeric(12,3)"),
            ("timestamp", "timestamp(3)"),
            ("date", "timestamp"),
            ("json", "jsonb"),
            ("inet", "cidr"),
            ("cidr", "text"),
            ("bit(3)", "varbit(8)"),
            ("varbit", "bit(1)"),
            ("bit(3)", "bit(4)"),
            ("interval(3)", "interval(2)"),
            ("interval", "interval year"),
            ("oid", "bigint"),
            ("varchar(5)[]", "varchar(10)[]"),
            ("varchar[]", "text[]"),
            ("int[]", "bigint[]"),
            ("text", "text[]"),
            ("mood", "text"),
            ("text", "mood"),
        ];
        changes(15, &pairs, TypeChange::Rewrite);
    }

    #[test]
    fn with_and_without_a_time_zone_is_free_in_utc_since_12() {
        changes(12, &[("timestamp", "timestamptz"), ("timestamptz", "timestamp")], TypeChange::FreeInUtc);
        changes(12, &[("timestamp", "timestamptz(3)")], TypeChange::Rewrite);
        changes(11, &[("timestamp", "timestamptz")], TypeChange::Rewrite);
    }

    #[test]
    fn a_using_that_casts_to_the_type_says_nothing_new() {
        let plain = |using: &str, to: &str| {
            let to = DataType::parse(Dialect::Postgres, to).unwrap();
            using_is_plain(&Expression::parse(Dialect::Postgres, using), "a", &to)
        };
        assert!(plain("a", "text") && plain("a::text", "text") && plain("(a)::varchar(9)", "varchar(9)"));
        assert!(!plain("lower(a)", "text") && !plain("a::int", "text") && !plain("b", "text"));
    }
}
