-- values: what a column holds, for a filter's list of choices.
-- One row per value, blank included.
--   value   the value; null is blank
--   deals   number of deals that have it
SELECT
  {column} AS value,
  COUNT(*) AS deals
FROM deals
WHERE {where}
GROUP BY 1
