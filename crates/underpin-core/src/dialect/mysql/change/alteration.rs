//! One table that changes: the clauses of the statement that changes it, and the statements that its
//! rows need before and after. Foreign keys are not among them.

use std::collections::BTreeSet;

use super::{
    column::{self, Pair},
    constraint, index, name, option, partition, position, quoted, rows, text,
};
use crate::{
    dialect::Flavour,
    difference::{Alteration, Change, Difference},
    name::mysql_string,
    schema::{Column, Constraint, ConstraintKind, Index, Key, Table},
};

/// A table that changes, and what has to be made anew because of that.
pub(super) struct TableChange<'a> {
    flavour: Flavour,
    alteration: &'a Alteration,
    from: &'a Table,
    to: &'a Table,
    table: String,
    pairs: Vec<Pair<'a>>,
    /// Columns that are dropped and added again, by their new names.
    recreated: BTreeSet<&'a str>,
    /// Those, and columns that are renamed: what names them in an expression is made anew.
    unsettled: BTreeSet<&'a str>,
    /// Checks that go, and whose names other tables get.
    moving: Vec<&'a Constraint>,
    /// Indexes that only get another name.
    renames: Vec<(&'a Index, &'a Index)>,
}

impl<'a> TableChange<'a> {
    pub(super) fn new(
        difference: &'a Difference,
        alteration: &'a Alteration,
        from: &'a Table,
        to: &'a Table,
    ) -> Self {
        let flavour = difference.to.flavour;
        let pairs = column::pairs(alteration, from, to);
        let mut recreated: BTreeSet<&str> =
            pairs.iter().filter(|pair| pair.is_recreated()).map(|pair| pair.to.name.as_str()).collect();
        let renamed: Vec<&str> =
            pairs.iter().filter(|pair| pair.is_renamed()).map(|pair| pair.to.name.as_str()).collect();
        // What is computed from such a column goes and comes with it, and so on.
        loop {
            let more = pairs.iter().find(|pair| {
                let generated = pair.from.and(pair.to.generated.as_ref());
                !recreated.contains(pair.to.name.as_str())
                    && generated.is_some_and(|generated| {
                        let mut names = recreated.iter().chain(&renamed);
                        names.any(|name| text::mentions(&generated.expression, name))
                    })
            });
            match more {
                Some(pair) => recreated.insert(&pair.to.name),
                None => break,
            };
        }
        let unsettled = recreated.iter().copied().chain(renamed).collect();
        let table = name(&alteration.to.id);
        let moving = match flavour {
            Flavour::Mysql => constraint::moving_checks(difference, alteration),
            Flavour::Mariadb | Flavour::Postgres | Flavour::Sqlite => Vec::new(),
        };
        let mut change = Self {
            flavour,
            alteration,
            from,
            to,
            table,
            pairs,
            recreated,
            unsettled,
            moving,
            renames: Vec::new(),
        };
        // With a column that is made anew the index goes, too.
        let renames = index::renames(flavour, difference.to.version, alteration).into_iter();
        change.renames =
            renames.filter(|(from, to)| !change.loses_column(to) && !change.is_anchored(from)).collect();
        change
    }

    /// What has to go before any table gets a check of the same name: MySQL wants them to be unique
    /// within a database.
    pub(super) fn early_drops(&self) -> Option<String> {
        let clauses: Vec<String> =
            self.moving.iter().map(|one| constraint::drop(self.flavour, one)).collect();
        let table = name(&self.alteration.from.id);
        (!clauses.is_empty()).then(|| format!("ALTER TABLE {table}\n  {}", clauses.join(",\n  ")))
    }

