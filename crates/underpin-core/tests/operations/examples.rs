//! The operations of the reference page, each of which is written for every engine. What they change is in
//! `before`.

use underpin_core::{
    operation::*,
    schema::{ObjectId, ObjectKind, Schema, ServerVersion},
};

/// An operation with the text that it was written as.
pub(crate) struct Example {
    pub(crate) title: &'static str,
    pub(crate) source: &'static str,
    pub(crate) operation: Operation,
}

/// A heading of the page.
pub(crate) struct Chapter {
    pub(crate) heading: &'static str,
    pub(crate) examples: Vec<Example>,
}

macro_rules! chapters {
    ($($heading:literal { $($title:literal => $operation:expr;)+ })+) => {
        vec![$(Chapter {
            heading: $heading,
            examples: vec![$(Example {
                title: $title,
                source: stringify!($operation),
                operation: Operation::from($operation),
            },)+],
        },)+]
    };
}

/// A server that knows everything that there is to know.
pub(crate) fn version(flavour: Flavour) -> ServerVersion {
    match flavour {
        Flavour::Sqlite => ServerVersion::new(3, 51, 0),
        Flavour::Postgres => ServerVersion::new(17, 0, 0),
        Flavour::Mysql => ServerVersion::new(8, 4, 0),
        Flavour::Mariadb => ServerVersion::new(11, 4, 0),
    }
}

/// What there is before each operation.
pub(crate) fn base() -> Vec<Operation> {
    let status = || enumeration("order_status", ["open", "sent", "done"]);
    vec![
        Enumeration::new("order_status", ["open", "sent", "done"]).into(),
        Table::new("customers")
            .column(Column::new("id", big_integer()).primary_key().auto_increment())
            .column(Column::new("email", string()).unique())
            .column(Column::new("name", string()).nullable())
            .into(),
        Table::new("orders")
            .column(Column::new("id", big_integer()).primary_key().auto_increment())
            .column(Column::new("customer_id", big_integer()).references("customers", "id"))
            .column(Column::new("parent_id", big_integer()).nullable())
            .column(Column::new("total", decimal(12, 2)).default(0).check("total >= 0"))
            .column(Column::new("status", status()).default("open"))
            .column(Column::new("note", varchar(200)).nullable())
            .column(Column::new("paid_on", date()).nullable())
            .index(Index::new(["paid_on"]).name("orders_paid_on_idx"))
            .into(),
        View::new("open_orders", "SELECT id, total FROM orders WHERE status = 'open'").into(),
    ]
}

/// That as a schema of this engine, with what a server tells of the view.
pub(crate) fn before(flavour: Flavour) -> Schema {
    let empty = Schema::empty(flavour, version(flavour));
    let mut schema = base().iter().fold(empty, |schema, operation| operation.applied_to(&schema).unwrap());
    let view = ObjectId::new(ObjectKind::View, None, "open_orders");
    let orders = ObjectId::new(ObjectKind::Table, None, "orders");
    for column in ["id", "total", "status"] {
        if flavour == Flavour::Postgres {
            schema.depends(view.clone(), orders.part(ObjectKind::Column, column));
        }
    }
    schema.depends(view, orders);
    schema
}

