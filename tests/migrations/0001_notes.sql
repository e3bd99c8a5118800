-- revision: 0001
-- message: notes, for the code of the guide

-- underpin: upgrade
CREATE TABLE notes (id integer PRIMARY KEY, body varchar(200));

-- underpin: downgrade
DROP TABLE notes;
