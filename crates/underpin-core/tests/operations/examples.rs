//! The operations of the reference page, each of which is written for every engine, and run on it by
//! `tests/tests/performed`. What they change is in `before`.

/// Chapters with their examples.
macro_rules! chapters {
    ($($heading:literal { $($title:literal => $operation:expr;)+ })+) => {
        vec![$(Chapter {
            heading: $heading,
            examples: vec![$($crate::examples::Example {
                title: $title,
                source: stringify!($operation),
                operation: Operation::from($operation),
            },)+],
        },)+]
    };
}

mod columns;
mod constraints;
mod indexes;
mod namespaces;
mod objects;
mod rows;
mod tables;

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

/// Everything, in the order of the page.
pub(crate) fn chapters() -> Vec<Chapter> {
    [
        tables::chapters(),
        columns::chapters(),
        indexes::chapters(),
        constraints::chapters(),
        objects::chapters(),
        rows::chapters(),
        namespaces::chapters(),
    ]
    .into_iter()
    .flatten()
    .collect()
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

/// What there is before each operation: on every engine, and on those that have such things.
pub(crate) fn base(flavour: Flavour) -> Vec<Operation> {
    let mut base = everywhere();
    base.extend(programs());
    if matches!(flavour, Flavour::Postgres | Flavour::Mariadb) {
        base.push(Sequence::new("ticket_numbers").into());
    }
    if flavour == Flavour::Postgres {
        base.extend(on_postgres());
    }
    base
}

fn everywhere() -> Vec<Operation> {
    let status = || enumeration("order_status", ["open", "sent", "done"]);
    let seen_at = || Column::new("seen_at", timestamp_with(0)).nullable();
    vec![
        Enumeration::new("order_status", ["open", "sent", "done"]).into(),
        Enumeration::new("size", ["small", "large"]).into(),
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
        Table::new("visits")
            .column(Column::new("id", big_integer()).primary_key().auto_increment())
            .column(Column::new("page", varchar(200)).comment("its path"))
            .column(Column::new("length", integer()).nullable().computed("length(page)"))
            .column(seen_at())
            .column(
                Column::new("touched_at", timestamp_with(0))
                    .nullable()
                    .on_update_on(Flavour::Mysql, "CURRENT_TIMESTAMP"),
            )
            .comment("who has read what")
            .into(),
        Table::new("counters").column(Column::new("id", big_integer())).into(),
        Table::new("notes")
            .column(Column::new("id", integer()).primary_key())
            .column(Column::new("price", decimal(8, 2)).nullable())
            .column(Column::new("body", json()).nullable())
            .column(Column::new("written_at", timestamp_with(0)).nullable())
            .into(),
        View::new("open_orders", "SELECT id, total FROM orders WHERE status = 'open'").into(),
    ]
}

fn programs() -> Vec<Operation> {
    let half = Function::new("half")
        .arguments("integer")
        .on(
            Flavour::Postgres,
            "CREATE FUNCTION half(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n / 2'",
        )
        .on(Flavour::Mysql, "CREATE FUNCTION half(n INT) RETURNS INT DETERMINISTIC RETURN n / 2");
    let page = Trigger::new("visits", "visits_page")
        .on(Flavour::Sqlite, "CREATE TRIGGER visits_page AFTER INSERT ON visits BEGIN UPDATE visits SET page = '/' WHERE page = ''; END")
        .on(Flavour::Mysql, "CREATE TRIGGER visits_page BEFORE INSERT ON visits FOR EACH ROW SET NEW.page = coalesce(NEW.page, '/')")
        .on(Flavour::Postgres, "CREATE TRIGGER visits_page BEFORE UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()");
    vec![half.into(), page.into()]
}

fn on_postgres() -> Vec<Operation> {
    let kept = Trigger::new(("archive", "parcels"), "parcels_kept").on(
        Flavour::Postgres,
        "CREATE TRIGGER parcels_kept BEFORE UPDATE ON archive.parcels FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    );
    let zero = Function::new(("archive", "zero"))
        .on(Flavour::Postgres, "CREATE FUNCTION archive.zero() RETURNS integer LANGUAGE sql AS 'SELECT 0'");
    vec![
        View::new("visit_counts", "SELECT page, count(*) AS count FROM visits GROUP BY page")
            .materialized()
            .into(),
        Sql::new("CREATE SCHEMA archive").into(),
        Table::new(("archive", "parcels"))
            .column(Column::new("id", integer()).primary_key())
            .column(Column::new("number", integer()).check("number > 1"))
            .column(Column::new("note", text()).nullable())
            .index(Index::new(["number"]))
            .into(),
        Table::new(("archive", "pallets")).column(Column::new("id", integer()).primary_key()).into(),
        Enumeration::new(("archive", "material"), ["wood", "paper"]).into(),
        Sequence::new(("archive", "parcel_numbers")).into(),
        View::new(("archive", "parcel_ids"), "SELECT id FROM archive.parcels").into(),
        zero.into(),
        kept.into(),
        Sql::new("INSERT INTO archive.parcels (id, number, note) VALUES (1, 2, 'kept')").into(),
    ]
}

/// That as a schema of this engine, with what a server tells of the views.
pub(crate) fn before(flavour: Flavour) -> Schema {
    let empty = Schema::empty(flavour, version(flavour));
    let operations = base(flavour);
    let mut schema =
        operations.iter().fold(empty, |schema, operation| operation.applied_to(&schema).unwrap());
    let mut read = |view: ObjectId, table: ObjectId, columns: &[&str]| {
        if flavour == Flavour::Postgres {
            for column in columns {
                schema.depends(view.clone(), table.part(ObjectKind::Column, column));
            }
        }
        schema.depends(view, table);
    };
    let view = |name| ObjectId::new(ObjectKind::View, None, name);
    let table = |name| ObjectId::new(ObjectKind::Table, None, name);
    read(view("open_orders"), table("orders"), &["id", "total", "status"]);
    if flavour == Flavour::Postgres {
        let archived = |kind, name| ObjectId::new(kind, Some("archive"), name);
        let counts = ObjectId::new(ObjectKind::MaterializedView, None, "visit_counts");
        read(counts, table("visits"), &["page"]);
        read(archived(ObjectKind::View, "parcel_ids"), archived(ObjectKind::Table, "parcels"), &["id"]);
    }
    schema
}
