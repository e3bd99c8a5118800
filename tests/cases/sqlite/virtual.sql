-- case: a virtual table comes with its shadows
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIRTUAL TABLE search USING fts5(a, content='t', content_rowid='id');

-- case: a virtual table stays what it is
-- avoid: search
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE VIRTUAL TABLE search USING fts5(a, b);
-- rows
INSERT INTO search VALUES ('hello', 'world');
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT);
CREATE VIRTUAL TABLE search USING fts5(a, b);

-- case: a virtual table of text changes and keeps its rows
-- from
CREATE VIRTUAL TABLE search USING fts5(a, b);
-- rows
INSERT INTO search (rowid, a, b) VALUES (7, 'hello', 'world');
-- to
CREATE VIRTUAL TABLE search USING fts5(a, b, c, tokenize='porter');

-- case: a virtual table of places goes
-- from
CREATE TABLE t (id INTEGER PRIMARY KEY);
CREATE VIRTUAL TABLE places USING rtree(id, x0, x1);
-- to
CREATE TABLE t (id INTEGER PRIMARY KEY);

-- case: a virtual table of places gets another dimension
-- oneway
-- from
CREATE VIRTUAL TABLE places USING rtree(id, x0, x1);
-- rows
INSERT INTO places VALUES (3, 1, 2);
-- to
CREATE VIRTUAL TABLE places USING rtree(id, x0, x1, y0, y1);

-- case: a column of a virtual table gets another name
-- renames: column search.heading < title
-- from
CREATE VIRTUAL TABLE search USING fts5(title, Body);
-- rows
INSERT INTO search (rowid, title, Body) VALUES (7, 'hello', 'world');
-- to
CREATE VIRTUAL TABLE search USING fts5(heading, body);

-- case: the rowid of a virtual table of places gets another name
-- renames: column places.place < id
-- from
CREATE VIRTUAL TABLE places USING rtree(id, x0, x1);
-- rows
INSERT INTO places VALUES (9, 1, 2);
-- to
CREATE VIRTUAL TABLE places USING rtree(place, x0, x1);
