-- moved_pairs: every deal as it stood in two snapshots, side by side; the beginning of the queries on movements.
-- A deal that one version covers on both days did not change; only the others are joined.
--   had, has       1 where the first, the second snapshot holds the deal
--   inside_1 _2    1 where the deal is in the slice on that day
--   due_1 _2       when it was expected to close: 0 no date, 1 before the period, 2 in it, 3 after it
--   in_view        1 where it appears because the export before did not cover it
WITH sides AS (
  SELECT
    deal_no AS deal_no,
    CASE WHEN from_s <= {start_s} THEN 1 ELSE 0 END AS had,
    CASE WHEN until_s IS NULL THEN 1 WHEN until_s > {end_s} THEN 1 ELSE 0 END AS has,
    {state}
    CASE WHEN in_view THEN 1 ELSE 0 END AS in_view,
    CASE WHEN {where} THEN 1 ELSE 0 END AS inside,
    {due} AS due
  FROM versions
  WHERE from_s <= {end_s} AND (until_s > {start_s} OR until_s IS NULL)
),
first_side AS (
  SELECT {own} FROM sides WHERE had = 1 AND has = 0
),
second_side AS (
  SELECT {own} FROM sides WHERE had = 0 AND has = 1
),
pairs AS (
  SELECT 1 AS had, 1 AS has, {same} FROM sides AS a WHERE had = 1 AND has = 1 AND status = 'open'
  UNION ALL
  SELECT 1 AS had, CASE WHEN b.deal_no IS NULL THEN 0 ELSE 1 END AS has, {both}
  FROM first_side AS a
  LEFT JOIN second_side AS b ON b.deal_no = a.deal_no
  UNION ALL
  SELECT 0 AS had, 1 AS has, {both}
  FROM second_side AS b
  LEFT JOIN first_side AS a ON a.deal_no = b.deal_no
  WHERE a.deal_no IS NULL
)
