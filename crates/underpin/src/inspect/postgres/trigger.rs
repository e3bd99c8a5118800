//! Triggers, rules, policies and event triggers. Not those that the server made for a foreign key or
//! copied to a partition.

use underpin_core::{
    dialect::Dialect,
    name::{literal, quote},
    schema::{Body, Definition, Object, ObjectId, ObjectKind, Options, Policy, Trigger},
};

use super::catalog::{Catalog, comment, filled, number, text, texts};
use crate::database::{DatabaseError, Row};

/// Reads `pg_trigger`, `pg_rewrite`, `pg_policy` and `pg_event_trigger`.
pub(super) async fn read(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    triggers(catalog).await?;
    states(catalog).await?;
    rules(catalog).await?;
    views_outside(catalog).await?;
    policies(catalog).await?;
    event_triggers(catalog).await
}

/// When a trigger or rule fires, where that is not the usual; `tgenabled` in the manual's section 53.58.
fn enabled(letter: &str) -> Options {
    let state = match letter {
        "D" => "disabled",
        "R" => "replica",
        "A" => "always",
        _ => return Options::new(),
    };
    Options::from([("enabled".to_owned(), state.to_owned())])
}

async fn triggers(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let own = catalog.since(13, "t.tgparentid = 0", "true");
    let sql = format!(
        "SELECT t.oid, t.tgrelid, t.tgname, pg_catalog.pg_get_triggerdef(t.oid), t.tgenabled, \
         {}, t.tgconstraint \
         FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE NOT t.tgisinternal AND {own} AND {} AND {} ORDER BY t.tgrelid, t.tgname",
        comment("pg_trigger", "t.oid"),
        catalog.in_scope(),
        Catalog::not_of_extension("pg_trigger", "t.oid"),
    );
    for row in catalog.fetch(&sql).await? {
        let Some(on) = catalog.known("pg_class", number(&row, 1)).cloned() else { continue };
        let id = on.part(ObjectKind::Trigger, row.text(2));
        let trigger = Trigger { on, create: row.text(3).to_owned(), options: enabled(row.text(4)) };
        let object = Object::new(id.clone(), Body::Trigger(trigger)).with_comment(text(&row, 5));
        catalog.know("pg_constraint", number(&row, 6), id);
        catalog.insert("pg_trigger", number(&row, 0), object);
    }
    Ok(())
}

/// Partitions in which a trigger of the parent's fires when the parent's does not.
async fn states(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let parent = catalog.since(13, "p.oid = t.tgparentid", "false");
    let sql = format!(
        "SELECT t.tgrelid, t.tgname, t.tgenabled FROM pg_catalog.pg_trigger t \
         JOIN pg_catalog.pg_trigger p ON {parent} WHERE t.tgconstraint = 0 AND t.tgenabled <> p.tgenabled"
    );
    for row in catalog.fetch(&sql).await? {
        let (name, state) = (row.text(1).to_owned(), enabled(row.text(2)));
        if let Some(table) = catalog.table(number(&row, 0)) {
            let state = state.get("enabled").map_or("enabled", String::as_str);
            table.options.insert(format!("trigger.{name}"), state.to_owned());
        }
    }
    Ok(())
}

async fn rules(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let sql = format!(
        "SELECT r.oid, r.ev_class, r.rulename, CASE WHEN r.rulename <> '_RETURN' THEN pg_catalog.pg_get_ruledef(r.oid) END, \
         r.ev_enabled, {} \
         FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE {} ORDER BY r.ev_class, r.rulename",
        comment("pg_rewrite", "r.oid"),
        catalog.in_scope(),
    );
    for row in catalog.fetch(&sql).await? {
        let Some(on) = catalog.known("pg_class", number(&row, 1)).cloned() else { continue };
        let Some(definition) = row.optional(3) else {
            catalog.know("pg_rewrite", number(&row, 0), on);
            continue;
        };
        let create = definition.trim_end().trim_end_matches(';').to_owned();
        let mut options = enabled(row.text(4));
        options.insert("on".to_owned(), on.kind.words().to_owned());
        let id = on.part(ObjectKind::Rule, row.text(2));
        let object = Object::new(id, Body::Definition(Definition { create, options }));
        catalog.insert("pg_rewrite", number(&row, 0), object.with_comment(text(&row, 5)));
    }
    Ok(())
}

