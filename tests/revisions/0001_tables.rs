//! revision: 0001
//! message: customers and their orders

use underpin::operation::*;

pub async fn upgrade(op: &mut Operations<'_>) -> Result<()> {
    op.create_table(
        Table::new("customers")
            .column(Column::new("id", big_integer()).primary_key().auto_increment())
            .column(Column::new("name", varchar(80))),
    )
    .await?;
    op.create_table(
        Table::new("orders")
            .column(Column::new("id", big_integer()).primary_key().auto_increment())
            .column(Column::new("customer_id", big_integer()))
            .column(Column::new("total", decimal(12, 2)).default(sql("0")))
            .column(Column::new("note", text()).nullable())
            .foreign_key(ForeignKey::new(["customer_id"]).references("customers", ["id"]).on_delete(Action::Cascade))
            .index(Index::new(["customer_id"])),
    )
    .await
}

pub async fn downgrade(op: &mut Operations<'_>) -> Result<()> {
    op.drop_table(DropTable::new("orders")).await?;
    op.drop_table(DropTable::new("customers")).await
}
