//! The name of a database within a line of a dump, and another one in its place. Which lines these are is decided
//! elsewhere; that a column or a table is called the same changes nothing.

use crate::{
    dialect::Dialect,
    sql::{Code, TokenKind, codes},
};

/// What ends the tables of a `SELECT`.
const ENDS: [&str; 10] =
    ["WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "WINDOW", "PROCEDURE", "UNION", "EXCEPT", "INTERSECT"];

/// The functions that take the name of a sequence ("SEQUENCE Functions" in MariaDB's manual).
const OF_SEQUENCES: [&str; 3] = ["NEXTVAL", "LASTVAL", "SETVAL"];

/// The text of a view with the database `to` where it names the database `from`; both between backticks. That may be
/// in front of a table, a function or a sequence, and of a table in front of a column.
pub(super) fn in_view(text: &str, from: &str, to: &str) -> String {
    let codes: Vec<Code<'_>> = codes(Dialect::Mysql, text).collect();
    let tables = tables(&codes);
    replaced(text, &codes, from, to, |index| {
        let called = codes.get(index + 3).is_some_and(|code| code.is_operator("("));
        has_name(&codes, index + 2) || called || tables[index] || is_counted(&codes, index)
    })
}

/// The text of a part of a table with the database `to` where it names the database `from`, both between backticks:
/// in front of a sequence, which MariaDB names so.
pub(super) fn in_table(text: &str, from: &str, to: &str) -> String {
    let codes: Vec<Code<'_>> = codes(Dialect::Mysql, text).collect();
    replaced(text, &codes, from, to, |index| is_counted(&codes, index))
}

/// The text with another name wherever the first part of a longer name is `from`, and a database.
fn replaced(
    text: &str,
    codes: &[Code<'_>],
    from: &str,
    to: &str,
    is_database: impl Fn(usize) -> bool,
) -> String {
    let (mut renamed, mut done) = (String::with_capacity(text.len()), 0);
    for (index, code) in codes.iter().enumerate() {
        let is_first = code.text == from && !follows_dot(codes, index) && has_name(codes, index);
        if is_first && is_database(index) {
            renamed.push_str(&text[done..code.start]);
            renamed.push_str(to);
            done = code.start + code.text.len();
        }
    }
    renamed + &text[done..]
}

/// Whether a dot and another name follow the name at a place.
fn has_name(codes: &[Code<'_>], index: usize) -> bool {
    let is = |index: usize, kind| codes.get(index).is_some_and(|code| code.kind == kind);
    codes.get(index + 1).is_some_and(|code| code.is_operator("."))
        && is(index + 2, TokenKind::QuotedIdentifier)
}

fn follows_dot(codes: &[Code<'_>], index: usize) -> bool {
    index > 0 && codes[index - 1].is_operator(".")
}

/// Whether the name at a place is that of a sequence, of which a function asks the value.
fn is_counted(codes: &[Code<'_>], index: usize) -> bool {
    index > 1 && codes[index - 1].is_operator("(") && codes[index - 2].is_one_of(&OF_SEQUENCES)
}

/// What stands between two parentheses, as far as it is known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// An expression, columns, anything: `FROM` of a function is none of a query.
    Anything,
    /// A query before its tables or behind them.
    Query,
    /// The tables of a query, or some of them, joined.
    Tables,
}

/// Whether a table follows a word. `FROM` is also said in functions, and `STRAIGHT_JOIN` behind `SELECT`.
fn introduces_tables(code: &Code<'_>, inside: Inside) -> bool {
    match inside {
        Inside::Anything => code.is("JOIN"),
        Inside::Query => code.is_one_of(&["JOIN", "FROM"]),
        Inside::Tables => code.is_one_of(&["JOIN", "FROM", "STRAIGHT_JOIN"]),
    }
}

/// Of each token whether a table is named from there on.
fn tables(codes: &[Code<'_>]) -> Vec<bool> {
    let mut levels = vec![Inside::Anything];
    // Whether what has come just now is followed by a table, or by parentheses around some.
    let mut follows = false;
    let mut found = Vec::with_capacity(codes.len());
    for code in codes {
        found.push(follows);
        let inside = levels.last().copied().unwrap_or(Inside::Anything);
        let (now, then) = if code.is_operator("(") {
            levels.push(if follows { Inside::Tables } else { Inside::Anything });
            continue;
        } else if code.is_operator(")") {
            levels.pop();
            (None, false)
        } else if code.is("SELECT") {
            (Some(Inside::Query), false)
        } else if introduces_tables(code, inside) {
            (Some(Inside::Tables), true)
        } else if inside == Inside::Tables && code.is_one_of(&ENDS) {
            (Some(Inside::Query), false)
        } else {
            (None, inside == Inside::Tables && code.is_operator(","))
        };
        if let (Some(now), Some(level)) = (now, levels.last_mut()) {
            *level = now;
        }
        follows = then;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of a view of the database `shop`, in which `here` is written for it where it is meant.
    fn check(text: &str) {
        let before = text.replace("`here`", "`shop`");
        assert_eq!(in_view(&before, "`shop`", "`new`"), text.replace("`here`", "`new`"));
    }

    #[test]
    fn a_table_of_the_name_of_its_database_keeps_it() {
        check("VIEW `v` AS select `shop`.`id` AS `id` from `shop`");
        check(
            "VIEW `v` AS select `shop`.`id` AS `shop` from (`shop` join `a` on((`shop`.`id` = `a`.`shop`)))",
        );
        check(
            "VIEW `v` AS select `here`.`shop`.`id` AS `id`,`other`.`x`.`y` AS `y` from (`here`.`shop` join `other`.`x`)",
        );
        check("VIEW `v` AS select `shop`.`id` AS `id` from `here`.`orders` `shop` where (`shop`.`id` > 1)");
        check("VIEW `v` AS select `other`.`shop`.`id` AS `id` from `other`.`shop` join `here`.`shop`");
        check("VIEW `shop` AS select 'from `shop`.`t`' AS `a` from `here`.`t` /* from `shop`.`t` */");
    }

    #[test]
    fn a_table_is_named_behind_from_and_join_and_between_them() {
        check("/*!50001 VIEW `v` AS select `here`.`t`.`id` AS `id` from `here`.`t` */;\n");
        check(
            "VIEW `v` AS select 1 AS `1` from (((`here`.`a` `x` left join `here`.`b` `y` on((`x`.`i` = `y`.`i`))) straight_join `here`.`c`) join (`here`.`d`,`here`.`e`))",
        );
        check(
            "VIEW `v` AS select 1 AS `1` from `here`.`a` FOR SYSTEM_TIME ALL join `here`.`b` USE INDEX (`shop`,`i`),`here`.`c` where `shop`.`i` = 1 order by `shop`.`i`,`shop`.`j`",
        );
        check(
            "VIEW `v` AS with `c` as (select `here`.`a`.`i` AS `i` from `here`.`a`) select 1 AS `1` from `c` union all select `shop`.`i` AS `i` from `here`.`b` `shop` group by `shop`.`i`,`shop`.`j` having exists(select 1 from `here`.`d` where (`shop`.`i` = 2) limit 1)",
        );
        check(
            "VIEW `v` AS select 1 AS `1` from ((select `shop`.`i` AS `i`,`shop`.`j` AS `j` from `here`.`a` `shop`) `x` join lateral (select 2 AS `2` from (`here`.`b` join `here`.`c`)) `y`)",
        );
    }

    #[test]
    fn a_function_that_says_from_names_a_column() {
        check(
            "VIEW `v` AS select extract(year from `shop`.`at`) AS `y`,trim(both 'x' from `shop`.`name`) AS `n` from `shop`",
        );
        check(
            "VIEW `v` AS select 1 AS `1` from (`shop` join json_table(`shop`.`doc`, '$[*]' columns (`i` int path '$')) `j` on(coalesce(`shop`.`a`,`shop`.`b`)))",
        );
    }

    #[test]
    fn words_of_a_table_that_stand_before_the_tables_name_none() {
        check(
            "VIEW `v` AS select straight_join `shop`.`a` AS `a`,`shop`.`b` AS `b` from (`here`.`x` `shop` straight_join `here`.`y`)",
        );
        check(
            "VIEW `v` AS select nth_value(`shop`.`a`,2) from first over (order by `shop`.`b`) AS `a` from `here`.`x` `shop`",
        );
    }

    #[test]
    fn functions_and_sequences_have_a_database_too() {
        check(
            "VIEW `v` AS select `here`.`f`(`shop`.`id`,`shop`.`at`) AS `a`,nextval(`here`.`s`) AS `b`,lastval(`here`.`s`) AS `c` from `shop`",
        );
        let column = "  `id` bigint DEFAULT nextval(`shop`.`s`) COMMENT 'nextval(`shop`.`s`)',\n";
        let renamed = "  `id` bigint DEFAULT nextval(`new`.`s`) COMMENT 'nextval(`shop`.`s`)',\n";
        assert_eq!(in_table(column, "`shop`", "`new`"), renamed);
        let check = "  CONSTRAINT `c` CHECK (`shop`.`t`(`a`))\n";
        assert_eq!(in_table(check, "`shop`", "`new`"), check);
    }
}
