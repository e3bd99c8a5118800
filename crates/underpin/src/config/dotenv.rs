//! Reading a `.env` file. Written here because the usual crates expand a bare `$` in passwords, read
//! the process's environment on their own, and give up on lines that are none of our business.
//!
//! A line is `NAME=value` or `export NAME=value`. Single quotes keep everything; double quotes know
//! `\n`, `\"`, `\\` and `\$`, and may span lines; without quotes a value ends at ` #` or at the end
//! of its line. `${NAME}` and `${NAME:-default}` are replaced outside single quotes; a bare `$` is
//! just a character.

/// A variable of the file.
#[derive(Clone)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) value: String,
    /// The line, counted from 1.
    pub(super) line: usize,
}

/// What a file says, and the lines where it can't be understood, counted from 1.
#[derive(Default)]
pub(super) struct Parsed {
    /// Of several with one name, the last counts.
    pub(super) variables: Vec<Variable>,
    /// Lines that are skipped because they assign nothing.
    pub(super) skipped: Vec<usize>,
    /// Lines with a value whose quote has no end, or with text behind its end.
    pub(super) misquoted: Vec<usize>,
}

impl Parsed {
    /// What is to be said of the lines, without anything that stands in them: it may be a password.
    pub(super) fn warnings(&self, path: &str) -> Vec<String> {
        let warning = |lines: &[usize], one: &str, several: &str| {
            Some(match lines {
                [] => return None,
                [line] => format!("{path}:{line} {one}"),
                [first, others @ ..] => {
                    let others: Vec<String> = others.iter().take(SHOWN).map(usize::to_string).collect();
                    let s = if others.len() == 1 { "" } else { "s" };
                    let more = if lines.len() > SHOWN + 1 { ", …" } else { "" };
                    format!("{path}:{first} and line{s} {}{more} {several}", others.join(", "))
                }
            })
        };
        let skipped =
            warning(&self.skipped, "is no NAME=value, and is ignored", "are no NAME=value, and are ignored");
        let misquoted = warning(
            &self.misquoted,
            "is misquoted: a quote has no end, or there is text behind it",
            "are misquoted: a quote has no end, or there is text behind it",
        );
        skipped.into_iter().chain(misquoted).collect()
    }
}

/// How many lines are named beside the first.
const SHOWN: usize = 4;

/// Reads the variables of a file.
///
/// `outer` looks up what `${NAME}` stands for before the file's own variables are asked. Lines
/// that are no assignment are skipped, and kept in mind: the file has other readers.
pub(super) fn parse(text: &str, outer: impl Fn(&str) -> Option<String>) -> Parsed {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut parsed = Parsed::default();
    let mut rest = text;
    while !rest.is_empty() {
        let line = text[..text.len() - rest.len()].matches('\n').count() + 1;
        let end = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
        let Some((name, start)) = assignment(&rest[..end]) else {
            if !says_nothing(&rest[..end]) {
                parsed.skipped.push(line);
            }
            rest = &rest[end..];
            continue;
        };
        let Written { value, sound, behind } = raw_value(&rest[start..]);
        if !sound {
            parsed.misquoted.push(line);
        }
        let inner = |name: &str| parsed.variables.iter().rev().find(|known| known.name == name);
        let look_up = |name: &str| outer(name).or_else(|| inner(name).map(|known| known.value.clone()));
        let value = value.expand(&look_up);
        let name = name.to_owned();
        rest = behind;
        parsed.variables.push(Variable { name, value, line });
    }
    parsed
}

/// Whether a line is empty, a comment, or one that only a shell needs: `export NAME`.
fn says_nothing(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#') || line.strip_prefix("export ").is_some_and(is_name)
}

fn is_name(name: &str) -> bool {
    let name = name.trim();
    !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.chars().all(|character| character.is_ascii_alphanumeric() || "_.".contains(character))
}

/// The name that a line assigns to, and where its value starts.
fn assignment(line: &str) -> Option<(&str, usize)> {
    let (left, right) = line.split_once('=')?;
    let name = left.trim();
    let name = name.strip_prefix("export ").map_or(name, str::trim_start);
    let blanks = right.len() - right.trim_start_matches([' ', '\t']).len();
    is_name(name).then_some((name, left.len() + 1 + blanks))
}

/// A value before `${…}` is replaced.
enum Raw {
    Literal(String),
    /// Characters, each with a mark that says whether it was escaped.
    Expandable(Vec<(char, bool)>),
}

/// A value as it is written.
struct Written<'a> {
    value: Raw,
    /// Whether its quotes are where they should be.
    sound: bool,
    /// The text from the next line on.
    behind: &'a str,
}

/// The value at the start of `text`. A quote without an end is a character like others.
fn raw_value(text: &str) -> Written<'_> {
    let quoted = match text.chars().next() {
        Some('\'') => text[1..].find('\'').map(|end| (Raw::Literal(text[1..=end].to_owned()), end + 2)),
        Some('"') => double_quoted(&text[1..]).map(|(value, end)| (Raw::Expandable(value), end + 1)),
        _ => None,
    };
    if let Some((value, end)) = quoted {
        let (line, behind) = first_line(&text[end..]);
        let sound = line.trim().is_empty() || line.trim_start().starts_with('#');
        return Written { value, sound, behind };
    }
    let (line, behind) = first_line(text);
    let comment = line
        .match_indices('#')
        .map(|(at, _)| at)
        .find(|at| line[..*at].chars().next_back().is_none_or(char::is_whitespace));
    let value = line[..comment.unwrap_or(line.len())].trim_end();
    let value = Raw::Expandable(value.chars().map(|character| (character, false)).collect());
    Written { value, sound: !text.starts_with(['\'', '"']), behind }
}

