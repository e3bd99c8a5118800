//! What can be written where nobody can be asked, and what is said where it can't.

use underpin_core::{
    diagnostic::ErrorKind,
    operation::*,
    schema::{ObjectId, ObjectKind, Schema},
};

use crate::examples;

fn nothing(flavour: Flavour) -> Known<'static> {
    Known::Nothing { flavour, version: examples::version(flavour) }
}

fn written(operation: impl Into<Operation>, flavour: Flavour) -> WrittenOperation {
    operation.into().write(nothing(flavour)).unwrap_or_else(|error| panic!("{}: {error}", flavour.title()))
}

fn shown(operation: impl Into<Operation>, flavour: Flavour) -> Vec<String> {
    written(operation, flavour).statements.into_iter().map(|statement| statement.sql).collect()
}

fn back(operation: impl Into<Operation>, flavour: Flavour) -> Vec<String> {
    match written(operation, flavour).reverse {
        Reverse::Statements(back) => back.into_iter().map(|statement| statement.sql).collect(),
        Reverse::Irreversible(why) => vec![why],
    }
}

#[test]
fn what_a_column_is_may_be_said_and_is_enough() {
    let change = || {
        AlterColumn::new("orders", "note").not_null().existing(Column::new("note", varchar(200)).nullable())
    };
    assert!(Operation::from(AlterColumn::new("orders", "note").not_null()).needs_schema(Flavour::Mysql));
    assert!(!Operation::from(change()).needs_schema(Flavour::Mysql));
    let sql = "ALTER TABLE `orders`\n  MODIFY COLUMN `note` varchar(200) NOT NULL";
    assert_eq!(shown(change(), Flavour::Mysql), [sql]);
    assert_eq!(
        back(change(), Flavour::Postgres),
        ["ALTER TABLE \"orders\" ALTER COLUMN \"note\" DROP NOT NULL"]
    );
    let error = Operation::from(change()).write(nothing(Flavour::Sqlite)).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unsupported);
    assert!(error.message.starts_with("alter column orders.note: SQLite needs the table"), "{error}");
    assert!(error.hints.iter().any(|hint| hint.contains("--scratch")), "{error}");
}

#[test]
fn a_check_is_named_after_its_column_or_by_hand() {
    let check = || AddConstraint::new("orders", Check::new("total > 0"));
    for flavour in Flavour::ALL {
        let error = Operation::from(check()).write(nothing(flavour)).unwrap_err();
        assert!(error.hints.iter().any(|hint| hint.contains(".name(")), "{error}");
        let before = examples::before(flavour);
        let after =
            Operation::from(AddConstraint::new("orders", Check::new("note <> ''"))).applied_to(&before);
        let names = format!("{:?}", after.unwrap().objects);
        assert!(names.contains("\"orders_note_check\""), "{}", flavour.title());
    }
    let named = AddConstraint::new("orders", Check::new("total > 0").name("dear"));
    let sql = "ALTER TABLE \"orders\" ADD CONSTRAINT \"dear\" CHECK (total > 0)";
    assert_eq!(shown(named, Flavour::Postgres), [sql]);
}

#[test]
fn what_goes_comes_back_if_it_was_said_what_it_is() {
    let column = || DropColumn::new("orders", "note").existing(Column::new("note", text()).nullable());
    assert_eq!(back(column(), Flavour::Sqlite), ["ALTER TABLE \"orders\" ADD COLUMN \"note\" TEXT"]);
    let index = DropIndex::new("orders", "orders_note_idx").existing(Index::new(["note"]));
    assert_eq!(back(index, Flavour::Mysql), ["ALTER TABLE `orders`\n  ADD KEY `orders_note_idx` (`note`)"]);
    let key = || {
        DropConstraint::foreign_key("orders", "fk")
            .existing(ForeignKey::new(["customer_id"]).references("customers", ["id"]))
    };
    assert_eq!(
        back(key(), Flavour::Postgres),
        [
            "ALTER TABLE \"orders\" ADD CONSTRAINT \"fk\" FOREIGN KEY (\"customer_id\") REFERENCES \"customers\" (\"id\")"
        ]
    );
    assert!(back(key(), Flavour::Mariadb)[0].starts_with("whether the foreign key has an index of its own"));
    let table = DropTable::new("t").existing(Table::new("t").column(Column::new("a", integer())));
    assert_eq!(back(table, Flavour::Postgres), ["CREATE TABLE \"t\" (\n  \"a\" integer NOT NULL\n)"]);
    let sequence = DropSequence::new("s").existing(Sequence::new("s").start(5));
    assert_eq!(back(sequence, Flavour::Postgres), ["CREATE SEQUENCE \"s\" START WITH 5"]);
    let why = back(DropColumn::new("orders", "note"), Flavour::Postgres);
    assert_eq!(why, ["what column orders.note is was not known when this was written"]);
}

