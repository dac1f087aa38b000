-- stage_ages: how long deals stayed in one stage; the answer is this query for each stage, UNION ALL.
-- One row per breakdown value, [period,] stage, number of days and ended.
--   stage_no   the open stage
--   days       whole days over all visits; the running visit of a deal that stands there counts to the end
--              of the as-of day; null when it is not known when that visit began
--   ended      1 the deal left the stage, 0 it is still there (its days are a lower bound)
--   deals      number of deals
SELECT
  {by}{stage} AS stage_no,
  CASE WHEN NOT (status = 'open' AND last_no = {stage}) THEN {days}
    WHEN stage_entered_s <= {end_s}
    THEN COALESCE({days}, 0) + CAST(FLOOR(CAST({end_s} - stage_entered_s AS DOUBLE) / 86400) AS BIGINT)
    END AS days,
  CASE WHEN status = 'open' AND last_no = {stage} THEN 0 ELSE 1 END AS ended,
  COUNT(*) AS deals
FROM deals
WHERE {where}
  AND ({days} IS NOT NULL OR (status = 'open' AND last_no = {stage}))
GROUP BY {keys}
