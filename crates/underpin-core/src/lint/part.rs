//! What rules are asked about: each statement of a text, and behind it the statements that it runs itself.
//! Not what they find.

use std::{borrow::Cow, ops::Range};

use crate::{
    dialect::Flavour,
    schema::ServerVersion,
    sql,
    statement::{self, Statement, within},
};

/// A statement of a text, or one that such a statement runs.
pub(super) struct Part<'a> {
    /// Its text.
    pub(super) text: Cow<'a, str>,
    /// The bytes of the source that it covers.
    pub(super) span: Range<usize>,
    /// Whether those bytes are its text.
    pub(super) verbatim: bool,
    /// The number of the statement of the text.
    pub(super) number: usize,
}

impl Part<'_> {
    /// The parts of the statements of a text, in the order in which they are run, and what they say.
    pub(super) fn of<'a>(
        flavour: Flavour,
        version: ServerVersion,
        pieces: &[sql::Statement<'a>],
    ) -> (Vec<Part<'a>>, Vec<Statement>) {
        let dialect = flavour.dialect();
        let mut parts = Vec::with_capacity(pieces.len());
        let executed: Vec<Cow<'a, str>> =
            pieces.iter().map(|piece| sql::executed(flavour, version, piece.text)).collect();
        let texts: Vec<&str> = executed.iter().map(AsRef::as_ref).collect();
        for (number, piece) in pieces.iter().enumerate() {
            let text = executed[number].clone();
            parts.push(Part { text, span: piece.span.clone(), verbatim: true, number });
            for inner in within(dialect, texts[number], &texts[..number]) {
                let span = piece.span.start + inner.span.start..piece.span.start + inner.span.end;
                let text = Cow::Owned(inner.text);
                parts.push(Part { text, span, verbatim: inner.verbatim, number });
            }
        }
        let statements = parts.iter().map(|part| statement::parse(dialect, &part.text)).collect();
        (parts, statements)
    }
}
