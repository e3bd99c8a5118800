-- revision: 0001
-- parents:
-- message: customers

-- underpin: upgrade
CREATE TABLE customers (id BIGINT PRIMARY KEY);

-- underpin: downgrade
DROP TABLE customers;
