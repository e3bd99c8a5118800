//! The comments of a `schema.sql` that say what something was called before. Where they stand is
//! read here; whether there is such a thing, the schema that the text makes has to say.

use crate::{
    diagnostic::{Diagnostic, ErrorKind, Place},
    dialect::Dialect,
    difference::{Rename, Renames, USUAL_NAMESPACE},
    schema::{Body, Object, ObjectId, ObjectKind, Schema},
    sql::{self, Code, TableName, Token, TokenKind, created_object, part_name, starts_line},
};

/// What the comment starts with, behind its marks.
const KEY: &str = "renamed_from:";

/// That something had another name, as a text says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameNote {
    /// The namespace of the object, if the text names it.
    pub schema: Option<String>,
    /// The name of the object.
    pub object: String,
    /// The column, constraint, index or value that it is about; nothing for the object itself.
    pub part: Option<String>,
    /// The name that it had.
    pub from: String,
    /// The namespace that it was in, if the text names it.
    pub from_schema: Option<String>,
    place: Place,
}

/// The notes of a section that starts at `first_line` of the file.
pub(super) fn notes(
    file: &str,
    text: &str,
    first_line: usize,
    dialect: Dialect,
) -> Result<Vec<RenameNote>, Diagnostic> {
    // Most texts have none, and need not be read twice.
    if !text.contains(KEY) {
        return Ok(Vec::new());
    }
    let wrong = |error: sql::SqlError| {
        Diagnostic::new(ErrorKind::Configuration, error.to_string())
            .at(Place::in_text(file, text, error.span, first_line))
    };
    let statements = sql::split(dialect, text).map_err(wrong)?;
    let tokens = sql::tokens(dialect, text).map_err(wrong)?;
    let mut notes = Vec::new();
    let is_comment = |token: &&Token| matches!(token.kind, TokenKind::LineComment | TokenKind::BlockComment);
    for comment in tokens.iter().filter(is_comment) {
        let Some((from_schema, from)) = old_name(comment.text(text)) else { continue };
        let place = Place::in_text(file, text, comment.span(), first_line);
        // Behind a terminator, a comment belongs to the statement that it ended.
        let own_line = starts_line(text, comment.start) || stands_before(text, &tokens, comment);
        let within = |statement: &&sql::Statement<'_>| match own_line {
            true => comment.start < statement.span.end,
            false => {
                statement.span.start < comment.start && comment.start < line_end(text, statement.span.end)
            }
        };
        let named = statements
            .iter()
            .find(within)
            .and_then(|statement| named(dialect, text, &tokens, statement, comment, own_line));
        let Some((object, part)) = named else {
            return Err(Diagnostic::new(
                ErrorKind::Configuration,
                "this comment stands beside nothing that can have had another name",
            )
            .at(place)
            .hint("put it on a line of its own before a CREATE statement or one of its columns, or behind a column; a value of an ENUM within a column takes a revision by hand: the new value, an UPDATE, and the old one goes"));
        };
        notes.push(RenameNote { schema: object.schema, object: object.name, part, from, from_schema, place });
    }
    Ok(notes)
}

/// Whether a comment in the middle of a line stands before what it is about: behind a comma or the start of
/// the list, with something behind it.
fn stands_before(text: &str, tokens: &[Token], comment: &Token) -> bool {
    let behind = &text[comment.end..line_end(text, comment.end)];
    let mut before = tokens.iter().rev().skip_while(|token| token.start >= comment.start);
    let last = before.find(|token| !token.kind.is_trivia()).map(|token| token.text(text));
    !behind.trim().is_empty() && matches!(last, Some("," | "("))
}

