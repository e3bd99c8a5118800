//! What only `SHOW CREATE TABLE` tells: how an index was asked to be built, parsers of full-text
//! indexes, character sets that columns name though they are the table's, and periods of MariaDB; and
//! what it tells much faster than the catalog: checks and foreign keys. Many tables are asked in one round
//! trip; nothing else is read here that the catalog says by itself.

use underpin_core::schema::{Constraint, ConstraintKind, Index, IndexPart, Key, Options, Table};

use super::{
    catalog::Catalog,
    clause, constraint, lost, partition,
    table::{Draft, Drafts, Kind},
    text,
};
use crate::database::DatabaseError;

/// Completes the tables.
pub(super) async fn read(catalog: &mut Catalog<'_>, drafts: &mut Drafts) -> Result<(), DatabaseError> {
    let names: Vec<String> =
        drafts.iter().filter(|(_, draft)| draft.kind == Kind::Table).map(|(name, _)| name.clone()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for row in catalog.show_create("TABLE", &names).await? {
        let Some(draft) = drafts.get_mut(row.text(0)) else { continue };
        let lines = clause::lines(row.text(1));
        constraint::read(catalog, draft, &lines);
        // Keys may be over a period, which stands behind them.
        for line in &lines {
            if let Some(period) = line.strip_prefix("PERIOD FOR ") {
                self::period(&mut draft.table, period);
            }
        }
        for line in &lines {
            complete(&mut draft.table, line);
            draft.unknown.extend(unknown(line));
            if let Some(settings) = line.strip_prefix(") ") {
                self::settings(catalog, draft, settings);
            }
        }
        draft.unknown.extend(partition::complete(&mut draft.table, &lines));
        if catalog.is_mariadb() {
            lost::restore(catalog, draft, &lines);
        }
    }
    constraint::restore(catalog, drafts).await
}

/// What the line of a column says and the vocabulary has no word for.
fn unknown(line: &str) -> Option<String> {
    let (name, rest) = clause::name(line)?;
    if clause::behind(rest, " NOT SECONDARY").is_some() {
        return Some("NOT SECONDARY of a column of table".to_owned());
    }
    let attributes = [" /*!80021 ENGINE_ATTRIBUTE ", " /*!80021 SECONDARY_ENGINE_ATTRIBUTE "];
    let has_one = attributes.iter().any(|words| clause::behind(rest, words).is_some());
    has_one.then(|| format!("attribute of an engine of column {name} of table"))
}

/// What is said at the end of a table, and not in the catalog's list of options.
fn settings(catalog: &Catalog<'_>, draft: &mut Draft, text: &str) {
    for (name, value) in text::settings(text, "=") {
        match name.as_str() {
            "union" | "insert_method" | "connection" | "tablespace" => {
                draft.table.options.insert(name, catalog.local(&value));
            }
            // Whether Aria has checksums of its pages the catalog tells only of who said it.
            "autoextend_size"
            | "engine_attribute"
            | "secondary_engine_attribute"
            | "page_checksum"
            | "transactional" => {
                draft.table.options.insert(name, value);
            }
            "data directory" | "index directory" => draft.unknown.push(format!("{name} of table")),
            _ => {}
        }
    }
}

fn complete(table: &mut Table, line: &str) {
    if line.starts_with('`') {
        column(table, line);
    } else if line.trim_start_matches('(').starts_with("PARTITION `") {
        open_partition(table, line);
    } else if let Some(by) = line.strip_prefix("PARTITION BY SYSTEM_TIME") {
        table.partition_by = Some(format!("SYSTEM_TIME{}", by.trim_end()));
    } else if line.starts_with("PRIMARY KEY") {
        let (columns, options) = key_options(line);
        let key = table.constraints.iter_mut().find_map(parts_of_primary_key);
        if let Some((parts, own)) = key {
            own.extend(options);
            without_overlaps(&columns, parts, own, &table.options);
        }
    } else if ["KEY ", "UNIQUE KEY ", "FULLTEXT KEY ", "SPATIAL KEY ", "VECTOR KEY "]
        .iter()
        .any(|word| line.starts_with(word))
        && let Some(name) = first_quoted(line)
    {
        let index = table.indexes.iter_mut().find(|index| index.name == name);
        if let Some(index) = index {
            complete_index(index, line, &name, &table.options);
        }
    }
}

fn complete_index(index: &mut Index, line: &str, name: &str, periods: &Options) {
    let quoted = name.replace('`', "``");
    let rest = line.split_once(&format!("`{quoted}` ")).map_or("", |(_, rest)| rest);
    let (columns, mut options) = key_options(rest);
    if let Some(using) = options.remove("using") {
        index.method = Some(using);
    }
    index.options.extend(options);
    without_overlaps(&columns, &mut index.parts, &mut index.options, periods);
}

fn parts_of_primary_key(constraint: &mut Constraint) -> Option<(&mut Vec<IndexPart>, &mut Options)> {
    match &mut constraint.kind {
        ConstraintKind::PrimaryKey { parts } => Some((parts, &mut constraint.options)),
        _ => None,
    }
}

/// What stands between the parentheses of a key, and what is said behind them.
fn key_options(text: &str) -> (String, Options) {
    let mut options = Options::new();
    let mut depth = 0_usize;
    let mut quote = None;
    let mut end = text.len();
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(mark), _) if mark == character => quote = None,
            (None, '`' | '\'') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    end = at;
                    break;
                }
            }
            _ => {}
        }
    }
    let (columns, behind) = text.split_at(end);
    // A comment may hold any of these words.
    let behind = without_comment(behind);
    let words: Vec<&str> = behind.split([' ', '=']).collect();
    for pair in words.windows(2) {
        match pair {
            // How the index of a vector is built (MariaDB).
            ["`DISTANCE`" | "`M`", value] => {
                options.insert(pair[0].trim_matches('`').to_ascii_lowercase(), (*value).to_owned());
            }
            ["USING", using] => {
                options.insert("using".to_owned(), using.to_ascii_lowercase());
            }
            ["KEY_BLOCK_SIZE", size] => {
                options.insert("key_block_size".to_owned(), (*size).to_owned());
            }
            ["PARSER", parser] => {
                options.insert("parser".to_owned(), parser.trim_matches('`').to_owned());
            }
            _ => {}
        }
    }
    (columns.to_owned(), options)
}

