//! The partitions of tables.

use underpin_core::schema::{Options, Partition, Table};

use super::{catalog::Catalog, table::Drafts, text};
use crate::database::{DatabaseError, Row};

/// Reads the partitions of all tables that have any; where MariaDB says that there is none, nothing is asked. MySQL
/// says nothing of a table by `KEY ()`.
pub(super) async fn read(catalog: &mut Catalog<'_>, drafts: &mut Drafts) -> Result<(), DatabaseError> {
    let may_be_any = !catalog.is_mariadb() && !drafts.is_empty();
    if !may_be_any && !drafts.values().any(|draft| draft.partitioned) {
        return Ok(());
    }
    let rows = catalog
        .fetch(
            "SELECT TABLE_NAME, PARTITION_NAME, SUBPARTITION_NAME, PARTITION_METHOD, SUBPARTITION_METHOD, \
             PARTITION_EXPRESSION, SUBPARTITION_EXPRESSION, PARTITION_DESCRIPTION, PARTITION_COMMENT \
             FROM information_schema.PARTITIONS \
             WHERE TABLE_SCHEMA = {database} AND PARTITION_NAME IS NOT NULL \
             ORDER BY TABLE_NAME, PARTITION_ORDINAL_POSITION, SUBPARTITION_ORDINAL_POSITION",
        )
        .await?;
    for row in &rows {
        let Some(draft) = drafts.get_mut(row.text(0)) else { continue };
        let table = &mut draft.table;
        table.partition_by.get_or_insert_with(|| partition_by(row));
        if table.partitions.last().is_none_or(|last| last.name != row.text(1)) {
            table.partitions.push(partition(row));
        }
        if let (Some(subpartition), Some(last)) = (row.optional(2), table.partitions.last_mut()) {
            last.subpartitions.push(subpartition.to_owned());
            if !row.text(8).is_empty() {
                last.options.insert(format!("comment {subpartition}"), row.text(8).to_owned());
            }
        }
    }
    Ok(())
}

fn partition_by(row: &Row) -> String {
    let mut by = format!("{} ({})", row.text(3), row.text(5));
    if let Some(method) = row.optional(4) {
        by.push_str(&format!(" SUBPARTITION BY {method} ({})", row.text(6)));
    }
    by
}

fn partition(row: &Row) -> Partition {
    let description = row.text(7);
    let bound = match row.text(3) {
        "RANGE" if description == "MAXVALUE" => Some("VALUES LESS THAN MAXVALUE".to_owned()),
        "RANGE" | "RANGE COLUMNS" => Some(format!("VALUES LESS THAN ({description})")),
        "LIST" | "LIST COLUMNS" if description == "DEFAULT" => Some("DEFAULT".to_owned()),
        "LIST" | "LIST COLUMNS" => Some(format!("VALUES IN ({description})")),
        "SYSTEM_TIME" if description == "CURRENT" => Some("CURRENT".to_owned()),
        "SYSTEM_TIME" => Some("HISTORY".to_owned()),
        _ => None,
    };
    let mut options = Options::new();
    if !row.text(8).is_empty() {
        options.insert("comment".to_owned(), row.text(8).to_owned());
    }
    Partition { name: row.text(1).to_owned(), bound, options, subpartitions: Vec::new() }
}

