//! Reading `scheme://user:password@host:port/database?parameters` as people really write it: with
//! a password that should have been percent-encoded and was not. Nothing here is about SQLite.
//!
//! A raw `@`, `:`, `/`, `?` or `#` in the password makes the text ambiguous. Every `@` is a
//! candidate for the end of the password; the first one is taken behind which a complete and
//! correct `host:port/database?parameters` stands, since a correct URL has to keep its meaning,
//! and else the last one behind which anything similar stands, since then no piece of the password
//! can be taken for a host, a database or a parameter and be shown.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
};

use super::{
    address::ServerAddress,
    parameter::{Role, port, role, set, set_host, unknown},
    percent::decode,
    secret::Secret,
};

/// What was read, and the password as it was written.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) address: ServerAddress,
    pub(super) written_password: Option<Secret>,
    pub(super) without_effect: Vec<String>,
}

/// The pieces of a URL behind `scheme://`, as they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pieces<'a> {
    user: Option<&'a str>,
    password: Option<&'a str>,
    host: &'a str,
    port: Option<&'a str>,
    database: &'a str,
    query: &'a str,
}

/// Reads what stands behind `scheme://`.
///
/// # Errors
/// A diagnostic without any piece of the text that could belong to a password.
pub(super) fn read(dialect: Dialect, scheme: &str, rest: &str) -> Result<Reading, Diagnostic> {
    let pieces = split(dialect, rest).ok_or_else(|| unreadable(scheme))?;
    let mut reading = Reading::default();
    let address = &mut reading.address;
    address.user = pieces.user.filter(|user| !user.is_empty()).map(decode);
    address.password = pieces.password.map(|password| Secret::new(decode(password)));
    reading.written_password = pieces.password.map(Secret::new);
    set_host(address, &decode(pieces.host))?;
    address.port = pieces.port.filter(|text| !text.is_empty()).map(port).transpose()?;
    address.database = Some(decode(pieces.database)).filter(|database| !database.is_empty());
    read_query(&mut reading, dialect, pieces.query)?;
    Ok(reading)
}

fn read_query(reading: &mut Reading, dialect: Dialect, query: &str) -> Result<(), Diagnostic> {
    let mut after_password = false;
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or_else(|| unknown(dialect, None))?;
        let name = decode(name);
        match role(dialect, &name) {
            None if after_password || !is_word(&name) => return Err(unknown(dialect, None)),
            Some(Role::Password) => {
                after_password = true;
                reading.written_password = Some(Secret::new(value));
            }
            None | Some(_) => {}
        }
        if !set(&mut reading.address, dialect, &name, &decode(value))? {
            reading.without_effect.push(name);
        }
    }
    Ok(())
}

/// How strictly the parameters are looked at when a candidate is judged.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Judge {
    /// Every parameter is known.
    Known,
    /// Every parameter has a name and a value, and one of them is known.
    Plausible,
    /// Anything.
    Any,
}

fn split(dialect: Dialect, rest: &str) -> Option<Pieces<'_>> {
    let ends: Vec<usize> = rest.match_indices('@').map(|(at, _)| at).collect();
    let candidates = || std::iter::once(None).chain(ends.iter().copied().map(Some));
    let first = |judge| candidates().find_map(|end| candidate(dialect, rest, end, judge));
    first(Judge::Known)
        .or_else(|| first(Judge::Plausible))
        .or_else(|| candidate(dialect, rest, ends.last().copied(), Judge::Any))
}

/// The pieces, if the text is split at `end`, the place of an `@`; `None` for no user at all.
fn candidate(dialect: Dialect, rest: &str, end: Option<usize>, judge: Judge) -> Option<Pieces<'_>> {
    let (user, password, location) = match end {
        None => (None, None, rest),
        Some(end) => {
            let (user, password) = match rest[..end].split_once(':') {
                Some((user, password)) => (user, Some(password)),
                None => (&rest[..end], None),
            };
            (Some(user), password, &rest[end + 1..])
        }
    };
    if user.is_some_and(|user| user.contains(['/', '?', '#'])) {
        return None;
    }
    let (place, query) = location.split_once('?').unwrap_or((location, ""));
    let (authority, database) = place.split_once('/').unwrap_or((place, ""));
    if database.contains(['/', '@', '#', ':']) || !judged(dialect, query, judge) {
        return None;
    }
    let (host, port) = host_and_port(authority)?;
    Some(Pieces { user, password, host, port, database, query })
}

fn host_and_port(authority: &str) -> Option<(&str, Option<&str>)> {
    let (host, port) = if authority.starts_with('[') {
        let (host, port) = authority.split_at(authority.find(']')? + 1);
        (host, if port.is_empty() { None } else { Some(port.strip_prefix(':')?) })
    } else if authority.contains(',') {
        // Several hosts, each perhaps with a port: kept together for the diagnostic.
        (authority, None)
    } else {
        authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)))
    };
    let allowed = |character: char| match character {
        '.' | '-' | '_' | '%' | ',' => true,
        '[' | ']' | ':' => host.starts_with('[') || host.contains(','),
        other => other.is_alphanumeric(),
    };
    let number = |port: &str| port.chars().all(|digit| digit.is_ascii_digit());
    (host.chars().all(allowed) && port.is_none_or(number)).then_some((host, port))
}

