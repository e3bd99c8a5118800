-- revision: 0002
-- parents: 0001

-- underpin: upgrade
SELECT 1;
