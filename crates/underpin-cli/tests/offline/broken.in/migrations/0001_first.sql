-- revision: 0001

-- underpin: upgrade
SELECT 1;
