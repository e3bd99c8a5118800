//! Partitions. No partition is ever dropped together with its rows: what is not merely more at the
//! end is divided anew, and the server refuses that where a row would have no place.

use super::quoted;
use crate::{
    name::mysql_string,
    schema::{Partition, Table},
};

/// How a table is divided, as `CREATE TABLE` and `ALTER TABLE` take it at their end.
pub(super) fn definition(table: &Table) -> Option<String> {
    let by = table.partition_by.as_ref()?;
    if table.partitions.is_empty() {
        // Said by a person, with the partitions in the same words; what a server tells has some.
        return Some(format!("PARTITION BY {by}"));
    }
    let subpartitions = table.partitions.first().map_or(0, |partition| partition.subpartitions.len());
    let names_subpartitions = writes_names(table, "subpartitions") || has_own_subpartition_names(table);
    let count = if subpartitions > 0 && !names_subpartitions && !leaves_count(table, "subpartitions") {
        format!(" SUBPARTITIONS {subpartitions}")
    } else {
        String::new()
    };
    if has_usual_names(table) && !writes_names(table, "partitions") {
        let partitions = match leaves_count(table, "partitions") {
            true => String::new(),
            false => format!(" PARTITIONS {}", table.partitions.len()),
        };
        return Some(format!("PARTITION BY {by}{partitions}{count}"));
    }
    Some(format!("PARTITION BY {by}{count}\n({})", partitions(&table.partitions, names_subpartitions)))
}

/// Whether partitions were given names or left to a count: the server remembers how they were asked for.
fn writes_names(table: &Table, option: &str) -> bool {
    table.options.get(option).is_some_and(|value| value == "named")
}

fn leaves_count(table: &Table, option: &str) -> bool {
    table.options.get(option).is_some_and(|value| value == "uncounted")
}

fn partitions(partitions: &[Partition], with_subpartitions: bool) -> String {
    partitions.iter().map(|one| partition(one, with_subpartitions)).collect::<Vec<_>>().join(",\n ")
}

fn partition(partition: &Partition, with_subpartitions: bool) -> String {
    let mut sql = format!("PARTITION {}", quoted(&partition.name));
    if let Some(bound) = &partition.bound {
        sql.push_str(&format!(" {bound}"));
    }
    for (option, word) in [("tablespace", "TABLESPACE"), ("max_rows", "MAX_ROWS"), ("min_rows", "MIN_ROWS")] {
        if let Some(value) = partition.options.get(option) {
            sql.push_str(&format!(" {word} = {value}"));
        }
    }
    if let Some(comment) = partition.options.get("comment") {
        sql.push_str(&format!(" COMMENT = {}", mysql_string(comment)));
    }
    if with_subpartitions {
        let subpartition = |name: &String| {
            let comment = partition.options.get(&format!("comment {name}"));
            let comment = comment.map(|text| format!(" COMMENT = {}", mysql_string(text)));
            format!("SUBPARTITION {}{}", quoted(name), comment.unwrap_or_default())
        };
        let names: Vec<String> = partition.subpartitions.iter().map(subpartition).collect();
        sql.push_str(&format!(" ({})", names.join(", ")));
    }
    sql
}

/// Whether the partitions are those of a hash with the names that the server gives by itself.
fn has_usual_names(table: &Table) -> bool {
    table.partitions.iter().enumerate().all(|(number, partition)| {
        partition.bound.is_none() && partition.options.is_empty() && partition.name == format!("p{number}")
    })
}

fn has_own_subpartition_names(table: &Table) -> bool {
    table.partitions.iter().any(|partition| {
        let own = |(number, name): (usize, &String)| *name != format!("{}sp{number}", partition.name);
        partition.subpartitions.iter().enumerate().any(own)
    })
}

/// What divides one table as the other is.
#[derive(Debug, PartialEq)]
pub(super) enum Change {
    /// They are divided alike.
    None,
    /// More partitions at the end: a statement of its own, which moves no row.
    Append(String),
    /// Everything else: the end of the statement that changes the table.
    Rebuild(String),
}

/// What divides `from` as `to` is.
pub(super) fn change(from: &Table, to: &Table) -> Change {
    let asked =
        |table: &Table| ["partitions", "subpartitions"].map(|option| table.options.get(option).cloned());
    let is_same_kind = from.partition_by == to.partition_by && asked(from) == asked(to);
    if is_same_kind && from.partitions == to.partitions {
        return Change::None;
    }
    let Some(definition) = definition(to) else {
        return Change::Rebuild("REMOVE PARTITIONING".to_owned());
    };
    let is_more = is_same_kind && to.partitions.starts_with(&from.partitions);
    let more = &to.partitions[from.partitions.len().min(to.partitions.len())..];
    let is_bounded = to.partitions.iter().all(|partition| partition.bound.is_some());
    let is_list = to.partition_by.as_ref().is_some_and(|by| by.starts_with("LIST"));
    let was_open = !is_list && from.partitions.iter().any(is_open);
    if is_more && is_bounded && !was_open && !from.partitions.is_empty() {
        let list = partitions(more, has_own_subpartition_names(to));
        return Change::Append(format!("ADD PARTITION ({list})"));
    }
    Change::Rebuild(definition)
}

fn is_open(partition: &Partition) -> bool {
    matches!(partition.bound.as_deref(), Some("CURRENT" | "HISTORY"))
        || partition.bound.as_ref().is_some_and(|bound| bound.contains("MAXVALUE"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(bounds: &[&str]) -> Table {
        let partition = |(number, bound): (usize, &&str)| Partition {
            name: format!("p{number}"),
            bound: Some(format!("VALUES LESS THAN ({bound})")),
            options: crate::schema::Options::new(),
            subpartitions: Vec::new(),
        };
        Table {
            partition_by: Some("RANGE (`a`)".to_owned()),
            partitions: bounds.iter().enumerate().map(partition).collect(),
            ..Table::default()
        }
    }

    #[test]
    fn what_a_person_says_is_written_as_it_is() {
        let by = Some("HASH (id) PARTITIONS 4".to_owned());
        let table = Table { partition_by: by, ..Table::default() };
        assert_eq!(definition(&table).as_deref(), Some("PARTITION BY HASH (id) PARTITIONS 4"));
    }

    #[test]
    fn more_at_the_end_are_added_and_fewer_are_never_dropped() {
        let (one, two) = (ranges(&["10"]), ranges(&["10", "20"]));
        assert_eq!(
            change(&one, &two),
            Change::Append("ADD PARTITION (PARTITION `p1` VALUES LESS THAN (20))".to_owned())
        );
        assert!(matches!(change(&two, &one), Change::Rebuild(_)));
        assert_eq!(change(&one, &Table::default()), Change::Rebuild("REMOVE PARTITIONING".to_owned()));
    }
}
