//! Functions, procedures, aggregates, operators and casts. Not what they are called by.

use underpin_core::{
    dialect::Dialect,
    name::{literal, quote_in},
    schema::{Body, Definition, Object, ObjectId, ObjectKind, Options, Routine},
};

use super::catalog::{Catalog, comment, filled, grants, number, other_owner, privileges, text};
use crate::database::{DatabaseError, Row};

/// Everybody may call a function unless that was taken away (the manual's section 5.8, "Privileges").
const USUAL: [&str; 1] = ["EXECUTE"];

/// Reads `pg_proc`, `pg_aggregate`, `pg_operator` and `pg_cast`.
pub(super) async fn read(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    routines(catalog).await?;
    aggregates(catalog).await?;
    operators(catalog).await?;
    casts(catalog).await
}

/// Not what the server makes itself for a range type of the user's.
const MADE_BY_USERS: &str = "NOT EXISTS (SELECT FROM pg_catalog.pg_depend i \
    WHERE i.classid = 'pg_catalog.pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i')";

async fn routines(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let sql = format!(
        "SELECT p.oid, n.nspname, p.proname, p.prokind, pg_catalog.oidvectortypes(p.proargtypes), \
         pg_catalog.pg_get_functiondef(p.oid), pg_catalog.pg_get_function_result(p.oid), \
         pg_catalog.pg_get_function_arguments(p.oid), \
         pg_catalog.pg_get_function_identity_arguments(p.oid), p.pronargdefaults, \
         {}, {}, {} \
         FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace \
         WHERE p.prokind <> 'a' AND {} AND {} AND {MADE_BY_USERS} ORDER BY n.nspname, p.proname, 5",
        comment("pg_proc", "p.oid"),
        privileges("p.proacl", "p.proowner"),
        other_owner("p.proowner"),
        catalog.in_scope(),
        Catalog::not_of_extension("pg_proc", "p.oid"),
    );
    for row in catalog.fetch(&sql).await? {
        let kind = if row.text(3) == "p" { ObjectKind::Procedure } else { ObjectKind::Function };
        let id = catalog.id(kind, row.text(1), row.text(2)).with_arguments(row.text(4));
        let routine = Routine {
            create: row.text(5).trim_end().to_owned(),
            returns: text(&row, 6),
            signature: row.text(7).to_owned(),
            options: Options::from([
                ("arguments".to_owned(), row.text(8).to_owned()),
                ("defaults".to_owned(), row.text(9).to_owned()),
            ]),
        };
        let mut object = Object::new(id, Body::Routine(routine)).with_comment(text(&row, 10));
        object.grants = grants(&row, 11, &USUAL);
        catalog.owned(&object.id, &row, 12);
        catalog.insert("pg_proc", number(&row, 0), object);
    }
    Ok(())
}

async fn aggregates(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let function = |column: &str| format!("NULLIF(g.{column}::oid, 0)::regproc::text");
    let sql = format!(
        "SELECT p.oid, n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid), \
         pg_catalog.pg_get_function_arguments(p.oid), pg_catalog.obj_description(p.oid, 'pg_proc'), {}, \
         g.aggkind, {}, pg_catalog.format_type(g.aggtranstype, NULL), NULLIF(g.aggtransspace, 0), {}, g.aggfinalextra, \
         g.agginitval, {}, {}, {}, {}, {}, CASE WHEN g.aggmtranstype <> 0 THEN pg_catalog.format_type(g.aggmtranstype, NULL) END, \
         {}, g.aggminitval, (SELECT 'OPERATOR(' || pg_catalog.quote_ident(xn.nspname) || '.' || x.oprname || ')' \
         FROM pg_catalog.pg_operator x JOIN pg_catalog.pg_namespace xn ON xn.oid = x.oprnamespace \
         WHERE x.oid = g.aggsortop), p.proparallel, NULLIF(g.aggmtransspace, 0), g.aggmfinalextra, \
         g.aggfinalmodify, g.aggmfinalmodify \
         FROM pg_catalog.pg_aggregate g JOIN pg_catalog.pg_proc p ON p.oid = g.aggfnoid \
         JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace \
         WHERE {} AND {} ORDER BY n.nspname, p.proname, 4",
        privileges("p.proacl", "p.proowner"),
        function("aggtransfn"),
        function("aggfinalfn"),
        function("aggcombinefn"),
        function("aggserialfn"),
        function("aggdeserialfn"),
        function("aggmtransfn"),
        function("aggminvtransfn"),
        function("aggmfinalfn"),
        catalog.in_scope(),
        Catalog::not_of_extension("pg_proc", "p.oid"),
    );
    for row in catalog.fetch(&sql).await? {
        let id = catalog.id(ObjectKind::Aggregate, row.text(1), row.text(2)).with_arguments(row.text(3));
        let definition = Definition { create: aggregate(&id, &row), options: Options::new() };
        let mut object = Object::new(id, Body::Definition(definition)).with_comment(text(&row, 5));
        object.grants = grants(&row, 6, &USUAL);
        catalog.insert("pg_proc", number(&row, 0), object);
    }
    Ok(())
}

