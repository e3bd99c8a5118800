//! Tables without their parts: made, changed in place, attached to others. Columns, constraints and
//! indexes have files of their own.

use super::{
    action::Action,
    column::{self, altering, is_inherited},
    constraint,
    conversion::{self, Way},
    text::{comment, list, literal, parameter_changes, qualified, quote, target, with},
};
use crate::{
    difference::Statement,
    name::quote_in,
    schema::{Column, Constraint, ConstraintKind, Object, ObjectId, Schema, ServerVersion, Table},
};

/// What becomes of a table whose own properties are not as they are to be.
pub(super) fn decide(from: &Object, to: &Object, before: &Table, after: &Table) -> Action {
    let own = |table: &Table| Table {
        columns: Vec::new(),
        constraints: Vec::new(),
        indexes: Vec::new(),
        create: None,
        ..table.clone()
    };
    if before.kind != after.kind || before.partition_by != after.partition_by {
        return Action::Rebuild;
    }
    let same = from.comment == to.comment && from.grants == to.grants && own(before) == own(after);
    if same { Action::Keep } else { Action::Alter }
}

/// Which parts of a new table are made with it; the rest comes later.
pub(super) struct Inline<'a> {
    pub(super) columns: Vec<(&'a Column, bool)>,
    pub(super) constraints: Vec<&'a Constraint>,
    /// Whether what says that a column is never null is named: the usual names belong to the table that
    /// is set aside meanwhile, and the server would choose others (PostgreSQL 18).
    pub(super) names_not_null: bool,
}

/// Creates a table with the parts that go with it.
pub(super) fn make(object: &Object, table: &Table, inline: &Inline<'_>, schema: &Schema) -> Vec<Statement> {
    let id = &object.id;
    let mut parts = Vec::new();
    let mut later = Vec::new();
    for (column, with_default) in &inline.columns {
        let says_so = |constraint: &Constraint| match &constraint.kind {
            ConstraintKind::NotNull { column: other } => *other == column.name,
            _ => false,
        };
        let is_said = table.constraints.iter().any(says_so);
        let is_local = column.options.get("inherited").is_some_and(|how| how == "local");
        match parent_column(table, &column.name, schema).filter(|_| is_inherited(column) && !is_local) {
            None => {
                let definition = column::definition(column, *with_default);
                let rest = definition.strip_suffix(" NOT NULL");
                parts.push(match rest.filter(|_| is_said || inline.names_not_null) {
                    // The constraint that says so has a name and may come later.
                    Some(rest) if is_said => rest.to_owned(),
                    Some(rest) => {
                        let usual = crate::name::chosen(&id.name, &column.name, "not_null");
                        format!("{rest} CONSTRAINT {} NOT NULL", quote(&usual))
                    }
                    None => definition,
                });
            }
            Some(parent) => {
                let plain = Column { nullable: column.nullable || is_said, ..(*column).clone() };
                let (part, statements) = inherited(id, table, &plain, &parent, *with_default);
                parts.extend(part);
                later.extend(statements);
            }
        }
    }
    parts.extend(inline.constraints.iter().map(|constraint| constraint::definition(id, constraint)));
    let mut statements = vec![Statement::new(create(id, table, &parts))];
    statements.extend(later);
    for (column, _) in &inline.columns {
        let parent = parent_column(table, &column.name, schema).filter(|_| is_inherited(column));
        let mut before = Column::default();
        if let Some(parent) = parent {
            before.options.clone_from(&parent.options);
        }
        statements.extend(column::extras(id, &before, column));
    }
    for constraint in &inline.constraints {
        statements.extend(constraint::extras(id, None, constraint));
    }
    statements.extend(security(id, &Table::default(), table));
    statements.extend(comment(&target(id), None, object.comment.as_deref()));
    statements
}

