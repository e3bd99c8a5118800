//! Whether conditions let in only rows that a partition of PostgreSQL takes, as far as literals tell. Not the
//! server's prover: what it does not understand is open.

use crate::{
    dialect::Dialect,
    sql::{Code, TokenKind, codes, unquote},
};

use super::{Expression, condition::refuses, cursor::Cursor};

/// What a partition takes of a key of one column.
enum Bounds {
    /// `FROM (low) TO (high)`; nothing where there is no end.
    Range(Option<Point>, Option<Point>),
    /// `IN (…)`.
    List(Vec<Point>),
}

/// A value that is compared.
#[derive(Clone, PartialEq, PartialOrd)]
enum Point {
    Number(f64),
    Text(String),
}

impl Point {
    /// As a literal.
    fn literal(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => format!("'{}'", text.replace('\'', "''")),
        }
    }
}

/// Whether every row that all of the conditions let in belongs to the partition with these bounds, by its
/// value in `column`; nothing where the bounds are of another kind. Conditions are constant between the
/// literals that they name, so that a value at each and one between each tell all.
pub fn implies_bounds(bounds: &Expression, column: &str, conditions: &[&str]) -> Option<bool> {
    let codes: Vec<Code<'_>> = codes(Dialect::Postgres, &bounds.text).collect();
    let bounds = read(&mut Cursor::new(Dialect::Postgres, &bounds.text, &codes))?;
    let mut marks = bounds.marks();
    for condition in conditions {
        marks.extend(points(condition));
    }
    let outside = samples(marks)?.into_iter().filter(|point| !bounds.take(point));
    let refused = |value: Option<&str>| {
        conditions.iter().any(|condition| refuses(Dialect::Postgres, condition, column, value))
    };
    Some(outside.into_iter().all(|point| refused(Some(&point.literal()))))
}

impl Bounds {
    fn marks(&self) -> Vec<Point> {
        match self {
            Self::Range(low, high) => low.iter().chain(high).cloned().collect(),
            Self::List(values) => values.clone(),
        }
    }

    fn take(&self, point: &Point) -> bool {
        match self {
            Self::Range(low, high) => {
                low.as_ref().is_none_or(|low| point >= low) && high.as_ref().is_none_or(|high| point < high)
            }
            Self::List(values) => values.contains(point),
        }
    }
}

fn read(cursor: &mut Cursor<'_>) -> Option<Bounds> {
    cursor.eat("FOR VALUES");
    if cursor.eat("FROM") {
        let low = end(cursor)?;
        return cursor.eat("TO").then(|| end(cursor))?.map(|high| Bounds::Range(low, high));
    }
    if !cursor.eat("IN") {
        return None;
    }
    let values = cursor.parenthesised()?.pieces();
    let values: Option<Vec<Point>> =
        values.into_iter().map(|mut piece| points(&piece.rest().text).into_iter().next()).collect();
    values.map(Bounds::List)
}

/// One end of a range over one column.
fn end(cursor: &mut Cursor<'_>) -> Option<Option<Point>> {
    let mut pieces = cursor.parenthesised()?.pieces();
    let [piece] = pieces.as_mut_slice() else { return None };
    if piece.is_one_of(&["MINVALUE", "MAXVALUE"]) {
        return Some(None);
    }
    let negative = piece.eat_operator("-");
    let point = points(&piece.rest().text).into_iter().next()?;
    Some(Some(match point {
        Point::Number(number) if negative => Point::Number(-number),
        Point::Number(_) | Point::Text(_) => point,
    }))
}

/// The literals in a condition.
fn points(text: &str) -> Vec<Point> {
    codes(Dialect::Postgres, text)
        .filter_map(|code| match code.kind {
            TokenKind::Number => code.text.parse().ok().map(Point::Number),
            TokenKind::String => Some(Point::Text(unquote(code.text))),
            _ => None,
        })
        .collect()
}

/// A value at each mark, one between each and one beyond each end; nothing where numbers and texts are mixed.
fn samples(marks: Vec<Point>) -> Option<Vec<Point>> {
    let count = marks.len();
    let mut numbers: Vec<f64> = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    for mark in marks {
        match mark {
            Point::Number(number) => numbers.extend([number, -number]),
            Point::Text(text) => texts.push(text),
        }
    }
    if texts.len() == count {
        // What follows a text with one more character stands before any other text behind it.
        let after: Vec<String> = texts.iter().map(|text| format!("{text}\u{1}")).collect();
        return Some(texts.into_iter().chain(after).chain([String::new()]).map(Point::Text).collect());
    }
    if !texts.is_empty() {
        return None;
    }
    numbers.sort_by(f64::total_cmp);
    let between: Vec<f64> = numbers.windows(2).map(|pair| f64::midpoint(pair[0], pair[1])).collect();
    let beyond = [numbers.first()? - 1.0, numbers.last()? + 1.0];
    Some(numbers.into_iter().chain(between).chain(beyond).map(Point::Number).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_conditions_that_are_as_narrow_as_the_bounds_imply_them() {
        let implied = |bounds: &str, condition: &str| {
            implies_bounds(&Expression::parse(Dialect::Postgres, bounds), "a", &[condition])
        };
        let range = "FOR VALUES FROM (1) TO (2)";
        assert_eq!(implied(range, "a >= 1 AND a < 2"), Some(true));
        assert_eq!(implied(range, "a = 1"), Some(true));
        assert_eq!(implied(range, "a >= 1 AND a < 9"), Some(false));
        assert_eq!(implied(range, "a < 2"), Some(false));
        assert_eq!(implied(range, "a > 100"), Some(false));
        assert_eq!(implied(range, "a > 0 AND a < 2"), Some(false));
        assert_eq!(implied("FOR VALUES FROM (MINVALUE) TO (-5)", "a < -5"), Some(true));
        let month = "FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')";
        assert_eq!(implied(month, "a >= '2026-01-01'::date AND a < DATE '2026-02-01'"), Some(true));
        assert_eq!(implied(month, "a >= '2026-01-01' AND a <= '2026-02-01'"), Some(false));
        assert_eq!(implied("FOR VALUES IN ('x', 'y')", "a IN ('x')"), Some(true));
        assert_eq!(implied("FOR VALUES IN ('x', 'y')", "a IN ('x', 'z')"), Some(false));
        assert_eq!(implied("FOR VALUES WITH (MODULUS 4, REMAINDER 0)", "a > 1"), None);
        assert_eq!(implied("DEFAULT", "a > 1"), None);
    }
}
