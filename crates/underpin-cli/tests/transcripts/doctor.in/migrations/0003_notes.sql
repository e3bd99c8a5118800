-- revision: 0003
-- parents: 0002
-- message: a note for each order
-- transaction: off

-- underpin: upgrade
ALTER TABLE orders ADD COLUMN note TEXT;

-- underpin: downgrade
ALTER TABLE orders DROP COLUMN note;
