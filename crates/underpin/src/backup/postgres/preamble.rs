//! The settings that a script of `pg_restore` begins with. Programs that are newer than the server set what it
//! does not know yet; which lines go to the server is decided here, and nothing else of the script is looked at.

/// What becomes of a line at the beginning of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// It goes to the server.
    Kept,
    /// It is left out.
    LeftOut,
    /// The settings are over: this line goes to the server, and so does all that comes behind it.
    Last,
}

/// Decides about a line. `is_known` tells whether the server knows a setting.
pub(super) fn look_at(line: &[u8], is_known: impl Fn(&str) -> bool) -> Line {
    let Ok(text) = std::str::from_utf8(line) else { return Line::Last };
    let text = text.trim_end();
    if text.is_empty() || text.starts_with("--") || text.starts_with("\\restrict ") {
        return Line::Kept;
    }
    if text.starts_with("SELECT pg_catalog.set_config(") && text.ends_with(");") {
        return Line::Kept;
    }
    let Some((name, _)) = text.strip_prefix("SET ").and_then(|setting| setting.split_once(" = ")) else {
        return Line::Last;
    };
    // How long a lock is waited for is said before it, and stays.
    match is_known(name) && name != "lock_timeout" {
        true => Line::Kept,
        false => Line::LeftOut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_does_not_know_is_left_out_of_the_settings_and_of_nothing_else() {
        let known = ["statement_timeout", "lock_timeout", "client_encoding"];
        let looked = |line: &str| look_at(line.as_bytes(), |name| known.contains(&name));
        for line in [
            "",
            "-- Dumped by pg_dump version 18.0",
            "\\restrict AbC",
            "SET statement_timeout = 0;",
            "SET client_encoding = 'UTF8';",
            "SELECT pg_catalog.set_config('search_path', '', false);",
        ] {
            assert_eq!(looked(line), Line::Kept, "{line}");
        }
        for line in ["SET transaction_timeout = 0;", "SET lock_timeout = 0;"] {
            assert_eq!(looked(line), Line::LeftOut, "{line}");
        }
        for line in ["CREATE TABLE a (i int);", "SET ROLE app;", "SELECT 1;", "DROP SCHEMA a;"] {
            assert_eq!(looked(line), Line::Last, "{line}");
        }
        assert_eq!(look_at(&[0xff, 0xfe], |_| true), Line::Last);
    }
}
