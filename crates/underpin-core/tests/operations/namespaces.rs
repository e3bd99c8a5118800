//! Everything that can be in a schema of PostgreSQL, in one that is not the usual one.

use underpin_core::operation::*;

use super::Chapter;

pub(super) fn chapters() -> Vec<Chapter> {
    chapters! {
        "In a schema of PostgreSQL" {
            "A table" => Table::new("crates").schema("archive").column(Column::new("id", integer()).primary_key());
            "A table under another name" => RenameTable::new("parcels", "boxes").schema("archive");
            "A table dropped" => DropTable::new("pallets").schema("archive");
            "A table dropped, where a view is made of it" => DropTable::new("parcels").schema("archive");
            "A table's comment" => TableComment::new("parcels", "what was sent").schema("archive");
            "A column" => AddColumn::new("parcels", Column::new("weight", integer()).nullable()).schema("archive");
            "A column changed" => AlterColumn::new("parcels", "note").data_type(varchar(90)).schema("archive");
            "A column's comment" => ColumnComment::new("parcels", "note", "by hand").schema("archive");
            "A column dropped" => DropColumn::new("parcels", "note").schema("archive");
            "An index" => Index::on("parcels", ["note"]).schema("archive");
            "An index dropped" => DropIndex::new("parcels", "parcels_number_idx").schema("archive");
            "A constraint" => AddConstraint::new("parcels", Check::new("note <> ''")).schema("archive");
            "A foreign key into another" => AddConstraint::new("orders", ForeignKey::new(["parent_id"]).references(("archive", "parcels"), ["id"]));
            "A constraint dropped" => DropConstraint::new("parcels", "parcels_number_check").schema("archive");
            "An enum" => Enumeration::new("colour", ["red", "blue"]).schema("archive");
            "An enum changed" => AlterEnum::new("material").add("steel").schema("archive");
            "An enum dropped" => DropEnum::new("material").schema("archive");
            "A sequence" => Sequence::new("crate_numbers").schema("archive").start(3);
            "A sequence changed" => AlterSequence::new("parcel_numbers").schema("archive").increment(2);
            "A sequence dropped" => DropSequence::new("parcel_numbers").schema("archive");
            "A view" => View::new("heavy", "SELECT id FROM archive.parcels").schema("archive");
            "A view dropped" => DropView::new("parcel_ids").schema("archive");
            "A function" => Function::new("one").schema("archive").on(Flavour::Postgres, "CREATE FUNCTION archive.one() RETURNS integer LANGUAGE sql AS 'SELECT 1'");
            "A function dropped" => DropFunction::new("zero").schema("archive");
            "A trigger" => Trigger::new("parcels", "parcels_same").schema("archive")
                .on(Flavour::Postgres, "CREATE TRIGGER parcels_same BEFORE UPDATE ON archive.parcels FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()");
            "A trigger dropped" => DropTrigger::new("parcels", "parcels_kept").schema("archive");
            "Rows" => BulkInsert::new("parcels", ["id", "number"]).schema("archive").row([2.into(), 3.into()]).keys(["id"]);
            "Several changes of a table" => Batch::new("parcels").schema("archive").drop_column("note").add_column(Column::new("weight", integer()).nullable());
        }
    }
}
