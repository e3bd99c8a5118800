//! Takes passwords out of texts that were never read as a URL: values in the wrong place, paths,
//! what others say. Where a URL belongs, its own type keeps the password; this is the net below.

use std::borrow::Cow;

/// What stands where a password stood.
const MASK: &str = "***";
/// What follows an `@` in a target of revisions (`shop@head`), and names no host.
const BRANCH_TARGETS: &[&str] = &["head", "heads", "base"];

/// `text` with three asterisks for everything that looks like the password of a URL
/// (`user:password@`, also without a scheme) or of a list of parameters (`password=…`).
///
/// It masks rather too much than too little: nothing here knows what the text is about.
pub fn mask_credentials(text: &str) -> Cow<'_, str> {
    if !text.contains(['@', '=']) {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((start, end)) = next(rest) {
        masked.push_str(&rest[..start]);
        masked.push_str(MASK);
        rest = &rest[end..];
    }
    if masked.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(masked + rest) }
}

/// The range of the first password in `text`.
fn next(text: &str) -> Option<(usize, usize)> {
    let is_secret = |&(start, end): &(usize, usize)| !is_placeholder(&text[start..end]);
    let mut colons = text.match_indices(':').filter_map(|(colon, _)| behind_colon(text, colon));
    let mut parameters = parameters(text).filter_map(|start| behind_parameter(text, start));
    colons.find(is_secret).into_iter().chain(parameters.find(is_secret)).min()
}

/// The password that may stand between the colon at `colon` and an `@`.
fn behind_colon(text: &str, colon: usize) -> Option<(usize, usize)> {
    let (before, behind) = (&text[..colon], &text[colon + 1..]);
    let user = last_part(before, is_edge);
    let in_url = last_part(before, is_blank).rsplit_once("://").is_some_and(|(_, user)| {
        !user.is_empty() && !user.contains(|letter: char| is_edge(letter) || "/?#@:".contains(letter))
    });
    if user.is_empty() || behind.starts_with("//") || is_drive(user, behind) {
        return None;
    }
    let word = behind.find(is_blank).map_or(behind, |end| &behind[..end]);
    let end = match word.rfind('@') {
        // A quote ends what has no scheme: `'root'@'localhost'` is a name.
        Some(end) if in_url || !word[..end].contains(is_edge) => end,
        // An unencoded blank in a password; but `host:5432 and me@there` has a port.
        None if in_url && !starts_as_port(word) => {
            let line = behind.find('\n').map_or(behind, |end| &behind[..end]);
            line.find('@')?
        }
        Some(_) | None => return None,
    };
    let target = word.get(end + 1..).unwrap_or_default().trim_matches(is_edge);
    let is_target = !in_url && BRANCH_TARGETS.contains(&target);
    (end > 0 && !is_target).then_some((colon + 1, colon + 1 + end))
}

/// Where the values of all `password=` start.
fn parameters(text: &str) -> impl Iterator<Item = usize> {
    const NAME: &str = "password=";
    let bytes = text.as_bytes();
    let starts = bytes.windows(NAME.len()).enumerate();
    starts.filter(|(_, window)| window.eq_ignore_ascii_case(NAME.as_bytes())).map(|(at, _)| at + NAME.len())
}

/// The value that starts there, as libpq and URLs write it: in quotes, or up to a blank or `&`.
fn behind_parameter(text: &str, start: usize) -> Option<(usize, usize)> {
    let value = text.get(start..)?;
    let length = match value.strip_prefix('\'') {
        Some(quoted) => closing_quote(quoted).map_or(value.len(), |end| end + 2),
        None => value.find(|end: char| end.is_whitespace() || "&\"'`".contains(end)).unwrap_or(value.len()),
    };
    (length > 0).then_some((start, start + length))
}

/// Where the quote stands that ends a value; one behind a backslash doesn't.
fn closing_quote(quoted: &str) -> Option<usize> {
    let mut escaped = false;
    quoted.char_indices().find_map(|(at, character)| {
        let ends = character == '\'' && !escaped;
        escaped = character == '\\' && !escaped;
        ends.then_some(at)
    })
}

/// Whether it is what stands in an example, or was masked before.
fn is_placeholder(password: &str) -> bool {
    ["password", "pass", "…", MASK].contains(&password)
}

fn is_blank(character: char) -> bool {
    character.is_whitespace()
}

/// What neither a user nor a password without a scheme has.
fn is_edge(character: char) -> bool {
    is_blank(character) || "\"'`".contains(character)
}

/// What stands behind the last such character; the whole text without one.
fn last_part(text: &str, ends: fn(char) -> bool) -> &str {
    text.rsplit(ends).next().unwrap_or(text)
}

/// `C:\…` and `C:/…`, which are paths.
fn is_drive(user: &str, behind: &str) -> bool {
    user.len() == 1
        && user.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && behind.starts_with(['\\', '/'])
}

/// Whether it is a number that nothing but the end of a host and its port follows.
fn starts_as_port(word: &str) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    !word[digits..].starts_with(|next: char| next.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_password_is_masked_wherever_it_stands() {
        for (text, masked) in [
            ("DIR is \"postgres://u:secret@h/x\", no", "DIR is \"postgres://u:***@h/x\", no"),
            ("postgres://u:p@ss:w/rd\"'@h/x", "postgres://u:***@h/x"),
            ("postgres://u:my secret@h/x is", "postgres://u:***@h/x is"),
            ("sqlite:me:secret@h/x", "sqlite:***@h/x"),
            ("the schema mysql:/me:secret@h/x.sql", "the schema mysql:***@h/x.sql"),
            ("me:secret@host", "me:***@host"),
            ("a://u:one@h and b://v:two@h", "a://u:***@h and b://v:***@h"),
            ("host=h password=secret dbname=d", "host=h password=*** dbname=d"),
            ("password='se \\' cret' user=u", "password=*** user=u"),
            ("postgres://h/x?PASSWORD=secret&a=b", "postgres://h/x?PASSWORD=***&a=b"),
            ("postgres://u:5432secret@h/x", "postgres://u:***@h/x"),
            ("é:ü@h", "é:***@h"),
        ] {
            assert_eq!(mask_credentials(text), masked);
            assert_eq!(mask_credentials(masked), masked, "masked twice");
        }
    }

    #[test]
    fn what_has_no_password_stays_as_it_is() {
        for text in [
            "postgresql://u@h:5432/x",
            "postgres://h:5432/x can't be reached by me@there",
            "write postgresql://user:password@host:port/database",
            "\"a:shop@head\" is not a target: a range a:b is not allowed",
            "DEFINER='root'@'localhost' of x: me@localhost",
            "C:\\Users\\me@work\\schema.sql",
            "note: @x",
            "a = b, c",
            "password=",
            "",
        ] {
            assert_eq!(mask_credentials(text), text);
        }
    }
}
