-- revision: 0002
-- parents: 0001
-- message: count customers

-- underpin: upgrade
CREATE TABLE counted (customers BIGINT NOT NULL);

-- underpin: upgrade mysql
CREATE TABLE counted (customers BIGINT NOT NULL);
CREATE TRIGGER count_customers AFTER INSERT ON customers FOR EACH ROW BEGIN
    UPDATE counted SET customers = customers + 1;
END;
INSERT INTO counted VALUES (0);

-- underpin: downgrade
DROP TABLE counted;
