use super::*;

fn after(dialect: Dialect, before: &str, statements: &str) -> Catalog {
    let mut catalog = Catalog::of_sql(dialect, before);
    for (number, statement) in sql::split(dialect, statements).unwrap().iter().enumerate() {
        catalog.apply(&statement::parse(dialect, statement.text), Birth::Transaction(number));
    }
    catalog
}

fn plain(name: &str) -> ObjectName {
    ObjectName::plain(name)
}

#[test]
fn a_table_is_found_with_and_without_its_schema() {
    let catalog = Catalog::of_sql(Dialect::Postgres, "CREATE TABLE a (id int); CREATE TABLE s.b (id int)");
    let in_schema = |schema: &str, name: &str| ObjectName { schema: Some(schema.into()), name: name.into() };
    assert!(catalog.table(&plain("a")).is_some());
    assert!(catalog.table(&in_schema("public", "a")).is_some());
    assert!(catalog.table(&plain("b")).is_some());
    assert!(catalog.table(&in_schema("other", "b")).is_none());
    assert!(catalog.table(&in_schema("audit", "a")).is_none());
    let temporary = Catalog::of_sql(Dialect::Sqlite, "CREATE TEMP TABLE a (id int)");
    assert!(temporary.table(&in_schema("main", "a")).is_none());
}

#[test]
fn columns_and_keys_follow_the_statements() {
    let catalog = after(
        Dialect::Postgres,
        "CREATE TABLE t (id int PRIMARY KEY, a text, b int NOT NULL); CREATE INDEX i ON t (a)",
        "ALTER TABLE t RENAME a TO c; ALTER TABLE t DROP b, ADD d int NOT NULL DEFAULT 1;
         ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX i; ALTER TABLE t RENAME TO u",
    );
    let table = catalog.table(&plain("u")).unwrap();
    let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["id", "c", "d"]);
    assert_eq!(table.column("d").map(|column| column.birth), Some(Birth::Transaction(1)));
    assert_eq!(table.primary_key(), Some(&["id".to_owned()][..]));
    assert_eq!(
        table.constraint("u").map(|unique| unique.kind.clone()),
        Some(statement::ConstraintKind::Unique { columns: vec!["c".to_owned()], index: None })
    );
    assert!(catalog.index("u").is_some());
}

#[test]
fn a_validated_check_proves_that_a_column_is_not_null() {
    let proven = |statements: &str| {
        let catalog = after(Dialect::Postgres, "CREATE TABLE t (a int, b int)", statements);
        catalog.table(&plain("t")).unwrap().proves_not_null("a")
    };
    assert!(!proven("ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID"));
    assert!(proven(
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c"
    ));
    assert!(proven("ALTER TABLE t ADD CHECK ((a IS NOT NULL) AND (b > 1))"));
    assert!(!proven("ALTER TABLE t ADD CHECK (NOT (b > 1 AND a IS NOT NULL))"));
    assert!(!proven("ALTER TABLE t ADD CHECK (\"A\" IS NOT NULL)"));
    assert!(!proven("ALTER TABLE t ADD CHECK (a IS NOT NULL OR b IS NOT NULL)"));
    assert!(proven("ALTER TABLE t ADD CHECK (NOT (a IS NULL))"));
    assert!(proven("ALTER TABLE t ADD CHECK (t.a IS NOT NULL)"));
    assert!(!proven("ALTER TABLE t ADD CHECK (a > 0)"));
    assert!(proven(
        "ALTER TABLE t ADD c int, ADD CHECK (c IS NOT NULL), DROP a; ALTER TABLE t RENAME c TO a"
    ));
}

fn names(tables: Vec<&Table>) -> Vec<String> {
    tables.iter().map(|table| table.name.to_string()).collect()
}

#[test]
fn who_refers_and_who_is_a_partition_is_known() {
    let catalog = Catalog::of_sql(
        Dialect::Postgres,
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id int REFERENCES p);
         CREATE TABLE m (at date) PARTITION BY RANGE (at); CREATE TABLE m1 PARTITION OF m DEFAULT",
    );
    assert_eq!(names(catalog.referring(&plain("p"))), ["c"]);
    assert_eq!(names(catalog.partitions(&plain("m"))), ["m1"]);
    assert!(catalog.table(&plain("m1")).unwrap().default_partition);
}

#[test]
fn a_table_of_the_same_name_in_another_schema_is_another_one() {
    let catalog = Catalog::of_sql(
        Dialect::Postgres,
        "CREATE TABLE public.events (at date) PARTITION BY RANGE (at);
         CREATE TABLE archive.events PARTITION OF public.events DEFAULT",
    );
    let events = ObjectName { schema: Some("public".to_owned()), ..plain("events") };
    assert_eq!(names(catalog.below(&events)), ["archive.events"]);
    assert_eq!(catalog.table(&plain("events")).unwrap().name, events);
    let archived = ObjectName { schema: Some("archive".to_owned()), ..plain("events") };
    assert_eq!(names(catalog.below(&archived)), [""; 0]);
    assert_eq!(names(catalog.with_parents(&archived).collect()), ["archive.events", "public.events"]);
}

