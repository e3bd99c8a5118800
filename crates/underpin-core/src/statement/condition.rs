//! What is certain about a condition without looking at a row: `1 = 1`, `NOT FALSE`, `c > 0` where `c` is
//! known. Not an evaluation: what depends on a row, a function or a setting is open.

use super::parentheses::closing;
use crate::{
    dialect::Dialect,
    sql::{Code, TokenKind, catalog_name, codes, unquote},
};

/// Whether a condition holds for every row, whatever is in it. That a column equals itself counts, too.
pub fn always_holds(dialect: Dialect, condition: &str) -> bool {
    truth(dialect, condition, None) == Value::Truth(true)
}

/// Whether a condition is false for a row in which `column` has the value that the literal `value` is; NULL
/// where there is none.
pub fn refuses(dialect: Dialect, condition: &str, column: &str, value: Option<&str>) -> bool {
    let value = value.map_or(Value::Null, |text| read(dialect, text, None));
    truth(dialect, condition, Some((column, &value))) == Value::Truth(false)
}

fn truth(dialect: Dialect, condition: &str, known: Option<(&str, &Value)>) -> Value {
    as_condition(read(dialect, condition, known))
}

fn read(dialect: Dialect, text: &str, known: Option<(&str, &Value)>) -> Value {
    let codes: Vec<Code<'_>> = codes(dialect, text).collect();
    if is_deep(&codes) {
        return Value::Open;
    }
    let mut reader = Reader { dialect, codes: &codes, at: 0, known };
    let value = reader.either();
    if reader.at < codes.len() { Value::Open } else { value }
}

/// Nobody writes conditions that stand deeper than this in others.
const DEPTH: usize = 100;

/// Whether a condition is nested so deeply that it is not followed.
fn is_deep(codes: &[Code<'_>]) -> bool {
    let (mut depth, mut signs) = (0_usize, 0_usize);
    for code in codes {
        let leads = code.is("NOT") || ["-", "+", "~", "!"].iter().any(|sign| code.is_operator(sign));
        signs = if leads { signs + 1 } else { 0 };
        if code.is_operator("(") {
            depth += 1;
        } else if code.is_operator(")") {
            depth = depth.saturating_sub(1);
        }
        if depth + signs > DEPTH {
            return true;
        }
    }
    false
}

#[derive(Clone, Debug, PartialEq)]
enum Value {
    Null,
    Truth(bool),
    Number(f64),
    Text(String),
    Column(String),
    /// What only a row, a function or a setting decides.
    Open,
}

struct Reader<'a> {
    dialect: Dialect,
    codes: &'a [Code<'a>],
    at: usize,
    /// A column whose value is known.
    known: Option<(&'a str, &'a Value)>,
}

