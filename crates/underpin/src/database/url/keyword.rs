//! libpq's other form, `host=localhost dbname=shop password='a b'` (PostgreSQL manual, "Keyword/Value
//! Connection Strings"). Not a URL, though it is accepted wherever a URL is.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
};

use super::{
    parameter::{Role, role, set, unknown},
    secret::Secret,
    server::Reading,
};

/// Whether a text looks like this form: it starts with a known keyword and `=`.
pub(super) fn looks_like_keywords(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| role(Dialect::Postgres, name.trim()).is_some())
}

/// Reads the form.
///
/// # Errors
/// A diagnostic without any value of the text.
pub(super) fn read(text: &str) -> Result<Reading, Diagnostic> {
    let mut reading = Reading::default();
    let mut rest = text.trim_start();
    let mut after_password = false;
    while !rest.is_empty() {
        let (name, behind) = rest.split_once('=').ok_or_else(|| unknown(Dialect::Postgres, None))?;
        let name = name.trim_end();
        let written = behind.trim_start();
        let (value, behind) = value(written)?;
        let password = role(Dialect::Postgres, name) == Some(Role::Password);
        let nameable = !after_password && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if role(Dialect::Postgres, name).is_none() {
            return Err(unknown(Dialect::Postgres, nameable.then_some(name)));
        }
        if password {
            after_password = true;
            reading.written_password =
                Some(Secret::new(written[..written.len() - behind.len()].trim_matches('\'')));
        }
        if !set(&mut reading.address, Dialect::Postgres, name, &value)? {
            reading.without_effect.push(name.to_owned());
        }
        rest = behind.trim_start();
    }
    Ok(reading)
}

/// The value at the start of `text`, and what stands behind it.
fn value(text: &str) -> Result<(String, &str), Diagnostic> {
    let quoted = text.starts_with('\'');
    let mut value = String::new();
    let mut characters = text.char_indices().skip(usize::from(quoted));
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            '\'' if quoted => return Ok((value, &text[at + 1..])),
            blank if !quoted && blank.is_whitespace() => return Ok((value, &text[at..])),
            other => value.push(other),
        }
    }
    if quoted {
        let message = "a quoted value in the connection string has no closing quote";
        return Err(Diagnostic::new(ErrorKind::Configuration, message)
            .hint("inside the quotes, write ' as \\' and \\ as \\\\"));
    }
    Ok((value, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_may_be_quoted_and_escaped() {
        let reading = read("host=db port = 5433 dbname='a b' user=app password='p@ss:w/rd% \\'x\\' \\\\'")
            .expect("a connection string");
        let address = reading.address;
        assert_eq!(address.host.as_deref(), Some("db"));
        assert_eq!(address.port, Some(5433));
        assert_eq!(address.database.as_deref(), Some("a b"));
        assert_eq!(address.password.as_ref().map(Secret::expose), Some("p@ss:w/rd% 'x' \\"));
    }

    #[test]
    fn what_cannot_be_read_is_refused_without_its_values() {
        for text in ["password='s3cret", "password=my s3cret", "password=my s3cret=x", "host"] {
            let error = read(text).expect_err("no connection string");
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn a_url_is_not_taken_for_keywords() {
        assert!(looks_like_keywords("host = x"));
        assert!(looks_like_keywords("password=x://y"));
        assert!(!looks_like_keywords("postgresql://h/db?host=/run"));
        assert!(!looks_like_keywords("app.db"));
    }
}
