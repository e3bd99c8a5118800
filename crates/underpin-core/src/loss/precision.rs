//! What values lose when their column gets another type and the server says nothing about it: digits behind
//! the point, parts of a second. Not values that it refuses: those keep the change from being made.

use crate::{
    dialect::{Dialect, sqlite::affinity::Affinity},
    statement::DataType,
};

/// What the values of a column lose that becomes one of another type, in a few words; nothing where every value
/// is kept or the server refuses those that do not fit. `cast` says whether the change is written as a cast, which
/// cuts texts (PostgreSQL).
///
/// Sources: PostgreSQL manual, 8.1 "Numeric Types", 8.5 "Date/Time Types", 4.2.9 "Type Casts"; MySQL manual, 14.24.4
/// "Rounding Behavior" and 13.2.6 "Fractional Seconds in Time Values".
///
/// ```
/// use underpin_core::{dialect::Dialect, loss::lost_precision};
///
/// let lost = |from, to| lost_precision(Dialect::Mysql, from, to, false);
/// assert_eq!(lost("decimal(10,4)", "decimal(10,2)"), Some("digits behind the point"));
/// assert_eq!(lost("datetime(6)", "datetime"), Some("parts of a second"));
/// assert_eq!(lost("int", "bigint"), None);
/// ```
pub fn lost_precision(dialect: Dialect, from: &str, to: &str, cast: bool) -> Option<&'static str> {
    if dialect == Dialect::Sqlite {
        return texts_lost_in_numbers(from, to, cast);
    }
    let (from, to) = (DataType::parse(dialect, from)?, DataType::parse(dialect, to)?);
    if from.array != to.array {
        return None;
    }
    let texts = cast && dialect == Dialect::Postgres;
    match (Values::of(dialect, &from)?, Values::of(dialect, &to)?) {
        (Values::Number(from), Values::Number(to)) => from.lost_in(to),
        (Values::Time(from), Values::Time(to)) => from.lost_in(to),
        (Values::Text { length: from }, Values::Text { length: Some(to) }) => {
            (texts && from.is_none_or(|from| from > to)).then_some("characters")
        }
        (Values::Address, Values::Network) => Some("what stands behind the network"),
        _ => None,
    }
}

/// Whether there are types whose values lose something when they become this one: a cheap look, before a
/// database is asked what a column is now.
pub(super) fn may_lose_precision(dialect: Dialect, to: &DataType) -> bool {
    match dialect {
        Dialect::Sqlite => holds_numbers(&to.name),
        Dialect::Postgres | Dialect::Mysql => {
            !matches!(Values::of(dialect, to), None | Some(Values::Text { length: None }))
        }
    }
}

/// SQLite stores a value as it is, whatever its column says, but for texts that look like numbers: `007` is 7 in a
/// column of numbers. A cast makes 0 of any other text (SQLite documentation, "Datatypes In SQLite", 3.1
/// "Determination Of Column Affinity"; "CAST expressions").
fn texts_lost_in_numbers(from: &str, to: &str, cast: bool) -> Option<&'static str> {
    let texts = Affinity::of(from) == Affinity::Text;
    let lost = if cast { "texts that are no numbers" } else { "zeros before numbers" };
    (texts && holds_numbers(to)).then_some(lost)
}

/// Whether the name of a type of SQLite says that its values are numbers: those of `DATETIME` and `BOOLEAN` are none
/// to whoever writes them.
fn holds_numbers(data_type: &str) -> bool {
    let name = data_type.to_uppercase();
    ["INT", "REAL", "FLOA", "DOUB", "NUM", "DEC", "MONEY"].iter().any(|part| name.contains(part))
}

/// What values a type has, as far as they can lose something.
enum Values {
    Number(Number),
    Time(Time),
    Text { length: Option<u64> },
    Address,
    Network,
}

#[derive(Clone, Copy)]
enum Number {
    /// So many bits.
    Integer(u32),
    /// So many digits, and how many of them behind the point; nothing where there is no limit.
    Decimal(Option<(u64, u64)>),
    /// So many bits of a fraction, and how many digits are kept, and how many of them behind the point, if that is
    /// said (MySQL).
    Float(u32, Option<(u64, u64)>),
}

#[derive(Clone, Copy)]
struct Time {
    date: bool,
    time: bool,
    /// How many digits of a second are kept; nothing of a date.
    fraction: u64,
    interval: bool,
}