impl Reader<'_> {
    fn is(&self, word: &str) -> bool {
        self.codes.get(self.at).is_some_and(|code| code.is(word))
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.is(word);
        self.at += usize::from(found);
        found
    }

    fn eat_operator(&mut self, operator: &str) -> bool {
        let found = self.codes.get(self.at).is_some_and(|code| code.is_operator(operator));
        self.at += usize::from(found);
        found
    }

    fn either(&mut self) -> Value {
        let mut value = self.both();
        while self.eat("OR") {
            let other = self.both();
            value = or(value, other);
        }
        value
    }

    fn both(&mut self) -> Value {
        let mut value = self.negated();
        while self.eat("AND") || (self.dialect == Dialect::Mysql && self.eat_operator("&&")) {
            let other = self.negated();
            value = not(or(not(value), not(other)));
        }
        value
    }

    fn negated(&mut self) -> Value {
        if self.eat("NOT") || (self.dialect == Dialect::Mysql && self.eat_operator("!")) {
            return not(self.negated());
        }
        let left = self.operand();
        self.predicate(left)
    }

    /// What is said of an operand.
    fn predicate(&mut self, left: Value) -> Value {
        if self.eat("IS") {
            let negated = self.eat("NOT");
            let found = self.identity(&left);
            return if negated { not(found) } else { found };
        }
        let comparison = ["<>", "!=", "<=", ">=", "=", "==", "<", ">"];
        if let Some(operator) = comparison.into_iter().find(|operator| self.eat_operator(operator)) {
            let right = self.operand();
            return compared(&left, operator, &right);
        }
        let negated = self.eat("NOT");
        let found = if self.eat("IN") {
            self.among(&left)
        } else if self.eat("BETWEEN") {
            let low = self.operand();
            self.eat("AND");
            let high = self.operand();
            not(or(not(compared(&left, ">=", &low)), not(compared(&left, "<=", &high))))
        } else if self.eat("LIKE") || self.eat("ILIKE") {
            let pattern = self.operand();
            if pattern == Value::Text("%".to_owned()) { Value::Truth(true) } else { Value::Open }
        } else {
            return if negated { Value::Open } else { left };
        };
        if negated { not(found) } else { found }
    }

    /// What stands behind `IS`.
    fn identity(&mut self, left: &Value) -> Value {
        let wanted = if self.eat("NULL") || self.eat("UNKNOWN") {
            Value::Null
        } else if self.eat("TRUE") {
            Value::Truth(true)
        } else if self.eat("FALSE") {
            Value::Truth(false)
        } else {
            self.at = self.codes.len();
            return Value::Open;
        };
        match left {
            Value::Open | Value::Column(_) => Value::Open,
            known if wanted == Value::Null => Value::Truth(*known == Value::Null),
            known => Value::Truth(as_condition(known.clone()) == wanted),
        }
    }

    fn among(&mut self, left: &Value) -> Value {
        if !self.eat_operator("(") {
            return Value::Open;
        }
        if self.is("SELECT") {
            self.skip_closing();
            return Value::Open;
        }
        let mut found = Value::Truth(false);
        loop {
            let member = self.operand();
            found = or(found, compared(left, "=", &member));
            if !self.eat_operator(",") {
                break;
            }
        }
        if self.eat_operator(")") { found } else { Value::Open }
    }

    /// An operand; open as soon as something is computed of it.
    fn operand(&mut self) -> Value {
        let value = self.primary();
        let end = |code: &Code<'_>| {
            code.is_one_of(&["AND", "OR", "IS", "IN", "BETWEEN", "LIKE", "ILIKE", "NOT"])
                || [")", ",", "=", "==", "<>", "!=", "<=", ">=", "<", ">", "&&"]
                    .iter()
                    .any(|operator| code.is_operator(operator))
        };
        let mut computed = false;
        while self.codes.get(self.at).is_some_and(|code| !end(code)) {
            // A cast of a literal is still that literal.
            let cast = self.eat_operator("::");
            computed |= !cast;
            if self.eat_operator("(") {
                self.skip_closing();
            } else {
                self.at += 1;
            }
        }
        if computed { Value::Open } else { value }
    }

    fn primary(&mut self) -> Value {
        let Some(code) = self.codes.get(self.at) else { return Value::Open };
        self.at += 1;
        if code.is_operator("(") {
            if self.is("SELECT") {
                self.skip_closing();
                return Value::Open;
            }
            let value = self.either();
            return if self.eat_operator(")") { value } else { Value::Open };
        }
        if code.is_operator("-") || code.is_operator("+") {
            let sign = if code.is_operator("-") { -1.0 } else { 1.0 };
            return match self.primary() {
                Value::Number(number) => Value::Number(sign * number),
                _ => Value::Open,
            };
        }
        match code.kind {
            TokenKind::Number => code.text.parse().map_or(Value::Open, Value::Number),
            TokenKind::String => Value::Text(unquote(code.text)),
            TokenKind::Word | TokenKind::QuotedIdentifier => self.word(code),
            _ => Value::Open,
        }
    }

    fn word(&mut self, code: &Code<'_>) -> Value {
        if code.is("NULL") {
            return Value::Null;
        }
        if code.is_one_of(&["TRUE", "FALSE"]) {
            return Value::Truth(code.is("TRUE"));
        }
        // DATE '2026-01-01', and any other type before its text.
        if let Some(text) = self.codes.get(self.at).filter(|next| next.kind == TokenKind::String) {
            self.at += 1;
            return Value::Text(unquote(text.text));
        }
        if self.eat_operator("(") {
            // A query of no table has a row.
            let body = self.skip_closing();
            let from = body.iter().any(|code| code.is_one_of(&["FROM", "WHERE", "TABLE", "LIMIT"]));
            let exists = code.is("EXISTS") && body.first().is_some_and(|first| first.is("SELECT")) && !from;
            return if exists { Value::Truth(true) } else { Value::Open };
        }
        let mut name = catalog_name(self.dialect, code).unwrap_or_default();
        let mut qualified = name.clone();
        while self.eat_operator(".") {
            if let Some(part) = self.codes.get(self.at) {
                name = catalog_name(self.dialect, part).unwrap_or_default();
                qualified = format!("{qualified}.{name}");
                self.at += 1;
            }
        }
        match self.known {
            Some((column, value)) if self.dialect.same_names(column, &name) => value.clone(),
            Some(_) | None => Value::Column(qualified),
        }
    }

    /// Steps behind the parenthesis that closes the one right before, and gives what stands between.
    fn skip_closing(&mut self) -> &[Code<'_>] {
        let start = self.at;
        let end = closing(self.codes, start.saturating_sub(1));
        self.at = (end + 1).min(self.codes.len());
        self.codes.get(start..end).unwrap_or_default()
    }
}

