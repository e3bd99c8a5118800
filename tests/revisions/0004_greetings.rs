//! revision: 0004
//! parents: 0003
//! message: a greeting for each customer

use underpin::operation::*;

pub async fn upgrade(op: &mut Operations<'_>) -> Result<()> {
    op.add_column("customers", Column::new("greeting", varchar(100)).nullable()).await?;
    for row in op.fetch("SELECT id, name FROM customers WHERE greeting IS NULL ORDER BY id").await? {
        let [Some(id), Some(name)] = &row[..] else { continue };
        let id: i64 = id.parse()?;
        let greeting = Sql::new("UPDATE customers SET greeting = :greeting WHERE id = :id");
        op.execute(greeting.bind("greeting", format!("Dear {name}")).bind("id", id)).await?;
    }
    const RENAME: &str = "UPDATE customers SET name = 'Grace H.' WHERE name = 'Grace'";
    match op.connection().await? {
        Connection::Sqlite(connection) => sqlx::query(RENAME).execute(connection).await?.rows_affected(),
        Connection::Postgres(connection) => sqlx::query(RENAME).execute(connection).await?.rows_affected(),
        Connection::Mysql(connection) => sqlx::query(RENAME).execute(connection).await?.rows_affected(),
        _ => 0,
    };
    Ok(())
}

pub async fn downgrade(op: &mut Operations<'_>) -> Result<()> {
    op.drop_column("customers", "greeting").await
}
