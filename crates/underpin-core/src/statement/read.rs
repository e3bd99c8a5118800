//! Which kind of statement it is, told from its first words.

use crate::{
    dialect::Dialect,
    sql::{Code, codes},
};

use super::{
    ActionKind, AlterTable, CreateTable, Drop, IndexDefinition, Maintenance, ObjectClass, ObjectName,
    Reindex, RowVerb, Statement, TransactionControl, create, cursor::Cursor, other, reads, rows,
};

/// Reads one statement; the positions in it are bytes of `text`.
///
/// ```
/// use underpin_core::{dialect::Dialect, statement::{self, Statement}};
///
/// let statement = statement::parse(Dialect::Postgres, "ALTER TABLE orders ADD note text, DROP old");
/// let Statement::AlterTable(alter) = statement else { unreachable!() };
/// assert_eq!(alter.table.to_string(), "orders");
/// assert_eq!(alter.actions.len(), 2);
/// ```
pub fn parse(dialect: Dialect, text: &str) -> Statement {
    let codes: Vec<Code<'_>> = codes(dialect, text).collect();
    let mut cursor = Cursor::new(dialect, text, &codes);
    // MariaDB: SET STATEMENT max_statement_time = 1 FOR ALTER TABLE …
    if cursor.eat("SET STATEMENT") {
        cursor.skip_until(|cursor| cursor.is("FOR"));
        cursor.advance();
    }
    statement(&mut cursor.clone()).unwrap_or_else(|| Statement::Other(first_words(&mut cursor)))
}

fn first_words(cursor: &mut Cursor<'_>) -> String {
    let words: Vec<String> = cursor.word().into_iter().chain(cursor.word()).collect();
    words.join(" ")
}

fn statement(cursor: &mut Cursor<'_>) -> Option<Statement> {
    Some(match cursor.word()?.as_str() {
        "CREATE" => return created(cursor),
        "ALTER" => return altered(cursor),
        "DROP" => return dropped(cursor),
        "TRUNCATE" => {
            cursor.eat("TABLE");
            cursor.if_exists();
            let only = cursor.is("ONLY");
            let tables = cursor.names();
            cursor.skip_until(|cursor| cursor.is("CASCADE"));
            Statement::Truncate { tables, only, cascade: !cursor.ended() }
        }
        "RENAME" if cursor.eat("TABLE") || cursor.eat("TABLES") => renamed_tables(cursor),
        "REINDEX" => Statement::Reindex(Reindex::read(cursor)),
        "VACUUM" => Statement::Maintenance(other::vacuum(cursor)),
        "CLUSTER" => Statement::Maintenance(other::cluster(cursor)),
        "REFRESH" => Statement::Maintenance(other::refresh(cursor)?),
        "ANALYZE" | "ANALYSE" => {
            Statement::Maintenance(Maintenance::Analyze { tables: other::tables(cursor) })
        }
        "OPTIMIZE" => Statement::Maintenance(Maintenance::Optimize { tables: other::tables(cursor) }),
        "REPAIR" if cursor.dialect == Dialect::Mysql => {
            Statement::Maintenance(Maintenance::Repair { tables: other::tables(cursor) })
        }
        "REPLACE" => Statement::Rows(rows::read_replace(cursor)),
        "INSERT" | "LOAD" => Statement::Rows(rows::read(RowVerb::Insert, cursor)),
        "COPY" => return copied(cursor),
        "UPDATE" => Statement::Rows(rows::read(RowVerb::Update, cursor)),
        "DELETE" => Statement::Rows(rows::read(RowVerb::Delete, cursor)),
        "MERGE" => Statement::Rows(rows::read(RowVerb::Merge, cursor)),
        "WITH" => return with(cursor),
        "SELECT" if cursor.dialect == Dialect::Postgres => return selected_into(cursor),
        "SET" => Statement::Set(other::setting(cursor)),
        "PRAGMA" => Statement::Set(other::setting(cursor)),
        // MySQL: LOCK INSTANCE FOR BACKUP is another statement.
        "LOCK" if cursor.is("INSTANCE") => return None,
        "LOCK" => locked(cursor),
        "GRANT" | "REVOKE" => Statement::Grant,
        "COMMENT" => commented(cursor),
        word => Statement::Transaction(transaction(word, cursor)?),
    })
}

fn transaction(word: &str, cursor: &Cursor<'_>) -> Option<TransactionControl> {
    Some(match word {
        // BEGIN NOT ATOMIC is a block of MariaDB.
        "BEGIN" if cursor.is("NOT") => return None,
        "BEGIN" => TransactionControl::Begin,
        "START" if cursor.is("TRANSACTION") => TransactionControl::Begin,
        "COMMIT" | "END" => TransactionControl::Commit,
        "PREPARE" if cursor.is("TRANSACTION") => TransactionControl::Commit,
        "ROLLBACK" if cursor.is("TO") || cursor.is_at(1, "TO") => TransactionControl::Savepoint,
        "ROLLBACK" | "ABORT" => TransactionControl::Rollback,
        "SAVEPOINT" | "RELEASE" => TransactionControl::Savepoint,
        _ => return None,
    })
}

