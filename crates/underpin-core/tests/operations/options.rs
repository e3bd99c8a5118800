//! That every option of every builder stands in an example, so that there is none that no engine has run. What
//! there is, the sources of the builders say; a new setter without an example is found here.

use std::collections::BTreeSet;

use crate::examples;

/// A builder, or nothing for a function of its own, and what is called of it.
type Call = (String, String);

const SOURCES: [&str; 19] = [
    include_str!("../../src/operation/alter_column.rs"),
    include_str!("../../src/operation/batch.rs"),
    include_str!("../../src/operation/bulk_insert.rs"),
    include_str!("../../src/operation/column.rs"),
    include_str!("../../src/operation/comment.rs"),
    include_str!("../../src/operation/constraint.rs"),
    include_str!("../../src/operation/data_type.rs"),
    include_str!("../../src/operation/default.rs"),
    include_str!("../../src/operation/enumeration.rs"),
    include_str!("../../src/operation/exclusion.rs"),
    include_str!("../../src/operation/execute.rs"),
    include_str!("../../src/operation/foreign_key.rs"),
    include_str!("../../src/operation/identity.rs"),
    include_str!("../../src/operation/index.rs"),
    include_str!("../../src/operation/part.rs"),
    include_str!("../../src/operation/program.rs"),
    include_str!("../../src/operation/sequence.rs"),
    include_str!("../../src/operation/table.rs"),
    include_str!("../../src/operation/view.rs"),
];

/// What every builder that counts has (`counter_setters!`).
const COUNTING: [&str; 5] = ["start", "increment", "minimum", "maximum", "cache"];

#[test]
fn every_option_has_its_example() {
    let said: BTreeSet<Call> = SOURCES.into_iter().flat_map(options).collect();
    assert!(said.len() > 200, "only {} options were found", said.len());
    let shown: BTreeSet<Call> = examples::chapters()
        .iter()
        .flat_map(|chapter| &chapter.examples)
        .flat_map(|example| uses(example.source))
        .collect();
    let missing: Vec<String> =
        said.difference(&shown).map(|(builder, option)| format!("{builder}::{option}")).collect();
    assert!(missing.is_empty(), "without an example: {}", missing.join(", "));
}

/// What a source has of public functions, by the builder that they are of.
fn options(source: &str) -> Vec<Call> {
    let mut found = Vec::new();
    let mut of_macro: Vec<String> = Vec::new();
    let mut builder = String::new();
    for line in source.lines().take_while(|line| !line.starts_with("#[cfg(test)]")) {
        let text = line.trim_start();
        if let Some(name) = text.strip_prefix("impl ") {
            builder = name.split([' ', '<']).next().unwrap_or_default().to_owned();
        } else if line == "}" {
            builder.clear();
        } else if let Some(name) = line.strip_prefix("counting!(") {
            let name = name.trim_end_matches(");");
            found.extend(of_macro.iter().map(|option| (name.to_owned(), option.clone())));
        }
        for option in named(text) {
            match builder.as_str() {
                "$type" => of_macro.push(option),
                "super::Operation" => {}
                builder => found.push((builder.to_owned(), option)),
            }
        }
    }
    found
}

/// The functions that a line makes: by itself, or with a macro of setters or of types.
fn named(line: &str) -> Vec<String> {
    let name = |text: &str| {
        let end = text.find(|letter: char| letter != '_' && !letter.is_ascii_alphanumeric());
        text[..end.unwrap_or(text.len())].to_owned()
    };
    if line.starts_with("counter_setters!") {
        return COUNTING.map(str::to_owned).to_vec();
    }
    let begins = ["pub fn ", "pub const fn ", "flag ", "namespace ", "words ", "value "];
    if let Some(rest) = begins.iter().find_map(|begin| line.strip_prefix(begin)) {
        let name = name(rest);
        return if name.is_empty() { Vec::new() } else { vec![name] };
    }
    match line.split_once(" => ModelType::") {
        Some((name, _)) if !name.contains(' ') => vec![name.to_owned()],
        _ => Vec::new(),
    }
}

/// What the text of an example calls. A method is of the builder that its chain begins with.
fn uses(source: &str) -> Vec<Call> {
    let words = words(source);
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let mut found = Vec::new();
    // The builder of the chain at hand, within each parenthesis.
    let mut chains = vec![String::new()];
    for at in 0..words.len() {
        let last = chains.len().saturating_sub(1);
        match word(at) {
            "(" | "[" => chains.push(String::new()),
            ")" | "]" => drop(chains.pop()),
            "," => chains[last].clear(),
            // A closure is given what is changed within a batch.
            "|" => chains[last] = "AlterColumn".to_owned(),
            name if word(at + 1) == "(" && is_name(name) => match at.checked_sub(1).map_or("", word) {
                "." => found.push((chains[last].clone(), name.to_owned())),
                "::" => {
                    let builder = word(at - 2).to_owned();
                    found.push((builder.clone(), name.to_owned()));
                    chains[last] = builder;
                }
                _ => {
                    found.push((String::new(), name.to_owned()));
                    chains[last] = format!("{name}()");
                }
            },
            _ => {}
        }
    }
    found
}

fn is_name(word: &str) -> bool {
    word.starts_with(|letter: char| letter == '_' || letter.is_ascii_alphabetic())
}

/// Names and signs; of texts only their quotes.
fn words(source: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = source.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_word = |letter: char| letter == '_' || letter.is_ascii_alphanumeric();
        let end = if first == '"' {
            let mut escaped = false;
            let closing = rest[1..].find(|letter| {
                let closes = letter == '"' && !escaped;
                escaped = letter == '\\' && !escaped;
                closes
            });
            closing.map_or(rest.len(), |at| at + 2)
        } else if is_word(first) {
            rest.find(|letter| !is_word(letter)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        words.push(if first == '"' { "\"".to_owned() } else { rest[..end].to_owned() });
        rest = rest[end..].trim_start();
    }
    words
}
