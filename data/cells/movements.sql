-- movements: what became of the deals between two snapshots; begins with moved_pairs.
-- One row per combination of how deals stood before and after.
--   deals             number of deals
--   amount_1 _2       sums of the amounts before and after, in hundredths; no amount adds nothing
--   way               1 where the amount rose, -1 where it fell, 0 where it stayed
--   changed           sum of what it rose by (below 0: fell)
SELECT
  {keys_select}code_1 AS code_1,
  code_2 AS code_2,
  in_view AS in_view,
  currency_1 AS currency_1,
  currency_2 AS currency_2,
  CASE WHEN change > 0 THEN 1 WHEN change < 0 THEN 0 - 1 ELSE 0 END AS way,
  COUNT(*) AS deals,
  CAST(COALESCE(SUM(amount_1), 0) AS BIGINT) AS amount_1,
  CAST(COALESCE(SUM(amount_2), 0) AS BIGINT) AS amount_2,
  CAST(SUM(change) AS BIGINT) AS changed
FROM pairs
GROUP BY {keys}