fn create(id: &ObjectId, table: &Table, parts: &[String]) -> String {
    let unlogged = if table.options.contains_key("unlogged") { "UNLOGGED " } else { "" };
    let mut text = format!("CREATE {unlogged}TABLE {}", qualified(id));
    let parts = parts.join(",\n  ");
    let listed = if parts.is_empty() { "()".to_owned() } else { format!("(\n  {parts}\n)") };
    match &table.partition_of {
        Some(place) => {
            text.push_str(&format!(" PARTITION OF {}", qualified(&place.parent)));
            if !parts.is_empty() {
                text.push_str(&format!(" {listed}"));
            }
            text.push_str(&format!(" {}", place.bound));
        }
        None => text.push_str(&format!(" {listed}")),
    }
    if !table.inherits.is_empty() {
        let parents: Vec<String> = table.inherits.iter().map(qualified).collect();
        text.push_str(&format!(" INHERITS ({})", parents.join(", ")));
    }
    if let Some(key) = &table.partition_by {
        text.push_str(&format!(" PARTITION BY {key}"));
    }
    if let Some(method) = table.options.get("access_method") {
        text.push_str(&format!(" USING {}", quote(method)));
    }
    text.push_str(&with(&table.options));
    if let Some(space) = table.options.get("tablespace") {
        text.push_str(&format!(" TABLESPACE {}", quote(space)));
    }
    text
}

/// The column of a parent that a column is from, as it is passed on: that it is never null may be said of the
/// parent alone (`NO INHERIT`, PostgreSQL 18).
pub(super) fn parent_column(table: &Table, name: &str, schema: &Schema) -> Option<Column> {
    let mut parents = table.partition_of.iter().map(|place| &place.parent).chain(&table.inherits);
    let (parent, column) = parents.find_map(|parent| {
        let parent = schema.table(parent)?;
        Some((parent, parent.column(name)?))
    })?;
    let is_alone = |one: &Constraint| match &one.kind {
        ConstraintKind::NotNull { column } => column == name && one.options.contains_key("no_inherit"),
        _ => false,
    };
    let nullable = column.nullable || parent.constraints.iter().any(is_alone);
    Some(Column { nullable, ..column.clone() })
}

/// What a column has that its parent's has not: a part of a partition's `CREATE TABLE`, and statements
/// behind it.
fn inherited(
    id: &ObjectId,
    table: &Table,
    column: &Column,
    parent: &Column,
    with_default: bool,
) -> (Option<String>, Vec<Statement>) {
    let mut own = Column { name: column.name.clone(), nullable: true, ..Column::default() };
    if column.default != parent.default && with_default {
        own.default.clone_from(&column.default);
    }
    own.nullable = column.nullable || !parent.nullable;
    let mut statements = Vec::new();
    if column.default.is_none() && parent.default.is_some() {
        statements.push(column::drop_default(id, column, false));
    }
    let qualities = column::qualities(&own, with_default);
    if qualities.is_empty() {
        return (None, statements);
    }
    if table.partition_of.is_some() {
        return (Some(format!("{}{qualities}", quote(&column.name))), statements);
    }
    if own.default.is_some() {
        statements.push(column::set_default(id, column, false));
    }
    if !own.nullable {
        statements.push(altering(id, &format!("ALTER COLUMN {} SET NOT NULL", quote(&column.name))));
    }
    (None, statements)
}

/// Changes what a table is in place, but for what it is attached to.
pub(super) fn alter(from: &Object, to: &Object, before: &Table, after: &Table) -> Vec<Statement> {
    let id = &to.id;
    let mut statements = if is_bound_anew(before, after) { Vec::new() } else { detach(id, before, after) };
    let changed = |name: &str| before.options.get(name) != after.options.get(name);
    let mut action = |text: String| statements.push(altering(id, &text));
    if changed("unlogged") {
        let unlogged = after.options.contains_key("unlogged");
        action(format!("SET {}", if unlogged { "UNLOGGED" } else { "LOGGED" }));
    }
    if changed("access_method") {
        let method = after.options.get("access_method").map_or("heap", String::as_str);
        action(format!("SET ACCESS METHOD {}", quote(method)));
    }
    if changed("tablespace") {
        let space = after.options.get("tablespace").map_or("pg_default", String::as_str);
        action(format!("SET TABLESPACE {}", quote(space)));
    }
    for text in parameter_changes(&before.options, &after.options) {
        action(text);
    }
    statements.extend(security(id, before, after));
    statements.extend(comment(&target(id), from.comment.as_deref(), to.comment.as_deref()));
    statements
}

