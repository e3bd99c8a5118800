CREATE INDEX orders_by_total ON orders (total);

CREATE TABLE orders (
  id INTEGER PRIMARY KEY,
  -- renamed_from: sum
  total INTEGER,
  note TEXT
);
