-- revision: 0002
-- parents: 0001
-- message: add orders

-- underpin: upgrade
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers, total INTEGER);
CREATE INDEX orders_by_customer ON orders (customer_id);
INSERT INTO customers (id, name) VALUES (1, 'Ada');

-- underpin: downgrade
DROP TABLE orders;
DELETE FROM customers WHERE id = 1;
