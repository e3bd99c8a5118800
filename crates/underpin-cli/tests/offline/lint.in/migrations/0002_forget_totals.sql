-- revision: 0002
-- parents: 0001
-- message: forget totals
-- created: 2026-11-20T09:00:00Z

-- underpin: upgrade
ALTER TABLE orders DROP COLUMN total;

-- underpin: downgrade
ALTER TABLE orders ADD COLUMN total INTEGER;
