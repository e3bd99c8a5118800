//! The bodies of a new revision's functions in Rust: words for a person who is to write them, or the SQL that
//! was generated. Nothing is compiled here.

use std::fmt::Write as _;

use underpin_core::dialect::Flavour;

/// What stands in `upgrade` for whoever is to write it.
pub(super) const UPGRADE: &str =
    "// Write the change here, one operation after the other: op.drop_column(\"orders\", \"note\").await?;";

/// What stands in `downgrade`.
pub(super) const DOWNGRADE: &str =
    "// Write here what takes it back. A revision without this function is irreversible.";

/// A line of SQL's comment as one of Rust.
pub(super) fn comment(sql: &str) -> String {
    format!("// {}", sql.trim_start_matches(['-', ' ']))
}

/// A body that does nothing but say these words.
pub(super) fn nothing(words: &str) -> String {
    format!("    {words}\n    let _ = op;\n    Ok(())")
}

/// A body that runs statements.
pub(super) fn execute(sql: &str) -> String {
    format!("    op.execute(Sql::new({})).await", raw(sql))
}

/// A body that runs other statements on each kind of server.
pub(super) fn branches(sections: &[(Flavour, &str)]) -> String {
    let mut body = "    match op.flavour() {\n".to_owned();
    for (flavour, sql) in sections {
        let statements = raw(sql);
        let _ = writeln!(body, "        Flavour::{flavour:?} => op.execute(Sql::new({statements})).await,");
    }
    if Flavour::ALL.iter().any(|flavour| sections.iter().all(|(known, _)| known != flavour)) {
        body.push_str(
            "        other => Err(OperationError::new(format!(\"this revision is not for {other}\"))),\n",
        );
    }
    body.push_str("    }");
    body
}

/// A literal that holds a text as it is.
fn raw(text: &str) -> String {
    let mut hashes = "#".to_owned();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"\n{}\n\"{hashes}", text.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_with_quotes_and_hashes_stays_as_it_is() {
        assert_eq!(raw(r##"SELECT "a"#b"##), "r##\"\nSELECT \"a\"#b\n\"##");
    }

    #[test]
    fn what_is_not_for_a_server_says_so() {
        let all = Flavour::ALL.map(|flavour| (flavour, "SELECT 1;"));
        assert!(!branches(&all).contains("other"));
        assert!(branches(&all[..2]).contains("other => Err("));
    }
}