    pub(super) fn statements(&self) -> Vec<String> {
        let mut statements = Vec::new();
        if [self.from, self.to].iter().any(|table| table.options.contains_key("system_versioning")) {
            statements.push("SET SESSION system_versioning_alter_history = 'KEEP'".to_owned());
        }
        for pair in &self.pairs {
            statements.extend(self.before(pair));
        }
        let anchored = self.from.indexes.iter().filter(|index| self.is_anchored(index));
        statements.extend(
            index::unparsed(self.alteration)
                .chain(anchored)
                .map(|index| self.one(&format!("DROP INDEX {}", quoted(&index.name)))),
        );
        let mut clauses = self.drops();
        let (columns, varying) = self.columns();
        clauses.extend(columns);
        let (additions, separate) = self.additions();
        clauses.extend(additions);
        clauses.extend(self.options());
        let partitions = partition::change(self.from, self.to);
        let end = match &partitions {
            partition::Change::Rebuild(end) => Some(end),
            partition::Change::None | partition::Change::Append(_) => None,
        };
        if !clauses.is_empty() || end.is_some() {
            let mut sql = format!("ALTER TABLE {}\n  {}", self.table, clauses.join(",\n  "));
            if let Some(end) = end {
                sql = format!("{}\n  {end}", sql.trim_end());
            }
            statements.push(sql);
        }
        statements.extend(varying.iter().map(|clause| self.one(clause)));
        if let partition::Change::Append(clause) = &partitions {
            statements.push(self.one(clause));
        }
        for pair in &self.pairs {
            statements.extend(self.after(pair));
        }
        statements.extend(separate.iter().map(|clause| self.one(clause)));
        statements
    }

    fn one(&self, clause: &str) -> String {
        format!("ALTER TABLE {}\n  {clause}", self.table)
    }

    /// What rows need before the table changes.
    fn before(&self, pair: &Pair<'_>) -> Vec<String> {
        let mut statements = rows::retire_labels(&self.table, self.from, pair);
        statements.extend(rows::by_text(self.flavour, &self.table, pair));
        if pair.is_kept() {
            let kept = Column { name: self.kept_name(pair), ..loose(pair.to) };
            let definition = column::definition(self.flavour, &kept);
            statements.push(self.one(&format!("ADD COLUMN {definition}")));
            let (target, source) = (quoted(&kept.name), pair.from.map_or(&pair.to.name, |from| &from.name));
            let untouched = rows::untouched(self.from, &kept.name);
            statements.push(format!("UPDATE {} SET {target} = {}{untouched}", self.table, quoted(source)));
        }
        if let (Some(default), Some(from)) = (rows::default_for_nulls(pair), pair.from)
            && !self.fills_afterwards(pair)
        {
            let same = Pair { from: Some(from), to: &Column { name: from.name.clone(), ..pair.to.clone() } };
            statements.push(rows::fill_nulls(&self.table, self.from, &same, default));
        }
        statements
    }

    fn kept_name(&self, pair: &Pair<'_>) -> String {
        let kept = self.pairs.iter().filter(|pair| pair.is_kept()).map(|pair| pair.to.name.as_str());
        column::waiting_name(&pair.to.name, kept, self.from.columns.iter().chain(&self.to.columns))
    }

    /// Whether rows get their default only once the column has its new type, and checks are gone that may not take it.
    fn fills_afterwards(&self, pair: &Pair<'_>) -> bool {
        let Some(from) = pair.from else { return false };
        let is_about = |change: &Change<Constraint>| match change {
            Change::Drop { from: one } | Change::Alter { from: one, .. } => match &one.kind {
                ConstraintKind::Check { expression } => text::mentions(expression, &from.name),
                _ => false,
            },
            Change::Add { .. } => false,
        };
        let changes = from.data_type != pair.to.data_type || self.alteration.constraints.iter().any(is_about);
        changes && rows::default_for_nulls(pair).is_some()
    }

    /// What rows need once the table has changed.
    fn after(&self, pair: &Pair<'_>) -> Vec<String> {
        let definition = column::definition(self.flavour, pair.to);
        if let (Some(default), true) = (rows::default_for_nulls(pair), self.fills_afterwards(pair)) {
            return vec![
                rows::fill_nulls(&self.table, self.to, pair, default),
                self.one(&format!("MODIFY COLUMN {definition}")),
            ];
        }
        let is_new = pair.from.is_none();
        if let Some(default) = self.late(pair) {
            let untouched = rows::untouched(self.to, &pair.to.name);
            return vec![
                format!("UPDATE {} SET {} = {default}{untouched}", self.table, quoted(&pair.to.name)),
                self.one(&format!("MODIFY COLUMN {definition}")),
            ];
        }
        match rows::filler(self.flavour, pair.to).filter(|_| is_new) {
            Some(_) => vec![self.one(&format!("ALTER COLUMN {} DROP DEFAULT", quoted(&pair.to.name)))],
            None => Vec::new(),
        }
    }

    /// The value of a new column that rows have to be given in a statement of their own.
    fn late(&self, pair: &Pair<'_>) -> Option<String> {
        if pair.from.is_some() {
            return None;
        }
        let default = pair.to.default.clone().filter(|default| rows::varies(self.flavour, default));
        default.or_else(|| rows::shape(pair.to))
    }

