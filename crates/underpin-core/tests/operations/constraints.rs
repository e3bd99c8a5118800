//! Constraints.

use underpin_core::operation::*;

use super::Chapter;

pub(super) fn chapters() -> Vec<Chapter> {
    chapters! {
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
            "Rows that exclude each other" => AddConstraint::new("orders", Exclusion::new(Part::expression("daterange(paid_on, paid_on, '[]')"), "&&").predicate("paid_on IS NOT NULL"));
            "Another primary key" => Batch::new("orders").with(DropConstraint::primary_key("orders")).add_constraint(PrimaryKey::new(["id", "customer_id"]));
            "Another primary key, with what only one engine has" => Batch::new("orders").with(DropConstraint::primary_key("orders")).add_constraint(
                PrimaryKey::new(["id"])
                    .name("orders_key")
                    .include(["customer_id"])
                    .deferral(Deferral::Immediate)
                    .comment("found by its number")
                    .parameter(Flavour::Postgres, "with.fillfactor", "70")
            );
            "A primary key where there was none" => AddConstraint::new("counters", PrimaryKey::new(["id"]).parameter(Flavour::Sqlite, "on_conflict", "REPLACE").parameter(Flavour::Mysql, "using", "btree"));
            "Unique, with a name, a comment and a property" => AddConstraint::new(
                "orders",
                Unique::new(["parent_id"]).name("orders_one_child").comment("one child at most").parameter(Flavour::Postgres, "with.fillfactor", "70").parameter(Flavour::Sqlite, "on_conflict", "IGNORE")
            );
            "Unique on one engine, two nulls the same" => AddConstraint::new("orders", Unique::new(["parent_id"]).nulls_not_distinct().only([Flavour::Postgres]));
            "A check on each engine in its words" => AddConstraint::new(
                "orders",
                Check::new("length(note) < 100").on(Flavour::Mysql, "char_length(note) < 100").name("orders_short_note").comment("fits the screen")
            );
            "A check that children don't have, on one engine" => AddConstraint::new("orders", Check::new("total < 1000000").name("orders_own").no_inherit().only([Flavour::Postgres]));
            "Unless there is one" => AddConstraint::new("orders", Check::new("total > 5").name("orders_total_check")).if_not_exists();
            "A foreign key that sets one column of its two, on one engine" => AddConstraint::new(
                "orders",
                ForeignKey::new(["parent_id"]).references("orders", ["id"]).on_delete(Action::SetNull).on_delete_columns(["parent_id"]).name("orders_parent").comment("the order before").only([Flavour::Postgres])
            );
            "A foreign key of which nobody asks" => AddConstraint::new("orders", ForeignKey::new(["parent_id"]).references("orders", ["id"]).not_enforced());
            "Dropped" => DropConstraint::new("orders", "orders_total_check");
            "Dropped, a check" => DropConstraint::check("orders", "orders_total_check");
            "Dropped if it is there" => DropConstraint::new("orders", "nowhere").if_exists();
            "Dropped, and what it was" => DropConstraint::foreign_key("orders", "orders_customer_id_fkey").existing(
                ForeignKey::new(["customer_id"]).references("customers", ["id"])
            );
            "Dropped, the primary key" => DropConstraint::primary_key("notes");
            "Dropped, a foreign key" => DropConstraint::foreign_key("orders", "orders_customer_id_fkey");
            "Dropped, what was unique" => DropConstraint::unique("customers", "customers_email_key");
        }
    }
}
