//! A statement as facts about servers are asked of it: what was read, and its words in no parentheses.
//! Not which server knows them.

use crate::{
    dialect::Dialect,
    schema::ServerVersion,
    sql::{
        Code, TokenKind,
        words::{codes, follows, place},
    },
    statement::{
        ActionKind, AlterTable, ColumnDefinition, ConstraintDefinition, CreateTable, Expression,
        IndexDefinition, IndexPart, Statement,
    },
};

/// A statement with its words.
pub(super) struct Said<'a> {
    /// What was read.
    pub(super) statement: &'a Statement,
    /// Every token.
    codes: Vec<Code<'a>>,
    /// Those in no parentheses, of which the opening ones are kept.
    outer: Vec<Code<'a>>,
}

/// `8.0.19`, `10.3`, `17`.
pub(super) fn short(version: ServerVersion) -> String {
    match (version.minor, version.patch) {
        (0, 0) => version.major.to_string(),
        (minor, 0) => format!("{}.{minor}", version.major),
        (minor, patch) => format!("{}.{minor}.{patch}", version.major),
    }
}

impl<'a> Said<'a> {
    pub(super) fn of(dialect: Dialect, text: &'a str, statement: &'a Statement) -> Self {
        let codes: Vec<Code<'a>> = codes(dialect, text).collect();
        let mut depth = 0_usize;
        let mut outer = Vec::new();
        for code in &codes {
            if code.is_operator(")") {
                depth = depth.saturating_sub(1);
                continue;
            }
            if depth == 0 {
                outer.push(*code);
            }
            depth += usize::from(code.is_operator("("));
        }
        Self { statement, codes, outer }
    }

    /// Whether it begins with these words; `a|b` is one of them.
    pub(super) fn starts(&self, words: &str) -> bool {
        follows(&self.codes, words)
    }

    /// Whether these words follow each other in no parentheses.
    pub(super) fn outer(&self, words: &str) -> bool {
        place(&self.outer, words).is_some()
    }

    /// Whether these words follow each other, in parentheses too.
    pub(super) fn anywhere(&self, words: &str) -> bool {
        place(&self.codes, words).is_some()
    }

    /// Whether this operator stands in it, in parentheses too.
    pub(super) fn operator(&self, operator: &str) -> bool {
        self.codes.iter().any(|code| code.is_operator(operator))
    }

    /// Whether the first words stand before the others, in no parentheses.
    pub(super) fn before(&self, first: &str, then: &str) -> bool {
        place(&self.outer, first).zip(place(&self.outer, then)).is_some_and(|(first, then)| first < then)
    }

    /// Whether these words stand behind the body of a `CREATE TABLE`.
    pub(super) fn behind_body(&self, words: &str) -> bool {
        let body = self.outer.iter().position(|code| code.is_operator("("));
        let tail = body.and_then(|at| self.outer.get(at + 1..)).unwrap_or_default();
        place(tail, words).is_some()
    }

    /// Whether an action of an `ALTER TABLE` begins with these words, where `*` is any one.
    pub(super) fn action(&self, words: &str) -> bool {
        let Some(alter) = self.alter() else { return false };
        alter.actions.iter().any(|action| {
            let at = self.codes.iter().position(|code| code.start >= action.start);
            at.is_some_and(|at| follows(&self.codes[at..], words))
        })
    }

    /// Whether an `ALTER [COLUMN] name` goes on with these words.
    pub(super) fn altered_column(&self, words: &str) -> bool {
        let Some(alter) = self.alter() else { return false };
        alter.actions.iter().any(|action| {
            let mut codes =
                self.codes.iter().copied().skip_while(|code| code.start < action.start).peekable();
            let altered = codes.next().is_some_and(|code| code.is("ALTER"));
            codes.next_if(|code| code.is("COLUMN"));
            // The name.
            codes.next();
            altered && follows(&codes.collect::<Vec<_>>(), words)
        })
    }

    /// Whether rows that it changes are given back. The word is a name, too, where a value stands.
    pub(super) fn returns_rows(&self) -> bool {
        const VALUE_BEHIND: &[&str] = &[
            "SELECT", "SET", "WHERE", "AND", "OR", "NOT", "BY", "ON", "FROM", "INTO", "UPDATE", "AS",
            "TABLE", "ONLY", "IGNORE",
        ];
        let changes = self.starts("INSERT|UPDATE|DELETE|REPLACE|MERGE") || self.starts("WITH");
        changes
            && (1..self.outer.len()).any(|at| {
                let (before, behind) = (&self.outer[at - 1], self.outer.get(at + 1));
                let value = !matches!(before.kind, TokenKind::Operator) || before.is_operator("(");
                let list = behind.is_some_and(|code| {
                    matches!(code.kind, TokenKind::Word | TokenKind::QuotedIdentifier)
                        || code.is_operator("*")
                        || code.is_operator("(")
                });
                self.outer[at].is("RETURNING") && value && list && !before.is_one_of(VALUE_BEHIND)
            })
    }

