CREATE TABLE countries (name text);
CREATE TABLE orders (total int, note varchar(10));