impl Values {
    fn of(dialect: Dialect, data_type: &DataType) -> Option<Self> {
        let number = |number| Some(Self::Number(number));
        let most = if dialect == Dialect::Mysql { 0 } else { 6 };
        let argument = |index: usize| data_type.number(index);
        let time = |date: bool, time: bool| {
            let fraction = if time { argument(0).unwrap_or(most) } else { 0 };
            Some(Self::Time(Time { date, time, fraction, interval: false }))
        };
        let (single, double) = (24, 53);
        match data_type.name.as_str() {
            "tinyint" => number(Number::Integer(8)),
            "smallint" | "year" => number(Number::Integer(16)),
            "mediumint" => number(Number::Integer(24)),
            "int" | "integer" => number(Number::Integer(32)),
            "bigint" => number(Number::Integer(64)),
            "numeric" => number(Number::Decimal(argument(0).map(|all| (all, argument(1).unwrap_or(0))))),
            "decimal" => number(Number::Decimal(Some((argument(0).unwrap_or(10), argument(1).unwrap_or(0))))),
            "real" if dialect == Dialect::Postgres => number(Number::Float(single, None)),
            // float(30) has the digits of a double ("Floating-Point Types" in the manual of MySQL).
            "float" => match (argument(0), argument(1)) {
                (Some(bits), None) if bits > 24 => number(Number::Float(double, None)),
                (all, scale) => number(Number::Float(single, all.zip(scale))),
            },
            "double" | "double precision" | "real" => {
                number(Number::Float(double, argument(0).zip(argument(1))))
            }
            "date" => time(true, false),
            "datetime" | "timestamp" | "timestamp without time zone" | "timestamp with time zone" => {
                time(true, true)
            }
            "time" | "time without time zone" | "time with time zone" => time(false, true),
            "interval" => {
                let fraction = argument(0).unwrap_or(6);
                Some(Self::Time(Time { date: true, time: true, fraction, interval: true }))
            }
            "text" if dialect == Dialect::Postgres => Some(Self::Text { length: None }),
            "character varying" | "character" => Some(Self::Text { length: argument(0) }),
            "inet" => Some(Self::Address),
            "cidr" => Some(Self::Network),
            _ => None,
        }
    }
}

impl Number {
    fn lost_in(self, to: Self) -> Option<&'static str> {
        const POINT: Option<&str> = Some("digits behind the point");
        const LAST: Option<&str> = Some("the last digits");
        match (self, to) {
            (Self::Integer(_), Self::Integer(_) | Self::Decimal(_)) => None,
            (Self::Decimal(from), Self::Integer(_)) => {
                from.is_none_or(|(_, scale)| scale > 0).then_some(()).and(POINT)
            }
            (Self::Decimal(from), Self::Decimal(Some((_, scale)))) => {
                from.is_none_or(|(_, from)| from > scale).then_some(()).and(POINT)
            }
            // The values are left as they are, and shown rounded.
            (Self::Float(from, _), Self::Float(to, Some(_))) if from == to => None,
            (
                Self::Float(_, Some((_, from))),
                Self::Decimal(Some((_, to))) | Self::Float(_, Some((_, to))),
            ) => (from > to).then_some(()).and(POINT),
            (Self::Float(_, Some((_, from))), Self::Integer(_)) => (from > 0).then_some(()).and(POINT),
            (Self::Float(..), Self::Integer(_) | Self::Decimal(Some(_)) | Self::Float(_, Some(_))) => POINT,
            (Self::Decimal(_), Self::Decimal(None)) => None,
            // Of a float only the digits that are sure become those of a numeric (PostgreSQL).
            (Self::Float(..), Self::Decimal(None)) => LAST,
            (Self::Integer(from), Self::Float(to, said)) => {
                let has_room = said.is_some_and(|(all, _)| all <= sure_digits(to));
                (from > to && !has_room).then_some(()).and(LAST)
            }
            (Self::Float(from, _), Self::Float(to, None)) => (from > to).then_some(()).and(LAST),
            (Self::Decimal(from), Self::Float(to, said)) => {
                let digits = said.map_or(sure_digits(to), |(all, _)| all.min(sure_digits(to)));
                from.is_none_or(|(all, _)| all > digits).then_some(()).and(LAST)
            }
        }
    }
}