/// What is said of a key but for its comment: a quote within that is doubled, and a backslash as well.
fn without_comment(text: &str) -> String {
    let Some((before, rest)) = text.split_once(" COMMENT '") else { return text.to_owned() };
    let mut characters = rest.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        match (character, next) {
            ('\\', _) | ('\'', Some('\'')) => {
                characters.next();
            }
            ('\'', _) => return format!("{before}{}", &rest[at + 1..]),
            _ => {}
        }
    }
    before.to_owned()
}

/// A partition for whatever has no other one (MariaDB), which the catalog says to be for a zero.
fn open_partition(table: &mut Table, line: &str) {
    let Some(name) = first_quoted(line) else { return };
    let is_open = line.contains(&format!("`{}` DEFAULT", name.replace('`', "``")));
    let partition = table.partitions.iter_mut().find(|partition| partition.name == name);
    if let Some(partition) = partition.filter(|_| is_open) {
        partition.bound = Some("DEFAULT".to_owned());
    }
}

/// The first quoted name of a line.
fn first_quoted(line: &str) -> Option<String> {
    let start = line.find('`')? + 1;
    let mut end = start;
    loop {
        end += line.get(end..)?.find('`')?;
        if line[end + 1..].starts_with('`') {
            end += 2;
        } else {
            return Some(line[start..end].replace("``", "`"));
        }
    }
}