/// `DROP …`. MySQL and MariaDB call the index of a primary key `PRIMARY`: to drop the one is to drop the other
/// (MySQL 8.4 manual, 15.1.27).
fn dropped(cursor: &mut Cursor<'_>) -> Option<Statement> {
    let drop = Drop::read(cursor)?;
    let primary = cursor.dialect == Dialect::Mysql
        && drop.class == ObjectClass::Index
        && matches!(drop.names.as_slice(), [name] if name.name.eq_ignore_ascii_case("PRIMARY"));
    Some(match &drop.table {
        Some(table) if primary => {
            let mut alter = AlterTable::of(table.clone(), ActionKind::DropPrimaryKey);
            alter.actions.iter_mut().for_each(|action| action.end = cursor.end());
            Statement::AlterTable(AlterTable { algorithm: drop.algorithm, lock: drop.lock, ..alter })
        }
        Some(_) | None => Statement::Drop(drop),
    })
}

fn created(cursor: &mut Cursor<'_>) -> Option<Statement> {
    if let Some(table) = CreateTable::read(cursor) {
        return Some(Statement::CreateTable(table));
    }
    if let Some(index) = IndexDefinition::created(cursor) {
        return Some(Statement::CreateIndex(index));
    }
    if let Some(enumeration) = create::enumeration(cursor) {
        return Some(Statement::CreateEnum(enumeration));
    }
    if let Some(domain) = create::domain(cursor) {
        return Some(Statement::CreateDomain(domain));
    }
    if let Some(view) = create::view(cursor) {
        return Some(Statement::CreateView(view));
    }
    if let Some(trigger) = create::trigger(cursor) {
        return Some(Statement::CreateTrigger(trigger));
    }
    define("CREATE", cursor)
}

fn define(verb: &str, cursor: &mut Cursor<'_>) -> Option<Statement> {
    let or_replace = cursor.eat("OR REPLACE");
    let class = cursor.word()?;
    let _ = cursor.if_not_exists() || cursor.if_exists();
    let name = cursor.name();
    let on = if cursor.dialect == Dialect::Postgres { defined_for(&class, cursor) } else { Vec::new() };
    let moved = cursor.is_one_of(&["RENAME", "OWNER"]) || (cursor.is("SET") && cursor.is_at(1, "SCHEMA"));
    let mut fixed = false;
    while class == "FUNCTION" && !cursor.ended() {
        fixed |= cursor.is_one_of(&["IMMUTABLE", "STABLE"]);
        cursor.advance();
    }
    Some(Statement::Define { verb: verb.to_owned(), class, name, on, fixed, moved, or_replace })
}

/// The tables that an object of PostgreSQL is for.
fn defined_for(class: &str, cursor: &mut Cursor<'_>) -> Vec<ObjectName> {
    let before = match class {
        "POLICY" | "TRIGGER" | "RULE" => "ON",
        "STATISTICS" => "FROM",
        "PUBLICATION" => "TABLE",
        _ => return Vec::new(),
    };
    let mut ahead = cursor.clone();
    ahead.skip_until(|cursor| cursor.is(before));
    ahead.advance();
    if class != "PUBLICATION" {
        cursor.clone_from(&ahead);
        return cursor.name().into_iter().collect();
    }
    // FOR TABLE a (x), b WHERE (…), TABLES IN SCHEMA s
    let mut tables = Vec::new();
    while let Some(table) = ahead.name() {
        tables.push(table);
        ahead.skip_until(|cursor| cursor.is_operator(","));
        ahead.advance();
        if ahead.is("TABLES") && ahead.is_at(1, "IN") {
            break;
        }
        ahead.eat("TABLE");
    }
    tables
}

fn altered(cursor: &mut Cursor<'_>) -> Option<Statement> {
    // MariaDB: ALTER ONLINE TABLE, ALTER IGNORE TABLE.
    let mut ahead = cursor.clone();
    let (mut online, mut ignore) = (false, false);
    while let Some(word) = ahead.eat_one_of(&["ONLINE", "OFFLINE", "IGNORE", "FOREIGN"]) {
        online |= word == "ONLINE";
        ignore |= word == "IGNORE";
    }
    if let Some(class) = all_in_tablespace(cursor) {
        return Some(Statement::Other(format!("ALTER {class} ALL")));
    }
    if ahead.eat("TABLE") {
        let mut alter = AlterTable::read(&mut ahead)?;
        alter.ignore = ignore;
        alter.lock = alter.lock.or_else(|| online.then(|| "NONE".to_owned()));
        return Some(Statement::AlterTable(alter));
    }
    match cursor.clone().word()?.as_str() {
        "INDEX" => {
            cursor.advance();
            altered_index(cursor)
        }
        "TYPE" => {
            cursor.advance();
            other::alter_type(cursor).map(Statement::AlterType)
        }
        "DOMAIN" => {
            cursor.advance();
            other::alter_domain(cursor).map(Statement::AlterDomain)
        }
        "SCHEMA" | "DATABASE" if cursor.dialect == Dialect::Postgres && cursor.is_at(2, "RENAME") => {
            cursor.advance();
            let from = cursor.identifier()?;
            cursor.eat("RENAME TO");
            Some(Statement::RenameSchema { from, to: cursor.identifier()? })
        }
        "VIEW" | "MATERIALIZED" => other::alter_view(cursor).map(Statement::AlterView),
        _ => define("ALTER", cursor),
    }
}

