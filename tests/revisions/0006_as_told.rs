//! revision: 0006
//! parents: 0005
//! message: what the test says

use std::time::Duration;

use underpin::operation::*;

pub async fn upgrade(op: &mut Operations<'_>) -> Result<()> {
    let told = std::env::var("APPLICATION_TOLD").unwrap_or_default();
    match told.as_str() {
        "wait" => tokio::time::sleep(Duration::from_secs(600)).await,
        "panic" => panic!("as it was told"),
        "parse" => drop("seven".parse::<u8>()?),
        "own" => return Err(OperationError::new("there are no rates for 2026")),
        "swallow" => drop(op.execute(Sql::new("DELETE FROM nowhere")).await),
        "once" => drop(op.once("nothing of this", |connection| Box::pin(nothing(connection))).await),
        "commit" => op.execute(Sql::new("COMMIT")).await?,
        _ => {}
    }
    Ok(())
}

async fn nothing(connection: Connection<'_>) -> Result<()> {
    const NOTHING: &str = "UPDATE orders SET cents = 0";
    match connection {
        Connection::Sqlite(connection) => sqlx::query(NOTHING).execute(connection).await?.rows_affected(),
        Connection::Postgres(connection) => sqlx::query(NOTHING).execute(connection).await?.rows_affected(),
        Connection::Mysql(connection) => sqlx::query(NOTHING).execute(connection).await?.rows_affected(),
        _ => 0,
    };
    Err(OperationError::new("there is nothing to be done"))
}

pub async fn downgrade(_: &mut Operations<'_>) -> Result<()> {
    Ok(())
}
