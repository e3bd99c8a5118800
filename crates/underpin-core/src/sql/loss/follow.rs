//! The statements of a run, followed one by one: what each deletes of what was there before the run. What it
//! means for the run is not decided here.

use std::collections::{BTreeMap, BTreeSet};

use super::Loss;
use crate::{
    dialect::Dialect,
    sql::{Code, TableName, TokenKind, created_table, names::object_names, table::table_name, words::Words},
};

/// A table by its name, compared as its dialect does.
type Key = (Option<String>, String);

/// Follows the statements of a run, and knows what of it is new: what they have made themselves, they may
/// delete again.
pub(crate) struct Losses {
    dialect: Dialect,
    tables: BTreeSet<Key>,
    columns: BTreeSet<(Key, String)>,
    /// What a column was called before the first statement.
    renamed: BTreeMap<(Key, String), String>,
    copies: Vec<Copy>,
}

/// All rows of a table, copied into another.
struct Copy {
    from: Key,
    to: Key,
    /// The names of the statement; nothing where it takes every column.
    names: Option<Vec<String>>,
}

impl Losses {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            tables: BTreeSet::new(),
            columns: BTreeSet::new(),
            renamed: BTreeMap::new(),
            copies: Vec::new(),
        }
    }

    /// What the next statement deletes.
    pub(crate) fn follow(&mut self, statement: &str) -> Vec<Loss> {
        let beginning = Words::beginning(self.dialect, statement);
        let first = beginning.first();
        if !first.is_one_of(&["CREATE", "ALTER", "DROP", "RENAME", "TRUNCATE", "INSERT", "DELETE", "WITH"])
            || (first.is("INSERT") && !mentions(statement, b"SELECT"))
        {
            return Vec::new();
        }
        let words = Words::new(self.dialect, statement);
        if first.is("CREATE") {
            return self.create(&words, statement);
        }
        if first.is("ALTER") {
            return self.alter(&words);
        }
        if first.is("DROP") {
            return self.drop(&words);
        }
        if first.is("RENAME") {
            self.rename_tables(&words);
            return Vec::new();
        }
        if first.is("TRUNCATE") {
            let start = 1 + usize::from(words.is(1, "TABLE"));
            return self.rows(&self.listed(&words, start));
        }
        if first.is("INSERT") {
            self.copies.extend(self.copied(&words, statement));
            return Vec::new();
        }
        self.delete(&words)
    }

    fn key(&self, name: &TableName) -> Key {
        let fold = |text: &String| match self.dialect {
            Dialect::Postgres => text.clone(),
            Dialect::Sqlite | Dialect::Mysql => text.to_lowercase(),
        };
        let schema = name.schema.as_ref().map(fold);
        let own = self.dialect == Dialect::Sqlite && schema.as_deref() == Some("main");
        (schema.filter(|_| !own), fold(&name.name))
    }

    /// Whether a table is gone with its session, or was made by this run.
    fn is_new(&self, name: &TableName) -> bool {
        let schema = name.schema.as_deref().unwrap_or_default();
        schema.eq_ignore_ascii_case("temp") || schema == "pg_temp" || self.tables.contains(&self.key(name))
    }

    fn create(&mut self, words: &Words<'_>, statement: &str) -> Vec<Loss> {
        let Some(created) = created_table(self.dialect, statement) else { return Vec::new() };
        let name = TableName { schema: created.schema, name: created.name };
        // MariaDB: CREATE OR REPLACE TABLE drops the one that is there.
        let replaced = words.start_with(&["CREATE", "OR", "REPLACE"]) && !created.temporary;
        let losses = if replaced && !self.is_new(&name) { self.dropped(&name) } else { Vec::new() };
        if created.temporary || !created.if_not_exists {
            self.tables.insert(self.key(&name));
        }
        self.copies.extend(self.copied(words, statement));
        losses
    }

    /// Forgets a table, and says what is lost with it.
    fn dropped(&mut self, name: &TableName) -> Vec<Loss> {
        let key = self.key(name);
        if self.is_new(name) {
            self.tables.remove(&key);
            return Vec::new();
        }
        let table = shown(name);
        let Some(at) = self.copies.iter().position(|copy| copy.from == key) else {
            return vec![Loss::Table { table }];
        };
        let copy = self.copies.remove(at);
        // What holds its rows now is no less worth than it was.
        self.tables.remove(&copy.to);
        let kept = copy.names.map(|names| {
            let before = |name: &String| self.renamed.get(&(key.clone(), self.fold(name))).cloned();
            names.iter().map(|name| before(name).unwrap_or_else(|| name.clone())).collect()
        });
        kept.map(|kept| Loss::Rebuild { table, kept }).into_iter().collect()
    }

    fn drop(&mut self, words: &Words<'_>) -> Vec<Loss> {
        let cascades = words.any(2, "CASCADE");
        let container = |what: &str, at: usize| {
            let names = self.listed(words, at).iter().map(shown).collect::<Vec<_>>().join(", ");
            vec![Loss::Container { object: format!("{what} {names}") }]
        };
        if words.is_one_of(1, &["TABLE", "TABLES"]) {
            let names = self.listed(words, 2);
            return names.iter().flat_map(|name| self.dropped(name)).collect();
        }
        if words.is(1, "DATABASE") || (words.is(1, "SCHEMA") && self.dialect == Dialect::Mysql) {
            return container("database", 2);
        }
        if words.is(1, "SCHEMA") && cascades {
            return container("schema", 2);
        }
        if words.start_with(&["DROP", "OWNED", "BY"]) {
            return container("what belongs to", 3);
        }
        // Of a view and a function nothing hangs that holds rows.
        if cascades && words.is_one_of(1, &["TYPE", "DOMAIN", "EXTENSION", "COLLATION"]) {
            let kind = words.codes()[1].text.to_lowercase();
            let names = self.listed(words, 2).iter().map(shown).collect::<Vec<_>>().join(", ");
            return vec![Loss::Dependents { object: format!("{kind} {names}") }];
        }
        Vec::new()
    }

    fn rows(&self, tables: &[TableName]) -> Vec<Loss> {
        let old = tables.iter().filter(|table| !self.is_new(table));
        old.map(|table| Loss::Rows { table: shown(table) }).collect()
    }

    fn delete(&self, words: &Words<'_>) -> Vec<Loss> {
        let codes = words.codes();
        let outside = outside_of_parentheses(codes);
        let Some(delete) = outside.iter().copied().find(|&at| codes[at].is("DELETE")) else {
            return Vec::new();
        };
        let after = || outside.iter().copied().filter(|&at| at > delete);
        if after().any(|at| codes[at].is("WHERE")) {
            return Vec::new();
        }
        let Some(from) = after().find(|&at| codes[at].is("FROM")) else { return Vec::new() };
        let name = from + 1 + usize::from(words.is(from + 1, "ONLY"));
        self.rows(&table_name(self.dialect, codes, name).into_iter().collect::<Vec<_>>())
    }

    fn alter(&mut self, words: &Words<'_>) -> Vec<Loss> {
        let mut at = 1;
        while words.is_one_of(at, &["IGNORE", "ONLINE"]) {
            at += 1;
        }
        if !words.is(at, "TABLE") {
            return Vec::new();
        }
        at += 1;
        while words.is_one_of(at, &["IF", "EXISTS", "ONLY"]) {
            at += 1;
        }
        let Some(mut name) = table_name(self.dialect, words.codes(), at) else { return Vec::new() };
        let mut losses = Vec::new();
        for clause in clauses(words.codes(), after_name(words.codes(), at)) {
            losses.extend(self.clause(&mut name, clause));
        }
        losses
    }

    fn clause(&mut self, table: &mut TableName, clause: &[Code<'_>]) -> Option<Loss> {
        let first = clause.first()?;
        if first.is("ADD") {
            let mut at = 1 + usize::from(clause.get(1).is_some_and(|code| code.is("COLUMN")));
            while clause.get(at).is_some_and(|code| code.is_one_of(&["IF", "NOT", "EXISTS"])) {
                at += 1;
            }
            let may_be_there = at > 2;
            let column = table_name(self.dialect, clause, at).filter(|_| !may_be_there)?;
            self.columns.insert((self.key(table), self.fold(&column.name)));
            return None;
        }
        if first.is("RENAME") {
            self.rename(table, clause);
            return None;
        }
        if self.is_new(table) {
            return None;
        }
        if first.is("DISCARD") || first.is("TRUNCATE") {
            return Some(Loss::Rows { table: shown(table) });
        }
        first.is("DROP").then(|| self.dropped_part(table, clause)).flatten()
    }

    /// What `DROP …` of an `ALTER TABLE` deletes ("ALTER TABLE" in the manuals).
    fn dropped_part(&self, table: &TableName, clause: &[Code<'_>]) -> Option<Loss> {
        let second = clause.get(1)?;
        let part = |part: String| Some(Loss::Part { table: shown(table), part });
        match self.dialect {
            Dialect::Sqlite | Dialect::Postgres if second.is("CONSTRAINT") => return None,
            Dialect::Sqlite | Dialect::Postgres => {}
            Dialect::Mysql => {
                let kept = ["CONSTRAINT", "INDEX", "KEY", "PRIMARY", "FOREIGN", "CHECK", "PERIOD"];
                if second.is_one_of(&kept) {
                    return None;
                }
                if second.is("PARTITION") {
                    let names: Vec<&str> = clause[2..].iter().map(|code| code.text).collect();
                    return part(format!("partition {}", names.join(" ")));
                }
                if second.is("SYSTEM") && clause.get(2).is_some_and(|code| code.is("VERSIONING")) {
                    return part("the earlier versions of the rows".to_owned());
                }
            }
        }
        let mut at = 1;
        while clause.get(at).is_some_and(|code| code.is_one_of(&["COLUMN", "IF", "EXISTS"])) {
            at += 1;
        }
        let column = table_name(self.dialect, clause, at)?.name;
        let new = self.columns.contains(&(self.key(table), self.fold(&column)));
        (!new).then(|| Loss::Column { table: shown(table), column })
    }

    fn fold(&self, name: &str) -> String {
        match self.dialect {
            Dialect::Postgres => name.to_owned(),
            Dialect::Sqlite | Dialect::Mysql => name.to_lowercase(),
        }
    }

    /// `RENAME TO new`, `RENAME AS new`, `RENAME new`, `RENAME [COLUMN] a TO b` and those that are about neither.
    fn rename(&mut self, table: &mut TableName, clause: &[Code<'_>]) {
        let Some(second) = clause.get(1) else { return };
        if second.is_one_of(&["CONSTRAINT", "INDEX", "KEY"]) {
            return;
        }
        let is_table = second.is_one_of(&["TO", "AS"]) || clause.len() == 2;
        if is_table {
            let at = if clause.len() == 2 { 1 } else { 2 };
            if let Some(new) = table_name(self.dialect, clause, at) {
                let new = TableName { schema: new.schema.or_else(|| table.schema.clone()), name: new.name };
                self.moved(table, &new);
                *table = new;
            }
            return;
        }
        let from = 1 + usize::from(second.is("COLUMN"));
        let names = (table_name(self.dialect, clause, from), table_name(self.dialect, clause, from + 2));
        let (Some(old), Some(new)) = names else { return };
        let key = self.key(table);
        let (old_key, new_key) = ((key.clone(), self.fold(&old.name)), (key, self.fold(&new.name)));
        if self.columns.remove(&old_key) {
            self.columns.insert(new_key.clone());
        }
        let first = self.renamed.remove(&old_key).unwrap_or(old.name);
        self.renamed.insert(new_key, first);
    }

    /// MySQL: `RENAME TABLE a TO b, c TO d`.
    fn rename_tables(&mut self, words: &Words<'_>) {
        let codes = words.codes();
        let pairs: Vec<_> = (2..codes.len())
            .filter(|&at| codes[at].is("TO"))
            .filter_map(|to| {
                let mut from = to - 1;
                while from >= 2 && codes[from - 1].is_operator(".") {
                    from -= 2;
                }
                Some((table_name(self.dialect, codes, from)?, table_name(self.dialect, codes, to + 1)?))
            })
            .collect();
        for (from, to) in pairs {
            self.moved(&from, &to);
        }
    }

    fn moved(&mut self, from: &TableName, to: &TableName) {
        let (from, to) = (self.key(from), self.key(to));
        match self.tables.remove(&from) {
            true => self.tables.insert(to.clone()),
            false => self.tables.remove(&to),
        };
        let columns = self.columns.iter().filter(|(table, _)| *table == from).cloned().collect::<Vec<_>>();
        for (table, column) in columns {
            self.columns.remove(&(table, column.clone()));
            self.columns.insert((to.clone(), column));
        }
        for copy in &mut self.copies {
            for end in [&mut copy.from, &mut copy.to].into_iter().filter(|end| **end == from) {
                end.clone_from(&to);
            }
        }
    }

    /// What a statement copies, if it is all rows of one table: `INSERT INTO a … SELECT … FROM b`, and
    /// `CREATE TABLE a AS SELECT … FROM b`.
    fn copied(&self, words: &Words<'_>, statement: &str) -> Option<Copy> {
        let codes = words.codes();
        let outside = outside_of_parentheses(codes);
        let select = outside.iter().copied().find(|&at| codes[at].is("SELECT"))?;
        let from = outside.iter().copied().find(|&at| at > select && codes[at].is("FROM"))?;
        let source = table_name(self.dialect, codes, from + 1)?;
        let whole = after_name(codes, from + 1) == codes.len()
            && !codes[..select].iter().any(|code| code.is("IGNORE"))
            && !words.is_one_of(select + 1, &["DISTINCT"]);
        let target = match created_table(self.dialect, statement) {
            Some(created) => TableName { schema: created.schema, name: created.name },
            None => {
                let into = codes.iter().position(|code| code.is("INTO"))?;
                table_name(self.dialect, codes, into + 1)?
            }
        };
        let all = codes[select..from].iter().any(|code| code.is_operator("*"));
        let names = (!all).then(|| object_names(self.dialect, statement));
        whole.then(|| Copy { from: self.key(&source), to: self.key(&target), names })
    }

    /// The names of a list, behind `IF EXISTS` and `ONLY`.
    fn listed(&self, words: &Words<'_>, mut at: usize) -> Vec<TableName> {
        let codes = words.codes();
        let mut names = Vec::new();
        loop {
            while words.is_one_of(at, &["IF", "EXISTS", "ONLY"]) {
                at += 1;
            }
            let Some(name) = table_name(self.dialect, codes, at) else { return names };
            names.push(name);
            at = after_name(codes, at);
            if codes.get(at).is_some_and(|code| code.is_operator("*")) {
                at += 1;
            }
            if !codes.get(at).is_some_and(|code| code.is_operator(",")) {
                return names;
            }
            at += 1;
        }
    }
}

fn mentions(statement: &str, word: &[u8]) -> bool {
    statement.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word))
}

