//! revision: 0002
//! parents: 0001
//! message: as generated

use underpin::operation::*;

pub async fn upgrade(op: &mut Operations<'_>) -> Result<()> {
    // deletes data: column orders.note is gone with what it holds
    // Where that is meant, say so in the header: `-- destructive: reviewed`
    // depends on the rows: rows where column customers.name is null stand in the way
    // how many there are: SELECT count(*) FROM "customers" WHERE "name" IS NULL
    // blocks others: nobody can write to customers while it is copied or read for MODIFY COLUMN `name` varchar(255) NOT NULL DEFAULT 'nobody': that needs a window, or gh-ost or pt-online-schema-change
    // blocks others: nobody can write to orders while it is copied or read for DROP COLUMN `note`, ADD COLUMN `reference` varchar(40): that needs a window, or gh-ost or pt-online-schema-change
    op.alter_column(AlterColumn::new("customers", "name").not_null().default("nobody")).await?;
    op.batch("orders", |table| {
        table
            .drop_column("note")
            .add_column(Column::new("reference", varchar(40)).nullable())
    })
    .await
}

pub async fn downgrade(op: &mut Operations<'_>) -> Result<()> {
    op.alter_column(AlterColumn::new("customers", "name").nullable().no_default()).await?;
    op.batch("orders", |table| {
        table.drop_column("reference").add_column(Column::new("note", text()).nullable())
    })
    .await
}
