//! What MariaDB does not know, as its documentation and its release notes have it; what it never knows was
//! asked of 10.11. Not what it can't do in a way that is asked for.

use crate::statement::ActionKind;

use super::{
    fact::{Fact, never, since},
    mysql::{OF_OTHERS, foreign, of_other_servers, of_postgres},
    said::{computed, computed_default, typed},
};

pub(super) const FACTS: &[Fact] = &[
    since((10, 5, 2), "RENAME COLUMN", "CHANGE, with the whole definition", |said| {
        said.does(|kind| matches!(kind, ActionKind::RenameColumn { .. }))
    }),
    since((10, 5, 2), "RENAME INDEX", "DROP INDEX and ADD INDEX in one statement", |said| {
        said.does(|kind| matches!(kind, ActionKind::RenameIndex { .. }))
    }),
    since((10, 5, 2), "IF EXISTS of the table that is altered or renamed", "leave it out", |said| {
        said.starts("ALTER TABLE IF EXISTS") || said.starts("RENAME TABLE|TABLES IF EXISTS")
    }),
    since((10, 3, 2), "ALGORITHM=INSTANT and NOCOPY", "ALGORITHM=INPLACE, LOCK=NONE", |said| {
        said.algorithm("INSTANT") || said.algorithm("NOCOPY")
    }),
    since((10, 6, 0), "IGNORED indexes", "leave it out", |said| {
        said.starts("CREATE") && said.outer("( IGNORED") && said.index(|_| true)
            || said.action("ALTER INDEX|KEY * IGNORED")
            || said.action("ALTER INDEX|KEY * NOT IGNORED")
    }),
    since((10, 3, 0), "sequences", "AUTO_INCREMENT", |said| said.starts("CREATE|ALTER|DROP SEQUENCE")),
    since((10, 3, 4), "SYSTEM VERSIONING", "a table of its own, filled by triggers", |said| {
        said.does(|kind| matches!(kind, ActionKind::Versioning(_))) || said.behind_body("SYSTEM VERSIONING")
    }),
    since((10, 5, 0), "RETURNING of INSERT and REPLACE", "LAST_INSERT_ID(), or a SELECT", |said| {
        said.starts("INSERT|REPLACE") && said.returns_rows()
    }),
    never("RETURNING of UPDATE", "a SELECT before it", |said| said.starts("UPDATE") && said.returns_rows()),
    since((10, 7, 0), "the type uuid", "binary(16)", |said| said.column(|column| typed(column, &["uuid"]))),
    since((10, 5, 0), "the type inet6", "varbinary(16)", |said| {
        said.column(|column| typed(column, &["inet6"]))
    }),
    since((10, 10, 0), "the type inet4", "int unsigned", |said| {
        said.column(|column| typed(column, &["inet4"]))
    }),
    since((10, 2, 1), "a default that is an expression", "a literal, or a trigger", |said| {
        said.column(computed_default)
    }),
    never("an index on an expression", "an index on a generated column", |said| said.index(computed)),
    never("INVISIBLE indexes", "IGNORED, from 10.6 on", |said| {
        said.starts("CREATE INDEX|UNIQUE") && said.outer("( INVISIBLE")
            || said.action("ALTER INDEX|KEY * INVISIBLE|VISIBLE")
    }),
    never("DROP CHECK and ALTER CHECK", "DROP CONSTRAINT", |said| said.action("DROP|ALTER CHECK *")),
    never("NOT ENFORCED", "leave it out", |said| said.constraint(|constraint| constraint.not_enforced)),
    never(
        "types of PostgreSQL, such as this one",
        "uuid, json, datetime, blob, or text of some length",
        |said| said.column(|column| typed(column, OF_OTHERS)),
    ),
    never("-> and ->>", "JSON_VALUE() and JSON_EXTRACT()", |said| {
        said.operator("->") || said.operator("->>")
    }),
    never("ALTER COLUMN … TYPE and SET NOT NULL", "MODIFY, with the whole definition", of_postgres),
    never("CONCURRENTLY", "ALGORITHM=NOCOPY, LOCK=NONE", |said| said.concurrently()),
    never("what PostgreSQL says of tables", "what MariaDB has for it", of_other_servers),
    never("statements of PostgreSQL and SQLite, such as this one", "leave it out for MariaDB", |said| {
        foreign(said) || said.starts("CREATE MATERIALIZED")
    }),
];
