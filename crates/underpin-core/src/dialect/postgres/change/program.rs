//! What runs in a database: functions, procedures, triggers, policies, rules. Not what they need.

use super::{
    action::Action,
    text::{comment, list, literal, owner, qualified, quote, target},
};
use crate::{
    difference::Statement,
    schema::{Definition, Object, ObjectKind, Options, Policy, Routine, Trigger},
};

/// Whether it is something that is called by a name which others can have as well.
pub(super) const fn is_routine(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate)
}

/// What becomes of a routine: `CREATE OR REPLACE` takes another body, and neither another result nor
/// other names of arguments nor fewer defaults ("CREATE FUNCTION" in the manual, Notes).
pub(super) fn decide_routine(from: &Routine, to: &Routine) -> Action {
    let defaults = |routine: &Routine| {
        routine.options.get("defaults").and_then(|count| count.parse::<u32>().ok()).unwrap_or(0)
    };
    let arguments = |routine: &Routine| match routine.options.get("arguments") {
        Some(arguments) => arguments.clone(),
        None => routine.signature.clone(),
    };
    let replaceable = from.returns == to.returns
        && arguments(from) == arguments(to)
        && defaults(from) <= defaults(to)
        && is_window(from) == is_window(to);
    if replaceable { Action::Alter } else { Action::Replace }
}

fn is_window(routine: &Routine) -> bool {
    routine.create.lines().any(|line| line.trim_start().starts_with("WINDOW"))
}

/// The statement that makes a routine, or puts it in place of the one that is there.
pub(super) fn make_routine(routine: &Routine) -> Statement {
    Statement::new(routine.create.clone())
}

/// Creates a trigger.
pub(super) fn make_trigger(object: &Object, trigger: &Trigger) -> Vec<Statement> {
    let mut statements = vec![Statement::new(trigger.create.clone())];
    statements.extend(enable("TABLE", "TRIGGER", object, &Options::new(), &trigger.options));
    statements
}

/// What becomes of a trigger that is not as it is to be.
pub(super) fn decide_trigger(from: &Trigger, to: &Trigger) -> Action {
    if from.create == to.create && from.on == to.on { Action::Alter } else { Action::Replace }
}

/// Changes when a trigger fires.
pub(super) fn alter_trigger(object: &Object, from: &Trigger, to: &Trigger) -> Vec<Statement> {
    enable("TABLE", "TRIGGER", object, &from.options, &to.options).into_iter().collect()
}

/// Changes when a trigger or rule fires.
fn enable(word: &str, kind: &str, object: &Object, from: &Options, to: &Options) -> Option<Statement> {
    let state = |options: &Options| options.get("enabled").cloned();
    if state(from) == state(to) {
        return None;
    }
    let action = action(state(to).as_deref());
    let name = quote(&object.id.name);
    Some(Statement::new(match action {
        (verb, "") => format!("ALTER {word} {} {verb} {kind} {name}", owner(&object.id)),
        (verb, how) => format!("ALTER {word} {} {verb} {how} {kind} {name}", owner(&object.id)),
    }))
}

pub(super) fn action(state: Option<&str>) -> (&'static str, &'static str) {
    match state {
        Some("disabled") => ("DISABLE", ""),
        Some("replica") => ("ENABLE", "REPLICA"),
        Some("always") => ("ENABLE", "ALWAYS"),
        _ => ("ENABLE", ""),
    }
}

/// Creates a policy.
pub(super) fn make_policy(object: &Object, policy: &Policy) -> Statement {
    let kind = if policy.permissive { "PERMISSIVE" } else { "RESTRICTIVE" };
    let mut text = format!("CREATE {} AS {kind} FOR {}", target(&object.id), policy.command);
    if policy.roles.as_slice() != ["public"] && !policy.roles.is_empty() {
        let roles: Vec<String> = policy
            .roles
            .iter()
            .map(|role| if role == "public" { "PUBLIC".to_owned() } else { list([role]) })
            .collect();
        text.push_str(&format!(" TO {}", roles.join(", ")));
    }
    if let Some(using) = &policy.using {
        text.push_str(&format!(" USING ({using})"));
    }
    if let Some(check) = &policy.with_check {
        text.push_str(&format!(" WITH CHECK ({check})"));
    }
    Statement::new(text)
}

/// Creates what is one text: a rule, an event trigger, statistics, an extension.
pub(super) fn make_definition(object: &Object, definition: &Definition) -> Vec<Statement> {
    let mut statements = vec![Statement::new(definition.create.clone())];
    statements.extend(definition_state(object, &Options::new(), &definition.options));
    statements
}

/// What becomes of something that is one text and not as it is to be.
pub(super) fn decide_definition(from: &Definition, to: &Definition) -> Action {
    let extension = to.options.contains_key("version");
    if from.create == to.create || extension { Action::Alter } else { Action::Replace }
}

/// Changes in place what is one text otherwise.
pub(super) fn alter_definition(object: &Object, from: &Definition, to: &Definition) -> Vec<Statement> {
    definition_state(object, &from.options, &to.options)
}

fn definition_state(object: &Object, from: &Options, to: &Options) -> Vec<Statement> {
    use crate::schema::ObjectKind;
    let changed = |name: &str| (from.get(name) != to.get(name)).then(|| to.get(name).cloned());
    let mut statements = Vec::new();
    match object.id.kind {
        ObjectKind::Extension if !from.is_empty() => {
            let name = target(&object.id);
            if let Some(Some(schema)) = changed("schema") {
                statements.push(Statement::new(format!("ALTER {name} SET SCHEMA {}", quote(&schema))));
            }
            if let Some(Some(version)) = changed("version") {
                let version = literal(&version);
                statements.push(Statement::new(format!("ALTER {name} UPDATE TO {version}")));
            }
        }
        ObjectKind::Rule => {
            statements.extend(enable("TABLE", "RULE", object, from, to));
        }
        ObjectKind::EventTrigger => {
            if let Some(state) = changed("enabled") {
                let (verb, how) = action(state.as_deref());
                let how = if how.is_empty() { String::new() } else { format!(" {how}") };
                statements.push(Statement::new(format!("ALTER {} {verb}{how}", target(&object.id))));
            }
        }
        ObjectKind::Statistics => {
            if let Some(value) = changed("statistics") {
                let value = value.unwrap_or_else(|| "-1".to_owned());
                let name = qualified(&object.id);
                statements.push(Statement::new(format!("ALTER STATISTICS {name} SET STATISTICS {value}")));
            }
        }
        _ => {}
    }
    statements
}

/// The comment of an object, where it changes.
pub(super) fn object_comment(from: Option<&Object>, to: &Object) -> Option<Statement> {
    let before = from.and_then(|object| object.comment.as_deref());
    if to.id.kind == ObjectKind::Extension && before.is_some() && to.comment.is_none() {
        return Some(usual_extension_comment(to));
    }
    comment(&target(&to.id), before, to.comment.as_deref())
}

/// Gives an extension the comment that its own files have for it, which are known to the server only.
fn usual_extension_comment(extension: &Object) -> Statement {
    let target = target(&extension.id).replace('%', "%%");
    Statement::new(format!(
        "DO $underpin$\nBEGIN\n  \
         EXECUTE pg_catalog.format({}, (SELECT v.comment FROM pg_catalog.pg_available_extension_versions v\n    \
         JOIN pg_catalog.pg_extension e ON e.extname = v.name AND e.extversion = v.version \
         WHERE e.extname = {}));\nEND $underpin$",
        literal(&format!("COMMENT ON {target} IS %L")),
        literal(&extension.id.name),
    ))
}