fn judged(dialect: Dialect, query: &str, judge: Judge) -> bool {
    let name = |pair: &str| pair.split_once('=').map(|(name, _)| decode(name));
    let known = |pair: &str| name(pair).is_some_and(|name| role(dialect, &name).is_some());
    let mut pairs = query.split('&').filter(|pair| !pair.is_empty()).peekable();
    match judge {
        Judge::Known => pairs.all(known),
        Judge::Plausible => {
            pairs.clone().any(known) && pairs.all(|pair| name(pair).is_some_and(|name| is_word(&name)))
        }
        Judge::Any => true,
    }
}

fn is_word(name: &str) -> bool {
    !name.is_empty()
        && name.chars().all(|character| character.is_ascii_alphanumeric() || "_-.[]".contains(character))
}

/// The diagnostic for a text that has the scheme of a server and no shape.
fn unreadable(scheme: &str) -> Diagnostic {
    let message = format!(
        "the database URL {scheme}://*** can't be read: expected {scheme}://user:password@host:port/database"
    );
    Diagnostic::new(ErrorKind::Configuration, message)
        .hint("check the host, the port and the name of the database")
        .hint("in a password, write @ as %40, : as %3A, / as %2F, ? as %3F, # as %23 and % as %25")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(rest: &str) -> Option<(&str, &str, &str, &str, &str, &str)> {
        let split = split(Dialect::Postgres, rest)?;
        Some((
            split.user.unwrap_or("-"),
            split.password.unwrap_or("-"),
            split.host,
            split.port.unwrap_or("-"),
            split.database,
            split.query,
        ))
    }

    #[test]
    fn a_password_that_should_have_been_encoded_is_still_found() {
        for password in [
            "p@ss:w/rd%",
            "p@ss",
            "p@ss/word",
            "p:w",
            "p/w",
            "p#w",
            "p?w",
            "p?w=x&y",
            "@",
            "@@",
            "/",
            "p@h/d?x",
            "5432/x",
            "p@h:1/d",
            "a@b/c?d=e",
            "p@[::1]",
            "%40",
            "",
        ] {
            let rest = format!("app:{password}@localhost:5432/db?sslmode=disable");
            let meant = ("app", password, "localhost", "5432", "db", "sslmode=disable");
            assert_eq!(pieces(&rest), Some(meant), "{password:?}");
        }
    }

    #[test]
    fn a_correct_url_keeps_its_meaning() {
        for (rest, meant) in [
            ("", ("-", "-", "", "-", "", "")),
            ("/db", ("-", "-", "", "-", "db", "")),
            ("host", ("-", "-", "host", "-", "", "")),
            ("host:/db", ("-", "-", "host", "", "db", "")),
            ("u@h/db?options=-c x=a@b", ("u", "-", "h", "-", "db", "options=-c x=a@b")),
            ("u:p@h/db?user=me@corp/x", ("u", "p", "h", "-", "db", "user=me@corp/x")),
            ("u@h:1/db?password=p@ss/w", ("u", "-", "h", "1", "db", "password=p@ss/w")),
            ("h/db?password=p@ss/w&user=u", ("-", "-", "h", "-", "db", "password=p@ss/w&user=u")),
            ("u:p@[::1]:5432/db", ("u", "p", "[::1]", "5432", "db", "")),
            ("u@server:p@h/db", ("u@server", "p", "h", "-", "db", "")),
            ("u@%2Frun%2Fpg/db", ("u", "-", "%2Frun%2Fpg", "-", "db", "")),
            ("u:p@a:1,b:2/db", ("u", "p", "a:1,b:2", "-", "db", "")),
            ("u:p@h/db?what=1", ("u", "p", "h", "-", "db", "what=1")),
        ] {
            assert_eq!(pieces(rest), Some(meant), "{rest}");
        }
    }

    #[test]
    fn a_text_without_shape_is_refused_without_being_shown() {
        for rest in ["app:s3cret@localhost:54x32/db", "app:s3cret@host/a/b", "app:s3cret@ho st/db"] {
            let error = read(Dialect::Postgres, "postgresql", rest).expect_err("unreadable");
            assert!(!error.to_string().contains("s3cret"), "{error}");
            assert!(error.message.contains("postgresql://***"), "{error}");
        }
    }

    #[test]
    fn a_piece_of_a_raw_password_is_never_named_as_a_parameter() {
        for rest in ["app@h/db?password=se&cret", "app@h/db?password=a&secret=b"] {
            let error = read(Dialect::Postgres, "postgresql", rest).expect_err("unknown parameter");
            assert!(!error.to_string().contains("cret"), "{error}");
        }
    }
}
