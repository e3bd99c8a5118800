-- revision: 0002
-- parents: 0001
-- message: note

-- underpin: upgrade
ALTER TABLE items ADD COLUMN note TEXT;
DELETE FROM items WHERE total = 3;
CREATE TABLE more (id INTEGER PRIMARY KEY);

-- underpin: downgrade
DROP TABLE more;
ALTER TABLE items DROP COLUMN note;
