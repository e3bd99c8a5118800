-- revision: 0001
-- message: customers

-- underpin: upgrade
CREATE TABLE customers (id BIGINT PRIMARY KEY);