/// Everything, in the order of the page.
pub(crate) fn chapters() -> Vec<Chapter> {
    chapters! {
        "Tables" {
            "A table with everything that belongs to it" => Table::new("payments")
                .column(Column::new("id", big_integer()).primary_key().auto_increment())
                .column(Column::new("order_id", big_integer()))
                .column(Column::new("amount", decimal(12, 2)).default(0))
                .column(Column::new("method", enumeration("order_status", ["open", "sent", "done"])))
                .column(Column::new("paid_at", instant()).default(now()).comment("when it was booked"))
                .foreign_key(ForeignKey::new(["order_id"]).references("orders", ["id"]).on_delete(Action::Cascade))
                .unique(["order_id", "paid_at"])
                .check("amount >= 0")
                .index(Index::new([Part::column("paid_at").descending()]))
                .comment("what came in");
            "Only where there is none" => Table::new("orders").column(Column::new("id", integer())).if_not_exists();
            "With what one engine alone knows" => Table::new("settings")
                .column(Column::new("name", varchar(40)).primary_key())
                .column(Column::new("value", json()).nullable())
                .option(Flavour::Sqlite, TableOption::Strict, "")
                .option(Flavour::Sqlite, TableOption::WithoutRowid, "")
                .option(Flavour::Postgres, TableOption::Unlogged, "")
                .option(Flavour::Mysql, TableOption::Engine, "InnoDB")
                .parameter(Flavour::Postgres, "fillfactor", "70")
                .parameter(Flavour::Mysql, "row_format", "DYNAMIC");
            "Dropped" => DropTable::new("orders");
            "Dropped if it is there" => DropTable::new("nowhere").if_exists();
            "Renamed" => RenameTable::new("orders", "purchases");
            "Its comment" => TableComment::new("orders", "what was bought");
        }
        "Columns" {
            "Added" => AddColumn::new("orders", Column::new("remark", string()).nullable());
            "Added with a default, a check and a comment" => AddColumn::new(
                "orders",
                Column::new("weight", integer()).default(1).check("weight > 0").comment("in grams")
            );
            "Added with a foreign key" => AddColumn::new(
                "orders",
                Column::new("shop_id", big_integer()).nullable().references("customers", "id")
            );
            "Added, unique and with an index" => AddColumn::new(
                "customers",
                Column::new("number", integer()).nullable().unique()
            );
            "Added at a place" => AddColumn::new("orders", Column::new("code", character(8)).nullable().after("id"));
            "Added, computed" => AddColumn::new("orders", Column::new("gross", decimal(14, 2)).nullable().computed("total * 2"));
            "Added with a type of each engine" => AddColumn::new(
                "orders",
                Column::new("label", per_flavour(text()).on(Flavour::Postgres, raw("name")).on(Flavour::Mysql, raw("TINYTEXT"))).nullable()
            );
            "Dropped" => DropColumn::new("orders", "note");
            "Dropped with what is over it" => DropColumn::new("orders", "paid_on");
            "Another type" => AlterColumn::new("orders", "note").data_type(text());
            "Another type, and how values become those of it" => AlterColumn::new("orders", "note").data_type(integer()).using("length(note)").using_on(Flavour::Sqlite, "length(note)");
            "Never null" => AlterColumn::new("orders", "note").default("").not_null();
            "May be null" => AlterColumn::new("orders", "total").nullable();
            "Another default" => AlterColumn::new("orders", "total").default(sql("1 + 1"));
            "No default" => AlterColumn::new("orders", "total").no_default();
            "Another name" => AlterColumn::new("orders", "note").rename("remark");
            "Another name, type and comment at once" => AlterColumn::new("orders", "note").rename("remark").data_type(text()).comment("as the customer wrote it");
            "Its comment" => ColumnComment::new("orders", "note", "as the customer wrote it");
            "Not numbered by the server any more" => AlterColumn::new("orders", "id").no_auto_increment();
            "Numbered with properties of the sequence" => AddColumn::new(
                "customers",
                Column::new("serial", integer()).identity(Identity::always().start(1000).increment(10))
            );
            "A collation" => AlterColumn::new("customers", "name")
                .collation_on(Flavour::Postgres, "C")
                .collation_on(Flavour::Mysql, "utf8mb4_bin")
                .collation_on(Flavour::Sqlite, "NOCASE");
            "At another place" => AlterColumn::new("orders", "note").after("id");
            "Set by every update" => AddColumn::new(
                "orders",
                Column::new("changed_at", timestamp_with(0)).nullable().on_update_on(Flavour::Mysql, "CURRENT_TIMESTAMP")
            );
        }
        "Indexes" {
            "Made" => Index::on("orders", ["status", "paid_on"]);
            "Unique, descending, under a name of its own" => Index::on("orders", [Part::column("total"), Part::column("id").descending()]).unique().name("orders_by_total");
            "Over an expression" => Index::on("customers", [Part::expression("lower(name)")]).only([Flavour::Sqlite, Flavour::Postgres, Flavour::Mysql]);
            "Of some rows" => Index::on("orders", ["customer_id"]).name("orders_unpaid").predicate("paid_on IS NULL");
            "With more columns, and two nulls the same" => Index::on("orders", ["customer_id"]).name("orders_covered").unique().include(["total"]).nulls_not_distinct();
            "Of another kind, order, operator class and with a storage parameter" => Index::on("customers", [Part::column("name").operator_class("text_pattern_ops").nulls_last()])
                .name("customers_pattern")
                .parameter(Flavour::Postgres, "with.fillfactor", "70")
                .comment("for searches");
            "Of so many characters" => Index::on("customers", [Part::column("name").length(20)]).name("customers_short");
            "Full-text" => Index::on("customers", ["name"]).method("fulltext").name("customers_words");
            "While others write" => Index::on("orders", ["total"]).concurrently();
            "Only where there is none" => Index::on("orders", ["paid_on"]).if_not_exists();
            "Passed over by the planner" => Index::on("orders", ["total"]).invisible();
            "Dropped" => DropIndex::new("orders", "orders_paid_on_idx");
            "Dropped while others use the table" => DropIndex::new("orders", "orders_paid_on_idx").concurrently();
        }
        "Constraints" {
            "Unique" => AddConstraint::new("orders", Unique::new(["parent_id", "paid_on"]));
            "Unique, with more columns in its index" => AddConstraint::new("orders", Unique::new(["parent_id"]).include(["total"]));
            "Unique, looked at when the transaction ends" => AddConstraint::new("orders", Unique::new(["parent_id"]).deferral(Deferral::Deferred));
            "A check" => AddConstraint::new("orders", Check::new("total < 1000000").name("orders_not_too_dear"));
            "A check of new rows only" => AddConstraint::new("orders", Check::new("total < 1000000").name("orders_not_too_dear").not_valid());
            "A check of which nobody asks" => AddConstraint::new("orders", Check::new("total < 1000000").name("orders_not_too_dear").not_enforced());
            "A foreign key" => AddConstraint::new("orders", ForeignKey::new(["parent_id"]).references("orders", ["id"]).on_delete(Action::SetNull).on_update(Action::Cascade));
            "A foreign key that can wait" => AddConstraint::new("orders", ForeignKey::new(["parent_id"]).references("orders", ["id"]).deferral(Deferral::Deferred));
            "A foreign key, all or nothing, for new rows only" => AddConstraint::new("orders", ForeignKey::new(["parent_id"]).references("orders", ["id"]).match_full().not_valid());
            "Rows that exclude each other" => AddConstraint::new("orders", Exclusion::new("customer_id", "=").and(Part::expression("daterange(paid_on, paid_on, '[]')"), "&&").predicate("paid_on IS NOT NULL"));
            "Another primary key" => Batch::new("orders").with(DropConstraint::primary_key("orders")).add_constraint(PrimaryKey::new(["id", "customer_id"]));
            "Dropped" => DropConstraint::new("orders", "orders_total_check");
            "Dropped, a foreign key" => DropConstraint::foreign_key("orders", "orders_customer_id_fkey");
            "Dropped, what was unique" => DropConstraint::unique("customers", "customers_email_key");
        }
        "Enums" {
            "Made" => Enumeration::new("mood", ["glad", "sad"]);
            "A value more" => AlterEnum::new("order_status").add_after("packed", "open").used_by("orders", "status");
            "A value under another name" => AlterEnum::new("order_status").rename("done", "closed").used_by("orders", "status");
            "A value less" => AlterEnum::new("order_status").remove("sent").used_by("orders", "status");
            "Dropped" => DropEnum::new("nowhere").if_exists();
        }
        "Sequences" {
            "Made" => Sequence::new("invoice_numbers").start(1000).increment(10).cycle(true);
            "Dropped if it is there" => DropSequence::new("nowhere").if_exists();
        }
        "Views" {
            "Made" => View::new("dear_orders", "SELECT id FROM orders WHERE total > 1000");
            "Replaced" => Operation::ReplaceView(View::new("open_orders", "SELECT id, total, note FROM orders WHERE status = 'open'"));
            "The rows of which the server keeps" => View::new("totals", "SELECT customer_id, sum(total) AS total FROM orders GROUP BY customer_id").materialized();
            "Dropped" => DropView::new("open_orders");
        }
        "Functions and triggers" {
            "A function" => Function::new("twice")
                .arguments("integer")
                .on(Flavour::Postgres, "CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n * 2'")
                .on(Flavour::Mysql, "CREATE FUNCTION twice(n INT) RETURNS INT DETERMINISTIC RETURN n * 2");
            "A trigger" => Trigger::new("orders", "orders_note")
                .on(Flavour::Sqlite, "CREATE TRIGGER orders_note AFTER INSERT ON orders BEGIN UPDATE orders SET note = 'new' WHERE id = NEW.id AND note IS NULL; END")
                .on(Flavour::Mysql, "CREATE TRIGGER orders_note BEFORE INSERT ON orders FOR EACH ROW SET NEW.note = coalesce(NEW.note, 'new')")
                .on(Flavour::Postgres, "CREATE TRIGGER orders_note BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()");
        }
        "Rows and statements" {
            "Statements with values" => Sql::new("UPDATE orders SET note = :note WHERE note IS NULL").bind("note", "it's empty");
            "Statements of each engine, with their way back" => Sql::new("UPDATE orders SET note = 'a' || note")
                .on(Flavour::Mysql, "UPDATE orders SET note = concat('a', note)")
                .reverse("UPDATE orders SET note = substr(note, 2)");
            "Rows" => BulkInsert::new("customers", ["email", "name"])
                .row(["ada@example.org".into(), "Ada".into()])
                .row(["mel@example.org".into(), Value::Null])
                .keys(["email"]);
        }
        "Batches" {
            "Several changes as one" => Batch::new("orders")
                .add_column(Column::new("remark", text()).nullable())
                .alter_column("total", |column| column.data_type(decimal(14, 2)))
                .drop_column("note")
                .add_constraint(Check::new("total < 1000000").name("orders_not_too_dear"))
                .create_index(Index::new(["total"]));
        }
    }
}
