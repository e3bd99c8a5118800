//! Columns.

use underpin_core::operation::*;

use super::Chapter;

pub(super) fn chapters() -> Vec<Chapter> {
    chapters! {
        "Columns" {
            "Added" => AddColumn::new("orders", Column::new("remark", string()).nullable());
            "Added with a default, a check and a comment" => AddColumn::new(
                "orders",
                Column::new("weight", integer()).not_null().default(1).check("weight > 0").comment("in grams")
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
            "Added, unless there is one" => AddColumn::new("orders", Column::new("note", text())).if_not_exists();
            "Added as the first" => AddColumn::new("visits", Column::new("code", character(8)).nullable().first());
            "Added before another" => AddColumn::new("visits", Column::new("code", character(8)).nullable().before("page"));
            "Added with an index" => AddColumn::new("visits", Column::new("code", character(8)).nullable().index());
            "Added, computed when it is read" => AddColumn::new(
                "visits",
                Column::new("shown", text()).nullable().computed_when_read("upper(page)").computed_on(Flavour::Postgres, "upper(page)", true)
            );
            "Added with a collation, and a character set" => AddColumn::new(
                "visits",
                Column::new("word", varchar(40)).nullable().collation_on(Flavour::Postgres, "C").collation_on(Flavour::Sqlite, "NOCASE").collation_on(Flavour::Mysql, "latin1_bin").charset("latin1")
            );
            "Added with a collation that every engine would have to know" => AddColumn::new("visits", Column::new("word", text()).nullable().collation("NOCASE"));
            "Added, and left out of what is selected" => AddColumn::new("visits", Column::new("secret", integer()).nullable().invisible());
            "Added, set by every update" => AddColumn::new("visits", Column::new("changed_at", timestamp_with(0)).nullable().on_update("CURRENT_TIMESTAMP"));
            "Added with an option of one engine" => AddColumn::new(
                "visits",
                Column::new("body", text()).nullable().option(Flavour::Postgres, "storage", "EXTERNAL").option(Flavour::Mariadb, "compression", "zlib")
            );
            "Added with numbers that never come again" => Table::new("tickets").column(Column::new("id", big_integer()).primary_key().never_again());
            "Every type" => Table::new("things")
                .column(Column::new("a1", boolean()))
                .column(Column::new("a2", tiny_integer()))
                .column(Column::new("a3", small_integer()))
                .column(Column::new("a4", integer()))
                .column(Column::new("a5", big_integer()))
                .column(Column::new("a6", unsigned_integer()))
                .column(Column::new("a7", unsigned_big_integer()))
                .column(Column::new("b1", real()))
                .column(Column::new("b2", double()))
                .column(Column::new("b3", decimal(10, 3)))
                .column(Column::new("c1", string()))
                .column(Column::new("c2", text()))
                .column(Column::new("c3", varchar(20)))
                .column(Column::new("c4", character(4)))
                .column(Column::new("d1", bytes()))
                .column(Column::new("d2", binary(16)))
                .column(Column::new("d3", varbinary(32)))
                .column(Column::new("e1", date()))
                .column(Column::new("e2", time()))
                .column(Column::new("e3", time_with(0)))
                .column(Column::new("e4", timestamp()))
                .column(Column::new("e5", timestamp_with(3)))
                .column(Column::new("e6", instant()).default(now()))
                .column(Column::new("e7", instant_with(0)).nullable())
                .column(Column::new("f1", uuid()))
                .column(Column::new("f2", json()));
            "A number of any length" => AddColumn::new("visits", Column::new("weight", numeric()).nullable());
            "Several values" => AddColumn::new("visits", Column::new("tags", per_flavour(json()).on(Flavour::Postgres, array(text()))).nullable());
            "Several values where there are none" => AddColumn::new("visits", Column::new("tags", array(text())).nullable());
            "Dropped" => DropColumn::new("orders", "note");
            "Dropped if it is there" => DropColumn::new("orders", "nowhere").if_exists();
            "Dropped, and what it was" => DropColumn::new("orders", "note").existing(Column::new("note", varchar(200)).nullable());
            "Dropped, where a view is made of it" => DropColumn::new("orders", "status");
            "Dropped with what is over it" => DropColumn::new("orders", "paid_on");
            "Another type" => AlterColumn::new("orders", "note").data_type(text());
            "Another type, and how values become those of it" => AlterColumn::new("orders", "note").data_type(integer()).using("length(note)").using_on(Flavour::Sqlite, "length(note)");
            "Never null" => AlterColumn::new("orders", "note").default("").not_null();
            "May be null" => AlterColumn::new("orders", "total").nullable();
            "Another default" => AlterColumn::new("orders", "total").default(sql("1 + 1"));
            "No default" => AlterColumn::new("orders", "total").no_default();
            "Another name" => AlterColumn::new("orders", "note").rename("remark");
            "Another name, type and comment at once" => AlterColumn::new("orders", "note").rename("remark").data_type(text()).comment("as the customer wrote it");
            "Another name, and what it was" => AlterColumn::new("orders", "note").rename("remark").existing(Column::new("note", varchar(200)).nullable());
            "Another type on one engine alone" => AlterColumn::new("orders", "note").data_type(only_on(Flavour::Mysql, raw("TINYTEXT")));
            "Its comment" => ColumnComment::new("orders", "note", "as the customer wrote it");
            "No comment" => ColumnComment::none("visits", "page");
            "No comment, and what it was" => ColumnComment::none("visits", "page").existing(Column::new("page", varchar(200)).comment("its path"));
            "No comment, with other changes" => AlterColumn::new("visits", "page").no_comment().data_type(varchar(300));
            "Computed" => AlterColumn::new("visits", "length").computed("length(page) * 2");
            "Computed when it is read" => AlterColumn::new("visits", "length").computed_when_read("length(page) + 1");
            "Computed on one engine alone" => AlterColumn::new("visits", "length").computed_on(Flavour::Mysql, "char_length(page)", true);
            "Not computed any more" => AlterColumn::new("visits", "length").not_computed();
            "Not numbered by the server any more" => AlterColumn::new("orders", "id").no_auto_increment();
            "Numbered by the server" => AlterColumn::new("notes", "id").auto_increment();
            "Numbered by the server, with properties" => AlterColumn::new("notes", "id").identity(
                Identity::by_default().start(10).increment(2).minimum(2).maximum(1000).cache(5).cycle()
            );
            "Numbered with properties of the sequence" => AddColumn::new(
                "customers",
                Column::new("serial", integer()).identity(Identity::always().start(1000).increment(10))
            );
            "A collation" => AlterColumn::new("customers", "name")
                .collation_on(Flavour::Postgres, "C")
                .collation_on(Flavour::Mysql, "utf8mb4_bin")
                .collation_on(Flavour::Sqlite, "NOCASE");
            "A collation that every engine would have to know" => AlterColumn::new("customers", "name").collation("NOCASE");
            "At another place" => AlterColumn::new("orders", "note").after("id");
            "At the first place" => AlterColumn::new("orders", "note").first();
            "At the place before another" => AlterColumn::new("orders", "note").before("total");
            "Left out of what is selected" => AlterColumn::new("orders", "note").invisible(true);
            "Set by every update, where it was not" => AlterColumn::new("visits", "seen_at").on_update("CURRENT_TIMESTAMP");
            "Set by every update on one engine, where it was not" => AlterColumn::new("visits", "seen_at").on_update_on(Flavour::Mysql, "CURRENT_TIMESTAMP");
            "Not set by every update any more" => AlterColumn::new("visits", "touched_at").no_on_update();
            "Set by every update" => AddColumn::new(
                "orders",
                Column::new("changed_at", timestamp_with(0)).nullable().on_update_on(Flavour::Mysql, "CURRENT_TIMESTAMP")
            );
        }
    }
}
