use crate::{
    dialect::Flavour::{Mysql, Postgres},
    statement::{ActionKind, Statement},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, Rule, SERVERS, new_columns,
};

pub(super) static RULE: Rule = Rule {
    id: "identifier-too-long",
    summary: "a name that the server cuts off or refuses",
    flavours: SERVERS,
    why: "PostgreSQL cuts names off after 63 bytes and says so in a notice alone, so that two long names \
          may become one. MySQL and MariaDB refuse names of more than 64 characters.",
    examples: &[
        Example::bad(
            Postgres,
            "CREATE TABLE a_name_that_goes_on_and_on_and_on_and_on_and_on_until_somebody_stops (id int)",
        ),
        Example::bad(
            Mysql,
            "ALTER TABLE t ADD a_name_that_goes_on_and_on_and_on_and_on_and_on_until_somebody_stops int",
        ),
        Example::bad(
            Postgres,
            "CREATE INDEX CONCURRENTLY \
                a_name_that_goes_on_and_on_and_on_and_on_and_on_until_somebody_stops ON t (a)",
        ),
        Example::good(
            Postgres,
            "CREATE TABLE a_name_that_is_just_long_enough_to_be_a_good_example_of_one (id int)",
        ),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let (limit, unit) = if context.postgres() { (63, "bytes") } else { (64, "characters") };
    let length = |name: &str| if context.postgres() { name.len() } else { name.chars().count() };
    let long = names(context.statement).into_iter().filter(|name| length(name) > limit);
    long.map(|name| {
        let message = format!("{name} has {} {unit}, and {limit} is what the server takes", length(name));
        Found::new(Severity::Note, message, "a shorter name")
    })
    .collect()
}

/// The names that a statement gives.
fn names(statement: &Statement) -> Vec<&str> {
    let mut names: Vec<&str> = new_columns(statement).iter().map(|column| column.name.as_str()).collect();
    match statement {
        Statement::CreateTable(create) => {
            names.extend(create.table.iter().map(|table| table.name.as_str()));
            names.extend(create.all_constraints().filter_map(|constraint| constraint.name.as_deref()));
            names.extend(
                create.indexes.iter().filter_map(|index| index.name.as_ref()).map(|name| name.name.as_str()),
            );
        }
        Statement::CreateIndex(index) => names.extend(index.name.iter().map(|name| name.name.as_str())),
        Statement::CreateView(view) => names.push(&view.view.name),
        Statement::AlterTable(alter) => {
            names.extend(alter.actions.iter().filter_map(|action| match &action.kind {
                ActionKind::RenameColumn { to, .. } | ActionKind::RenameConstraint { to, .. } => {
                    Some(to.as_str())
                }
                ActionKind::RenameTable { to } => Some(to.name.as_str()),
                ActionKind::AddConstraint(constraint) => constraint.name.as_deref(),
                _ => None,
            }))
        }
        _ => {}
    }
    names
}