#[test]
fn tables_that_are_below_themselves_are_walked_through_once() {
    let catalog = Catalog::of_sql(
        Dialect::Postgres,
        "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE u PARTITION OF t DEFAULT PARTITION BY LIST (a);
         ALTER TABLE u ATTACH PARTITION t DEFAULT; CREATE TABLE v PARTITION OF v DEFAULT;
         CREATE TABLE a (); CREATE TABLE b () INHERITS (a); ALTER TABLE a INHERIT b;
         ALTER TABLE t ALTER a SET NOT NULL; ALTER TABLE v ALTER a SET NOT NULL; ALTER TABLE a ALTER a SET NOT NULL",
    );
    for (table, below) in [("t", [""; 0].as_slice()), ("v", &[]), ("a", &["b"]), ("b", &["a"])] {
        assert_eq!(names(catalog.below(&plain(table))), below, "{table}");
    }
}

#[test]
fn a_partition_has_its_parents_checks() {
    let proven = |statements: &str| {
        let tables = "CREATE TABLE m (a int) PARTITION BY RANGE (a); CREATE TABLE m_1 PARTITION OF m DEFAULT";
        let catalog = after(
            Dialect::Postgres,
            tables,
            &format!("{statements}; CREATE TABLE m_2 PARTITION OF m DEFAULT"),
        );
        let [one, other] =
            ["m_1", "m_2"].map(|name| catalog.table(&plain(name)).unwrap().proves_not_null("a"));
        assert_eq!(one, other, "{statements}");
        one
    };
    assert!(proven("ALTER TABLE m ADD CHECK (a IS NOT NULL)"));
    assert!(!proven("ALTER TABLE m ADD CHECK (a IS NOT NULL) NOT VALID"));
    assert!(proven(
        "ALTER TABLE m ADD CHECK (a IS NOT NULL) NOT VALID; ALTER TABLE m VALIDATE CONSTRAINT m_a_check"
    ));
    assert!(proven("ALTER TABLE m ADD NOT NULL a NOT VALID; ALTER TABLE m VALIDATE CONSTRAINT m_a_not_null"));
    assert!(!proven("ALTER TABLE m ADD CHECK (a IS NOT NULL); ALTER TABLE m DROP CONSTRAINT m_a_check"));
}

#[test]
fn a_partition_is_one_of_its_parent_under_any_name() {
    let catalog = Catalog::of_sql(
        Dialect::Postgres,
        "CREATE TABLE m (a int PRIMARY KEY) PARTITION BY RANGE (a);
         CREATE TABLE m_1 PARTITION OF public.m FOR VALUES FROM (0) TO (9) PARTITION BY RANGE (a);
         CREATE TABLE m_1_1 PARTITION OF m_1 FOR VALUES FROM (0) TO (9);
         CREATE TABLE r (m int REFERENCES m); CREATE TABLE i () INHERITS (r);
         ALTER TABLE m RENAME TO n; ALTER TABLE m_1 RENAME TO n_1; ALTER TABLE r RENAME TO s",
    );
    assert_eq!(names(catalog.below(&plain("n"))), ["n_1", "m_1_1"]);
    assert_eq!(names(catalog.referring(&plain("n"))), ["s"]);
    assert_eq!(names(catalog.below(&plain("s"))), ["i"]);
}

#[test]
fn what_is_not_known_becomes_a_stub_once_it_is_altered() {
    let mut catalog = Catalog::unknown(Dialect::Mysql);
    catalog.apply(&statement::parse(Dialect::Mysql, "ALTER TABLE T ADD a int"), Birth::Transaction(0));
    let table = catalog.table(&plain("t")).unwrap();
    assert!(!table.complete && table.birth == Birth::Before);
    assert!(table.column("A").is_some());
}

#[test]
fn a_name_without_a_schema_is_looked_up_on_the_search_path() {
    let found = |before: &str, statements: &str, name: &str| {
        let catalog = after(Dialect::Postgres, before, statements);
        let (schema, name) =
            name.split_once('.').map_or((None, name), |(schema, name)| (Some(schema.into()), name));
        catalog
            .table(&ObjectName { schema, name: name.into() })
            .map(|table| (table.name.to_string(), table.birth))
    };
    let old = |name: &str| Some((name.to_owned(), Birth::Before));
    let made = |name: &str, number: usize| Some((name.to_owned(), Birth::Transaction(number)));
    let public = "CREATE TABLE t (x text)";
    assert_eq!(found("", "SET search_path = a, public; CREATE TABLE t (x int)", "a.t"), made("a.t", 1));
    assert_eq!(found("", "CREATE TABLE a.t (x int); SET search_path TO 'a'", "t"), made("a.t", 0));
    assert_eq!(
        found(public, "SET search_path = a; CREATE TABLE t (x int); RESET search_path", "t"),
        old("t")
    );
    assert_eq!(found(public, "SET search_path = a; CREATE TABLE t (x int)", "public.t"), old("t"));
    assert_eq!(
        found(public, "SET search_path = a; CREATE TABLE t (x int); SET search_path = public", "t"),
        old("t")
    );
    let local = "BEGIN; SET LOCAL search_path = a; CREATE TABLE t (x int); COMMIT";
    assert_eq!(found(public, local, "t"), old("t"));
    assert_eq!(found(public, "SET search_path = \"$user\", a", "t"), old("t"));
    assert_eq!(found("", "CREATE TABLE t (x int); SET search_path = a", "t"), None);
    assert_eq!(found("", "SET search_path = a; CREATE TEMP TABLE t (x int)", "t"), made("t", 1));
}
