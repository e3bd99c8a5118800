-- revision: 0004
-- parents: 0002
-- message: half of something
-- transaction: off

-- underpin: upgrade
CREATE TABLE tags (id INTEGER PRIMARY KEY);
CREATE TABLE orders (id INTEGER PRIMARY KEY);
CREATE TABLE marks (id INTEGER PRIMARY KEY);
