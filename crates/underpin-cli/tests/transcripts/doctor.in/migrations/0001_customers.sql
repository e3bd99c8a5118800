-- revision: 0001
-- message: customers

-- underpin: upgrade
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL);

-- underpin: downgrade
DROP TABLE customers;