/// The object that a comment is about, and the part of it.
fn named(
    dialect: Dialect,
    text: &str,
    tokens: &[Token],
    statement: &sql::Statement<'_>,
    comment: &Token,
    own_line: bool,
) -> Option<(TableName, Option<String>)> {
    let object = created_object(dialect, statement.text)?;
    let codes = |start: usize, end: usize| -> Vec<Code<'_>> {
        let within = |token: &&Token| start <= token.start && token.end <= end && !token.kind.is_trivia();
        tokens.iter().filter(within).map(|token| Code::new(*token, text)).collect()
    };
    if comment.start < statement.span.start {
        return Some((object, None));
    }
    // A value of an ENUM in a column, which has no name of its own.
    if depth(&codes(statement.span.start, comment.start)) > 1 {
        return None;
    }
    if own_line {
        let following = codes(comment.end, statement.span.end);
        return part_name(dialect, &following).map(|part| (object, Some(part)));
    }
    match last_part(&codes(statement.span.start, comment.start)) {
        Some(part) => part_name(dialect, part).map(|part| (object, Some(part))),
        None => Some((object, None)),
    }
}

/// In how many parentheses the next token stands.
fn depth(codes: &[Code<'_>]) -> usize {
    codes.iter().fold(0_usize, |depth, code| {
        if code.is_operator("(") {
            depth + 1
        } else if code.is_operator(")") {
            depth.saturating_sub(1)
        } else {
            depth
        }
    })
}

/// The part of the list in a CREATE statement that these tokens end in, or right behind; nothing before the
/// list and behind it.
fn last_part<'a, 'b>(codes: &'b [Code<'a>]) -> Option<&'b [Code<'a>]> {
    let (mut depth, mut parts, mut start) = (0_usize, Vec::new(), 0);
    for (at, code) in codes.iter().enumerate() {
        if code.is_operator("(") {
            depth += 1;
            if depth == 1 {
                parts.clear();
                start = at + 1;
            }
        } else if code.is_operator(")") {
            depth = depth.saturating_sub(1);
        } else if depth == 1 && code.is_operator(",") {
            parts.push(start..at);
            start = at + 1;
        }
    }
    parts.push(start..codes.len());
    (depth > 0).then(|| parts.into_iter().rfind(|part| !part.is_empty())).flatten().map(|part| &codes[part])
}

fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |newline| at + newline)
}

/// The name in a comment of the form, and the namespace before it; in quotes where it has blanks or dots.
fn old_name(comment: &str) -> Option<(Option<String>, String)> {
    let content = match comment.strip_prefix("/*") {
        Some(block) => block.strip_suffix("*/").unwrap_or(block).trim_start_matches('*'),
        None => comment.trim_start_matches(['-', '#']),
    };
    let text = content.trim_start().strip_prefix(KEY)?.lines().next()?.trim();
    let mut parts = text.splitn(2, '.');
    let is_quoted = |part: &str| unquoted(part).is_some();
    let is_plain =
        |part: &str| is_quoted(part) || !part.contains(['"', '`', '\'', ' ', '.']) && !part.is_empty();
    let (schema, name) = match (parts.next(), parts.next()) {
        (Some(schema), Some(name)) if !is_quoted(text) && is_plain(schema) && is_plain(name) => {
            (Some(unquoted(schema).unwrap_or_else(|| schema.to_owned())), name)
        }
        _ => (None, text),
    };
    let name = unquoted(name).unwrap_or_else(|| name.to_owned());
    (!name.is_empty()).then_some((schema, name))
}

/// What stands between quotes; two of them are one of the name.
fn unquoted(name: &str) -> Option<String> {
    let quote = name.get(..1).filter(|quote| ["\"", "`", "'"].contains(quote))?;
    let text = name.strip_prefix(quote)?.strip_suffix(quote)?;
    let single = text.replace(&quote.repeat(2), "");
    (!single.contains(quote)).then(|| text.replace(&quote.repeat(2), quote))
}

impl RenameNote {
    /// The renames that notes mean in the schema that their text has made.
    ///
    /// # Errors
    /// A note about something that is not there.
    pub fn resolve(notes: &[Self], schema: &Schema) -> Result<Renames, Diagnostic> {
        let mut renames: Vec<Rename> = Vec::with_capacity(notes.len());
        for note in notes {
            let rename = note.resolved(schema)?;
            let rival = |other: &&Rename| (&other.to.table, other.old()) == (&rename.to.table, rename.old());
            if let Some(other) = renames.iter().find(rival) {
                let message = format!("{} and {} can't both have been {}", other.to, rename.to, note.from);
                return Err(Diagnostic::new(ErrorKind::Configuration, message)
                    .at(note.place.clone())
                    .state("nothing was changed")
                    .hint("leave the comment at one of them"));
            }
            renames.push(rename);
        }
        Ok(Renames(renames))
    }

