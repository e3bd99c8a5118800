//! How a script of `pg_restore --single-transaction` begins and ends. Programs that are newer than the server set
//! what it does not know yet, and the transaction is to be ours: which lines go to the server is decided here, and
//! nothing else of the script is looked at.

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
    // The transaction is ours.
    if text == "BEGIN;" {
        return Line::LeftOut;
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

/// The end of a script without the word that ends its transaction; nothing where it is not there, so that the
/// script was cut off. Behind it are only comments, and what ends `\\restrict`.
pub(super) fn without_commit(end: &[u8]) -> Option<Vec<u8>> {
    let lines: Vec<&[u8]> = end.split_inclusive(|byte| *byte == b'\n').collect();
    let is_nothing = |line: &&[u8]| {
        let line = line.trim_ascii();
        line.is_empty() || line.starts_with(b"--") || line.starts_with(b"\\unrestrict ")
    };
    let behind = lines.iter().rev().take_while(|line| is_nothing(line)).count();
    let (before, last) = lines[..lines.len() - behind].split_last().map(|(last, before)| (before, last))?;
    (last.trim_ascii() == b"COMMIT;").then(|| [before, &lines[lines.len() - behind..]].concat().concat())
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
        for line in ["SET transaction_timeout = 0;", "SET lock_timeout = 0;", "BEGIN;"] {
            assert_eq!(looked(line), Line::LeftOut, "{line}");
        }
        for line in ["CREATE TABLE a (i int);", "SET ROLE app;", "SELECT 1;", "DROP SCHEMA a;"] {
            assert_eq!(looked(line), Line::Last, "{line}");
        }
        assert_eq!(look_at(&[0xff, 0xfe], |_| true), Line::Last);
    }

    #[test]
    fn the_word_that_ends_the_transaction_is_taken_out_of_the_end_alone() {
        let end = b"COPY a FROM stdin;\nCOMMIT;\n\\.\n\nCOMMIT;\n\n--\n-- done\n--\n\n\\unrestrict AbC\n\n";
        let expected = b"COPY a FROM stdin;\nCOMMIT;\n\\.\n\n\n--\n-- done\n--\n\n\\unrestrict AbC\n\n";
        assert_eq!(without_commit(end).as_deref(), Some(&expected[..]));
        assert_eq!(without_commit(b"COMMIT;\n").as_deref(), Some(&b""[..]));
        for cut in [&b"COMMIT;\nALTER TABLE a ADD PRIMARY KEY (i);\n"[..], b"COPY a FROM stdin;\n1\n", b""] {
            assert_eq!(without_commit(cut), None);
        }
    }
}
