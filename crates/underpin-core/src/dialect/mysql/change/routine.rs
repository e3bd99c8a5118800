//! Functions and procedures, and what all programs that the server keeps have in common: a definer
//! and the SQL mode that they were read under.

use super::{Phases, name};
use crate::{
    dialect::Dialect,
    name::literal,
    schema::{Body, Object, ObjectKind, Options},
};

/// Drops and makes a routine. Neither server changes a body in place.
pub(super) fn write(from: Option<&Object>, to: Option<&Object>, phases: &mut Phases) {
    if let Some(from) = from {
        phases.drop_programs.push(format!("DROP {} {}", word(from), name(&from.id)));
    }
    if let Some(Object { body: Body::Routine(routine), .. }) = to {
        phases.create_routines.extend(program(&routine.create, &routine.options));
    }
}

fn word(object: &Object) -> &'static str {
    if object.id.kind == ObjectKind::Procedure { "PROCEDURE" } else { "FUNCTION" }
}

/// The statements that make a program as it was made: under its own SQL mode, for its own definer.
pub(super) fn program(create: &str, options: &Options) -> Vec<String> {
    let create = match (options.get("definer"), create.strip_prefix("CREATE ")) {
        (Some(definer), Some(rest)) => format!("CREATE DEFINER={definer} {rest}"),
        _ => create.to_owned(),
    };
    match options.get("sql_mode") {
        None => vec![create],
        Some(mode) => vec![
            "SET @underpin_sql_mode = @@SESSION.sql_mode".to_owned(),
            format!("SET SESSION sql_mode = {}", literal(Dialect::Mysql, mode)),
            create,
            "SET SESSION sql_mode = @underpin_sql_mode".to_owned(),
        ],
    }
}
