//! What statements assert where no server can be asked what it takes: what their like were measured to need.

use std::collections::BTreeSet;

use super::{
    super::{alterations, column, name},
    algorithm,
    clause::{Alter, Clause},
    foreign_key,
};
use crate::{
    catalog::{Birth, Catalog},
    dialect::{Dialect, Flavour},
    difference::{Difference, Stage, Statement},
    impact::{Way, mysql::alter_way},
    schema::{Body, Column},
    statement,
};

/// The same stages, in which each statement asserts no more than what is foretold of it on the tables that are
/// there.
pub(crate) fn foretold(difference: &Difference, stages: Vec<Stage>) -> Vec<Stage> {
    let (flavour, version) = (difference.to.flavour, difference.to.version);
    let stored_otherwise = stored_otherwise(difference);
    let mut catalog = Catalog::from(&difference.from);
    let mut statement = |statement: Statement| {
        let parsed = statement::parse(Dialect::Mysql, &statement.sql);
        let within = way(difference, &catalog, &statement.sql, &parsed, &stored_otherwise)
            .map(|way| Statement::new(algorithm::within(flavour, version, &statement.sql, way)));
        catalog.apply(&parsed, Birth::Transaction(0));
        within.unwrap_or(statement)
    };
    let mut stage =
        |stage: Stage| Stage { upgrade: stage.upgrade.into_iter().map(&mut statement).collect(), ..stage };
    stages.into_iter().map(&mut stage).collect()
}

/// The way of a statement that asserts one. A foreign key comes without a look at the rows, which is another
/// way than that of its like.
fn way(
    difference: &Difference,
    catalog: &Catalog,
    sql: &str,
    parsed: &statement::Statement,
    stored_otherwise: &BTreeSet<String>,
) -> Option<Way> {
    let statement::Statement::AlterTable(action) = parsed else { return None };
    let alter = Alter::parse(algorithm::bare(sql)?)?;
    if foreign_key::is_addition(&alter) {
        return None;
    }
    let table = alter.head.trim_start_matches("ALTER TABLE ");
    let redefines = alter.has_clause(&["MODIFY"]) || alter.has_clause(&["CHANGE"]);
    // A unique key over what is longer than an index may be has a column of its own, which nobody sees.
    let is_long =
        |clause: &Clause<'_>| clause.starts(&["ADD", "UNIQUE"]) && clause.has_sequence(&["USING", "HASH"]);
    let adds_long = difference.to.flavour == Flavour::Mariadb && alter.clauses.iter().any(is_long);
    if adds_long || redefines && stored_otherwise.contains(table) {
        return Some(Way::COPY);
    }
    Some(alter_way(difference.to.flavour, difference.to.version, catalog, action))
}

/// The tables with a column that is stored otherwise by what a statement's reader passes over.
fn stored_otherwise(difference: &Difference) -> BTreeSet<String> {
    let told = |column: &Column| {
        let option = |name: &str| column.options.get(name).cloned();
        (
            column.data_type.contains("COMPRESSED"),
            ["srid", "ref_system_id", "column_format", "storage"].map(option),
        )
    };
    alterations(difference)
        .filter(|alteration| match (&alteration.from.body, &alteration.to.body) {
            (Body::Table(from), Body::Table(to)) => {
                let pairs = column::pairs(alteration, from, to);
                pairs.iter().any(|pair| pair.from.is_some_and(|from| told(from) != told(pair.to)))
            }
            _ => false,
        })
        .map(|alteration| name(&alteration.to.id))
        .collect()
}
