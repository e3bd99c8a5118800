//! Statements as a script for the client mysql. What is in them is decided elsewhere.

use crate::difference::Statement;

/// What can end a statement that has semicolons within; one that it doesn't hold is taken.
const DELIMITERS: [&str; 4] = ["//", "$$", "//$$", "$$//$$"];

/// Statements as the client takes them: it sends whatever stands before the delimiter, so that a body
/// with semicolons needs another one ("Defining Stored Programs" in the manual).
pub(crate) fn script(statements: &[Statement]) -> String {
    statements.iter().map(|statement| delimited(&statement.sql)).collect()
}

fn delimited(sql: &str) -> String {
    let delimiter = DELIMITERS.into_iter().find(|delimiter| !sql.contains(delimiter));
    match delimiter {
        Some(delimiter) if sql.contains(';') => {
            format!("DELIMITER {delimiter}\n{sql}{delimiter}\nDELIMITER ;\n")
        }
        Some(_) | None => format!("{sql};\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_with_semicolons_gets_a_delimiter_that_is_not_within() {
        assert_eq!(script(&[Statement::new("DROP TABLE t")]), "DROP TABLE t;\n");
        let body = "CREATE PROCEDURE p() BEGIN SELECT 1; END";
        assert_eq!(script(&[Statement::new(body)]), format!("DELIMITER //\n{body}//\nDELIMITER ;\n"));
        let body = "CREATE PROCEDURE p() BEGIN SELECT '//'; END";
        assert!(script(&[Statement::new(body)]).starts_with("DELIMITER $$\n"));
    }
}
