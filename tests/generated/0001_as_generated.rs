//! revision: 0001
//! parents:
//! message: as generated

use underpin::operation::*;

pub async fn upgrade(op: &mut Operations<'_>) -> Result<()> {
    op.create_enum(Enumeration::new("status", ["Open", "Sent"])).await?;
    op.create_table(
        Table::new("customers")
            .column(Column::new("id", big_integer()).primary_key().auto_increment())
            .column(Column::new("email", varchar(200)))
            .column(Column::new("is_active", boolean()).default(true))
            .column(Column::new("name", string()).nullable())
            .unique(Unique::new(["email"]).name("customers_email_key"))
            .comment("who buys"),
    )
    .await?;
    op.create_table(
        Table::new("orders")
            .column(Column::new("id", big_integer()).primary_key().auto_increment())
            .column(Column::new("customer_id", big_integer()))
            .column(Column::new("count", integer()).default(1))
            .column(Column::new("status", enumeration("status", ["Open", "Sent"])).default("Open"))
            .column(Column::new("note", text()).nullable())
            .check(Check::new("count > 0").name("orders_count"))
            .foreign_key(
                ForeignKey::new(["customer_id"])
                    .references("customers", ["id"])
                    .name("orders_customer_id_fkey")
                    .on_delete(Action::Cascade),
            )
            .index(Index::new(["customer_id"]).name("orders_customer_id_idx")),
    )
    .await
}

pub async fn downgrade(op: &mut Operations<'_>) -> Result<()> {
    op.drop_table(DropTable::new("orders")).await?;
    op.drop_table(DropTable::new("customers")).await?;
    op.drop_enum(DropEnum::new("status")).await
}
