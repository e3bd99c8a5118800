-- revision: 0003
-- parents: 0002
-- message: a second customer

-- underpin: upgrade
CREATE TABLE visits (id INTEGER PRIMARY KEY);
INSERT INTO customers (id, name) VALUES (1, 'Grace');

-- underpin: downgrade
DROP TABLE visits;