/// How many decimal digits a float with so many bits keeps (PostgreSQL manual, 8.1.3 "Floating-Point Types").
const fn sure_digits(bits: u32) -> u64 {
    if bits > 24 { 15 } else { 6 }
}

impl Time {
    fn lost_in(self, to: Self) -> Option<&'static str> {
        match self {
            _ if self.interval && !to.date => Some("the days"),
            _ if self.date && self.interval != to.interval => None,
            _ if self.date && !to.date => Some("the date"),
            _ if self.time && !to.time => Some("the time of day"),
            _ => (self.time && self.fraction > to.fraction).then_some("parts of a second"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_room_in_the_new_type_is_told() {
        for (dialect, from, to, lost) in [
            (Dialect::Postgres, "numeric(10,4)", "numeric(12,2)", Some("digits behind the point")),
            (Dialect::Postgres, "numeric", "numeric(12,2)", Some("digits behind the point")),
            (Dialect::Postgres, "numeric(10,2)", "numeric(10,4)", None),
            (Dialect::Postgres, "numeric(10,2)", "numeric", None),
            (Dialect::Postgres, "numeric(10)", "bigint", None),
            (Dialect::Postgres, "numeric(10,2)[]", "numeric(10,1)[]", Some("digits behind the point")),
            (Dialect::Postgres, "numeric(10,2)[]", "numeric(10,1)", None),
            (Dialect::Postgres, "double precision", "integer", Some("digits behind the point")),
            (Dialect::Postgres, "double precision", "real", Some("the last digits")),
            (Dialect::Postgres, "bigint", "double precision", Some("the last digits")),
            (Dialect::Postgres, "integer", "double precision", None),
            (
                Dialect::Postgres,
                "timestamp(6) without time zone",
                "timestamptz(0)",
                Some("parts of a second"),
            ),
            (Dialect::Postgres, "timestamptz", "date", Some("the time of day")),
            (Dialect::Postgres, "timestamp", "time", Some("the date")),
            (Dialect::Postgres, "date", "timestamp(0)", None),
            (Dialect::Postgres, "time", "interval", None),
            (Dialect::Postgres, "inet", "cidr", Some("what stands behind the network")),
            (Dialect::Postgres, "integer", "bigint", None),
            (Dialect::Mysql, "decimal", "int", None),
            (Dialect::Mysql, "decimal(10,1)", "int unsigned", Some("digits behind the point")),
            (Dialect::Mysql, "time(3)", "time", Some("parts of a second")),
            (Dialect::Mysql, "datetime", "timestamp", None),
            (Dialect::Mysql, "double", "float", Some("the last digits")),
            (Dialect::Mysql, "float", "float(40)", None),
            (Dialect::Mysql, "double", "double(10,2)", None),
            (Dialect::Mysql, "float", "double(10,2)", Some("digits behind the point")),
            (Dialect::Sqlite, "REAL", "INTEGER", None),
        ] {
            assert_eq!(lost_precision(dialect, from, to, false), lost, "{dialect:?} {from} -> {to}");
        }
    }

    #[test]
    fn a_cast_cuts_texts() {
        let lost = |from, to, cast| lost_precision(Dialect::Postgres, from, to, cast);
        assert_eq!(lost("text", "varchar(5)", true), Some("characters"));
        assert_eq!(lost("text", "varchar(5)", false), None);
        assert_eq!(lost("varchar(5)", "char(5)", true), None);
        assert_eq!(lost("varchar(5)", "text", true), None);
    }

    #[test]
    fn texts_become_numbers_on_sqlite_where_they_look_like_some() {
        let lost = |from, to| lost_precision(Dialect::Sqlite, from, to, false);
        assert_eq!(lost("TEXT", "INTEGER"), Some("zeros before numbers"));
        assert_eq!(lost("varchar(9)", "DECIMAL(10,2)"), Some("zeros before numbers"));
        assert_eq!(lost_precision(Dialect::Sqlite, "TEXT", "REAL", true), Some("texts that are no numbers"));
        for (from, to) in
            [("TEXT", "DATETIME"), ("INTEGER", "TEXT"), ("BLOB", "INTEGER"), ("TEXT", "VARCHAR(9)")]
        {
            assert_eq!(lost(from, to), None, "{from} {to}");
        }
    }
}
