//! Reading the note above a statement: `-- batches: orders as o by tenant, id, rows 500, time 200ms`.
//! Whether there is such a table, the catalog says later.

use std::time::Duration;

use super::{Batches, BatchesError, Pace};
use crate::{
    dialect::Dialect,
    sql::{Code, table_name, unquote, words::codes},
};

/// The most rows that a batch is given, whatever the time it takes.
pub const MOST_ROWS: u64 = 100_000;

/// The longest time and pause.
const LONGEST: Duration = Duration::from_secs(3_600);

pub(super) fn parse(dialect: Dialect, note: &str) -> Result<Batches, BatchesError> {
    let codes: Vec<Code<'_>> = codes(dialect, note).collect();
    let Some(table) = table_name(dialect, &codes, 0).filter(|_| !codes[0].is("by")) else {
        return Err(BatchesError::NoTable);
    };
    let mut at = 1;
    while codes.get(at).is_some_and(|code| code.is_operator(".")) {
        at += 2;
    }
    let mut alias = None;
    if codes.get(at).is_some_and(|code| code.is("as")) {
        alias = codes.get(at + 1).and_then(|code| name(dialect, code));
        at += 2;
    }
    if !codes.get(at).is_some_and(|code| code.is("by")) {
        return Err(match codes.get(at) {
            Some(code) => BatchesError::UnknownWord(code.text.to_owned()),
            None => BatchesError::NoKey(table.name),
        });
    }
    let (key, options) = key(dialect, &codes, at + 1, &table.name)?;
    let pace = pace(note, &codes[options..])?;
    Ok(Batches { table, alias, key, pace })
}

