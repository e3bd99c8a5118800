//! The page of the rules for the documentation, made from the rules themselves.

use std::fmt::Write as _;

use super::{RULES, Rule};

/// Every rule with its reasons and examples, as a page of Markdown.
pub fn reference() -> String {
    let mut page = String::from(
        "# Lint: the rules\n\nThis page is made from the rules themselves, and a test compares the two. \
         The examples are run by the rules' own tests.\n",
    );
    for rule in RULES {
        describe(&mut page, rule);
    }
    page
}

fn describe(page: &mut String, rule: &Rule) {
    let servers: Vec<&str> = rule.flavours.iter().map(|flavour| flavour.title()).collect();
    let _ = write!(
        page,
        "\n## {}\n\n{}. {}.\n\n{}\n",
        rule.id,
        capital(rule.summary),
        servers.join(", "),
        rule.why
    );
    for (found, title) in [(true, "Found"), (false, "Not found")] {
        let examples: Vec<_> = rule.examples.iter().filter(|example| example.found == found).collect();
        if examples.is_empty() {
            continue;
        }
        let _ = write!(page, "\n{title}:\n\n```sql\n");
        for example in examples {
            let version = if example.version.is_empty() { "" } else { " " };
            let _ = writeln!(page, "-- {}{version}{}", example.flavour.title(), example.version);
            if !example.before.is_empty() {
                let _ = writeln!(page, "-- after: {}", example.before);
            }
            let _ = writeln!(page, "{};", example.sql);
        }
        page.push_str("```\n");
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