    fn drops(&self) -> Vec<String> {
        let mut clauses = Vec::new();
        if self.loses_system_versioning() {
            clauses.push("DROP SYSTEM VERSIONING".to_owned());
        }
        for (period, _) in option::periods_without(&self.from.options, &self.to.options) {
            clauses.push(format!("DROP PERIOD FOR {}", option::period(period)));
        }
        for change in &self.alteration.constraints {
            if let Change::Drop { from } | Change::Alter { from, .. } = change
                && !constraint::is_foreign_key(from)
                && !self.moving.contains(&from)
            {
                clauses.push(constraint::drop(self.flavour, &self.under_new_name(from)));
            }
        }
        clauses.extend(
            self.renewed_constraints().map(|one| constraint::drop(self.flavour, &self.under_new_name(one))),
        );
        for change in &self.alteration.indexes {
            match change {
                Change::Alter { from, to } if index::differ_in_visibility_only(from, to) => {}
                Change::Drop { from } if self.renames.iter().any(|(old, _)| *old == from) => {}
                Change::Alter { from, to } if index::differ_in_parser_only(from, to) => {}
                Change::Drop { from } | Change::Alter { from, .. } if self.is_anchored(from) => {}
                Change::Drop { from } | Change::Alter { from, .. } => {
                    clauses.push(format!("DROP INDEX {}", quoted(&from.name)));
                }
                Change::Add { .. } => {}
            }
        }
        let renewed = self.renewed_indexes().filter(|index| !self.is_anchored(index));
        clauses.extend(renewed.map(|index| format!("DROP INDEX {}", quoted(&index.name))));
        for column in &self.from.columns {
            let stays = self.pairs.iter().any(|pair| {
                pair.from.is_some_and(|from| from.name == column.name)
                    && !self.recreated.contains(pair.to.name.as_str())
            });
            if !stays {
                clauses.push(format!("DROP COLUMN {}", quoted(&column.name)));
            }
        }
        clauses
    }

    /// A check with the name that renaming its table gave it: `old_chk_1` becomes `new_chk_1`.
    fn under_new_name(&self, check: &Constraint) -> Constraint {
        let (old, new) = (&self.alteration.from.id.name, &self.alteration.to.id.name);
        let number = check.name.as_ref().and_then(|name| name.strip_prefix(&format!("{old}_chk_")));
        match number.filter(|_| old != new && self.flavour == Flavour::Mysql) {
            Some(number) => Constraint { name: Some(format!("{new}_chk_{number}")), ..check.clone() },
            None => check.clone(),
        }
    }

    /// Constraints that don't differ and name a column that is made anew or renamed.
    fn renewed_constraints(&self) -> impl Iterator<Item = &'a Constraint> + '_ {
        let changed = |one: &Constraint| {
            self.alteration.constraints.iter().any(|change| match change {
                Change::Add { to } | Change::Alter { to, .. } => to.name == one.name,
                Change::Drop { .. } => false,
            })
        };
        self.to.constraints.iter().filter(move |one| !changed(one)).filter(|one| match &one.kind {
            ConstraintKind::Check { expression } => {
                self.unsettled.iter().any(|column| text::mentions(expression, column))
            }
            ConstraintKind::PrimaryKey { parts } => {
                self.loses_block_size()
                    || index::columns(parts).iter().any(|column| self.recreated.contains(column))
            }
            _ => false,
        })
    }

    /// Indexes that don't differ and would go without a word: with a column that is made anew, or
    /// because the server takes an index that it made for a foreign key away as soon as another one
    /// begins with the same columns ("FOREIGN KEY Constraints" in MySQL's manual).
    fn renewed_indexes(&self) -> impl Iterator<Item = &'a Index> + '_ {
        self.to.indexes.iter().filter(|index| !index::changes(self.alteration, &index.name)).filter(|index| {
            self.loses_block_size()
                || self.loses_column(index)
                || self.is_superseded(index)
                || self.is_anchored(index)
        })
    }

    /// Whether an index has to be gone before the statement that changes its column, because it is over
    /// shapes that get another reference system.
    fn is_anchored(&self, index: &Index) -> bool {
        let columns = index::columns(&index.parts);
        index::is_over_shapes(index)
            && self.pairs.iter().any(|pair| {
                pair.from.is_some_and(|from| {
                    columns.contains(&from.name.as_str())
                        && from.options.get("srid") != pair.to.options.get("srid")
                })
            })
    }

