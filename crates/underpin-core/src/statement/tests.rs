use super::*;
use crate::dialect::Dialect::{self, Mysql, Postgres, Sqlite};

fn alter(dialect: Dialect, text: &str) -> AlterTable {
    match parse(dialect, text) {
        Statement::AlterTable(alter) => alter,
        other => panic!("{text}: {other:?}"),
    }
}

fn actions(dialect: Dialect, text: &str) -> Vec<ActionKind> {
    alter(dialect, text).actions.into_iter().map(|action| action.kind).collect()
}

fn only_action(dialect: Dialect, text: &str) -> ActionKind {
    let mut actions = actions(dialect, text);
    assert_eq!(actions.len(), 1, "{text}: {actions:?}");
    actions.remove(0)
}

#[test]
fn the_clauses_of_a_column_are_told_apart_from_its_default() {
    let text = "ALTER TABLE s.t ADD COLUMN IF NOT EXISTS a numeric(10, 2) DEFAULT (1 + random()) NOT NULL \
                CONSTRAINT p CHECK (a > 0) REFERENCES o (id) ON DELETE CASCADE";
    let ActionKind::AddColumn { column, if_not_exists } = only_action(Postgres, text) else { panic!() };
    assert!(if_not_exists);
    assert_eq!(column.data_type.as_ref().map(ToString::to_string).as_deref(), Some("numeric(10,2)"));
    assert_eq!(column.nullable, Some(false));
    assert_eq!(column.default.as_ref().map(|default| default.calls.clone()), Some(vec!["random".to_owned()]));
    assert!(column.checked());
    assert_eq!(column.constraints[0].name.as_deref(), Some("p"));
    assert!(column.references().is_some_and(|reference| reference.on_delete_cascade));
}