    fn resolved(&self, schema: &Schema) -> Result<Rename, Diagnostic> {
        let named = |id: &ObjectId| {
            id.name == self.object
                && (self.schema.is_none() || id.schema.is_none() || id.schema == self.schema)
        };
        let mut objects: Vec<&Object> = schema.objects.values().filter(|object| named(&object.id)).collect();
        objects.sort_by_key(|object| unlikely(&object.id));
        let to = match &self.part {
            None => objects.first().map(|object| object.id.clone()).or_else(|| index(schema, &self.object)),
            Some(part) => objects.iter().find_map(|object| match &object.body {
                Body::Table(table) => {
                    let kind = if table.column(part).is_some() {
                        ObjectKind::Column
                    } else if table.constraint(part).is_some() {
                        ObjectKind::Constraint
                    } else {
                        table.index(part).map(|_| ObjectKind::Index)?
                    };
                    Some(object.id.part(kind, part))
                }
                Body::Enum(values) => {
                    values.values.contains(part).then(|| object.id.part(ObjectKind::Column, part))
                }
                _ => None,
            }),
        };
        let Some(to) = to else {
            let what = self
                .part
                .as_ref()
                .map_or_else(|| self.object.clone(), |part| format!("{}.{part}", self.object));
            let message = format!("there is no {what} that could have been called {}", self.from);
            return Err(Diagnostic::new(ErrorKind::Configuration, message)
                .at(self.place.clone())
                .state("nothing was changed"));
        };
        // A part has no namespace of its own, and a name with a dot in it is one.
        let has_namespace = to.schema.is_some() && to.table.is_none();
        let (schema, from) = match &self.from_schema {
            Some(schema) if has_namespace => (Some(schema.clone()), self.from.clone()),
            Some(schema) => (None, format!("{schema}.{}", self.from)),
            None => (None, self.from.clone()),
        };
        let schema = schema.filter(|schema| to.schema.as_ref() != Some(schema));
        Ok(Rename { to, from, schema })
    }
}

/// How little a name without a namespace is about this: it is in a namespace that has to be said, or
/// it is nothing that a file creates by such a name.
fn unlikely(id: &ObjectId) -> (bool, bool) {
    let elsewhere = id.schema.as_deref().is_some_and(|schema| schema != USUAL_NAMESPACE);
    (matches!(id.kind, ObjectKind::Namespace | ObjectKind::Extension), elsewhere)
}