/// Of what kind everything in a tablespace moves: `ALTER TABLE ALL IN TABLESPACE` and its like.
fn all_in_tablespace(cursor: &Cursor<'_>) -> Option<&'static str> {
    ["TABLE", "INDEX", "MATERIALIZED VIEW"].into_iter().find(|class| {
        let mut ahead = cursor.clone();
        ahead.eat(class) && ahead.eat("ALL IN TABLESPACE")
    })
}

fn altered_index(cursor: &mut Cursor<'_>) -> Option<Statement> {
    cursor.if_exists();
    let index = cursor.name()?;
    if cursor.eat("ATTACH PARTITION") {
        return Some(Statement::AttachIndex { parent: index, child: cursor.name()? });
    }
    let renamed = if cursor.eat("RENAME TO") { cursor.name() } else { None };
    Some(Statement::AlterIndex { index, renamed, tablespace: cursor.eat("SET TABLESPACE") })
}

fn renamed_tables(cursor: &mut Cursor<'_>) -> Statement {
    cursor.if_exists();
    let mut renamed = Vec::new();
    while let Some(from) = cursor.name() {
        // MariaDB: WAIT n, NOWAIT.
        if cursor.eat("WAIT") {
            cursor.advance();
        }
        cursor.eat("NOWAIT");
        cursor.eat("TO");
        let Some(to) = cursor.name() else { break };
        renamed.push((from, to));
        cursor.eat_operator(",");
    }
    Statement::RenameTables(renamed)
}

/// `COPY t FROM …` changes rows, `COPY t TO …` reads them.
fn copied(cursor: &mut Cursor<'_>) -> Option<Statement> {
    let mut ahead = cursor.clone();
    ahead.skip_until(|cursor| cursor.is_one_of(&["FROM", "TO"]));
    ahead.is("FROM").then(|| Statement::Rows(rows::read(RowVerb::Insert, cursor)))
}

/// `WITH … UPDATE`, behind `WITH`; also `WITH x AS (DELETE …) SELECT` of PostgreSQL. What else changes rows
/// in it, [`within`](super::within) tells.
fn with(cursor: &mut Cursor<'_>) -> Option<Statement> {
    let mut within = None;
    while !cursor.ended() && !cursor.is("SELECT") && verb(cursor).is_none() {
        match cursor.parenthesised() {
            Some(mut inner) => within = within.or_else(|| changed(&mut inner)),
            None => drop(cursor.advance()),
        }
    }
    changed(cursor).or(within)
}

/// `SELECT … INTO t` of PostgreSQL, which makes a table.
fn selected_into(cursor: &mut Cursor<'_>) -> Option<Statement> {
    cursor.skip_until(|cursor| cursor.is("INTO"));
    if !cursor.eat("INTO") {
        return None;
    }
    let temporary = cursor.eat("TEMPORARY") || cursor.eat("TEMP");
    let unlogged = cursor.eat("UNLOGGED");
    cursor.eat("TABLE");
    let table = Some(cursor.name()?);
    let reads = reads::behind_select(cursor);
    let create = CreateTable { table, temporary, unlogged, as_query: true, reads, ..CreateTable::default() };
    Some(Statement::CreateTable(create))
}

/// A statement that changes rows, if one stands here.
fn changed(cursor: &mut Cursor<'_>) -> Option<Statement> {
    let verb = verb(cursor)?;
    cursor.advance();
    Some(Statement::Rows(rows::read(verb, cursor)))
}

fn verb(cursor: &Cursor<'_>) -> Option<RowVerb> {
    Some(match cursor.clone().word()?.as_str() {
        "INSERT" | "REPLACE" => RowVerb::Insert,
        "UPDATE" => RowVerb::Update,
        "DELETE" => RowVerb::Delete,
        "MERGE" => RowVerb::Merge,
        _ => return None,
    })
}

fn locked(cursor: &mut Cursor<'_>) -> Statement {
    let _ = cursor.eat("TABLES") || cursor.eat("TABLE");
    let only = cursor.is("ONLY");
    let tables = cursor.names();
    let mode = cursor.eat("IN").then(|| {
        let mut words = Vec::new();
        while let Some(word) = cursor.word().filter(|word| word != "MODE") {
            words.push(word);
        }
        words.join(" ")
    });
    Statement::Lock { tables, only, mode }
}

fn commented(cursor: &mut Cursor<'_>) -> Statement {
    cursor.eat("ON");
    let _ = cursor.eat("MATERIALIZED") || cursor.eat("FOREIGN");
    let class = cursor.word();
    let table = match class.as_deref() {
        Some("TABLE" | "VIEW") => cursor.name(),
        // The last part is the column's.
        Some("COLUMN") => cursor.name().and_then(|column| column.schema).map(ObjectName::plain),
        _ => None,
    };
    Statement::Comment { table }
}