/// Views in namespaces that are not looked at: what they are made of can't be changed under them.
async fn views_outside(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    if catalog.looks_everywhere() {
        return Ok(());
    }
    let sql = format!(
        "SELECT r.oid, n.nspname, c.relname, c.relkind FROM pg_catalog.pg_rewrite r \
         JOIN pg_catalog.pg_class c ON c.oid = r.ev_class \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind IN ('v', 'm') AND r.rulename = '_RETURN' AND NOT ({}) \
         AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'",
        catalog.in_scope(),
    );
    for row in catalog.fetch(&sql).await? {
        let kind = if row.text(3) == "m" { ObjectKind::MaterializedView } else { ObjectKind::View };
        let id = catalog.id(kind, row.text(1), row.text(2));
        catalog.know("pg_rewrite", number(&row, 0), id);
    }
    Ok(())
}

async fn policies(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let sql = format!(
        "SELECT p.oid, p.polrelid, p.polname, p.polcmd, p.polpermissive, \
         (SELECT json_agg(x.name ORDER BY x.name) FROM (SELECT CASE WHEN r = 0 THEN 'public' \
          ELSE pg_catalog.pg_get_userbyid(r)::text END AS name FROM unnest(p.polroles) r) x), \
         pg_catalog.pg_get_expr(p.polqual, p.polrelid), pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), \
         {} \
         FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE {} ORDER BY p.polrelid, p.polname",
        comment("pg_policy", "p.oid"),
        catalog.in_scope(),
    );
    for row in catalog.fetch(&sql).await? {
        let Some(on) = catalog.known("pg_class", number(&row, 1)).cloned() else { continue };
        let id = on.part(ObjectKind::Policy, row.text(2));
        let object = Object::new(id, Body::Policy(policy(on, &row))).with_comment(text(&row, 8));
        catalog.insert("pg_policy", number(&row, 0), object);
    }
    Ok(())
}

fn policy(on: ObjectId, row: &Row) -> Policy {
    let command = match row.text(3) {
        "r" => "SELECT",
        "a" => "INSERT",
        "w" => "UPDATE",
        "d" => "DELETE",
        _ => "ALL",
    };
    Policy {
        on,
        command: command.to_owned(),
        permissive: row.truth(4),
        roles: texts(row, 5),
        using: text(row, 6),
        with_check: text(row, 7),
    }
}

async fn event_triggers(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let sql = format!(
        "SELECT t.oid, t.evtname, t.evtevent, t.evtfoid::regprocedure::text, t.evtenabled, \
         array_to_json(t.evttags), pg_catalog.obj_description(t.oid, 'pg_event_trigger'), n.nspname \
         FROM pg_catalog.pg_event_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.evtfoid \
         JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE {} ORDER BY t.evtname",
        Catalog::not_of_extension("pg_event_trigger", "t.oid"),
    );
    for row in catalog.fetch(&sql).await? {
        let tags: Vec<String> = texts(&row, 5).iter().map(|tag| literal(Dialect::Postgres, tag)).collect();
        let when =
            if tags.is_empty() { String::new() } else { format!(" WHEN TAG IN ({})", tags.join(", ")) };
        let name = quote(Dialect::Postgres, row.text(1));
        let function = filled(&row, 3).unwrap_or_default();
        let create =
            format!("CREATE EVENT TRIGGER {name} ON {}{when} EXECUTE FUNCTION {function}", row.text(2));
        let id = ObjectId::new(ObjectKind::EventTrigger, None, row.text(1));
        let definition = Definition { create, options: enabled(row.text(4)) };
        let object = Object::new(id, Body::Definition(definition)).with_comment(text(&row, 6));
        catalog.insert("pg_event_trigger", number(&row, 0), object);
    }
    Ok(())
}
