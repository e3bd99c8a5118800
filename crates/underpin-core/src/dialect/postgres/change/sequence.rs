//! Sequences, and the options that they share with identities. Not the values that they are at.

use super::text::{comment, owner, qualified, quote, target};
use crate::{
    difference::Statement,
    schema::{Object, ObjectId, Sequence, SequenceOptions},
};

/// Creates a sequence. What owns it comes later.
pub(super) fn make(object: &Object, sequence: &Sequence) -> Vec<Statement> {
    let unlogged = if sequence.logged { "" } else { "UNLOGGED " };
    let options = all(&sequence.options);
    let statement = format!("CREATE {unlogged}SEQUENCE {}{options}", qualified(&object.id));
    let mut statements = vec![Statement::new(statement)];
    statements.extend(comment(&target(&object.id), None, object.comment.as_deref()));
    statements
}

/// Changes a sequence in place, but for what owns it.
pub(super) fn alter(id: &ObjectId, from: &Sequence, to: &Sequence) -> Vec<Statement> {
    let mut statements: Vec<Statement> =
        moved(&qualified(id), &from.options, &to.options).into_iter().collect();
    let mut options = changes(&from.options, &to.options);
    options.extend(restarted(&from.options, &to.options));
    if !options.is_empty() {
        statements.push(Statement::new(format!("ALTER SEQUENCE {} {}", qualified(id), options.join(" "))));
    }
    if from.logged != to.logged {
        let state = if to.logged { "LOGGED" } else { "UNLOGGED" };
        statements.push(Statement::new(format!("ALTER SEQUENCE {} SET {state}", qualified(id))));
    }
    statements
}

/// Says which column a sequence goes with.
pub(super) fn own(id: &ObjectId, sequence: &Sequence) -> Statement {
    let column =
        sequence.owned_by.as_ref().map(|column| format!("{}.{}", owner(column), quote(&column.name)));
    let column = column.unwrap_or_else(|| "NONE".to_owned());
    Statement::new(format!("ALTER SEQUENCE {} OWNED BY {column}", qualified(id)))
}

/// Lets a sequence go on behind the largest value that is there already. `sequence` is an expression.
pub(super) fn continued(
    sequence: &str,
    table: &ObjectId,
    column: &str,
    options: &SequenceOptions,
) -> Statement {
    let (column, table) = (quote(column), qualified(table));
    let extreme = if options.increment.starts_with('-') { "min" } else { "max" };
    let beyond = if options.increment.starts_with('-') { "<=" } else { ">=" };
    Statement::new(format!(
        "SELECT pg_catalog.setval({sequence}, {extreme}({column})) FROM {table} HAVING {extreme}({column}) {beyond} {}",
        options.start
    ))
}

/// A sequence that is at a number outside of its new bounds goes to the nearest, since the server
/// would refuse the bounds otherwise.
pub(super) fn moved(name: &str, from: &SequenceOptions, to: &SequenceOptions) -> Option<Statement> {
    let number = |text: &String| text.parse::<i128>().ok();
    let sequence = super::text::literal(name);
    let rising = !to.increment.starts_with('-');
    let raised =
        number(&from.minimum)? < number(&to.minimum)? && number(&to.minimum)? <= number(&from.maximum)?;
    let lowered =
        number(&from.maximum)? > number(&to.maximum)? && number(&to.maximum)? >= number(&from.minimum)?;
    if rising && raised {
        let bound = &to.minimum;
        return Some(Statement::new(format!(
            "SELECT pg_catalog.setval({sequence}, {bound}, false) FROM {name} WHERE last_value < {bound}"
        )));
    }
    if !rising && lowered {
        let bound = &to.maximum;
        return Some(Statement::new(format!(
            "SELECT pg_catalog.setval({sequence}, {bound}, false) FROM {name} WHERE last_value > {bound}"
        )));
    }
    None
}

/// A sequence whose old and new bounds have no number in common begins again, since the number that it
/// is at can be none of the new ones.
pub(super) fn restarted(from: &SequenceOptions, to: &SequenceOptions) -> Option<String> {
    let number = |text: &String| text.parse::<i128>().ok();
    let apart =
        number(&from.minimum)? > number(&to.maximum)? || number(&from.maximum)? < number(&to.minimum)?;
    apart.then(|| "RESTART".to_owned())
}

/// The options that differ, as `ALTER SEQUENCE` takes them.
pub(super) fn changes(from: &SequenceOptions, to: &SequenceOptions) -> Vec<String> {
    let mut options = Vec::new();
    let mut changed = |word: &str, old: &str, new: &str| {
        if old != new && !new.is_empty() {
            options.push(format!("{word} {new}"));
        }
    };
    changed("AS", &from.data_type, &to.data_type);
    changed("INCREMENT BY", &from.increment, &to.increment);
    changed("MINVALUE", &from.minimum, &to.minimum);
    changed("MAXVALUE", &from.maximum, &to.maximum);
    changed("START WITH", &from.start, &to.start);
    changed("CACHE", &from.cache, &to.cache);
    if from.data_type != to.data_type {
        // The bounds of another type can be others by themselves; said, they are what they are to be.
        options.retain(|option| !option.starts_with("MINVALUE") && !option.starts_with("MAXVALUE"));
        options.push(format!("MINVALUE {}", to.minimum));
        options.push(format!("MAXVALUE {}", to.maximum));
    }
    if from.cycle != to.cycle {
        options.push(if to.cycle { "CYCLE" } else { "NO CYCLE" }.to_owned());
    }
    options
}

