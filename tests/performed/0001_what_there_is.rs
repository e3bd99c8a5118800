//! revision: 0001
//! message: what the examples change

use underpin::operation::*;

pub async fn upgrade(op: &mut Operations<'_>) -> Result<()> {
    for operation in crate::examples::base(op.flavour()) {
        op.perform(operation).await?;
    }
    op.execute(Sql::new(crate::ROWS)).await
}
