//! revision: outside
//! parents: 0001
//! message: an example outside of a transaction
//! transaction: off

use underpin::operation::*;

pub async fn upgrade(op: &mut Operations<'_>) -> Result<()> {
    crate::board::forth(op).await
}

pub async fn downgrade(op: &mut Operations<'_>) -> Result<()> {
    crate::board::back(op).await
}