/// What a sequence has that was made without a word, of a type ("CREATE SEQUENCE" in the manual).
pub(super) fn usual(options: &SequenceOptions) -> SequenceOptions {
    let (smallest, largest) = match options.data_type.as_str() {
        "smallint" => ("-32768", "32767"),
        "integer" => ("-2147483648", "2147483647"),
        _ => ("-9223372036854775808", "9223372036854775807"),
    };
    let rising = !options.increment.starts_with('-');
    let minimum = if rising { "1" } else { smallest };
    let maximum = if rising { largest } else { "-1" };
    let start = if rising { or(&options.minimum, minimum) } else { or(&options.maximum, maximum) };
    SequenceOptions {
        data_type: "bigint".to_owned(),
        start: start.to_owned(),
        increment: "1".to_owned(),
        minimum: minimum.to_owned(),
        maximum: maximum.to_owned(),
        cache: "1".to_owned(),
        cycle: false,
    }
}

/// A sequence of which everything is said: what was not is the usual.
pub(crate) fn whole(said: &SequenceOptions) -> SequenceOptions {
    let usual = usual(said);
    let fill = |said: &String, usual: String| if said.is_empty() { usual } else { said.clone() };
    SequenceOptions {
        data_type: fill(&said.data_type, usual.data_type),
        start: fill(&said.start, usual.start),
        increment: fill(&said.increment, usual.increment),
        minimum: fill(&said.minimum, usual.minimum),
        maximum: fill(&said.maximum, usual.maximum),
        cache: fill(&said.cache, usual.cache),
        cycle: said.cycle,
    }
}

fn or<'a>(text: &'a str, other: &'a str) -> &'a str {
    if text.is_empty() { other } else { text }
}

/// What a sequence has beyond the usual, with a space before it.
fn all(options: &SequenceOptions) -> String {
    let usual = usual(options);
    let text: Vec<String> = plain_changes(&usual, options);
    if text.is_empty() { String::new() } else { format!(" {}", text.join(" ")) }
}

fn plain_changes(usual: &SequenceOptions, options: &SequenceOptions) -> Vec<String> {
    let kind = SequenceOptions { data_type: options.data_type.clone(), ..usual.clone() };
    let mut text = changes(&kind, options);
    if !options.data_type.is_empty() && options.data_type != usual.data_type {
        text.insert(0, format!("AS {}", options.data_type));
    }
    text
}

/// The options of an identity in parentheses; its type is the column's.
pub(super) fn identity_options(options: &SequenceOptions, name: Option<&String>) -> String {
    let usual = SequenceOptions { data_type: options.data_type.clone(), ..usual(options) };
    let mut text = changes(&usual, options);
    if let Some(name) = name {
        text.insert(0, format!("SEQUENCE NAME {name}"));
    }
    if text.is_empty() { String::new() } else { format!(" ({})", text.join(" ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(data_type: &str, maximum: &str) -> SequenceOptions {
        SequenceOptions {
            data_type: data_type.to_owned(),
            start: "1".to_owned(),
            increment: "1".to_owned(),
            minimum: "1".to_owned(),
            maximum: maximum.to_owned(),
            cache: "1".to_owned(),
            cycle: false,
        }
    }

    #[test]
    fn what_is_usual_is_not_said() {
        assert_eq!(all(&options("bigint", "9223372036854775807")), "");
        assert_eq!(all(&options("integer", "2147483647")), " AS integer");
        assert_eq!(identity_options(&options("integer", "2147483647"), None), "");
        assert_eq!(identity_options(&options("integer", "9"), None), " (MAXVALUE 9)");
    }

    #[test]
    fn another_type_says_its_bounds() {
        let changes = changes(&options("integer", "2147483647"), &options("bigint", "9223372036854775807"));
        assert_eq!(changes.join(" "), "AS bigint MINVALUE 1 MAXVALUE 9223372036854775807");
    }

    #[test]
    fn a_sequence_begins_again_where_no_number_of_its_old_bounds_is_among_the_new() {
        let bounds = |minimum: &str, maximum: &str| SequenceOptions {
            minimum: minimum.to_owned(),
            ..options("bigint", maximum)
        };
        let restarted = |to: &SequenceOptions| restarted(&bounds("1", "100"), to).is_some();
        assert!(restarted(&bounds("-100", "-1")));
        assert!(restarted(&bounds("101", "200")));
        assert!(!restarted(&bounds("100", "200")));
    }
}
