-- lint: ignore blocking-index: forty rows, and never more
CREATE INDEX countries_name ON countries (name);
CREATE INDEX orders_total ON orders (total);
ALTER TABLE orders ALTER note TYPE varchar(20);
