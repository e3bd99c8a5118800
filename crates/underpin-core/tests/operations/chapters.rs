//! The page of the reference: each operation, what each engine makes of it and what takes it back, or why it
//! can't.

use underpin_core::{
    diagnostic::Diagnostic,
    difference::Statement,
    operation::{Flavour, Known, Operation, Reverse, WrittenOperation},
    schema::Schema,
};

use crate::examples::{self, Example};

const HEAD: &str = "# Operations

*Written by a test from the operations themselves (`crates/underpin-core/tests/operations.rs`); an edit here is undone.*

What a revision in Rust does, and the SQL that each engine gets. An operation is an edit of the schema as it is; the statements are those that make the one schema into the other, and so is the way back. `Reverse` brings back what went, but not its rows.

Every example is of `use underpin::operation::*` and is run with `op.perform(…).await?`, or with the method of its name. *Offline* says whether it can be written where no server can be asked (`--sql` without a scratch database); \"needs\" says what it can't do without, which `.existing(…)` may tell.

The examples change these tables:

";

/// The whole page.
pub(crate) fn page() -> String {
    let schemas: Vec<Schema> = Flavour::ALL.iter().map(|flavour| examples::before(*flavour)).collect();
    let mut page = HEAD.to_owned();
    page.push_str("```sql\n");
    let mut before = Schema::empty(Flavour::Postgres, examples::version(Flavour::Postgres));
    for operation in examples::base(Flavour::Postgres) {
        if let Ok(written) = operation.write(Known::Schema(&before)) {
            page.push_str(&sql(&written.statements));
        }
        before = operation.applied_to(&before).unwrap_or(before);
    }
    page.push_str("```\n");
    for chapter in examples::chapters() {
        page.push_str(&format!("\n## {}\n", chapter.heading));
        for example in &chapter.examples {
            page.push_str(&section(example, &schemas));
        }
    }
    page
}

fn section(example: &Example, schemas: &[Schema]) -> String {
    let mut text = format!("\n### {}\n\n```rust\n{}\n```\n", example.title, laid_out(example.source));
    let answers: Vec<(Flavour, String)> =
        schemas.iter().map(|schema| (schema.flavour, answer(&example.operation, schema))).collect();
    let mut told: Vec<(Vec<Flavour>, &String)> = Vec::new();
    for (flavour, answer) in &answers {
        match told.iter_mut().find(|(_, other)| *other == answer) {
            Some((flavours, _)) => flavours.push(*flavour),
            None => told.push((vec![*flavour], answer)),
        }
    }
    for (flavours, answer) in told {
        let names: Vec<&str> = flavours.iter().map(|flavour| flavour.title()).collect();
        text.push_str(&format!("\n**{}**{answer}", names.join(", ")));
    }
    text
}

fn answer(operation: &Operation, schema: &Schema) -> String {
    match operation.write(Known::Schema(schema)) {
        Err(error) => format!(": {}\n", refusal(operation, &error)),
        Ok(written) => format!("{}{}", offline(operation, schema, &written), shown(&written)),
    }
}

/// Why not, without the title of the operation.
fn refusal(operation: &Operation, error: &Diagnostic) -> String {
    let begin = format!("{}: ", operation.title());
    let mut text = error.message.strip_prefix(&begin).unwrap_or(&error.message).to_owned();
    for hint in &error.hints {
        text.push_str(&format!("; {hint}"));
    }
    text
}

fn offline(operation: &Operation, schema: &Schema, online: &WrittenOperation) -> String {
    if online.statements.is_empty() {
        return String::new();
    }
    let nothing = Known::Nothing { flavour: schema.flavour, version: schema.version };
    match operation.write(nothing) {
        Err(error) => format!(", offline: {}", error.message.rsplit(": ").next().unwrap_or_default()),
        Ok(written) if written.statements != online.statements => ", offline otherwise".to_owned(),
        Ok(WrittenOperation { reverse: Reverse::Irreversible(_), .. })
            if matches!(online.reverse, Reverse::Statements(_)) =>
        {
            ", offline without the way back".to_owned()
        }
        Ok(_) => ", offline the same".to_owned(),
    }
}

fn shown(written: &WrittenOperation) -> String {
    if written.statements.is_empty() {
        return ": nothing to do\n".to_owned();
    }
    let mut text = format!("\n\n```sql\n{}", sql(&written.statements));
    match &written.reverse {
        Reverse::Statements(back) if back.iter().any(|one| one.sql.contains("\"underpin_new_")) => {
            text.push_str("-- back: the table is made anew as it was\n```\n");
        }
        Reverse::Statements(back) => text.push_str(&format!("-- back\n{}```\n", sql(back))),
        Reverse::Irreversible(why) => text.push_str(&format!("-- no way back: {why}\n```\n")),
    }
    text
}

fn sql(statements: &[Statement]) -> String {
    let line = |statement: &Statement| {
        let note = if statement.in_transaction { "" } else { " -- outside a transaction" };
        format!("{};{note}\n", statement.sql)
    };
    statements.iter().map(line).collect()
}

/// A long expression with a line for each method of the outermost call.
fn laid_out(source: &str) -> String {
    let source =
        source.split_whitespace().collect::<Vec<_>>().join(" ").replace("( ", "(").replace(" )", ")");
    if source.len() <= 100 {
        return source;
    }
    let mut text = String::new();
    let (mut depth, mut in_string) = (0_usize, false);
    for (at, character) in source.char_indices() {
        match character {
            '"' => in_string = !in_string,
            '(' | '[' if !in_string => depth += 1,
            ')' | ']' if !in_string => depth = depth.saturating_sub(1),
            '.' if !in_string && depth == 0 && source[..at].trim_end().ends_with(')') => {
                text.truncate(text.trim_end().len());
                text.push_str("\n    ");
            }
            _ => {}
        }
        text.push(character);
    }
    text
}
