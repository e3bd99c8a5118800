//! Enums, sequences, views, functions and triggers.

use underpin_core::operation::*;

use super::Chapter;

pub(super) fn chapters() -> Vec<Chapter> {
    chapters! {
        "Enums" {
            "Made" => Enumeration::new("mood", ["glad", "sad"]);
            "A value more" => AlterEnum::new("order_status").add_after("packed", "open").used_by("orders", "status");
            "A value under another name" => AlterEnum::new("order_status").rename("done", "closed").used_by("orders", "status");
            "A value less" => AlterEnum::new("order_status").remove("sent").used_by("orders", "status");
            "With a comment, unless there is one" => Enumeration::new("shade", ["dark", "light"]).comment("of a colour").if_not_exists();
            "Values more, and another name" => AlterEnum::new("order_status").add("lost").add_before("draft", "open").rename_type("order_state").used_by("orders", "status");
            "A value more, and what there was" => AlterEnum::new("order_status").add("lost").existing(["open", "sent", "done"]).used_by("orders", "status");
            "Dropped" => DropEnum::new("size");
            "Dropped if it is there" => DropEnum::new("nowhere").if_exists();
            "Dropped, and what it was" => DropEnum::new("size").existing(Enumeration::new("size", ["small", "large"]));
        }
        "Sequences" {
            "Made" => Sequence::new("invoice_numbers").start(1000).increment(10).cycle(true);
            "Made with every property" => Sequence::new("small_numbers").data_type("integer").start(5).increment(5).minimum(5).maximum(500).cache(2).cycle(false).if_not_exists();
            "Made, and gone with a column" => Sequence::new("order_codes").owned_by("orders", "id").comment("for the letters");
            "Changed" => AlterSequence::new("ticket_numbers").increment(3).maximum(9000).cache(7).cycle(true);
            "Changed, every property" => AlterSequence::new("ticket_numbers").data_type("bigint").start(7).increment(1).minimum(1).maximum(90000).cache(1).cycle(false);
            "Renamed" => AlterSequence::new("ticket_numbers").rename("tickets_numbers");
            "Renamed, and what it was" => AlterSequence::new("ticket_numbers").rename("tickets_numbers").existing(Sequence::new("ticket_numbers"));
            "Dropped" => DropSequence::new("ticket_numbers");
            "Dropped, and what it was" => DropSequence::new("ticket_numbers").existing(Sequence::new("ticket_numbers"));
            "Dropped if it is there" => DropSequence::new("nowhere").if_exists();
        }
        "Views" {
            "Made" => View::new("dear_orders", "SELECT id FROM orders WHERE total > 1000");
            "Replaced" => Operation::ReplaceView(View::new("open_orders", "SELECT id, total, note FROM orders WHERE status = 'open'"));
            "The rows of which the server keeps" => View::new("totals", "SELECT customer_id, sum(total) AS total FROM orders GROUP BY customer_id").materialized();
            "Made on each engine by its query, with options and a comment" => View::new("names", "SELECT upper(name) AS name FROM customers WHERE id > 0")
                .on(Flavour::Sqlite, "SELECT upper(name) AS name FROM customers")
                .option(Flavour::Postgres, "with.security_barrier", "true")
                .option(Flavour::Mysql, "algorithm", "MERGE")
                .option(Flavour::Mysql, "sql_security", "INVOKER")
                .comment("for the list");
            "Made unless there is one" => View::new("open_orders", "SELECT id FROM orders").if_not_exists();
            "Replaced, and what it was" => Operation::ReplaceView(
                View::new("open_orders", "SELECT id FROM orders WHERE status = 'open'").existing("SELECT id, total FROM orders WHERE status = 'open'")
            );
            "Dropped" => DropView::new("open_orders");
            "Dropped, with its rows" => DropView::new("visit_counts").materialized();
            "Dropped if it is there" => DropView::new("nowhere").if_exists();
            "Dropped, and what it was" => DropView::new("open_orders").existing(View::new("open_orders", "SELECT id, total FROM orders WHERE status = 'open'"));
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
            "A function replaced" => Operation::ReplaceFunction(
                Function::new("half")
                    .arguments("integer")
                    .on(Flavour::Postgres, "CREATE FUNCTION half(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n / 2 + 0'")
                    .on(Flavour::Mysql, "CREATE FUNCTION half(n INT) RETURNS INT DETERMINISTIC RETURN n / 2 + 0")
                    .comment("rounded")
            );
            "A function replaced, and what it was" => Operation::ReplaceFunction(
                Function::new("half")
                    .arguments("integer")
                    .on(Flavour::Postgres, "CREATE FUNCTION half(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n / 2 + 0'")
                    .existing("CREATE FUNCTION half(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n / 2'")
            );
            "A procedure" => Function::procedure("tidy")
                .definition("CREATE PROCEDURE tidy() DELETE FROM visits WHERE page IS NULL")
                .on(Flavour::Postgres, "CREATE PROCEDURE tidy() LANGUAGE sql AS 'DELETE FROM visits WHERE page IS NULL'");
            "A function dropped" => DropFunction::new("half");
            "A function of these arguments dropped" => DropFunction::new("half").arguments("integer").if_exists();
            "A function dropped, and what it was" => DropFunction::new("half").arguments("integer").existing(
                Function::new("half")
                    .arguments("integer")
                    .on(Flavour::Postgres, "CREATE FUNCTION half(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n / 2'")
                    .on(Flavour::Mysql, "CREATE FUNCTION half(n INT) RETURNS INT DETERMINISTIC RETURN n / 2")
            );
            "A procedure dropped if it is there" => DropFunction::procedure("nowhere").if_exists();
            "A trigger replaced" => Operation::ReplaceTrigger(
                Trigger::new("visits", "visits_page")
                    .on(Flavour::Sqlite, "CREATE TRIGGER visits_page AFTER INSERT ON visits BEGIN UPDATE visits SET page = '//' WHERE page = ''; END")
                    .on(Flavour::Mysql, "CREATE TRIGGER visits_page BEFORE INSERT ON visits FOR EACH ROW SET NEW.page = coalesce(NEW.page, '//')")
                    .on(Flavour::Postgres, "CREATE TRIGGER visits_page BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()")
                    .comment("no page is a page")
            );
            "A trigger replaced, and what it was" => Operation::ReplaceTrigger(
                Trigger::new("visits", "visits_page")
                    .on(Flavour::Sqlite, "CREATE TRIGGER visits_page AFTER INSERT ON visits BEGIN UPDATE visits SET page = '//' WHERE page = ''; END")
                    .existing("CREATE TRIGGER visits_page AFTER INSERT ON visits BEGIN UPDATE visits SET page = '/' WHERE page = ''; END")
            );
            "A trigger dropped" => DropTrigger::new("visits", "visits_page");
            "A trigger dropped if it is there" => DropTrigger::new("visits", "nowhere").if_exists();
            "A trigger dropped, and what it was" => DropTrigger::new("visits", "visits_page").existing(
                Trigger::new("visits", "visits_page").on(Flavour::Sqlite, "CREATE TRIGGER visits_page AFTER INSERT ON visits BEGIN UPDATE visits SET page = '/' WHERE page = ''; END")
            );
        }
    }
}
