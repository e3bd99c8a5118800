-- revision: 0003
-- parents: gone

-- underpin: upgrade
BEGIN;
SELECT 1;
