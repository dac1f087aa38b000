-- moved_pairs: every deal as it stood in two snapshots, side by side; the beginning of the queries on movements.
-- Deals that were decided and stayed so are left out. Those that appeared since are few, and are looked for
-- on the first side by themselves: joining all of it once more takes longer.
--   had, has       1 where the first, the second snapshot holds the deal
--   code_1 _2      status (0 open, 1 won, 2 lost, 3 disqualified) + 4 if the deal is in the slice on that day
--                  + 8 x when it was expected to close (0 no date, 1 before the period, 2 in it, 3 after it):
--                  one number to group by, where five columns take twice the time; null on a side without it
--   in_view        1 where it appears because the export before did not cover it
WITH first_side AS (
  SELECT
    deal_no AS deal_no,
    {state}{code} AS code
  FROM versions
  WHERE from_s <= {start_s} AND (until_s > {start_s} OR until_s IS NULL)
),
second_side AS (
  SELECT
    deal_no AS deal_no,
    seen_s AS seen_s,
    CASE WHEN in_view THEN 1 ELSE 0 END AS in_view,
    {state}{code} AS code
  FROM versions
  WHERE from_s <= {end_s} AND (until_s > {end_s} OR until_s IS NULL)
),
appeared AS (
  SELECT deal_no AS deal_no, in_view AS in_view, {held}
  FROM second_side
  WHERE seen_s > {start_s}
),
pairs AS (
  SELECT 1 AS had, CASE WHEN b.deal_no IS NULL THEN 0 ELSE 1 END AS has, {both}
  FROM first_side AS a
  LEFT JOIN second_side AS b ON b.deal_no = a.deal_no
  WHERE b.deal_no IS NULL OR a.code % 4 = 0 OR a.code % 4 <> b.code % 4
  UNION ALL
  SELECT 0 AS had, 1 AS has, {both}
  FROM appeared AS b
  LEFT JOIN (
    SELECT deal_no AS deal_no, {held}
    FROM first_side
    WHERE deal_no IN (SELECT deal_no AS deal_no FROM appeared)
  ) AS a ON a.deal_no = b.deal_no
  WHERE a.deal_no IS NULL
)