/// `CREATE AGGREGATE`; the manual's page of that name has the options.
fn aggregate(id: &ObjectId, row: &Row) -> String {
    let quoted = |index: usize| text(row, index).map(|value| literal(Dialect::Postgres, &value));
    let given = [
        ("sfunc", filled(row, 8)),
        ("stype", filled(row, 9)),
        ("sspace", filled(row, 10)),
        ("finalfunc", filled(row, 11)),
        ("initcond", quoted(13)),
        ("combinefunc", filled(row, 14)),
        ("serialfunc", filled(row, 15)),
        ("deserialfunc", filled(row, 16)),
        ("msfunc", filled(row, 17)),
        ("minvfunc", filled(row, 18)),
        ("mstype", filled(row, 19)),
        ("mfinalfunc", filled(row, 20)),
        ("minitcond", quoted(21)),
        ("sortop", filled(row, 22)),
        ("msspace", filled(row, 24)),
        ("finalfunc_modify", modification(row, 26)),
        ("mfinalfunc_modify", modification(row, 27)),
    ];
    let mut options: Vec<String> = given
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| format!("{name} = {value}")))
        .collect();
    if row.truth(12) {
        options.push("finalfunc_extra".to_owned());
    }
    if row.truth(25) {
        options.push("mfinalfunc_extra".to_owned());
    }
    if row.text(7) == "h" {
        options.push("hypothetical".to_owned());
    }
    match row.text(23) {
        "s" => options.push("parallel = safe".to_owned()),
        "r" => options.push("parallel = restricted".to_owned()),
        _ => {}
    }
    let arguments = if row.text(4).is_empty() { "*" } else { row.text(4) };
    let name = quote_in(Dialect::Postgres, id.schema.as_deref(), &id.name);
    format!("CREATE AGGREGATE {name}({arguments}) ({})", options.join(", "))
}

/// What a final function does to the state, where that is not what goes without saying: an aggregate of a
/// sorted set may write it, any other may not.
fn modification(row: &Row, index: usize) -> Option<String> {
    let usual = if row.text(7) == "n" { "r" } else { "w" };
    let words = match row.text(index) {
        letter if letter == usual => return None,
        "r" => "read_only",
        "s" => "shareable",
        _ => "read_write",
    };
    Some(words.to_owned())
}