#[test]
fn the_words_of_the_engine_are_said_where_it_has_some() {
    let drop = || DropColumn::new("orders", "note").if_exists();
    assert_eq!(shown(drop(), Flavour::Postgres), ["ALTER TABLE \"orders\" DROP COLUMN IF EXISTS \"note\""]);
    assert_eq!(shown(drop(), Flavour::Mariadb), ["ALTER TABLE `orders`\n  DROP COLUMN IF EXISTS `note`"]);
    for flavour in [Flavour::Mysql, Flavour::Sqlite] {
        let error = Operation::from(drop()).write(nothing(flavour)).unwrap_err();
        assert!(error.message.contains("has no IF EXISTS for this"), "{error}");
    }
    let table = || Table::new("t").column(Column::new("a", integer())).if_not_exists();
    for flavour in Flavour::ALL {
        assert!(shown(table(), flavour)[0].starts_with("CREATE TABLE IF NOT EXISTS "));
        assert!(shown(DropTable::new("t").if_exists(), flavour)[0].starts_with("DROP TABLE IF EXISTS "));
    }
    let indexed = || table().index(Index::new(["a"]));
    assert!(shown(indexed(), Flavour::Sqlite)[1].starts_with("CREATE INDEX IF NOT EXISTS "));
    let referring = table().foreign_key(ForeignKey::new(["a"]).references("u", ["a"]));
    let error = Operation::from(referring).write(nothing(Flavour::Postgres)).unwrap_err();
    assert!(error.message.contains("for all that belongs to this"), "{error}");
    let index = Index::on("t", ["a"]).concurrently().if_not_exists();
    assert_eq!(
        shown(index, Flavour::Postgres),
        ["CREATE INDEX CONCURRENTLY IF NOT EXISTS \"t_a_idx\" ON \"t\" (\"a\")"]
    );
    let index = Index::on("t", ["a"]).if_not_exists();
    assert_eq!(shown(index, Flavour::Mariadb), ["ALTER TABLE `t`\n  ADD KEY IF NOT EXISTS `t_a_idx` (`a`)"]);
}

#[test]
fn each_property_of_a_column_is_a_statement_on_postgresql() {
    let column = || AlterColumn::new(("app", "orders"), "note");
    let begin = "ALTER TABLE \"app\".\"orders\" ALTER COLUMN \"note\" ";
    let cases = [
        (column().not_null(), "SET NOT NULL"),
        (column().nullable(), "DROP NOT NULL"),
        (column().default("x"), "SET DEFAULT 'x'"),
        (column().no_default(), "DROP DEFAULT"),
        (column().data_type(text()), "TYPE text"),
        (column().data_type(integer()).using("note::integer"), "TYPE integer USING note::integer"),
        (column().no_auto_increment(), "DROP IDENTITY"),
        (column().computed("a * 2"), "SET EXPRESSION AS (a * 2)"),
        (column().not_computed(), "DROP EXPRESSION"),
    ];
    for (change, action) in cases {
        assert_eq!(shown(change, Flavour::Postgres), [format!("{begin}{action}")]);
    }
    let added = shown(column().identity(Identity::always().start(7)), Flavour::Postgres);
    assert_eq!(added[0], format!("{begin}ADD GENERATED ALWAYS AS IDENTITY (START WITH 7)"));
    assert_eq!(
        shown(column().no_comment(), Flavour::Postgres),
        ["COMMENT ON COLUMN \"app\".\"orders\".\"note\" IS NULL"]
    );
}

