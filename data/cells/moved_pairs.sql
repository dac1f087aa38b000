-- moved_pairs: every deal as it stood in two snapshots, side by side; the beginning of the queries on movements.
-- Deals that were decided and stayed so are left out. Those that appeared since are few, and are looked for
-- on the first side by themselves: joining all of it once more takes longer.
--   code_1 _2      when it was expected to close (0 no date, 1 before the period, 2 in it, 3 after it) + 4 if
--                  the deal is in the slice on that day + 8 x its status (0 open, 1 won, 2 lost, 3 disqualified):
--                  one number to group by, where five columns take twice the time; null on a side without it
--   change         what its amount rose (below 0: fell) by; of a deal not open after: only to a known amount
--   in_view        1 where it appears because the export before did not cover it; 0 on deals of the first side
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
    {state}{code} AS code
  FROM versions
  WHERE from_s <= {end_s} AND (until_s > {end_s} OR until_s IS NULL)
),
appeared AS (
  SELECT
    deal_no AS deal_no,
    CASE WHEN in_view THEN 1 ELSE 0 END AS in_view,
    {state}{code} AS code
  FROM versions
  WHERE seen_s > {start_s} AND from_s <= {end_s} AND (until_s > {end_s} OR until_s IS NULL)
),
pairs AS (
  SELECT {both}, 0 AS in_view
  FROM first_side AS a
  LEFT JOIN second_side AS b ON b.deal_no = a.deal_no
  WHERE b.deal_no IS NULL OR a.code < 8 OR b.code < 8 OR a.code - a.code % 8 <> b.code - b.code % 8
  UNION ALL
  SELECT {both}, b.in_view AS in_view
  FROM appeared AS b
  LEFT JOIN (
    SELECT deal_no AS deal_no, {held}
    FROM first_side
    WHERE deal_no IN (SELECT deal_no AS deal_no FROM appeared)
  ) AS a ON a.deal_no = b.deal_no
  WHERE a.deal_no IS NULL
)