async fn operators(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let other = |column: &str| {
        format!(
            "(SELECT 'OPERATOR(' || pg_catalog.quote_ident(xn.nspname) || '.' || x.oprname || ')' \
             FROM pg_catalog.pg_operator x JOIN pg_catalog.pg_namespace xn ON xn.oid = x.oprnamespace \
             WHERE x.oid = o.{column} AND x.oprcode <> 0)"
        )
    };
    let sql = format!(
        "SELECT o.oid, n.nspname, o.oprname, \
         CASE WHEN o.oprleft = 0 THEN NULL ELSE pg_catalog.format_type(o.oprleft, NULL) END, \
         CASE WHEN o.oprright = 0 THEN NULL ELSE pg_catalog.format_type(o.oprright, NULL) END, \
         NULLIF(o.oprcode::oid, 0)::regproc::text, {}, {}, NULLIF(o.oprrest::oid, 0)::regproc::text, \
         NULLIF(o.oprjoin::oid, 0)::regproc::text, o.oprcanhash, o.oprcanmerge, \
         pg_catalog.obj_description(o.oid, 'pg_operator') \
         FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace \
         WHERE o.oprcode <> 0 AND {} AND {} ORDER BY n.nspname, o.oprname",
        other("oprcom"),
        other("oprnegate"),
        catalog.in_scope(),
        Catalog::not_of_extension("pg_operator", "o.oid"),
    );
    for row in catalog.fetch(&sql).await? {
        let side = |index: usize| row.optional(index).unwrap_or("NONE");
        let id = catalog.id(ObjectKind::Operator, row.text(1), row.text(2)).with_arguments(&format!(
            "{}, {}",
            side(3),
            side(4)
        ));
        let definition = Definition { create: operator(&id, &row), options: Options::new() };
        let object = Object::new(id, Body::Definition(definition)).with_comment(text(&row, 12));
        catalog.insert("pg_operator", number(&row, 0), object);
    }
    Ok(())
}

/// `CREATE OPERATOR`; the manual's page of that name has the options.
fn operator(id: &ObjectId, row: &Row) -> String {
    let names = ["LEFTARG", "RIGHTARG", "FUNCTION", "COMMUTATOR", "NEGATOR", "RESTRICT", "JOIN"];
    let mut options: Vec<String> = names
        .into_iter()
        .zip(3..)
        .filter_map(|(name, index)| filled(row, index).map(|value| format!("{name} = {value}")))
        .collect();
    if row.truth(10) {
        options.push("HASHES".to_owned());
    }
    if row.truth(11) {
        options.push("MERGES".to_owned());
    }
    let schema = id
        .schema
        .as_deref()
        .map(|schema| format!("{}.", underpin_core::name::quote(Dialect::Postgres, schema)));
    format!("CREATE OPERATOR {}{} ({})", schema.unwrap_or_default(), id.name, options.join(", "))
}

async fn casts(catalog: &mut Catalog<'_>) -> Result<(), DatabaseError> {
    let sql = format!(
        "SELECT c.oid, pg_catalog.format_type(c.castsource, NULL), pg_catalog.format_type(c.casttarget, NULL), \
         NULLIF(c.castfunc, 0)::regprocedure::text, c.castmethod, c.castcontext, \
         pg_catalog.obj_description(c.oid, 'pg_cast') FROM pg_catalog.pg_cast c \
         WHERE c.oid >= 16384 AND {} AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend i \
         WHERE i.classid = 'pg_catalog.pg_cast'::regclass AND i.objid = c.oid AND i.deptype = 'i') ORDER BY 2, 3",
        Catalog::not_of_extension("pg_cast", "c.oid"),
    );
    for row in catalog.fetch(&sql).await? {
        let types = format!("{} AS {}", row.text(1), row.text(2));
        let how = match (row.text(4), row.optional(3)) {
            ("f", Some(function)) => format!("WITH FUNCTION {function}"),
            ("i", _) => "WITH INOUT".to_owned(),
            _ => "WITHOUT FUNCTION".to_owned(),
        };
        let context = match row.text(5) {
            "a" => " AS ASSIGNMENT",
            "i" => " AS IMPLICIT",
            _ => "",
        };
        let create = format!("CREATE CAST ({types}) {how}{context}");
        let id = ObjectId::new(ObjectKind::Cast, None, &types);
        let object = Object::new(id, Body::Definition(Definition { create, options: Options::new() }));
        catalog.insert("pg_cast", number(&row, 0), object.with_comment(text(&row, 6)));
    }
    Ok(())
}
