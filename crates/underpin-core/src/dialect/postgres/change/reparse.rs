//! Text that PostgreSQL wrote and reads back as something else. What is equal in meaning is not equal in the
//! catalog, so that it would differ for ever; it is written here so that it is read as what it was.

use std::borrow::Cow;

const OPEN: &str = "(ARRAY[";

/// A statement whose arrays are read as they were meant.
///
/// `state IN ('a', 'b')` on a `varchar` becomes an array of `varchar` that is cast as a whole, and is
/// written `(ARRAY['a'::character varying, …])::text[]`. Read again, the cast goes into the array
/// (`transformArrayExpr` in the server's parser takes over the type of a cast around it), and is
/// written `ARRAY[('a'::character varying)::text, …]` from then on. Named twice, it stays outside.
pub(super) fn faithful(sql: &str) -> Cow<'_, str> {
    if !sql.contains(OPEN) {
        return Cow::Borrowed(sql);
    }
    let mut result = String::with_capacity(sql.len() + 32);
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let length = quoted(rest).unwrap_or(first.len_utf8());
        match cast_array(rest) {
            Some(array) => {
                result.push_str(OPEN);
                result.push_str(&faithful(&rest[OPEN.len()..array.end]));
                result.push_str("]::");
                result.push_str(array.element);
                result.push_str("[]");
                rest = &rest[array.end + 1..];
            }
            None => {
                result.push_str(&rest[..length]);
                rest = &rest[length..];
            }
        }
    }
    Cow::Owned(result)
}

/// An array in parentheses that is cast as a whole to an array of another type.
struct CastArray<'a> {
    /// Where its closing bracket is.
    end: usize,
    /// The type of its elements.
    element: &'a str,
}

fn cast_array(text: &str) -> Option<CastArray<'_>> {
    let inner = text.strip_prefix(OPEN)?;
    let length = closing(inner)?;
    let behind = inner[length..].strip_prefix("])::")?;
    let element = type_of_last(&inner[..length])?;
    let end = behind.find("[]")?;
    let target = &behind[..end];
    let is_type = |character: char| character.is_alphanumeric() || " _.\"".contains(character);
    (target != element && target.chars().all(is_type) && element.chars().all(is_type))
        .then(|| CastArray { end: OPEN.len() + length, element })
}

/// Where the bracket is that closes what is open at the start.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        match first {
            '[' | '(' => depth += 1,
            ']' if depth == 0 => return Some(at),
            ']' | ')' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        at += quoted(&text[at..]).unwrap_or(first.len_utf8());
    }
    None
}

/// The type that the last element is cast to, where it is a literal with a cast behind it.
fn type_of_last(elements: &str) -> Option<&str> {
    let (literal, name) = elements.rsplit_once("::")?;
    literal.ends_with('\'').then_some(name)
}

/// How long the string, the quoted name or the body is that starts here.
fn quoted(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    let mark = match first {
        '\'' | '"' => first.to_string(),
        '$' => text[..=1 + text[1..].find('$')?].to_owned(),
        _ => return None,
    };
    let is_tag =
        mark.trim_matches('$').chars().all(|character| character.is_alphanumeric() || character == '_');
    if first == '$' && !is_tag {
        return None;
    }
    let inner = &text[mark.len()..];
    Some(inner.find(&mark).map_or(text.len(), |end| mark.len() + end + mark.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cast_around_an_array_stays_around_it() {
        assert_eq!(
            faithful(
                "CHECK (((a)::text = ANY ((ARRAY['x'::character varying, ']'::character varying])::text[])))"
            ),
            "CHECK (((a)::text = ANY ((ARRAY['x'::character varying, ']'::character varying]::character varying[])::text[])))"
        );
    }

    #[test]
    fn what_is_no_such_array_stays_as_it_is() {
        for sql in [
            "CHECK ((a = ANY (ARRAY[1, 2])))",
            "CHECK (((a)::text = ANY (ARRAY[('x'::character varying)::text])))",
            "SELECT '(ARRAY[''x''::character varying])::text[]'",
            "CREATE FUNCTION f() AS $a$ SELECT (ARRAY['x'::character varying])::text[] $a$",
            "SELECT $1, (ARRAY[",
        ] {
            assert_eq!(faithful(sql), sql);
        }
    }
}
