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
pub(crate) fn comment(sql: &str) -> String {
    format!("// {}", sql.trim_start_matches(['-', ' ']))
}

/// A body that does nothing but say these words.
pub(super) fn nothing(words: &str) -> String {
    format!("    {words}\n    let _ = op;\n    Ok(())")
}

/// What a body does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// Operations one after the other, each as the method that does it.
    Operations(Vec<String>),
    /// Statements.
    Sql(String),
}

impl Work {
    /// The expression that is the end of the body, this far in, and what stands before it.
    fn lines(&self, indent: &str) -> String {
        match self {
            Self::Operations(operations) if operations.is_empty() => format!("{indent}Ok(())"),
            Self::Operations(operations) => {
                let awaited = operations.iter().map(|operation| {
                    let lines: Vec<String> =
                        format!("op.{operation}").lines().map(|line| format!("{indent}{line}")).collect();
                    let line_end = if lines.len() > 1 { format!("\n{indent}") } else { String::new() };
                    format!("{}{line_end}.await", lines.join("\n"))
                });
                awaited.collect::<Vec<_>>().join("?;\n")
            }
            Self::Sql(sql) => format!("{indent}op.execute(Sql::new({})).await", raw(sql)),
        }
    }

    /// The same as what an arm of a `match` comes to.
    fn arm(&self) -> String {
        match self {
            Self::Operations(operations) if operations.len() > 1 => {
                format!("{{\n{}\n        }}", self.lines("            "))
            }
            Self::Operations(_) if self.lines("").contains('\n') => {
                format!("{{\n{}\n        }}", self.lines("            "))
            }
            Self::Operations(_) | Self::Sql(_) => format!("{},", self.lines("")),
        }
    }
}

/// A body that runs statements.
pub(super) fn execute(sql: &str) -> String {
    body(&Work::Sql(sql.to_owned()))
}

/// A body that does the same on every kind of server.
pub(crate) fn body(work: &Work) -> String {
    match work {
        Work::Operations(operations) if operations.is_empty() => nothing("// Nothing to do here."),
        Work::Operations(_) | Work::Sql(_) => work.lines("    "),
    }
}

/// A body that runs other statements on each kind of server.
pub(super) fn branches(sections: &[(Flavour, &str)]) -> String {
    let each = sections.iter().map(|(flavour, sql)| (vec![*flavour], Work::Sql((*sql).to_owned())));
    arms(&each.collect::<Vec<_>>())
}

/// A body that does other work on some kinds of server than on others.
pub(crate) fn arms(each: &[(Vec<Flavour>, Work)]) -> String {
    let mut body = "    match op.flavour() {\n".to_owned();
    for (flavours, work) in each {
        let pattern: Vec<String> = flavours.iter().map(|flavour| format!("Flavour::{flavour:?}")).collect();
        let _ = writeln!(body, "        {} => {}", pattern.join(" | "), work.arm());
    }
    if Flavour::ALL.iter().any(|flavour| each.iter().all(|(known, _)| !known.contains(flavour))) {
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
    fn operations_are_awaited_one_after_the_other() {
        let work = Work::Operations(vec!["drop_enum(a)".to_owned(), "create_table(\n    b,\n)".to_owned()]);
        let awaited = "    op.drop_enum(a).await?;\n    op.create_table(\n        b,\n    )\n    .await";
        assert_eq!(body(&work), awaited);
        let arms = arms(&[
            (vec![Flavour::Sqlite, Flavour::Postgres], work),
            (vec![Flavour::Mysql], Work::Operations(vec![])),
        ]);
        assert!(
            arms.contains("Flavour::Sqlite | Flavour::Postgres => {\n            op.drop_enum(a)"),
            "{arms}"
        );
        assert!(arms.contains("Flavour::Mysql => Ok(()),\n"), "{arms}");
    }

    #[test]
    fn what_is_not_for_a_server_says_so() {
        let all = Flavour::ALL.map(|flavour| (flavour, "SELECT 1;"));
        assert!(!branches(&all).contains("other"));
        assert!(branches(&all[..2]).contains("other => Err("));
    }
}
