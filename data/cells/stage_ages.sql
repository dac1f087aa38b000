-- stage_ages: how long deals stayed in one stage that they left; one such query for each stage.
-- One row per breakdown value, [period,] and number of days.
--   stage_no   the open stage
--   days       whole days over all visits
--   ended      1: the deal left the stage
--   deals      number of deals
SELECT
  {by}{stage} AS stage_no,
  {days} AS days,
  1 AS ended,
  COUNT(*) AS deals
FROM deals
WHERE {where}
  AND {days} IS NOT NULL
GROUP BY {keys}
