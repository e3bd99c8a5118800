//! The page of the rules for the documentation, made from the rules themselves.

use std::fmt::Write as _;

use super::{RULES, Rule, Severity};

/// Every rule with its reasons and examples, as a page of Markdown.
pub fn reference() -> String {
    let mut page = String::from(
        "# Lint: the rules\n\nThis page is made from the rules themselves, and a test compares the two. \
         The examples are run by the rules' own tests. How to use them, and what error, warning and note mean, \
         is in the [guide](../guide/lint.md).\n\n",
    );
    index(&mut page);
    for rule in RULES {
        describe(&mut page, rule);
    }
    page
}

fn index(page: &mut String) {
    page.push_str("| rule | | what it finds | servers |\n|---|---|---|---|\n");
    for rule in RULES {
        let (severities, summary, servers) = (severities(rule), rule.summary, servers(rule));
        let _ = writeln!(page, "| [`{0}`](#{0}) | {severities} | {summary} | {servers} |", rule.id);
    }
    page.push_str(
        "\nWhere there are two, the text decides. `ignore-comment`, a warning, is not of the SQL: it finds a note \
         `-- lint: ignore` that names no reason, or a rule that does not exist.\n",
    );
}

fn describe(page: &mut String, rule: &Rule) {
    let _ = write!(
        page,
        "\n## {}\n\n{}. {}: {}.\n\n{}\n",
        rule.id,
        capital(rule.summary),
        capital(&severities(rule)),
        servers(rule),
        rule.why
    );
    for (found, title) in [(true, "Found"), (false, "Not found")] {
        let examples: Vec<_> = rule.examples.iter().filter(|example| example.found == found).collect();
        if examples.is_empty() {
            continue;
        }
        let _ = write!(page, "\n{title}:\n\n```sql\n");
        for example in examples {
            let version = match (example.assumed, example.version) {
                (true, _) => ", of a version that nobody says".to_owned(),
                (false, "") => String::new(),
                (false, version) => format!(" {version}"),
            };
            let _ = writeln!(page, "-- {}{version}", example.flavour.title());
            if !example.before.is_empty() {
                let _ = writeln!(page, "-- after: {}", example.before);
            }
            let _ = writeln!(page, "{};", example.sql);
        }
        page.push_str("```\n");
    }
}

fn severities(rule: &Rule) -> String {
    let severities = rule.severities().iter().map(Severity::to_string).collect::<Vec<_>>().join(", ");
    if rule.is_asked_for() { format!("{severities} (off unless asked for)") } else { severities }
}

fn servers(rule: &Rule) -> String {
    rule.flavours.iter().map(|flavour| flavour.title()).collect::<Vec<_>>().join(", ")
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