    /// Whether it asks a table for what is not needed to be there: `IF EXISTS`, `IF NOT EXISTS`.
    pub(super) fn asks_whether(&self) -> bool {
        self.outer("IF EXISTS") || self.outer("IF NOT EXISTS")
    }

    /// The `ALTER TABLE` that it is.
    pub(super) const fn alter(&self) -> Option<&'a AlterTable> {
        match self.statement {
            Statement::AlterTable(alter) => Some(alter),
            _ => None,
        }
    }

    /// The `CREATE TABLE` that it is.
    pub(super) const fn create(&self) -> Option<&'a CreateTable> {
        match self.statement {
            Statement::CreateTable(create) => Some(create),
            _ => None,
        }
    }

    fn kinds(&self) -> impl Iterator<Item = &'a ActionKind> {
        self.alter().into_iter().flat_map(|alter| alter.actions.iter().map(|action| &action.kind))
    }

    /// Whether it is an `ALTER TABLE` with such an action.
    pub(super) fn does(&self, wanted: fn(&ActionKind) -> bool) -> bool {
        self.kinds().any(wanted)
    }

    /// Whether it makes a column of this kind, or makes one such.
    pub(super) fn column(&self, wanted: fn(&ColumnDefinition) -> bool) -> bool {
        let made = self.create().into_iter().flat_map(|create| &create.columns);
        let altered = self.kinds().filter_map(|kind| match kind {
            ActionKind::AddColumn { column, .. } | ActionKind::Redefine { column, .. } => Some(column),
            _ => None,
        });
        made.chain(altered).any(wanted)
    }

    /// Whether it makes a constraint of this kind.
    pub(super) fn constraint(&self, wanted: fn(&ConstraintDefinition) -> bool) -> bool {
        let made = self.create().into_iter().flat_map(CreateTable::all_constraints);
        let added = self.kinds().filter_map(|kind| match kind {
            ActionKind::AddConstraint(constraint) => Some(std::slice::from_ref(constraint)),
            ActionKind::AddColumn { column, .. } => Some(column.constraints.as_slice()),
            _ => None,
        });
        made.chain(added.flatten()).any(wanted)
    }

    /// Whether it makes an index of this kind.
    pub(super) fn index(&self, wanted: fn(&IndexDefinition) -> bool) -> bool {
        let made = self.create().into_iter().flat_map(|create| &create.indexes);
        let added = self.kinds().filter_map(|kind| match kind {
            ActionKind::AddIndex(index) => Some(index),
            _ => None,
        });
        let alone = match self.statement {
            Statement::CreateIndex(index) => Some(index),
            _ => None,
        };
        made.chain(added).chain(alone).any(wanted)
    }

    /// Whether an index is named and made `CONCURRENTLY`; alone the word is a name.
    pub(super) fn concurrently(&self) -> bool {
        let dropped = match self.statement {
            Statement::Drop(drop) => drop.concurrently && drop.table.is_some(),
            _ => false,
        };
        dropped || self.index(|index| index.concurrently && index.name.is_some())
    }

    /// Whether the algorithm of the change is this one.
    pub(super) fn algorithm(&self, word: &str) -> bool {
        let asked = match self.statement {
            Statement::AlterTable(alter) => alter.algorithm.as_deref(),
            Statement::CreateIndex(index) => index.algorithm.as_deref(),
            Statement::Drop(drop) => drop.algorithm.as_deref(),
            _ => None,
        };
        asked == Some(word)
    }
}

/// Whether an index has a part that is an expression in parentheses of its own, as MySQL wants it.
pub(super) fn computed(index: &IndexDefinition) -> bool {
    index.parts.iter().any(|part| matches!(part, IndexPart::Expression(text) if text.starts_with('(')))
}

/// Whether the default of a column is an expression in parentheses.
pub(super) fn computed_default(column: &ColumnDefinition) -> bool {
    column.default.as_ref().is_some_and(|default: &Expression| default.text.starts_with('('))
}

/// Whether a column is of one of these types.
pub(super) fn typed(column: &ColumnDefinition, names: &[&str]) -> bool {
    column.data_type.as_ref().is_some_and(|data_type| names.contains(&data_type.name.as_str()))
}
