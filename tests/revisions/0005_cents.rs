//! revision: 0005
//! parents: 0004
//! message: totals in cents
//! transaction: off

use underpin::operation::*;

pub async fn upgrade(op: &mut Operations<'_>) -> Result<()> {
    op.add_column("orders", Column::new("cents", big_integer()).nullable()).await?;
    // Each row shows when it is met twice.
    let cents = "UPDATE orders SET cents = COALESCE(cents, 0) + total * 100 WHERE :batch";
    op.backfill(Backfill::new("orders", ["id"], cents).rows(1)).await?;
    op.once("a cent more", |connection| Box::pin(all(connection, "UPDATE orders SET cents = cents + 1"))).await?;
    let index = Index::on("orders", ["cents"]).name("orders_by_cents");
    let index = if op.dialect() == Dialect::Postgres { index.concurrently() } else { index };
    op.outside_transaction(|op| Box::pin(async move { op.create_index(index).await })).await
}

/// A statement by the driver of each engine.
pub async fn all(connection: Connection<'_>, sql: &'static str) -> Result<()> {
    match connection {
        Connection::Sqlite(connection) => sqlx::query(sql).execute(connection).await?.rows_affected(),
        Connection::Postgres(connection) => sqlx::query(sql).execute(connection).await?.rows_affected(),
        Connection::Mysql(connection) => sqlx::query(sql).execute(connection).await?.rows_affected(),
        _ => 0,
    };
    Ok(())
}

pub async fn downgrade(op: &mut Operations<'_>) -> Result<()> {
    op.drop_index(DropIndex::new("orders", "orders_by_cents")).await?;
    op.drop_column("orders", "cents").await
}
