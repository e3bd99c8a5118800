-- revision: 0001
-- message: orders

-- underpin: upgrade
CREATE TABLE orders (id INTEGER PRIMARY KEY, sum INTEGER);

-- underpin: downgrade
DROP TABLE orders;
