//! Sequences (MariaDB): "CREATE SEQUENCE" and "ALTER SEQUENCE" in its manual.

use super::{Phases, name};
use crate::{
    name::mysql_string,
    schema::{Body, Object, Sequence},
};

/// The engine that stores what says nothing of one, unless the server was told otherwise.
const USUAL_ENGINE: &str = "InnoDB";

/// Makes, changes or drops a sequence. What it has counted stays.
pub(super) fn write(from: Option<&Object>, to: Option<&Object>, phases: &mut Phases) {
    match (from, to) {
        (None, Some(to)) => phases.sequences.extend(create(to)),
        (Some(from), None) => phases.drop_sequences.push(format!("DROP SEQUENCE {}", name(&from.id))),
        (Some(from), Some(to)) => {
            if from.id != to.id {
                phases.sequences.push(format!("RENAME TABLE {} TO {}", name(&from.id), name(&to.id)));
            }
            phases.sequences.extend(alter(from, to));
        }
        (None, None) => {}
    }
}

fn create(to: &Object) -> Option<String> {
    let Body::Sequence(sequence) = &to.body else { return None };
    let mut sql = format!("CREATE SEQUENCE {}{}", name(&to.id), options(sequence));
    if let Some(engine) = sequence.engine.as_ref().filter(|engine| *engine != USUAL_ENGINE) {
        sql.push_str(&format!(" ENGINE={engine}"));
    }
    if let Some(comment) = &to.comment {
        sql.push_str(&format!(" COMMENT={}", mysql_string(comment)));
    }
    Some(sql)
}

fn alter(from: &Object, to: &Object) -> Vec<String> {
    let (Body::Sequence(old), Body::Sequence(sequence)) = (&from.body, &to.body) else { return Vec::new() };
    let mut statements = Vec::new();
    if old.options != sequence.options {
        statements.push(format!("ALTER SEQUENCE {}{}", name(&to.id), options(sequence)));
    }
    if old.engine != sequence.engine {
        let engine = sequence.engine.as_deref().unwrap_or(USUAL_ENGINE);
        statements.push(format!("ALTER TABLE {} ENGINE={engine}", name(&to.id)));
    }
    if from.comment != to.comment {
        let comment = to.comment.as_deref().unwrap_or_default();
        statements.push(format!("ALTER TABLE {} COMMENT={}", name(&to.id), mysql_string(comment)));
    }
    statements
}

fn options(sequence: &Sequence) -> String {
    let options = &sequence.options;
    let cycle = if options.cycle { "CYCLE" } else { "NOCYCLE" };
    format!(
        " START WITH {} INCREMENT BY {} MINVALUE {} MAXVALUE {} CACHE {} {cycle}",
        options.start, options.increment, options.minimum, options.maximum, options.cache
    )
}