/// The text up to the end of its line, and the text behind that.
fn first_line(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}

/// The value up to the closing quote, and the place behind that; `None` if there is none.
fn double_quoted(text: &str) -> Option<(Vec<(char, bool)>, usize)> {
    let mut value = Vec::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, at + 1)),
            '\\' => match characters.next()?.1 {
                'n' => value.push(('\n', true)),
                't' => value.push(('\t', true)),
                'r' => value.push(('\r', true)),
                escaped @ ('"' | '\\' | '$') => value.push((escaped, true)),
                other => value.extend([('\\', true), (other, true)]),
            },
            other => value.push((other, false)),
        }
    }
    None
}

impl Raw {
    fn expand(self, look_up: &dyn Fn(&str) -> Option<String>) -> String {
        let characters = match self {
            Self::Literal(text) => return text,
            Self::Expandable(characters) => characters,
        };
        let mut value = String::new();
        let mut rest = characters.as_slice();
        while let Some((first, behind)) = rest.split_first() {
            if let ('$', false, Some((replacement, after))) = (first.0, first.1, reference(behind, look_up)) {
                value.push_str(&replacement);
                rest = after;
            } else {
                value.push(first.0);
                rest = behind;
            }
        }
        value
    }
}

type Characters<'a> = &'a [(char, bool)];

/// What `{NAME}` or `{NAME:-default}` at the start stands for, and what follows it.
fn reference<'a>(
    characters: Characters<'a>,
    look_up: &dyn Fn(&str) -> Option<String>,
) -> Option<(String, Characters<'a>)> {
    let inside = characters.strip_prefix(&[('{', false)])?;
    let end = inside.iter().position(|character| *character == ('}', false))?;
    let text: String = inside[..end].iter().map(|(character, _)| character).collect();
    let (name, default) = text.split_once(":-").unwrap_or((&text, ""));
    let value = look_up(name).filter(|value| !value.is_empty()).unwrap_or_else(|| default.to_owned());
    Some((value, &inside[end + 1..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value(line: &str) -> Option<String> {
        let outer = |name: &str| (name == "OUTER").then(|| "outside".to_owned());
        parse(&format!("INNER=inside\nOUTER=shadowed\n{line}\nLAST=last"), outer)
            .variables
            .into_iter()
            .find(|variable| variable.name == "A")
            .map(|variable| variable.value)
    }

    #[test]
    fn values_are_read_as_people_write_them() {
        for (line, meant) in [
            ("A=plain", "plain"),
            ("  export A = spaced  ", "spaced"),
            ("A=", ""),
            ("A=x # comment", "x"),
            ("A=#", ""),
            ("A=p@ss:w/rd%#$x", "p@ss:w/rd%#$x"),
            ("A='si $x ${INNER} # \\n'", "si $x ${INNER} # \\n"),
            ("A='x' # comment", "x"),
            ("A=\"do \\\"x\\\" \\$ \\\\ \\n # ${INNER}\"", "do \"x\" $ \\ \n # inside"),
            ("A=\"two\nlines\"", "two\nlines"),
            ("A=${INNER}/${OUTER}/${NONE}/${NONE:-else}", "inside/outside//else"),
            ("A=\"\\${INNER}\"", "${INNER}"),
            ("A=${unclosed", "${unclosed"),
            ("A='unclosed", "'unclosed"),
            ("A=x\r", "x"),
            ("A=a=b", "a=b"),
        ] {
            assert_eq!(value(line).as_deref(), Some(meant), "{line}");
        }
    }

    #[test]
    fn what_is_no_assignment_is_skipped_and_lines_are_counted() {
        let parsed = parse("\u{feff}# A=1\n\nnonsense\nA B=2\n1A=3\nA=\"4\n\n\"\nB=5\nexport B", |_| None);
        assert_eq!((parsed.skipped.as_slice(), parsed.misquoted.as_slice()), (&[3, 4, 5][..], &[][..]));
        let seen: Vec<_> =
            parsed.variables.iter().map(|variable| (variable.name.as_str(), variable.line)).collect();
        assert_eq!(seen, [("A", 6), ("B", 9)]);
    }

    #[test]
    fn broken_lines_are_named_without_what_stands_in_them() {
        for (text, warnings) in [
            ("A=1\nDATABASE_URL: s3cret", &["x:2 is no NAME=value, and is ignored"][..]),
            ("a s3cret\nb\n", &["x:1 and line 2 are no NAME=value, and are ignored"]),
            ("a\n".repeat(9).as_str(), &["x:1 and lines 2, 3, 4, 5, … are no NAME=value, and are ignored"]),
            ("A='s3cret\n", &["x:1 is misquoted: a quote has no end, or there is text behind it"]),
            ("A='s3cret\nB='x'\n", &["x:1 is misquoted: a quote has no end, or there is text behind it"]),
            ("A=\"x\" # fine\nB='y'  \r\n\r\n# export\nexport C\nD=it's", &[]),
        ] {
            assert_eq!(parse(text, |_| None).warnings("x"), warnings, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "[a-zA-Z_=$\"'{}#\\\\\\n é:-]{0,60}") {
            let lines = text.lines().count() + 1;
            prop_assert!(parse(&text, |_| None).variables.iter().all(|variable| variable.line <= lines));
        }

        #[test]
        fn a_single_quoted_value_is_kept_as_it_is(value in "[^']{0,30}") {
            let read = parse(&format!("A='{value}'\nB=1"), |_| None).variables;
            prop_assert_eq!(&read[0].value, &value);
            prop_assert_eq!(read[1].name.as_str(), "B");
        }
    }
}