/// Row security and the replica identities that need no index.
fn security(id: &ObjectId, before: &Table, after: &Table) -> Vec<Statement> {
    let holds = |table: &Table, name: &str| table.options.contains_key(name);
    let mut statements = Vec::new();
    for (name, yes, no) in [
        ("row_security", "ENABLE ROW LEVEL SECURITY", "DISABLE ROW LEVEL SECURITY"),
        ("force_row_security", "FORCE ROW LEVEL SECURITY", "NO FORCE ROW LEVEL SECURITY"),
    ] {
        if holds(before, name) != holds(after, name) {
            statements.push(altering(id, if holds(after, name) { yes } else { no }));
        }
    }
    let identity = |table: &Table| table.options.get("replica_identity").cloned();
    if identity(before) != identity(after) {
        match identity(after).as_deref() {
            Some("full") => statements.push(altering(id, "REPLICA IDENTITY FULL")),
            Some("nothing") => statements.push(altering(id, "REPLICA IDENTITY NOTHING")),
            None => statements.push(altering(id, "REPLICA IDENTITY DEFAULT")),
            Some(_) => {}
        }
    }
    statements
}

/// Whether a partition stays with its parent and has other bounds.
pub(super) fn is_bound_anew(before: &Table, after: &Table) -> bool {
    match (&before.partition_of, &after.partition_of) {
        (Some(old), Some(new)) => old.parent == new.parent && old != new,
        _ => false,
    }
}

/// Takes a table from the parents that it is not to have.
pub(super) fn detach(id: &ObjectId, before: &Table, after: &Table) -> Vec<Statement> {
    let mut statements = Vec::new();
    if let Some(place) = &before.partition_of
        && before.partition_of != after.partition_of
    {
        statements.push(altering(&place.parent, &format!("DETACH PARTITION {}", qualified(id))));
    }
    for parent in before.inherits.iter().filter(|parent| !after.inherits.contains(parent)) {
        statements.push(altering(id, &format!("NO INHERIT {}", qualified(parent))));
    }
    statements
}

/// Gives a table that was there before the parents that it is to have.
pub(super) fn finish(id: &ObjectId, before: &Table, after: &Table, version: ServerVersion) -> Vec<Statement> {
    let mut statements = Vec::new();
    if let Some(place) = &after.partition_of
        && before.partition_of != after.partition_of
    {
        let parent = &place.parent;
        let stays = before.partition_of.as_ref().is_some_and(|old| old.parent == *parent);
        if version.major >= 18 && !stays && after.columns.iter().any(|column| !column.nullable) {
            statements.push(name_like_parent(id, parent));
        }
        let action = format!("ATTACH PARTITION {} {}", qualified(id), place.bound);
        statements.push(altering(parent, &action));
    }
    for parent in after.inherits.iter().filter(|parent| !before.inherits.contains(parent)) {
        statements.push(altering(id, &format!("INHERIT {}", qualified(parent))));
    }
    statements
}

/// The index that tells the rows of a table apart for those who replicate it, where one was said.
pub(super) fn identity_index(table: &Table) -> Option<&str> {
    table.options.get("replica_identity")?.strip_prefix("index ")
}

/// Says which index that is.
pub(super) fn identify(id: &ObjectId, index: &str) -> Statement {
    altering(id, &format!("REPLICA IDENTITY USING INDEX {}", quote(index)))
}

