//! revision: 0003
//! parents: 0002
//! message: orders are reviewed

use underpin::operation::*;

pub async fn upgrade(op: &mut Operations<'_>) -> Result<()> {
    op.batch("orders", |orders| {
        orders
            .add_column(Column::new("reviewed", boolean()).default(false))
            .alter_column("note", |note| note.rename("remark"))
            .alter_column("total", |total| total.data_type(decimal(14, 2)))
    })
    .await?;
    op.add_constraint("orders", Check::new("total >= 0").name("orders_total_positive")).await?;
    // lint: ignore blocking-index: a few orders, and nobody writes yet
    op.create_index(Index::on("orders", ["reviewed", "total"]).name("orders_by_review")).await
}

pub async fn downgrade(op: &mut Operations<'_>) -> Result<()> {
    op.drop_index(DropIndex::new("orders", "orders_by_review")).await?;
    op.drop_constraint("orders", "orders_total_positive").await?;
    op.batch("orders", |orders| {
        orders
            .drop_column("reviewed")
            .alter_column("remark", |remark| remark.rename("note"))
            .alter_column("total", |total| total.data_type(decimal(12, 2)))
    })
    .await
}