/// What a column's own words are about its text, and about where it is stored.
fn column(table: &mut Table, line: &str) {
    let Some(name) = first_quoted(line) else { return };
    let Some(column) = table.columns.iter_mut().find(|column| column.name == name) else { return };
    let prefix = format!("`{}` {}", name.replace('`', "``"), column.data_type);
    let Some(mut rest) = line.strip_prefix(&prefix) else { return };
    // A collation alone is written wherever it is not its character set's own, whoever named it.
    if let Some(after) = rest.strip_prefix(" CHARACTER SET ") {
        let end = after.find(' ').unwrap_or(after.len());
        column.charset = Some(after[..end].to_owned());
        column.collation = column.collation.take().or_else(|| table.options.get("collation").cloned());
        rest = &after[end..];
    }
    // The catalog of MySQL ends a default of bytes at its first zero, and has question marks where its
    // own character set ends.
    let is_literal = column.default.as_ref().is_some_and(|default| default.starts_with(['\'', '0']));
    if is_literal {
        column.default = default(rest).or(column.default.take());
    }
    // MySQL writes what it hides from older servers as comments: `/*!50606 STORAGE DISK */`.
    for (words, option) in [("COLUMN_FORMAT ", "column_format"), ("STORAGE ", "storage")] {
        if let Some((before, after)) = attributes(rest).split_once(words)
            && (before.ends_with("/*!50606 ") || before.ends_with("*/ "))
        {
            let value = after.split(' ').next().unwrap_or_default();
            column.options.insert(option.to_owned(), value.to_owned());
        }
    }
    if let Some((_, after)) = rest.split_once(" REF_SYSTEM_ID=") {
        let value = after.split(' ').next().unwrap_or_default();
        column.options.insert("ref_system_id".to_owned(), value.to_owned());
    }
}

/// What is said of a column, without its comment.
fn attributes(line: &str) -> &str {
    line.split(" COMMENT '").next().unwrap_or_default()
}

/// The literal behind `DEFAULT`.
fn default(attributes: &str) -> Option<String> {
    let (_, value) = attributes.split_once(" DEFAULT ")?;
    let length = match value.starts_with('\'') {
        true => text::quoted_end(value, '\''),
        false => value.find(' ').unwrap_or(value.len()),
    };
    Some(value[..length].to_owned())
}

/// A period with its columns.
fn period(table: &mut Table, text: &str) {
    let Some((name, columns)) = text.split_once(" (") else { return };
    let name = name.trim_matches('`').to_owned();
    table.options.insert(format!("period {name}"), columns.trim_end_matches(')').to_owned());
}

/// A key whose last part is a period: the columns of that are not parts of their own.
fn without_overlaps(text: &str, parts: &mut Vec<IndexPart>, options: &mut Options, periods: &Options) {
    let Some((before, _)) = text.split_once(" WITHOUT OVERLAPS") else { return };
    let Some(period) = before.rsplit('`').nth(1) else { return };
    let columns = periods.get(&format!("period {period}")).cloned().unwrap_or_default();
    let columns: Vec<&str> = columns.split('`').skip(1).step_by(2).collect();
    parts.retain(|part| !matches!(&part.key, Key::Column(column) if columns.contains(&column.as_str())));
    options.insert("without_overlaps".to_owned(), period.to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_behind_a_key_is_read_and_what_is_within_a_comment_is_not() {
        let (columns, options) = key_options("(`a`,(lower(`b)`))) USING BTREE COMMENT 'USING HASH'");
        assert_eq!(columns, "(`a`,(lower(`b)`))");
        assert_eq!(options["using"], "btree");
        assert_eq!(options.len(), 1);
        let commented = "(`a`) COMMENT 'it''s \\\\ USING' /*!50100 WITH PARSER `ngram` */ ";
        assert_eq!(key_options(commented).1, Options::from([("parser".to_owned(), "ngram".to_owned())]));
        let (_, options) = key_options("(`a`) /*!50100 WITH PARSER `ngram` */");
        assert_eq!(options["parser"], "ngram");
    }

    #[test]
    fn what_there_is_no_word_for_is_told_and_what_a_comment_says_is_not() {
        let attribute = "`a` int DEFAULT NULL COMMENT 'NOT SECONDARY ' /*!80021 ENGINE_ATTRIBUTE '{}' */";
        assert_eq!(unknown(attribute).as_deref(), Some("attribute of an engine of column a of table"));
        assert!(unknown("`a` int DEFAULT NULL NOT SECONDARY").is_some());
        assert_eq!(unknown("`a` int COMMENT ' /*!80021 ENGINE_ATTRIBUTE '"), None);
        assert_eq!(unknown("KEY `a` (`a`)"), None);
    }

    #[test]
    fn a_quoted_name_may_hold_quotes() {
        assert_eq!(first_quoted("KEY `a``b` (`c`)").as_deref(), Some("a`b"));
    }
}
