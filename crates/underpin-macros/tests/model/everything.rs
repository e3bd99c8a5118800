//! Every attribute of the derives. Prints what becomes of it on each engine.
#![allow(dead_code, reason = "nobody reads what is only described")]

use underpin::{core::dialect::Flavour, models};

mod customer {
    #[derive(underpin::Table)]
    #[table(name = "customers", comment = "who buys", unique(columns(shop, number), name = "customers_number"))]
    pub struct Customer {
        #[column(primary_key, auto_increment, sqlite(autoincrement))]
        id: i64,
        shop: i32,
        number: u32,
        /// What she is called.
        #[column(type = varchar(200), comment)]
        name: String,
        #[column(unique, postgres(type = "citext"), mysql(collation = "utf8mb4_bin"), sqlite(collation = "NOCASE"))]
        email: String,
        #[column(skip)]
        pub cached: std::collections::HashMap<String, String>,
    }

    impl Customer {
        pub fn id(&self) -> i64 {
            self.id
        }
    }
}

use customer::Customer;

#[derive(underpin::Enum, Clone, Copy)]
#[enumeration(name = "order_status", rename_all = "kebab-case", comment = "how far it is")]
enum Status {
    Open,
    #[value(renamed_from = "dispatched")]
    OnItsWay,
    #[value("here")]
    Arrived,
}

/// A type of somebody else.
struct Money;

#[derive(underpin::Table)]
#[table(
    name = "orders",
    renamed_from = "purchases",
    index(columns(customer_id, created_at desc)),
    index(expression = "lower(note)", name = "orders_note", except(mariadb)),
    index(columns(note(20)), unique, where = "note <> ''", include(total), comment = "notes", only(postgres)),
    index(columns(tags), method = "gin", operator_class = "jsonb_path_ops", only(postgres)),
    index(columns(created_at desc nulls last), name = "orders_by_time", only(postgres)),
    check(name = "total_positive", "total >= 0"),
    check("total < 1000000", only(postgres)),
    check(name = "note_long", sqlite = "length(note) > 2", postgres = "char_length(note) > 2"),
    postgres(fillfactor = 70, extension = "citext"),
    mysql(engine = "InnoDB", charset = "utf8mb4"),
    mariadb(collation = "utf8mb4_bin")
)]
struct Order {
    #[column(primary_key, identity = always)]
    id: i64,
    #[column(references = Customer::id, on_delete = cascade, on_update = restrict)]
    customer_id: i64,
    #[column(references = self::Order::id, on_delete = set_null, foreign_key = "orders_follow", index)]
    follows: Option<i64>,
    #[column(type = decimal(12, 2), default = "0")]
    total: Money,
    #[column(generated = "total * 2", type = decimal(14, 2))]
    doubled: Option<Money>,
    #[column(generated = "total * 3", virtual, type = decimal(14, 2), nullable, postgres(generated = "total * 4"))]
    tripled: Money,
    #[column(default = Status::OnItsWay)]
    status: Status,
    #[column(renamed_from = "remark", name = "note", type = text)]
    remark: Option<String>,
    #[column(type = json)]
    tags: Vec<String>,
    #[column(type = instant, default = now, mysql(on_update = "CURRENT_TIMESTAMP(6)"))]
    created_at: std::time::SystemTime,
    #[column(default = true)]
    r#open: bool,
    #[column(default = -1, check = "weight > -2", check(name = "weight_small", "weight < 9"))]
    weight: i16,
    #[column(name = "Blob")]
    bytes: Vec<u8>,
}

#[derive(underpin::Table)]
#[table(
    rename_all = "camelCase",
    primary_key(order_id, line),
    foreign_key(columns(order_id), references(Order::id), on_delete = cascade, name = "lines_of", only(postgres)),
    sqlite(strict, without_rowid),
    postgres(schema = "shop", unlogged)
)]
struct OrderLine {
    order_id: i64,
    line: u8,
    #[column(type = json)]
    what_it_is: Option<Money>,
}

fn main() {
    let models = models![OrderLine, Order, Customer];
    for flavour in Flavour::ALL {
        println!("-- {flavour}");
        match models.sql(flavour) {
            Ok(text) => println!("{text}"),
            Err(error) => println!("{error}"),
        }
    }
    for rename in models.renames(Flavour::Postgres, Some("public")).0 {
        println!("{} was {}", rename.to, rename.from);
    }
}
