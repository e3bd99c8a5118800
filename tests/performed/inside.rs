//! revision: inside
//! parents: 0001
//! message: an example in a transaction

use underpin::operation::*;

pub async fn upgrade(op: &mut Operations<'_>) -> Result<()> {
    crate::board::forth(op).await
}

pub async fn downgrade(op: &mut Operations<'_>) -> Result<()> {
    crate::board::back(op).await
}
