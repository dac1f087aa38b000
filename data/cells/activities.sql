-- activities: what was done about the deals of a slice, per kind, direction and outcome.
-- One row per combination of breakdown values, month, kind, direction and outcome.
--   month        first day of the month in which they happened; null unknown
--   activities   number of activities
--   seconds      sum of their durations; timed is the number of those that have one
SELECT
  {outer}a.happened_month AS happened_month,
  a.kind AS kind,
  a.direction AS direction,
  a.outcome AS outcome,
  COUNT(*) AS activities,
  COALESCE(SUM(a.duration_s), 0) AS seconds,
  COUNT(a.duration_s) AS timed
FROM (
  SELECT
    {by}deal_key AS slice_key
  FROM deals
  WHERE {where}
) AS d
INNER JOIN activities AS a ON a.deal_key = d.slice_key
GROUP BY {keys}
