//! Which objects of a database are looked at. Not what is done with them.

use underpin_core::{
    dialect::Flavour,
    schema::{Body, Object, ObjectId, ObjectKind, Schema, Sequence},
};

use crate::HistoryTables;

/// Which objects of a database are looked at.
///
/// ```
/// use underpin::Scope;
///
/// let scope = Scope::default().exclude("audit_*").exclude("agno.*");
/// assert!(scope.covers_name(Some("public"), "orders"));
/// assert!(!scope.covers_name(Some("public"), "audit_2026"));
/// assert!(!scope.covers_name(Some("agno"), "anything"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The namespaces to look at; without any, all that are not the server's own (PostgreSQL), or
    /// the database that one is connected to (MySQL, MariaDB).
    pub(crate) schemas: Vec<String>,
    include: Vec<String>,
    exclude: Vec<String>,
    /// Whether names in the connection's default namespace are written without it.
    pub(crate) short_names: bool,
    /// Whether a transaction is open, which looking must not end.
    pub(crate) in_transaction: bool,
    history: Vec<HistoryTables>,
}

impl Scope {
    /// Looks at this namespace, and at no other that is not named as well.
    #[must_use]
    pub fn schema(mut self, schema: impl Into<String>) -> Self {
        self.schemas.push(schema.into());
        self
    }

    /// Looks at what this pattern is for, and at nothing else that no such pattern is for.
    ///
    /// `*` stands for any text and `?` for any character; a pattern with a dot in it is for the
    /// namespace and the name, any other for the name. What belongs to a table goes with it.
    #[must_use]
    pub fn include(mut self, pattern: impl Into<String>) -> Self {
        self.include.push(pattern.into());
        self
    }

    /// Leaves out what this pattern is for.
    #[must_use]
    pub fn exclude(mut self, pattern: impl Into<String>) -> Self {
        self.exclude.push(pattern.into());
        self
    }

    /// Looks from within a transaction that is open.
    #[must_use]
    pub(crate) fn in_transaction(mut self, open: bool) -> Self {
        self.in_transaction = open;
        self
    }

    /// Writes names in the connection's default namespace without it, as people do. Without this,
    /// every name has its namespace, so that the text means the same under every `search_path`.
    #[must_use]
    pub fn short_names(mut self) -> Self {
        self.short_names = true;
        self
    }

    /// Leaves out a history under other names than the usual ones.
    #[must_use]
    pub fn history(mut self, tables: HistoryTables) -> Self {
        self.history.push(tables);
        self
    }

    /// Whether an object of this name is looked at.
    pub fn covers_name(&self, schema: Option<&str>, name: &str) -> bool {
        let is_for = |pattern: &String| match pattern.contains('.') {
            true => matches(pattern, &format!("{}.{name}", schema.unwrap_or_default())),
            false => matches(pattern, name),
        };
        let included = self.include.is_empty() || self.include.iter().any(is_for);
        included && !self.exclude.iter().any(is_for) && !self.is_history(name)
    }

    /// The same without patterns: everything in the namespaces that are looked at.
    pub(crate) fn whole(&self) -> Self {
        Self { include: Vec::new(), exclude: Vec::new(), ..self.clone() }
    }

    fn is_history(&self, name: &str) -> bool {
        HistoryTables::default().owns(name) || self.history.iter().any(|tables| tables.owns(name))
    }

    fn covers(&self, id: &ObjectId) -> bool {
        match id.kind {
            ObjectKind::Namespace => self.schemas.is_empty() || self.schemas.contains(&id.name),
            _ => self.covers_name(id.schema.as_deref(), id.table.as_ref().unwrap_or(&id.name)),
        }
    }

    /// Whether the table is looked at that a sequence goes with.
    fn covers_owner(&self, object: &Object) -> bool {
        match &object.body {
            Body::Sequence(Sequence { owned_by: Some(column), .. }) => self.covers(column),
            _ => true,
        }
    }

    /// Leaves in a schema what this scope covers.
    pub(crate) fn retain(&self, schema: &mut Schema) {
        schema.objects.retain(|id, object| self.covers(id) && self.covers_owner(object));
        let bare = self.namespaces_of_history(schema);
        let covered =
            |id: &ObjectId| self.covers(id) && !(id.kind == ObjectKind::Namespace && bare.contains(&id.name));
        schema.objects.retain(|id, _| covered(id));
        // A view that is not looked at is known all the same: what it is made of can't change under it.
        let is_postgres = schema.flavour == Flavour::Postgres;
        let is_view =
            |id: &ObjectId| is_postgres && matches!(id.kind, ObjectKind::View | ObjectKind::MaterializedView);
        schema
            .dependencies
            .retain(|one| (covered(&one.dependent) || is_view(&one.dependent)) && covered(&one.on));
    }

    /// The namespaces that were made for a history and hold nothing else; `public` is everybody's.
    fn namespaces_of_history(&self, schema: &Schema) -> Vec<String> {
        let own = self.history.iter().filter_map(HistoryTables::schema).filter(|name| *name != "public");
        let holds_no_more =
            |name: &&str| !schema.objects.keys().any(|id| id.schema.as_deref() == Some(*name));
        own.filter(holds_no_more).map(str::to_owned).collect()
    }
}

/// Whether a text is what a pattern with `*` and `?` stands for.
fn matches(pattern: &str, text: &str) -> bool {
    let Some(first) = pattern.chars().next() else { return text.is_empty() };
    let rest = &pattern[first.len_utf8()..];
    match first {
        '*' => text.char_indices().any(|(at, _)| matches(rest, &text[at..])) || matches(rest, ""),
        '?' => text.chars().next().is_some_and(|character| matches(rest, &text[character.len_utf8()..])),
        _ => text.strip_prefix(first).is_some_and(|text| matches(rest, text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_stands_for_whole_names() {
        assert!(matches("audit_*", "audit_2026"));
        assert!(!matches("audit_*", "my_audit_2026"));
        assert!(matches("*", ""));
        assert!(matches("a?c", "abc"));
        assert!(!matches("a?c", "ac"));
    }

    #[test]
    fn the_history_is_never_part_of_a_schema() {
        let scope = Scope::default().history(HistoryTables::new(None, "mine"));
        assert!(!scope.covers_name(None, "underpin_history"));
        assert!(!scope.covers_name(None, "mine_log"));
        assert!(scope.covers_name(None, "underpinning"));
    }
}
