-- revision: 0003
-- parents: 0002
-- message: order totals
-- created: 2026-11-22T09:00:00Z

-- underpin: upgrade
ALTER TABLE orders ADD COLUMN total_cents BIGINT NOT NULL DEFAULT 0;

UPDATE orders SET total_cents = quantity * unit_price_cents;

CREATE INDEX orders_by_time ON orders (placed_at);

-- underpin: downgrade
DROP INDEX orders_by_time;
ALTER TABLE orders DROP COLUMN total_cents;

-- underpin: downgrade mysql
DROP INDEX orders_by_time ON orders;
ALTER TABLE orders DROP COLUMN total_cents;
