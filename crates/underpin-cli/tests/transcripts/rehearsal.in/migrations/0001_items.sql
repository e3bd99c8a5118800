-- revision: 0001
-- message: items

-- underpin: upgrade
CREATE TABLE items (id INTEGER PRIMARY KEY, total INTEGER);
INSERT INTO items (total) VALUES (1), (2), (3);

-- underpin: downgrade
DROP TABLE items;