/// A value as a condition: MySQL and SQLite take a number for one.
fn as_condition(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::Truth(number != 0.0),
        Value::Truth(_) | Value::Null => value,
        Value::Text(_) | Value::Column(_) | Value::Open => Value::Open,
    }
}

fn not(value: Value) -> Value {
    match as_condition(value) {
        Value::Truth(truth) => Value::Truth(!truth),
        Value::Null => Value::Null,
        _ => Value::Open,
    }
}

fn or(one: Value, other: Value) -> Value {
    match (as_condition(one), as_condition(other)) {
        (Value::Truth(true), _) | (_, Value::Truth(true)) => Value::Truth(true),
        (Value::Truth(false), Value::Truth(false)) => Value::Truth(false),
        (Value::Null, Value::Null | Value::Truth(false)) | (Value::Truth(false), Value::Null) => Value::Null,
        _ => Value::Open,
    }
}

fn compared(left: &Value, operator: &str, right: &Value) -> Value {
    let order = match (left, right) {
        (Value::Null, _) | (_, Value::Null) => return Value::Null,
        (Value::Number(left), Value::Number(right)) => left.partial_cmp(right),
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Truth(left), Value::Truth(right)) => Some(left.cmp(right)),
        (Value::Column(left), Value::Column(right)) if left == right => Some(std::cmp::Ordering::Equal),
        _ => None,
    };
    let Some(order) = order else { return Value::Open };
    Value::Truth(match operator {
        "=" | "==" => order.is_eq(),
        "<>" | "!=" => order.is_ne(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        _ => order.is_ge(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_for_every_row_is_known() {
        let every = [
            "1",
            "TRUE",
            "1=1",
            "(1 = 1)",
            "NOT FALSE",
            "NULL IS NULL",
            "'a' = 'a'",
            "2 > 1",
            "1 <> 2",
            "1 = 1 OR a = 2",
            "a = 2 OR true",
            "EXISTS (SELECT 1)",
            "id = id",
            "1 IN (2, 1)",
            "name LIKE '%'",
            "TRUE AND NOT (1 = 2)",
            "1 BETWEEN 0 AND 2",
            "1::int = 1",
            "'x' IS NOT NULL",
            "t.a = t.a",
        ];
        for condition in every {
            assert!(always_holds(Dialect::Postgres, condition), "{condition}");
        }
    }

    #[test]
    fn what_nobody_writes_is_not_followed() {
        let nested = |count: usize| format!("{}1{}", "(".repeat(count), ")".repeat(count));
        for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::Mysql] {
            assert!(always_holds(dialect, &format!("{} = 1", nested(50))));
            assert!(!always_holds(dialect, &format!("{} = 1", nested(100_000))));
            assert!(!always_holds(dialect, &format!("{} 1 = 1", "NOT ".repeat(200_000))));
            assert!(!always_holds(dialect, &format!("1 = {}1", "- ".repeat(200_000))));
            assert!(!always_holds(dialect, &"(".repeat(100_000)));
        }
    }

    #[test]
    fn what_a_row_decides_is_open() {
        let some = [
            "a = 1",
            "a",
            "NOT a",
            "1 = 2",
            "FALSE",
            "NULL",
            "a IS NULL",
            "a IS NOT NULL",
            "1 = 1 AND a = 2",
            "EXISTS (SELECT 1 FROM t WHERE t.id = a)",
            "random() < 0.5",
            "a <> a",
            "1 + a = 1",
            "a IN (SELECT 1)",
            "a = b",
            "t.a = u.a",
            "id = ANY (ARRAY[1])",
            "a BETWEEN 1 AND 2 OR b",
            "'a'",
            "a NOT IN (1)",
            "x LIKE 'a%'",
            "CASE WHEN a THEN true END",
            "a IS DISTINCT FROM b",
        ];
        for condition in some {
            assert!(!always_holds(Dialect::Postgres, condition), "{condition}");
        }
    }

    #[test]
    fn a_check_refuses_a_value_that_is_known() {
        let refused = |condition, value| refuses(Dialect::Sqlite, condition, "c", value);
        assert!(refused("c > 0", Some("0")));
        assert!(refused("c IN ('a', 'b')", Some("'x'")));
        assert!(refused("c IS NOT NULL", None));
        assert!(refused("\"c\" BETWEEN 1 AND 5", Some("0")));
        assert!(!refused("c > 0", Some("1")));
        assert!(!refused("c > 0", None));
        assert!(!refused("c > d", Some("0")));
        assert!(!refused("length(c) > 2", Some("''")));
        assert!(!refused("c >= -5", Some("-1")));
    }
}
