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
    match op.connection().await? {
        Connection::Sqlite(connection) => mark(connection).await,
        Connection::Postgres(connection) => mark(connection).await,
        Connection::Mysql(connection) => mark(connection).await,
        _ => Ok(()),
    }
}

pub async fn downgrade(op: &mut Operations<'_>) -> Result<()> {
    op.drop_column("customers", "greeting").await
}

/// The same with the driver itself.
async fn mark<'c, E>(connection: E) -> Result<()>
where
    E: sqlx::Executor<'c>,
    for<'q> <E::Database as sqlx::Database>::Arguments: sqlx::IntoArguments<E::Database>,
{
    sqlx::query("UPDATE customers SET greeting = 'Hello Grace' WHERE name = 'Grace'").execute(connection).await?;
    Ok(())
}