#[test]
fn types_are_spelled_as_the_catalog_does() {
    let spelled = |dialect, text| DataType::parse(dialect, text).map(|data_type| data_type.to_string());
    let cases = [
        (Postgres, "int4", "integer"),
        (Postgres, "varchar(10)", "character varying(10)"),
        (Postgres, "timestamptz(3)", "timestamp(3) with time zone"),
        (Postgres, "timestamp(3) with time zone", "timestamp(3) with time zone"),
        (Postgres, "time without time zone", "time without time zone"),
        (Postgres, "double precision[]", "double precision[]"),
        (Postgres, "pg_catalog.int8", "bigint"),
        (Mysql, "INTEGER UNSIGNED", "int unsigned"),
        (Mysql, "varchar(20) CHARACTER SET utf8mb4", "varchar(20)"),
        (Mysql, "enum('a', 'b')", "enum('a','b')"),
        (Sqlite, "VARCHAR(10)", "varchar(10)"),
    ];
    for (dialect, text, expected) in cases {
        assert_eq!(spelled(dialect, text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn several_actions_keep_their_order_and_their_places() {
    let text = "ALTER TABLE t ADD a int, ALTER b SET NOT NULL, VALIDATE CONSTRAINT c";
    let alter = alter(Postgres, text);
    let texts: Vec<&str> = alter.actions.iter().map(|action| &text[action.start..action.end]).collect();
    assert_eq!(texts, ["ADD a int", "ALTER b SET NOT NULL", "VALIDATE CONSTRAINT c"]);
}

#[test]
fn constraints_are_told_from_columns_by_their_words() {
    let kind = |text: &str| match only_action(Postgres, text) {
        ActionKind::AddConstraint(constraint) => (constraint.not_valid, constraint.kind),
        other => panic!("{text}: {other:?}"),
    };
    let (not_valid, kind_of_key) =
        kind("alter table t add constraint f foreign key (a, b) references p (c, d) match full not valid");
    assert!(not_valid);
    assert!(matches!(kind_of_key, ConstraintKind::ForeignKey { columns, .. } if columns == ["a", "b"]));
    let using = kind("ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX i DEFERRABLE").1;
    assert_eq!(using, ConstraintKind::Unique { columns: vec![], index: Some("i".to_owned()) });
    assert!(matches!(
        kind("ALTER TABLE t ADD CHECK (a > 0) NOT VALID"),
        (true, ConstraintKind::Check { .. })
    ));
    assert!(matches!(kind("ALTER TABLE t ADD NOT NULL a NOT VALID"), (true, ConstraintKind::NotNull { .. })));
    assert!(matches!(kind("ALTER TABLE t ADD EXCLUDE USING gist (a WITH =)").1, ConstraintKind::Exclusion));
}

#[test]
fn mysql_says_columns_again_and_asks_for_an_algorithm() {
    let text = "ALTER TABLE `t` MODIFY COLUMN a varchar(40) NOT NULL AFTER b, CHANGE c d int unsigned, \
                ADD INDEX i (a(10), d), ADD FULLTEXT KEY (e), DROP PRIMARY KEY, ALGORITHM=INPLACE, LOCK = NONE";
    let alter = alter(Mysql, text);
    assert_eq!((alter.algorithm.as_deref(), alter.lock.as_deref()), (Some("INPLACE"), Some("NONE")));
    let kinds: Vec<ActionKind> = alter.actions.into_iter().map(|action| action.kind).collect();
    assert!(matches!(&kinds[0], ActionKind::Redefine { from, column } if from == "a"
        && column.position == Some(Position::After("b".to_owned()))));
    assert!(matches!(&kinds[1], ActionKind::Redefine { from, column } if from == "c" && column.name == "d"));
    assert!(matches!(&kinds[2], ActionKind::AddIndex(index) if index.columns().eq(["a", "d"])));
    assert!(matches!(&kinds[3], ActionKind::AddIndex(index) if index.kind == IndexKind::Fulltext));
    assert_eq!(kinds[4], ActionKind::DropPrimaryKey);
    let options = actions(Mysql, "ALTER TABLE t ENGINE=InnoDB ROW_FORMAT = DYNAMIC, COMMENT 'x'");
    assert_eq!(options.len(), 3, "{options:?}");
    assert_eq!(actions(Mysql, "ALTER TABLE t ADD (a int, b text)").len(), 2);
}

#[test]
fn a_table_is_read_with_everything_that_decides_later() {
    let text = "CREATE TABLE IF NOT EXISTS t (id int PRIMARY KEY, o int REFERENCES other, n text NOT NULL, \
                CONSTRAINT c CHECK (o > 0), UNIQUE (n)) PARTITION BY RANGE (id)";
    let Statement::CreateTable(create) = parse(Postgres, text) else { panic!() };
    assert!(create.partitioned && create.if_not_exists);
    assert_eq!(create.columns.len(), 3);
    assert_eq!(create.constraints.len(), 2);
    assert_eq!(create.referenced().map(ToString::to_string).collect::<Vec<_>>(), ["other"]);
    let Statement::CreateTable(create) = parse(Postgres, "CREATE TABLE p PARTITION OF t DEFAULT") else {
        panic!()
    };
    assert!(create.partition_of.is_some_and(|of| of.default));
    let within = "CREATE TABLE p PARTITION OF t FOR VALUES FROM (1) TO (2) PARTITION BY RANGE (a)";
    let Statement::CreateTable(create) = parse(Postgres, within) else { panic!() };
    assert!(create.partitioned && !create.as_query);
    let Statement::CreateTable(create) =
        parse(Mysql, "CREATE TABLE t (a int, KEY k (a), FULLTEXT f (b)) ENGINE=InnoDB ROW_FORMAT=COMPRESSED")
    else {
        panic!()
    };
    assert_eq!((create.columns.len(), create.indexes.len(), create.options.len()), (1, 2, 2));
    let Statement::CreateTable(create) = parse(Sqlite, "CREATE TABLE t (a, b INTEGER PRIMARY KEY) STRICT")
    else {
        panic!()
    };
    assert_eq!(create.columns[0].data_type, None);
}

#[test]
fn rows_without_a_choice_are_all_rows() {
    let chosen = |text: &str| match parse(Postgres, text) {
        Statement::Rows(change) => (change.verb, change.chosen),
        other => panic!("{text}: {other:?}"),
    };
    assert_eq!(chosen("UPDATE t SET a = (SELECT 1 FROM b WHERE c)"), (RowVerb::Update, false));
    assert_eq!(chosen("DELETE FROM t WHERE a = 1"), (RowVerb::Delete, true));
    assert_eq!(chosen("DELETE FROM t WHERE 1 = 1"), (RowVerb::Delete, false));
    assert_eq!(chosen("WITH x AS (SELECT 1) UPDATE t SET a = 1 WHERE b"), (RowVerb::Update, true));
    assert_eq!(chosen("WITH x AS (DELETE FROM t RETURNING a) SELECT a FROM x"), (RowVerb::Delete, false));
}

#[test]
fn the_other_statements_say_what_they_are_about() {
    let is = |dialect, text: &str, expected: fn(&Statement) -> bool| {
        let statement = parse(dialect, text);
        assert!(expected(&statement), "{text}: {statement:?}");
    };
    is(Postgres, "DROP INDEX CONCURRENTLY IF EXISTS a, s.b", |statement| {
        matches!(statement, Statement::Drop(drop)
            if drop.concurrently && drop.names.len() == 2 && drop.class == ObjectClass::Index)
    });
    is(
        Postgres,
        "CREATE UNIQUE INDEX CONCURRENTLY i ON ONLY t USING gin (lower(a), b) WHERE c",
        |statement| {
            matches!(statement, Statement::CreateIndex(index)
            if index.unique && index.concurrently && index.only && index.partial && index.columns().eq(["b"]))
        },
    );
    is(
        Postgres,
        "REINDEX (CONCURRENTLY, VERBOSE) TABLE t",
        |statement| matches!(statement, Statement::Reindex(reindex) if reindex.concurrently && reindex.name.is_some()),
    );
    is(
        Postgres,
        "VACUUM (FULL, ANALYZE) t",
        |statement| matches!(statement, Statement::Maintenance(Maintenance::Vacuum { full: true, tables }) if tables.len() == 1),
    );
    is(
        Postgres,
        "ALTER TYPE e ADD VALUE 'x' BEFORE 'y'",
        |statement| matches!(statement, Statement::AlterType(AlterType::AddValue { value, placed: true, .. }) if value == "x"),
    );
    is(
        Postgres,
        "SET LOCAL lock_timeout TO '2s'",
        |statement| matches!(statement, Statement::Set(set) if set.local && set.name == "lock_timeout" && set.value == "2s"),
    );
    is(Postgres, "ROLLBACK TO SAVEPOINT s", |statement| {
        *statement == Statement::Transaction(TransactionControl::Savepoint)
    });
    is(
        Mysql,
        "RENAME TABLE a TO b, c TO d",
        |statement| matches!(statement, Statement::RenameTables(renamed) if renamed.len() == 2),
    );
    is(
        Mysql,
        "DROP INDEX i ON t ALGORITHM=INPLACE LOCK=NONE",
        |statement| matches!(statement, Statement::Drop(drop) if drop.lock.as_deref() == Some("NONE") && drop.table.is_some()),
    );
    is(
        Sqlite,
        "PRAGMA foreign_keys=OFF",
        |statement| matches!(statement, Statement::Set(set) if set.name == "foreign_keys" && set.value == "off"),
    );
    is(
        Postgres,
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$",
        |statement| matches!(statement, Statement::Define { class, .. } if class == "FUNCTION"),
    );
    is(Postgres, "SELECT 1", |statement| *statement == Statement::Other("SELECT".to_owned()));
}

#[test]
fn half_a_statement_is_no_reason_to_stop() {
    for text in
        ["ALTER TABLE", "ALTER TABLE t ADD", "CREATE INDEX", "CREATE TABLE t (", "DROP", "ALTER TYPE", "("]
    {
        for dialect in Dialect::ALL {
            parse(dialect, text);
        }
    }
}

#[test]
fn rows_say_their_columns_where_they_come_from_and_which_they_are() {
    let rows = |text: &str| match parse(Sqlite, text) {
        Statement::Rows(change) => change,
        other => panic!("{text}: {other:?}"),
    };
    let copied = rows("INSERT INTO `n` (a, \"b\") SELECT a, coalesce(b, 0) FROM main.o WHERE a > 1");
    assert_eq!(copied.columns, ["a", "b"]);
    let selection = copied.selection.as_ref().expect("a selection");
    let selected: Vec<&str> = selection.columns.iter().map(|selected| selected.text.as_str()).collect();
    assert_eq!(selected, ["a", "coalesce(b, 0)"]);
    assert_eq!(copied.sources().iter().map(ToString::to_string).collect::<Vec<_>>(), ["main.o"]);
    let whole = |text: &str| rows(text).selection.map(|it| (it.every_row, it.every_column()));
    assert_eq!(whole("INSERT INTO n SELECT * FROM o"), Some((true, true)));
    assert_eq!(whole("INSERT INTO n (SELECT a FROM o WHERE b)"), Some((false, false)));
    assert_eq!(whole("INSERT INTO n SELECT DISTINCT o.* FROM o"), Some((false, true)));
    assert_eq!(whole("INSERT INTO n VALUES (1)"), None);
    let updated = rows("UPDATE t SET a = (SELECT 1, 2), b = 3 WHERE id IN (1, 2) LIMIT 5");
    assert_eq!(updated.columns, ["a", "b"]);
    assert_eq!(updated.condition.map(|condition| condition.text).as_deref(), Some("id IN (1, 2)"));
    assert!(updated.limited);
}

#[test]
fn mariadb_has_words_of_its_own() {
    let ignoring = alter(Mysql, "ALTER IGNORE TABLE t ADD UNIQUE (a)");
    assert!(ignoring.ignore);
    assert_eq!(alter(Mysql, "ALTER ONLINE TABLE t ADD a int").lock.as_deref(), Some("NONE"));
    assert!(matches!(
        only_action(Mysql, "ALTER TABLE IF EXISTS t ADD CONSTRAINT IF NOT EXISTS c CHECK (a > 0)"),
        ActionKind::AddConstraint(constraint) if constraint.name.as_deref() == Some("c")
    ));
    assert!(matches!(
        only_action(Mysql, "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int NOT NULL"),
        ActionKind::AddColumn { if_not_exists: true, .. }
    ));
    assert_eq!(only_action(Mysql, "ALTER TABLE t ADD SYSTEM VERSIONING"), ActionKind::Versioning(true));
    let partitions = |text: &str| match only_action(Mysql, text) {
        ActionKind::Partition { partitions, .. } => partitions,
        other => panic!("{other:?}"),
    };
    assert_eq!(partitions("ALTER TABLE t DROP PARTITION IF EXISTS p1, `p 2`"), ["p1", "p 2"]);
    assert_eq!(partitions("ALTER TABLE t TRUNCATE PARTITION ALL"), Vec::<String>::new());
    assert_eq!(partitions("ALTER TABLE t REMOVE PARTITIONING"), Vec::<String>::new());
    let statement = parse(Mysql, "CREATE OR REPLACE TABLE t (a int) CHARACTER SET = latin1");
    let Statement::CreateTable(create) = statement else { panic!() };
    assert!(create.or_replace);
    assert_eq!(create.options, [TableOption::Charset("LATIN1".to_owned())]);
}

#[test]
fn the_index_of_a_primary_key_is_the_key() {
    for text in
        ["ALTER TABLE t DROP PRIMARY KEY", "ALTER TABLE t DROP INDEX `primary`", "DROP INDEX `PRIMARY` ON t"]
    {
        assert_eq!(only_action(Mysql, text), ActionKind::DropPrimaryKey, "{text}");
    }
    let asked = alter(Mysql, "DROP INDEX `PRIMARY` ON a.t ALGORITHM=INPLACE LOCK=NONE");
    assert_eq!((asked.table.to_string().as_str(), asked.lock.as_deref()), ("a.t", Some("NONE")));
    assert_eq!(asked.algorithm.as_deref(), Some("INPLACE"));
    assert!(matches!(parse(Postgres, "DROP INDEX \"PRIMARY\""), Statement::Drop(_)));
}

#[test]
fn what_takes_the_place_of_another_says_so() {
    let replaces = |text: &str| matches!(parse(Mysql, text), Statement::Define { or_replace: true, .. });
    assert!(replaces("CREATE OR REPLACE SEQUENCE s") && replaces("CREATE OR REPLACE DATABASE d"));
    assert!(!replaces("CREATE SEQUENCE s") && !replaces("ALTER DATABASE d CHARACTER SET utf8mb4"));
}

#[test]
fn a_type_is_said_as_a_statement_says_it() {
    for (dialect, text) in [
        (Postgres, "timestamp(3) without time zone"),
        (Postgres, "time(2) with time zone"),
        (Postgres, "timestamp with time zone[]"),
        (Postgres, "numeric(10,2)"),
        (Mysql, "enum('a,b','it''s','c)')"),
        (Mysql, "set('a')"),
        (Mysql, "decimal(10,2) unsigned"),
    ] {
        let Statement::AlterTable(alter) = parse(dialect, &format!("ALTER TABLE t ADD COLUMN c {text}"))
        else {
            panic!("{text}")
        };
        let ActionKind::AddColumn { column, .. } = &alter.actions[0].kind else { panic!("{text}") };
        assert_eq!(column.data_type.as_ref().map(ToString::to_string).as_deref(), Some(text));
    }
}
