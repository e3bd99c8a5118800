-- revision: 0002
-- parents: 0001
-- message: the first customers

-- underpin: upgrade
INSERT INTO customers (id, name) VALUES (1, 'Ada'), (2, 'Grace');
INSERT INTO orders (id, customer_id, total, note) VALUES (1, 1, 10.50, 'fragile'), (2, 2, 20, NULL);

-- underpin: downgrade
DELETE FROM orders;
DELETE FROM customers;
