//! What a new type costs on PostgreSQL: nothing, or the table written anew. Measured by relfilenode on
//! the servers of the tests.

use crate::{schema::ServerVersion, statement::DataType};

/// What a new type costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Retype {
    /// The values are good as they are stored.
    Free,
    /// They are if the session's time zone is UTC (from PostgreSQL 12 on).
    TimeZone,
    /// Every row is written.
    Rewrite,
}

/// What it costs to make `from` a `to`.
pub(super) fn retype(from: &DataType, to: &DataType, version: ServerVersion) -> Retype {
    if from == to {
        return Retype::Free;
    }
    if from.array != to.array {
        return Retype::Rewrite;
    }
    let free = match (from.name.as_str(), to.name.as_str()) {
        ("character varying", "text") | ("text", "text") => true,
        ("text", "character varying") => to.arguments.is_empty(),
        ("character varying", "character varying") | ("bit varying", "bit varying") => wider(from, to, 0),
        ("numeric", "numeric") => wider_numeric(from, to),
        ("cidr", "inet") => true,
        (one, other) if one == other && precise(one) => wider(from, to, 0),
        ("timestamp without time zone", "timestamp with time zone")
        | ("timestamp with time zone", "timestamp without time zone") => {
            let at_utc = version >= ServerVersion::new(12, 0, 0) && wider(from, to, 0);
            return if at_utc { Retype::TimeZone } else { Retype::Rewrite };
        }
        _ => false,
    };
    if free { Retype::Free } else { Retype::Rewrite }
}

/// Types whose argument is how fine they are.
fn precise(name: &str) -> bool {
    matches!(
        name,
        "timestamp without time zone"
            | "timestamp with time zone"
            | "time without time zone"
            | "time with time zone"
            | "interval"
    )
}

/// Whether the argument `index` grows or is gone; none is the most there is.
fn wider(from: &DataType, to: &DataType, index: usize) -> bool {
    // A time without a precision has six digits.
    let most = if precise(&from.name) { 6 } else { u64::MAX };
    let argument = |data_type: &DataType| data_type.number(index).unwrap_or(most);
    argument(to) >= argument(from)
}

/// More digits before the point and as many behind it, or no limit at all.
fn wider_numeric(from: &DataType, to: &DataType) -> bool {
    let scale = |data_type: &DataType| data_type.number(1).unwrap_or(0);
    to.arguments.is_empty() || (!from.arguments.is_empty() && scale(from) == scale(to) && wider(from, to, 0))
}