#[test]
fn values_of_an_enum_are_added_and_renamed_without_knowing_the_others() {
    let change =
        |change: fn(AlterEnum) -> AlterEnum| shown(change(AlterEnum::new("mood")), Flavour::Postgres);
    assert_eq!(change(|mood| mood.add("glad")), ["ALTER TYPE \"mood\" ADD VALUE 'glad'"]);
    assert_eq!(
        change(|mood| mood.add_after("glad", "sad")),
        ["ALTER TYPE \"mood\" ADD VALUE 'glad' AFTER 'sad'"]
    );
    assert_eq!(
        change(|mood| mood.add_before("glad", "sad")),
        ["ALTER TYPE \"mood\" ADD VALUE 'glad' BEFORE 'sad'"]
    );
    assert_eq!(
        change(|mood| mood.rename("sad", "blue")),
        ["ALTER TYPE \"mood\" RENAME VALUE 'sad' TO 'blue'"]
    );
    let removed = Operation::from(AlterEnum::new("mood").remove("sad"));
    assert!(removed.write(nothing(Flavour::Postgres)).unwrap_err().message.contains("needs the type"));
}

#[test]
fn names_without_a_namespace_are_found_where_the_schema_has_them() {
    let mut before = Schema::empty(Flavour::Postgres, examples::version(Flavour::Postgres));
    before = Operation::from(Table::new(("public", "orders")).column(Column::new("note", text())))
        .applied_to(&before)
        .unwrap();
    let added = Operation::from(AddColumn::new("orders", Column::new("code", integer()).nullable()));
    let written = added.write(Known::Schema(&before)).unwrap();
    assert_eq!(written.statements[0].sql, "ALTER TABLE \"public\".\"orders\" ADD COLUMN \"code\" integer");
    let after = added.applied_to(&before).unwrap();
    let id = ObjectId::new(ObjectKind::Table, Some("public"), "orders");
    assert!(after.table(&id).unwrap().column("code").is_some());
    let made = Operation::from(Table::new("carts").column(Column::new("id", integer())));
    assert_eq!(
        made.write(Known::Schema(&before)).unwrap().statements[0].sql,
        "CREATE TABLE \"public\".\"carts\" (\n  \"id\" integer NOT NULL\n)"
    );
}

#[test]
fn what_is_not_there_is_named_with_what_may_be_meant() {
    let before = examples::before(Flavour::Mysql);
    let error = |operation: Operation| operation.write(Known::Schema(&before)).unwrap_err();
    let wrong = error(DropColumn::new("orders", "nots").into());
    assert_eq!(wrong.message, "drop column orders.nots: there is no column orders.nots");
    assert_eq!(wrong.first_hint(), Some("is note meant?"));
    assert_eq!(error(DropTable::new("order").into()).first_hint(), Some("is orders meant?"));
    let twice = error(AddColumn::new("orders", Column::new("note", text())).into());
    assert!(twice.message.contains("there is a column orders.note already"), "{twice}");
    let other = error(Batch::new("orders").with(DropTable::new("customers")).into());
    assert!(other.message.contains("drop table customers is no change of table orders"), "{other}");
    let elsewhere = error(DropTable::new(("app", "orders")).into());
    assert_eq!(elsewhere.kind, ErrorKind::Unsupported);
    let nobody = error(AlterEnum::new("order_status").add("lost").into());
    assert!(nobody.hints[0].contains(".used_by("), "{nobody}");
}

#[test]
fn many_rows_are_several_statements() {
    let rows =
        |rows: BulkInsert| (0..1_201_i64).fold(rows, |rows, number| rows.row([number.into(), Value::Null]));
    let all = rows(BulkInsert::new("t", ["a", "b"])).keys(["a"]);
    assert_eq!(shown(all.clone(), Flavour::Sqlite).len(), 3);
    assert_eq!(back(all, Flavour::Sqlite).len(), 3);
    assert_eq!(shown(rows(BulkInsert::new("t", ["a", "b"])).one_by_one(), Flavour::Mysql).len(), 1_201);
    let short = Operation::from(BulkInsert::new("t", ["a", "b"]).row([1.into()]));
    let error = short.write(nothing(Flavour::Mysql)).unwrap_err();
    assert!(error.message.ends_with("row 1 has 1 values for 2 columns"), "{error}");
}
