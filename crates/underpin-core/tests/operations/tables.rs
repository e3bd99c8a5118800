//! Tables.

use underpin_core::operation::*;

use super::Chapter;

pub(super) fn chapters() -> Vec<Chapter> {
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
            "Dropped" => DropTable::new("notes");
            "Dropped, with its trigger" => DropTable::new("visits");
            "Dropped, where a view is made of it" => DropTable::new("orders");
            "Dropped, and what it was" => DropTable::new("counters").existing(Table::new("counters").column(Column::new("id", big_integer())));
            "Dropped if it is there" => DropTable::new("nowhere").if_exists();
            "Renamed" => RenameTable::new("orders", "purchases");
            "Its comment" => TableComment::new("orders", "what was bought");
            "No comment, and what it was" => TableComment::none("visits").existing(Some("who has read what"));
            "Keys under names of their own, and what only one engine has" => Table::new("bookings")
                .column(Column::new("room", integer()))
                .column(Column::new("day", date()))
                .column(Column::new("code", varchar(20)))
                .primary_key(PrimaryKey::new(["room", "day"]).name("bookings_key"))
                .unique(Unique::new(["code"]).name("bookings_code"))
                .exclusion(
                    Exclusion::new(Part::expression("daterange(day, day, '[]')"), "&&")
                        .and(Part::expression("int4range(room, room, '[]')"), "&&")
                        .name("bookings_once")
                        .method("gist")
                        .predicate("room > 0")
                        .deferral(Deferral::Immediate)
                        .comment("nobody shares a room")
                        .only([Flavour::Postgres])
                );
            "Options of each engine" => Table::new("events")
                .column(Column::new("id", big_integer()).primary_key().auto_increment())
                .option(Flavour::Postgres, TableOption::Fillfactor, "80")
                .option(Flavour::Postgres, TableOption::Tablespace, "pg_default")
                .option(Flavour::Mysql, TableOption::Charset, "utf8mb4")
                .option(Flavour::Mysql, TableOption::Collation, "utf8mb4_bin")
                .option(Flavour::Mysql, TableOption::RowFormat, "DYNAMIC")
                .option(Flavour::Mysql, TableOption::AutoIncrement, "1000")
                .parameter(Flavour::Postgres, "access_method", "heap");
            "In partitions" => Table::new("readings")
                .column(Column::new("id", big_integer()).primary_key())
                .option(Flavour::Postgres, TableOption::PartitionBy, "RANGE (id)")
                .option(Flavour::Mysql, TableOption::PartitionBy, "HASH (id) PARTITIONS 2");
        }
    }
}