/// Completes the partitions of a table by what only `SHOW CREATE TABLE` tells: the algorithm of a key
/// ("KEY Partitioning" in MySQL's manual), whether partitions were given names or a count, and what was
/// said of each. Returns what there is no word for.
pub(super) fn complete(table: &mut Table, lines: &[&str]) -> Vec<String> {
    let is_history = table.partition_by.as_ref().is_some_and(|by| by.starts_with("SYSTEM_TIME"));
    if table.partitions.is_empty() || is_history {
        return Vec::new();
    }
    let is_start = |line: &&str| line.trim_start_matches("/*!50100 ").starts_with("PARTITION BY ");
    let Some(start) = lines.iter().rposition(is_start) else { return Vec::new() };
    let lines = &lines[start..];
    let algorithms = ["PARTITION BY ", "SUBPARTITION BY "].map(|word| {
        let line = lines.iter().find(|line| line.trim_start_matches("/*!50100 ").starts_with(word));
        line.is_some_and(|line| line.split('(').next().is_some_and(|method| method.contains("ALGORITHM = 1")))
    });
    table.partition_by = table.partition_by.take().map(|by| with_algorithms(&by, algorithms));
    let begins = |word: &str| {
        let mut lines = lines.iter().map(|line| line.trim_start_matches('('));
        lines.any(|line| line.starts_with(word) && !line.starts_with(&format!("{word}BY ")))
    };
    let asked = |counted: &str, named: &str| match (begins(counted), begins(named)) {
        (true, _) => None,
        (false, true) => Some("named".to_owned()),
        (false, false) => Some("uncounted".to_owned()),
    };
    // Ranges and lists have names always.
    if table.partitions.iter().all(|partition| partition.bound.is_none()) {
        table
            .options
            .extend(asked("PARTITIONS ", "PARTITION ").map(|asked| ("partitions".to_owned(), asked)));
    }
    if table.partitions.iter().any(|partition| !partition.subpartitions.is_empty()) {
        let asked = asked("SUBPARTITIONS ", "SUBPARTITION ");
        let are_named = asked.as_ref().is_some_and(|asked| asked == "named");
        for partition in &mut table.partitions {
            // What is said of a partition is said of each of its subpartitions, and is shown there if they have names.
            partition.options.retain(|name, _| match are_named {
                true => name != "comment",
                false => !name.starts_with("comment "),
            });
        }
        table.options.extend(asked.map(|asked| ("subpartitions".to_owned(), asked)));
    }
    let mut unknown = Vec::new();
    let mut partitions = table.partitions.iter_mut();
    for line in lines {
        let line = line.trim_start_matches('(');
        if line.starts_with("PARTITION ") && !line.starts_with("PARTITION BY ") {
            let Some(partition) = partitions.next() else { break };
            partition.options.extend(options(line, &mut unknown));
        } else if line.starts_with("SUBPARTITION ") && !options(line, &mut unknown).is_empty() {
            unknown.push("option of a subpartition".to_owned());
        }
    }
    unknown
}

fn with_algorithms(by: &str, [own, of_parts]: [bool; 2]) -> String {
    let (first, second) = match by.split_once(" SUBPARTITION BY ") {
        Some((first, second)) => (first, Some(second)),
        None => (by, None),
    };
    let with = |method: &str, is_old: bool| match is_old {
        true => method.replacen("KEY (", "KEY ALGORITHM = 1 (", 1),
        false => method.to_owned(),
    };
    match second {
        Some(second) => format!("{} SUBPARTITION BY {}", with(first, own), with(second, of_parts)),
        None => with(first, own),
    }
}

/// What is said of one partition, apart from its rows and its comment.
fn options(line: &str, unknown: &mut Vec<String>) -> Options {
    let mut options = Options::new();
    for (name, value) in text::settings(line, " = ") {
        match name.as_str() {
            "max_rows" | "min_rows" | "tablespace" => {
                options.insert(name, value);
            }
            "data directory" | "index directory" => unknown.push(format!("{name} of a partition")),
            _ => {}
        }
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(by: &str, bound: Option<&str>) -> Table {
        let partition = Partition {
            name: "p0".to_owned(),
            bound: bound.map(str::to_owned),
            options: Options::new(),
            subpartitions: Vec::new(),
        };
        Table { partition_by: Some(by.to_owned()), partitions: vec![partition], ..Table::default() }
    }

    #[test]
    fn how_partitions_were_asked_for_is_read() {
        let mut key = table("LINEAR KEY (`a`)", None);
        let lines = [
            "/*!50100 PARTITION BY LINEAR KEY */ /*!50611 ALGORITHM = 1 */ /*!50100 (a)",
            "(PARTITION p0 MAX_ROWS = 10 COMMENT = 'MIN_ROWS = 3' ENGINE = InnoDB) */",
        ];
        assert!(complete(&mut key, &lines).is_empty());
        assert_eq!(key.partition_by.as_deref(), Some("LINEAR KEY ALGORITHM = 1 (`a`)"));
        assert_eq!(key.options["partitions"], "named");
        assert_eq!(key.partitions[0].options.len(), 1);
        let mut hash = table("HASH (`a`)", None);
        complete(&mut hash, &["PARTITION BY HASH (`a`)"]);
        assert_eq!(hash.options["partitions"], "uncounted");
        let mut counted = table("HASH (`a`)", None);
        complete(&mut counted, &["PARTITION BY HASH (`a`)", "PARTITIONS 1 */"]);
        assert!(counted.options.is_empty());
    }
}
