//! Indexes.

use underpin_core::operation::*;

use super::Chapter;

pub(super) fn chapters() -> Vec<Chapter> {
    chapters! {
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
            "Nulls first, in another collation" => Index::on("customers", [Part::column("name").nulls_first().collation("C")]).name("customers_c").only([Flavour::Postgres]);
            "In another collation" => Index::on("customers", [Part::column("name").collation("NOCASE")]).name("customers_nocase").only([Flavour::Sqlite]);
            "By a hash" => Index::on("orders", ["total"]).method("hash").name("orders_hash");
            "With a property of one engine, and a comment" => Index::on("customers", ["email"]).name("customers_again").parameter(Flavour::Mysql, "key_block_size", "8").comment("once more");
            "Dropped" => DropIndex::new("orders", "orders_paid_on_idx");
            "Dropped if it is there" => DropIndex::new("orders", "nowhere").if_exists();
            "Dropped, and what it was" => DropIndex::new("orders", "orders_paid_on_idx").existing(Index::new(["paid_on"]));
            "Dropped while others use the table" => DropIndex::new("orders", "orders_paid_on_idx").concurrently();
        }
    }
}