/// The index of this name, which is part of its table.
fn index(schema: &Schema, name: &str) -> Option<ObjectId> {
    schema
        .tables()
        .find(|(_, table)| table.index(name).is_some())
        .map(|(id, _)| id.part(ObjectKind::Index, name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dialect::Flavour,
        schema::{Column, EnumType, ServerVersion, Table},
        schema_file::SchemaFile,
    };

    const TEXT: &str = "-- renamed_from: purchases\nCREATE TABLE orders (\n  id int,\n  \
        -- renamed_from: sum\n  total numeric,\n  note text, -- renamed_from: \"my comment\"\n  x int\n);\n\
        CREATE TYPE mood AS ENUM (\n  'fine' -- renamed_from: ok\n);\nCREATE TABLE b (i int); -- renamed_from: a\n";

    fn notes(text: &str) -> Result<Vec<(String, Option<String>, String)>, Diagnostic> {
        let notes = SchemaFile::parse("schema.sql", text)?.rename_notes(Flavour::Postgres)?;
        Ok(notes.into_iter().map(|note| (note.object, note.part, note.from)).collect())
    }

    #[test]
    fn a_note_is_about_what_it_stands_before_or_behind() {
        let note = |object: &str, part: Option<&str>, from: &str| {
            (object.to_owned(), part.map(str::to_owned), from.to_owned())
        };
        assert_eq!(
            notes(TEXT).expect("notes"),
            [
                note("orders", None, "purchases"),
                note("orders", Some("total"), "sum"),
                note("orders", Some("note"), "my comment"),
                note("mood", Some("fine"), "ok"),
                note("b", None, "a"),
            ]
        );
    }

    #[test]
    fn a_note_behind_several_parts_of_a_line_is_about_the_last_of_them() {
        let about =
            |text: &str| notes(text).expect("notes").into_iter().map(|note| note.1).collect::<Vec<_>>();
        let part = |name: &str| vec![Some(name.to_owned())];
        assert_eq!(about("CREATE TABLE a (\n  b varchar(2), c varchar(2) -- renamed_from: x\n);"), part("c"));
        assert_eq!(about("CREATE TABLE a (b int, c int, -- renamed_from: x\n  d int\n);"), part("c"));
        assert_eq!(about("CREATE TYPE m AS ENUM ('a', 'b', -- renamed_from: x\n  'c');"), part("b"));
        assert_eq!(
            about("CREATE TABLE a (\n  b int\n    NOT NULL, -- renamed_from: x\n  c int\n);"),
            part("b")
        );
        assert_eq!(about("CREATE TABLE a ( -- renamed_from: x\n  b int\n);"), [None]);
        assert_eq!(about("CREATE TABLE a (\n  b int\n) -- renamed_from: x\n;"), [None]);
    }

    #[test]
    fn a_note_within_the_values_of_a_column_is_refused() {
        let text = "CREATE TABLE t (\n  e enum('a',\n    'c' -- renamed_from: b\n  ) NOT NULL\n);";
        let notes = SchemaFile::parse("schema.sql", text).expect("a schema");
        let error = notes.rename_notes(Flavour::Mysql).expect_err("a value has no name");
        assert!(error.first_hint().is_some_and(|hint| hint.contains("a value of an ENUM")), "{error}");
    }

    #[test]
    fn a_note_stands_in_any_comment_and_its_name_in_quotes_may_hold_quotes() {
        let text = "/* renamed_from: old */ CREATE TABLE t (/* renamed_from: `a``b` */ a int,\n  \
            b int, # renamed_from: \"x\"\"y\"\n  /** renamed_from: it's */\n  c int,\n  \
            d int /* renamed_from: d1 */, /* renamed_from: e1 */ e int, /* renamed_from: e2 */\n  f int);";
        let notes = SchemaFile::parse("schema.sql", text).expect("a schema");
        let notes = notes.rename_notes(Flavour::Mysql).expect("notes");
        let of = |note: &RenameNote| (note.part.clone().unwrap_or_default(), note.from.clone());
        let found: Vec<(String, String)> = notes.iter().map(of).collect();
        let found: Vec<(&str, &str)> = found.iter().map(|(part, from)| (&part[..], &from[..])).collect();
        let columns = [("a", "a`b"), ("b", "x\"y"), ("c", "it's"), ("d", "d1"), ("e", "e1"), ("e", "e2")];
        assert_eq!(found[0], ("", "old"));
        assert_eq!(found[1..], columns);
    }

    #[test]
    fn two_that_claim_one_name_are_an_error() {
        let mut schema = Schema::empty(Flavour::Postgres, ServerVersion::new(16, 0, 0));
        let column = |name: &str| Column { name: name.to_owned(), ..Column::default() };
        let table = Table { columns: vec![column("a"), column("b")], ..Table::default() };
        schema.insert(Object::new(ObjectId::new(ObjectKind::Table, None, "t"), Body::Table(table)));
        let text = "CREATE TABLE t (\n  a int, -- renamed_from: x\n  b int -- renamed_from: x\n);";
        let notes = SchemaFile::parse("schema.sql", text).expect("a schema");
        let notes = notes.rename_notes(Flavour::Postgres).expect("notes");
        let error = RenameNote::resolve(&notes, &schema).expect_err("both");
        assert_eq!(error.place.map(|place| place.line), Some(3));
        assert!(error.message.contains("can't both have been x"), "{}", error.message);
    }

    #[test]
    fn a_note_beside_nothing_is_an_error_with_its_place() {
        let error = notes("CREATE TABLE a (i int);\n-- renamed_from: b\n").expect_err("nothing follows");
        assert_eq!(error.place.map(|place| place.line), Some(2));
    }

    #[test]
    fn notes_become_renames_of_what_is_there() {
        let mut schema = Schema::empty(Flavour::Postgres, ServerVersion::new(16, 0, 0));
        let column = |name: &str| Column { name: name.to_owned(), ..Column::default() };
        let table = Table { columns: vec![column("total"), column("note")], ..Table::default() };
        let orders = ObjectId::new(ObjectKind::Table, Some("public"), "orders");
        schema.insert(Object::new(orders.clone(), Body::Table(table)));
        let mood = ObjectId::new(ObjectKind::Enum, Some("public"), "mood");
        schema.insert(Object::new(mood.clone(), Body::Enum(EnumType { values: vec!["fine".to_owned()] })));
        let file = SchemaFile::parse("schema.sql", TEXT).expect("a schema");
        let notes = file.rename_notes(Flavour::Postgres).expect("notes");
        let error = RenameNote::resolve(&notes, &schema).expect_err("there is no table b");
        assert!(error.message.contains("no b"), "{error}");
        let renames = RenameNote::resolve(&notes[..4], &schema).expect("renames");
        assert_eq!(renames.old_part(&orders, ObjectKind::Column, "total"), Some("sum"));
        assert_eq!(renames.old_part(&mood, ObjectKind::Column, "fine"), Some("ok"));
    }

    #[test]
    fn a_note_may_say_the_namespace_that_something_was_in() {
        let mut schema = Schema::empty(Flavour::Postgres, ServerVersion::new(16, 0, 0));
        let columns = vec![Column { name: "total".to_owned(), ..Column::default() }];
        let id = ObjectId::new(ObjectKind::Table, Some("app"), "orders");
        schema.insert(Object::new(id, Body::Table(Table { columns, ..Table::default() })));
        for (said, old) in [
            ("public.orders", "table public.orders"),
            ("\"My Shop\".\"order.s\"", "table My Shop.order.s"),
            ("app.purchases", "table app.purchases"),
            ("\"a.b\"", "table app.a.b"),
            ("purchases", "table app.purchases"),
        ] {
            let text = format!(
                "-- renamed_from: {said}\nCREATE TABLE app.orders (\n  -- renamed_from: a.b\n  total int\n);\n"
            );
            let file = SchemaFile::parse("schema.sql", &text).expect("a schema");
            let notes = file.rename_notes(Flavour::Postgres).expect("notes");
            let renames = RenameNote::resolve(&notes, &schema).expect("renames");
            assert_eq!(renames.0[0].old().to_string(), old, "{said}");
            assert_eq!(renames.0[1].old().to_string(), "column app.orders.a.b");
        }
    }

    #[test]
    fn a_note_without_a_namespace_is_about_the_table_in_the_usual_one() {
        let mut schema = Schema::empty(Flavour::Postgres, ServerVersion::new(16, 0, 0));
        for namespace in ["audit", "public"] {
            let id = ObjectId::new(ObjectKind::Table, Some(namespace), "orders");
            schema.insert(Object::new(id, Body::Table(Table::default())));
        }
        schema.insert(Object::new(ObjectId::new(ObjectKind::Namespace, None, "orders"), Body::Namespace));
        let file =
            SchemaFile::parse("schema.sql", "-- renamed_from: purchases\nCREATE TABLE orders (i int);\n")
                .expect("a schema");
        let notes = file.rename_notes(Flavour::Postgres).expect("notes");
        let renames = RenameNote::resolve(&notes, &schema).expect("renames");
        assert_eq!(renames.0[0].to.to_string(), "table public.orders");
    }
}