fn shown(name: &TableName) -> String {
    match &name.schema {
        Some(schema) => format!("{schema}.{}", name.name),
        None => name.name.clone(),
    }
}

/// The token behind a name that starts at `at`.
fn after_name(codes: &[Code<'_>], mut at: usize) -> usize {
    while codes.get(at + 1).is_some_and(|code| code.is_operator(".")) {
        at += 2;
    }
    (at + 1).min(codes.len())
}

/// The places of the tokens that stand in no parentheses.
fn outside_of_parentheses(codes: &[Code<'_>]) -> Vec<usize> {
    let mut depth = 0_usize;
    let mut outside = Vec::new();
    for (at, code) in codes.iter().enumerate() {
        match (code.kind, code.text) {
            (TokenKind::Operator, "(") => depth += 1,
            (TokenKind::Operator, ")") => depth = depth.saturating_sub(1),
            _ if depth == 0 => outside.push(at),
            _ => {}
        }
    }
    outside
}

/// The clauses of a statement from a token on, parted by commas that stand in no parentheses.
fn clauses<'a, 'b>(codes: &'a [Code<'b>], start: usize) -> Vec<&'a [Code<'b>]> {
    let commas: Vec<usize> = outside_of_parentheses(codes)
        .into_iter()
        .filter(|&at| at >= start && codes[at].is_operator(","))
        .collect();
    let starts = std::iter::once(start).chain(commas.iter().map(|comma| comma + 1));
    let ends = commas.iter().copied().chain(std::iter::once(codes.len()));
    starts.zip(ends).filter_map(|(start, end)| codes.get(start..end)).collect()
}
