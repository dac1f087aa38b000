-- standing_ages: how long open deals have been in the stage where they stand.
-- One row per breakdown value, [period,] stage and number of days.
--   stage_no   the open stage
--   days       whole days over all visits, the running one to the end of the as-of day (a lower bound);
--              null when it is not known when that visit began, or it began later
--   ended      0: the deal is still there
--   deals      number of deals
SELECT
  {by}last_no AS stage_no,
  CASE WHEN stage_entered_s <= {end_s}
    THEN COALESCE(stood_days, 0) + CAST(FLOOR(CAST({end_s} - stage_entered_s AS DOUBLE) / 86400) AS BIGINT)
    END AS days,
  0 AS ended,
  COUNT(*) AS deals
FROM deals
WHERE {where}
  AND status = 'open'
  AND last_no > 0
GROUP BY {keys}