/// The columns of the key, and the index of what follows them.
fn key(
    dialect: Dialect,
    codes: &[Code<'_>],
    mut at: usize,
    table: &str,
) -> Result<(Vec<String>, usize), BatchesError> {
    let mut key: Vec<String> = Vec::new();
    while let Some(code) = codes.get(at).filter(|_| !is_option(codes, at)) {
        let Some(column) = name(dialect, code) else {
            return Err(BatchesError::UnknownWord(code.text.to_owned()));
        };
        if key.iter().any(|known| known.eq_ignore_ascii_case(&column)) {
            return Err(BatchesError::RepeatedColumn(column));
        }
        key.push(column);
        at += 1;
        if !codes.get(at).is_some_and(|code| code.is_operator(",")) {
            break;
        }
        at += 1;
    }
    match key.is_empty() {
        true => Err(BatchesError::NoKey(table.to_owned())),
        false => Ok((key, at)),
    }
}

/// Whether an option stands here: a column may have the name of one, but no number behind it.
fn is_option(codes: &[Code<'_>], at: usize) -> bool {
    let value = codes.get(at + 1).is_some_and(|value| value.text.starts_with(|c: char| c.is_ascii_digit()));
    value && codes.get(at).is_some_and(|code| code.is_one_of(&["rows", "time", "pause"]))
}

fn name(dialect: Dialect, code: &Code<'_>) -> Option<String> {
    use crate::sql::TokenKind;
    match code.kind {
        TokenKind::Word if dialect == Dialect::Postgres => Some(code.text.to_lowercase()),
        TokenKind::Word => Some(code.text.to_owned()),
        TokenKind::QuotedIdentifier => Some(unquote(code.text)),
        _ => None,
    }
}

fn pace(note: &str, codes: &[Code<'_>]) -> Result<Pace, BatchesError> {
    let mut pace = Pace::default();
    let mut read_until = 0;
    for code in codes.iter().filter(|code| !code.is_operator(",")) {
        if code.start < read_until {
            continue;
        }
        let start = code.start + code.text.len();
        let rest = note[start..].trim_start();
        let value = rest.split(|c: char| c.is_whitespace() || c == ',').next().unwrap_or_default();
        read_until = note.len() - rest.len() + value.len();
        if code.is("rows") {
            pace.rows = Some(rows(value)?);
        } else if code.is("time") {
            pace.time = Some(duration("time", value)?);
        } else if code.is("pause") {
            pace.pause = Some(duration("pause", value)?);
        } else {
            return Err(BatchesError::UnknownWord(code.text.to_owned()));
        }
    }
    Ok(pace)
}

fn rows(value: &str) -> Result<u64, BatchesError> {
    let rows = value.replace('_', "").parse().ok().filter(|rows| (1..=MOST_ROWS).contains(rows));
    rows.ok_or_else(|| BatchesError::WrongValue {
        option: "rows",
        value: value.to_owned(),
        expected: "a number from 1 to 100000",
    })
}

fn duration(option: &'static str, value: &str) -> Result<Duration, BatchesError> {
    let digits = value.len() - value.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = value.split_at(digits);
    let milliseconds = match unit {
        "ms" => Some(1),
        "s" => Some(1_000),
        "m" => Some(60_000),
        _ => None,
    };
    let number = number.parse::<u64>().ok();
    let duration = milliseconds
        .zip(number)
        .and_then(|(unit, number)| number.checked_mul(unit))
        .map(Duration::from_millis)
        .filter(|duration| *duration <= LONGEST && (option == "pause" || !duration.is_zero()));
    duration.ok_or_else(|| BatchesError::WrongValue {
        option,
        value: value.to_owned(),
        expected: "a time such as 500ms or 2s, at most an hour",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::TableName;

    fn parsed(note: &str) -> Result<Batches, BatchesError> {
        parse(Dialect::Postgres, note)
    }

    #[test]
    fn a_note_says_table_key_and_pace() {
        let batches = parsed(" Orders by id").unwrap();
        assert_eq!(batches.table, TableName { schema: None, name: "orders".to_owned() });
        assert_eq!((batches.key, batches.pace), (vec!["id".to_owned()], Pace::default()));
        let batches = parsed("shop.\"Orders\" AS o BY tenant, \"Id\", rows 500 time 2s, pause 50ms").unwrap();
        assert_eq!(batches.table.schema.as_deref(), Some("shop"));
        assert_eq!((batches.table.name.as_str(), batches.alias.as_deref()), ("Orders", Some("o")));
        assert_eq!(batches.key, ["tenant", "Id"]);
        let pace = batches.pace;
        assert_eq!(pace.rows, Some(500));
        assert_eq!(pace.time, Some(Duration::from_secs(2)));
        assert_eq!(pace.pause, Some(Duration::from_millis(50)));
    }

    #[test]
    fn numbers_with_units_are_read_in_every_dialect() {
        for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::Mysql] {
            let batches = parse(dialect, "orders by id time 500ms rows 10").unwrap();
            assert_eq!(batches.pace.time, Some(Duration::from_millis(500)), "{dialect:?}");
            assert_eq!(batches.pace.rows, Some(10), "{dialect:?}");
        }
    }

    #[test]
    fn a_column_may_have_the_name_of_an_option() {
        assert_eq!(parsed("t by time, rows").unwrap().key, ["time", "rows"]);
    }

    #[test]
    fn a_note_that_is_wrong_says_so() {
        for (note, error) in [
            ("", BatchesError::NoTable),
            ("by id", BatchesError::NoTable),
            ("orders", BatchesError::NoKey("orders".to_owned())),
            ("orders by", BatchesError::NoKey("orders".to_owned())),
            ("orders by rows 5", BatchesError::NoKey("orders".to_owned())),
            ("orders o by id", BatchesError::UnknownWord("o".to_owned())),
            ("orders by id, id", BatchesError::RepeatedColumn("id".to_owned())),
            ("orders by id each 5", BatchesError::UnknownWord("each".to_owned())),
            ("orders by id + 1", BatchesError::UnknownWord("+".to_owned())),
        ] {
            assert_eq!(parsed(note), Err(error), "{note}");
        }
        for note in
            ["t by id rows 0", "t by id rows 100001", "t by id time 5", "t by id time 0s", "t by id pause 2h"]
        {
            assert!(matches!(parsed(note), Err(BatchesError::WrongValue { .. })), "{note}");
        }
    }
}