/// The names of a partition's indexes, by the names of those of its parent that they belong to.
pub(super) fn index_names(table: &Table) -> impl Iterator<Item = (&str, &str)> {
    table.options.iter().filter_map(|(key, name)| Some((key.strip_prefix("index_name.")?, name.as_str())))
}

/// Gives the index that a partition has of a table's above it a name. Which name the server chose for it is
/// known to the server only.
pub(super) fn name_index(id: &ObjectId, parent: &ObjectId, parent_index: &str, name: &str) -> Statement {
    let index = quote_in(crate::dialect::Dialect::Postgres, parent.schema.as_deref(), parent_index);
    Statement::new(format!(
        "DO $underpin$\nDECLARE\n  old text;\nBEGIN\n  \
         SELECT i.indexrelid::pg_catalog.regclass::text INTO old FROM pg_catalog.pg_index i\n    \
         JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid\n    \
         WHERE {}::pg_catalog.regclass IN (SELECT pg_catalog.pg_partition_ancestors(c.oid))\n    \
         AND i.indrelid = {}::pg_catalog.regclass AND c.relname <> {};\n  \
         IF old IS NOT NULL THEN\n    \
         EXECUTE pg_catalog.format('ALTER INDEX %s RENAME TO %I', old, {});\n  END IF;\nEND $underpin$",
        literal(&index),
        literal(&qualified(id)),
        literal(name),
        literal(name),
    ))
}

/// Gives the constraint that a column is never null, which a partition had from its parent and under a
/// name that the server chose for either, the name that it would choose for this table (PostgreSQL 18).
pub(super) fn name_not_null(id: &ObjectId, column: &str) -> Statement {
    let table = qualified(id);
    let usual = crate::name::chosen(&id.name, column, "not_null");
    Statement::new(format!(
        "DO $underpin$\nDECLARE\n  old text;\nBEGIN\n  \
         SELECT k.conname INTO old FROM pg_catalog.pg_constraint k\n    \
         JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND k.conkey = ARRAY[a.attnum]\n    \
         WHERE k.conrelid = {}::pg_catalog.regclass AND k.contype = 'n' AND k.conislocal \
         AND k.coninhcount = 0 AND a.attname = {} AND k.conname <> {};\n  \
         IF old IS NOT NULL THEN\n    \
         EXECUTE pg_catalog.format({}, old);\n  END IF;\nEND $underpin$",
        literal(&table),
        literal(column),
        literal(&usual),
        literal(&format!(
            "ALTER TABLE {} RENAME CONSTRAINT %I TO {}",
            table.replace('%', "%%"),
            quote(&usual).replace('%', "%%")
        )),
    ))
}

/// Gives what says that a column is never null the name that the parent has for it, as a partition of it would
/// have; once the table is attached the server renames it no more, and neither the parent's (PostgreSQL 18).
fn name_like_parent(id: &ObjectId, parent: &ObjectId) -> Statement {
    let name = qualified(id);
    Statement::new(format!(
        "DO $underpin$\nDECLARE\n  never record;\nBEGIN\n  \
         FOR never IN SELECT k.conname AS old, p.conname AS new FROM pg_catalog.pg_constraint k\n    \
         JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND k.conkey = ARRAY[a.attnum]\n    \
         JOIN pg_catalog.pg_attribute b ON b.attrelid = {}::pg_catalog.regclass AND b.attname = a.attname\n    \
         JOIN pg_catalog.pg_constraint p ON p.conrelid = b.attrelid AND p.conkey = ARRAY[b.attnum] \
         AND p.contype = 'n'\n    \
         WHERE k.conrelid = {}::pg_catalog.regclass AND k.contype = 'n' AND k.coninhcount = 0 \
         AND k.conname <> p.conname LOOP\n    \
         EXECUTE pg_catalog.format({}, never.old, never.new);\n  END LOOP;\nEND $underpin$",
        literal(&qualified(parent)),
        literal(&name),
        literal(&format!("ALTER TABLE {} RENAME CONSTRAINT %I TO %I", name.replace('%', "%%"))),
    ))
}