    /// Whether the table's keys would keep, each as its own, the size of blocks that the table loses.
    fn loses_block_size(&self) -> bool {
        let size = |table: &'a Table| table.options.get("key_block_size");
        size(self.from).is_some() && size(self.from) != size(self.to)
    }

    fn loses_column(&self, index: &Index) -> bool {
        index.parts.iter().any(|part| match &part.key {
            Key::Column(column) => self.recreated.contains(column.as_str()),
            Key::Expression(expression) => {
                self.unsettled.iter().any(|column| text::mentions(expression, column))
            }
        })
    }

    fn is_superseded(&self, index: &Index) -> bool {
        let is_of_key = |table: &Table| {
            table.constraints.iter().any(|one| match &one.kind {
                ConstraintKind::ForeignKey(key) => {
                    one.name.as_ref() == Some(&index.name) || key.columns.first() == Some(&index.name)
                }
                _ => false,
            })
        };
        let comes = |change: &Change<Index>| match change {
            Change::Add { to } | Change::Alter { to, .. } => to.parts.starts_with(&index.parts),
            Change::Drop { .. } => false,
        };
        (is_of_key(self.from) || is_of_key(self.to)) && self.alteration.indexes.iter().any(comes)
    }

    /// The clauses for columns that come, change or move, in their order; and those that need a statement of their
    /// own, because MySQL takes no default that varies where a column is added.
    fn columns(&self) -> (Vec<String>, Vec<String>) {
        let wanted: Vec<&str> = self.pairs.iter().map(|pair| pair.to.name.as_str()).collect();
        let mut staying: Vec<(usize, &str)> =
            self.pairs.iter().filter_map(|pair| Some((self.place(pair)?, pair.to.name.as_str()))).collect();
        // What has the same place is kept, and came in this order.
        staying.sort_by_key(|(place, _)| *place);
        let current: Vec<&str> = staying.into_iter().map(|(_, name)| name).collect();
        let placed = position::placed(&current, &wanted);
        let is_added =
            |pair: &Pair<'_>| pair.from.is_none() || self.recreated.contains(pair.to.name.as_str());
        let adds = self.pairs.iter().any(is_added);
        let (mut clauses, mut varying) = (Vec::new(), Vec::new());
        for (at, pair) in self.pairs.iter().enumerate() {
            let is_placed = placed.contains(pair.to.name.as_str());
            let Some(clause) = self.column(pair, is_placed) else { continue };
            let place = match (is_placed, at.checked_sub(1)) {
                (false, _) => String::new(),
                (true, None) => " FIRST".to_owned(),
                (true, Some(before)) => format!(" AFTER {}", quoted(wanted[before])),
            };
            let default = pair.to.default.as_deref();
            let varies = default.is_some_and(|default| rows::varies(self.flavour, default));
            let waits = adds && varies && !is_added(pair);
            if waits { &mut varying } else { &mut clauses }.push(format!("{clause}{place}"));
        }
        (clauses, varying)
    }

    /// Where a column stands when the table changes; none if it is added then. What is kept has been
    /// added behind all others.
    fn place(&self, pair: &Pair<'_>) -> Option<usize> {
        if pair.is_kept() {
            return Some(self.from.columns.len());
        }
        let from = pair.from.filter(|_| !self.recreated.contains(pair.to.name.as_str()))?;
        self.from.columns.iter().position(|column| column.name == from.name)
    }

    fn column(&self, pair: &Pair<'_>, is_placed: bool) -> Option<String> {
        let definition = match (self.fills_afterwards(pair), pair.from) {
            (true, _) => column::definition(self.flavour, &Column { nullable: true, ..pair.to.clone() }),
            (false, None) if self.late(pair).is_some() => column::definition(self.flavour, &loose(pair.to)),
            (false, None) => {
                let filler = rows::filler(self.flavour, pair.to).map(str::to_owned);
                let filled =
                    Column { default: filler.or_else(|| pair.to.default.clone()), ..pair.to.clone() };
                column::definition(self.flavour, &filled)
            }
            (false, Some(_)) => column::definition(self.flavour, pair.to),
        };
        let Some(from) = pair.from else { return Some(format!("ADD COLUMN {definition}")) };
        if pair.is_kept() {
            return Some(format!("CHANGE COLUMN {} {definition}", quoted(&self.kept_name(pair))));
        }
        if self.recreated.contains(pair.to.name.as_str()) {
            return Some(format!("ADD COLUMN {definition}"));
        }
        if pair.is_renamed() {
            return Some(format!("CHANGE COLUMN {} {definition}", quoted(&from.name)));
        }
        let differs = from != pair.to
            || is_placed
            || column::collation(self.from, from) != column::collation(self.to, pair.to);
        differs.then(|| format!("MODIFY COLUMN {definition}"))
    }

