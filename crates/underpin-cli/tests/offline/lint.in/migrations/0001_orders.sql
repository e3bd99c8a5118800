-- revision: 0001
-- message: orders
-- created: 2026-11-20T09:00:00Z

-- underpin: upgrade
CREATE TABLE orders (id INTEGER PRIMARY KEY, total INTEGER);
CREATE INDEX orders_total ON orders (total);

-- underpin: downgrade
DROP TABLE orders;