/// Moves a table out of the way of the one that takes its place: its kind can't be changed in place.
/// The sequences of its identities go, because their names are needed.
pub(super) fn set_aside(id: &ObjectId, table: &Table) -> Vec<Statement> {
    let identities = table.columns.iter().filter(|column| column.identity.is_some());
    let mut statements: Vec<Statement> = identities
        .map(|column| altering(id, &format!("ALTER COLUMN {} DROP IDENTITY", quote(&column.name))))
        .collect();
    statements.push(altering(id, &format!("RENAME TO {}", quote(&aside(&id.name)))));
    statements
}

/// Takes a partition that is set aside from its parent: beside the one that takes its place it would hold
/// the same rows. Its parts of the parent's indexes go, because their names are needed, which are known to
/// the server only.
pub(super) fn part_aside(id: &ObjectId, table: &Table) -> Vec<Statement> {
    let mut statements = detach(id, table, &Table::default());
    let name = qualified(id);
    statements.push(Statement::new(format!(
        "DO $underpin$\nDECLARE\n  part record;\nBEGIN\n  \
         FOR part IN SELECT i.indexrelid::pg_catalog.regclass::text AS index, k.conname AS key \
         FROM pg_catalog.pg_index i\n    \
         LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid \
         AND k.contype IN ('p', 'u', 'x')\n    \
         WHERE i.indrelid = {}::pg_catalog.regclass LOOP\n    \
         IF part.key IS NULL THEN\n      EXECUTE 'DROP INDEX ' || part.index;\n    ELSE\n      \
         EXECUTE {} || pg_catalog.quote_ident(part.key);\n    END IF;\n  END LOOP;\nEND $underpin$",
        literal(&name),
        literal(&format!("ALTER TABLE {name} DROP CONSTRAINT ")),
    )));
    statements
}

/// Copies the rows of the table that was set aside, and drops it. `way` tells how the values of a column
/// get to its type.
pub(super) fn move_rows(
    id: &ObjectId,
    before: &Table,
    after: &Table,
    way: impl Fn(&Column) -> Way,
) -> Vec<Statement> {
    let old = ObjectId { name: aside(&id.name), ..id.clone() };
    let value = |from: &Column, to: &Column| {
        let using = conversion::using(id, &to.name, &from.data_type, &to.data_type, way(to));
        using.unwrap_or_else(|| quote(&to.name))
    };
    let (names, values): (Vec<&String>, Vec<String>) = after
        .columns
        .iter()
        .filter(|column| column.generated.is_none())
        .filter_map(|column| Some((&column.name, value(before.column(&column.name)?, column))))
        .unzip();
    let columns = list(names);
    let overriding = if after.columns.iter().any(|column| column.identity.is_some()) {
        " OVERRIDING SYSTEM VALUE"
    } else {
        ""
    };
    let mut statements = Vec::new();
    if !columns.is_empty() {
        let copy = format!(
            "INSERT INTO {} ({columns}){overriding} SELECT {} FROM {}",
            qualified(id),
            values.join(", "),
            qualified(&old)
        );
        statements.push(Statement::new(copy));
    }
    for column in after.columns.iter().filter(|column| column.identity.is_some()) {
        if let Some(identity) = &column.identity {
            let name = literal(&qualified(id));
            let sequence = format!("pg_catalog.pg_get_serial_sequence({name}, {})", literal(&column.name));
            statements.push(super::sequence::continued(&sequence, id, &column.name, &identity.sequence));
        }
    }
    statements.push(Statement::new(format!("DROP TABLE {}", qualified(&old))));
    statements
}

/// The name of something for as long as it is in the way.
pub(super) fn aside(name: &str) -> String {
    let end = (0..=name.len().min(48)).rev().find(|end| name.is_char_boundary(*end)).unwrap_or(0);
    format!("underpin_old_{}", &name[..end])
}
