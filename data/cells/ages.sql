-- ages: how old deals were when they ended, or are when they are still open.
-- One row per breakdown value, [period,] age and status.
--   days    whole days from creation to closing, of an open deal to the end of the as-of day;
--           null when a date is missing or the end comes before the beginning
--   deals   number of deals
SELECT
  {by}CASE WHEN created_s <= CASE WHEN status = 'open' THEN {end_s} ELSE closed_s END
    THEN CAST(FLOOR(CAST(CASE WHEN status = 'open' THEN {end_s} ELSE closed_s END - created_s AS DOUBLE)
      / 86400) AS BIGINT)
    END AS days,
  status AS status,
  COUNT(*) AS deals
FROM deals
WHERE {where}
GROUP BY {keys}
