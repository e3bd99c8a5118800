-- lint: ignore blocking-index
SELECT 1;
