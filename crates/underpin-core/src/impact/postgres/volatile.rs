//! Whether the value of an expression may be another one for each row, as far as its words tell. Not
//! the server's catalog: a function that is not known counts as volatile.

use crate::{catalog::Catalog, statement::Expression};

/// Functions of PostgreSQL's own that are stable or immutable in all of their forms: read from
/// `pg_proc.provolatile` of PostgreSQL 18, without those that only the server itself calls. A test
/// compares them with the servers at hand.
pub const NOT_VOLATILE: &str = include_str!("not_volatile.txt");

/// Words that stand before a parenthesis and call nothing.
const SYNTAX: &[&str] = &[
    "all",
    "and",
    "any",
    "array",
    "as",
    "between",
    "case",
    "cast",
    "coalesce",
    "decimal",
    "dec",
    "else",
    "exists",
    "character",
    "collate",
    "float",
    "greatest",
    "in",
    "is",
    "least",
    "not",
    "nullif",
    "or",
    "row",
    "some",
    "then",
    "varying",
    "when",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlforest",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "zone",
    "current_time",
    "current_timestamp",
    "localtime",
    "localtimestamp",
    "position",
    "trim",
    "json",
    "json_array",
    "json_scalar",
    "json_serialize",
    "bit",
    "second",
];

/// Functions of extensions that come with PostgreSQL and are stable or immutable (their control scripts), and
/// the numbers of a transaction.
const EXTENSIONS: &[&str] = &[
    "uuid_nil",
    "uuid_ns_dns",
    "uuid_ns_url",
    "uuid_ns_oid",
    "uuid_ns_x500",
    "uuid_generate_v3",
    "uuid_generate_v5",
    "hstore",
    "digest",
    "hmac",
    "unaccent",
    "text2ltree",
    "txid_current",
    "pg_current_xact_id",
];

/// Whether a default computes another value for each row, so that a column added with it makes the
/// server write every row (manual: "ALTER TABLE", Notes).
pub fn volatile_default(catalog: &Catalog, expression: &Expression) -> bool {
    expression.calls.iter().any(|call| !(harmless(call) || catalog.is_fixed(call)))
}

fn harmless(call: &str) -> bool {
    // An extension may be in any schema.
    let alone = call.rsplit('.').next().unwrap_or(call);
    SYNTAX.contains(&call) || EXTENSIONS.contains(&alone) || NOT_VOLATILE.lines().any(|known| known == call)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;

    fn volatile(text: &str) -> bool {
        volatile_default(&Catalog::unknown(Dialect::Postgres), &Expression::parse(Dialect::Postgres, text))
    }

    #[test]
    fn what_the_server_computes_once_is_not_volatile() {
        for text in [
            "1",
            "'x'::varchar(10)",
            "now()",
            "CURRENT_TIMESTAMP(3)",
            "(now() AT TIME ZONE 'utc')",
            "CAST('1' AS numeric(10, 2))",
            "lower('A') || 'b'",
            "'{}'::jsonb",
            "jsonb_build_object('a', 1)",
            "pg_catalog.now()",
            "extensions.uuid_nil()",
            "current_setting('a.b')",
            "ARRAY[1, 2]",
            "COALESCE(NULL, 1)",
            "CURRENT_USER",
        ] {
            assert!(!volatile(text), "{text}");
        }
    }

    #[test]
    fn what_it_computes_for_each_row_and_what_is_not_known_is() {
        for text in [
            "random()",
            "clock_timestamp()",
            "gen_random_uuid()",
            "uuidv7()",
            "nextval('s')",
            "timeofday()",
            "uuid_generate_v4()",
            "own.function()",
            "own.now()",
            "lower(mine())",
            "setval('s', 1)",
        ] {
            assert!(volatile(text), "{text}");
        }
    }
}
