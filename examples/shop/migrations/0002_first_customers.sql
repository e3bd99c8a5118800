-- revision: 0002
-- parents: 0001
-- message: first customers
-- created: 2026-11-21T09:00:00Z

-- underpin: upgrade
INSERT INTO customers (name, email) VALUES
    ('Ada Lovelace', 'ada@example.com'),
    ('Grace Hopper', 'grace@example.com'),
    ('Zoë Ångström', 'zoe@example.com');

INSERT INTO orders (customer_id, item, quantity, unit_price_cents, placed_at)
SELECT id, 'A box of punched cards; blank', 12, 495, 1795168800 FROM customers WHERE email = 'ada@example.com';

INSERT INTO orders (customer_id, item, quantity, unit_price_cents, placed_at)
SELECT id, 'A nanosecond of wire', 100, 9, 1795172400 FROM customers WHERE email = 'grace@example.com';

-- underpin: downgrade
DELETE FROM orders WHERE customer_id IN (
    SELECT id FROM customers WHERE email IN ('ada@example.com', 'grace@example.com', 'zoe@example.com')
);
DELETE FROM customers WHERE email IN ('ada@example.com', 'grace@example.com', 'zoe@example.com');