    /// What is added once the columns are there; and what needs statements of its own, because the
    /// server builds one full-text index at a time, and none over shapes that rows have not got yet.
    fn additions(&self) -> (Vec<String>, Vec<String>) {
        let mut clauses = Vec::new();
        let mut separate = Vec::new();
        for (period, columns) in option::periods_without(&self.to.options, &self.from.options) {
            clauses.push(format!("ADD PERIOD FOR {} ({columns})", option::period(period)));
        }
        let mut has_fulltext = false;
        let mut add_index = |index: &Index, clauses: &mut Vec<String>| {
            let clause = format!("ADD {}", index::definition(self.flavour, index));
            let is_fulltext = index.method.as_deref() == Some("fulltext");
            let waits = (is_fulltext && has_fulltext) || self.is_over_shapes_that_come(index);
            if waits { &mut separate } else { clauses }.push(clause);
            has_fulltext |= is_fulltext;
        };
        let constraints = self.alteration.constraints.iter().filter_map(|change| match change {
            Change::Add { to } | Change::Alter { to, .. } => Some(to),
            Change::Drop { .. } => None,
        });
        let (keys, checks): (Vec<&Constraint>, Vec<&Constraint>) = constraints
            .chain(self.renewed_constraints())
            .filter(|one| !constraint::is_foreign_key(one))
            .partition(|one| matches!(one.kind, ConstraintKind::PrimaryKey { .. }));
        let added = |one: &&Constraint| format!("ADD {}", constraint::definition(self.flavour, one));
        clauses.extend(keys.iter().map(added));
        for change in &self.alteration.indexes {
            match change {
                Change::Alter { from, to } if index::differ_in_visibility_only(from, to) => {
                    let word = index::visibility(self.flavour, to.invisible);
                    clauses.push(format!("ALTER INDEX {} {word}", quoted(&to.name)));
                }
                Change::Add { to } if self.renames.iter().any(|(_, new)| *new == to) => {}
                Change::Add { to } | Change::Alter { to, .. } => add_index(to, &mut clauses),
                Change::Drop { .. } => {}
            }
        }
        for (from, to) in &self.renames {
            clauses.push(format!("RENAME INDEX {} TO {}", quoted(&from.name), quoted(&to.name)));
        }
        for index in self.renewed_indexes() {
            add_index(index, &mut clauses);
        }
        clauses.extend(checks.iter().map(added));
        (clauses, separate)
    }

    /// Whether an index is over a column that is null until its rows have been filled.
    fn is_over_shapes_that_come(&self, index: &Index) -> bool {
        let columns = index::columns(&index.parts);
        index.method.as_deref() == Some("spatial")
            && self
                .pairs
                .iter()
                .any(|pair| columns.contains(&pair.to.name.as_str()) && self.late(pair).is_some())
    }

    fn options(&self) -> Vec<String> {
        let mut clauses = option::changes(&self.from.options, &self.to.options);
        let (old, new) = (&self.alteration.from.comment, &self.alteration.to.comment);
        if old != new {
            let comment = new.as_deref().unwrap_or_default();
            clauses.push(format!("COMMENT={}", mysql_string(comment)));
        }
        let versioned = |table: &Table| table.options.contains_key("system_versioning");
        if versioned(self.to) && !versioned(self.from) {
            clauses.push("ADD SYSTEM VERSIONING".to_owned());
        }
        clauses
    }

    fn loses_system_versioning(&self) -> bool {
        let versioned = |table: &Table| table.options.contains_key("system_versioning");
        versioned(self.from) && !versioned(self.to)
    }
}

/// A column without what rows could break.
fn loose(column: &Column) -> Column {
    Column { nullable: true, default: None, on_update: None, auto_increment: false, ..column.clone() }
}
