//! Rows, statements and batches.

use underpin_core::operation::*;

use super::Chapter;

pub(super) fn chapters() -> Vec<Chapter> {
    chapters! {
        "Rows and statements" {
            "Statements with values" => Sql::new("UPDATE orders SET note = :note WHERE id = :id").bind("note", "it's empty").bind("id", 1);
            "Statements of each engine, with their way back" => Sql::new("UPDATE orders SET note = 'a' || note")
                .on(Flavour::Mysql, "UPDATE orders SET note = concat('a', note)")
                .reverse("UPDATE orders SET note = substr(note, 2)");
            "A statement of one engine, which takes it back, too" => Sql::only_on(Flavour::Postgres, "UPDATE orders SET note = 'x' || note")
                .reverse_on(Flavour::Postgres, "UPDATE orders SET note = substr(note, 2)");
            "A statement that no transaction can have" => Sql::only_on(Flavour::Postgres, "VACUUM orders").outside_transaction().reverse_on(Flavour::Postgres, "VACUUM orders");
            "Rows, one by one, of other kinds" => BulkInsert::new("notes", ["id", "price", "body", "written_at"])
                .row([7.into(), Value::decimal("12.50"), Value::json("{\"a\": 1}"), Value::moment("2026-11-21 09:30:00")])
                .row([8.into(), Value::Null, Value::Null, Value::Null])
                .one_by_one()
                .keys(["id"]);
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
            "What goes, and a comment" => Batch::new("orders").drop_index("orders_paid_on_idx").drop_constraint("orders_total_check").comment("what was bought");
        }
    }
}
