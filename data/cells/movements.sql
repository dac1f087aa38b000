-- movements: what became of the deals between two snapshots; begins with moved_pairs.
-- One row per combination of how deals stood before and after.
--   deals             number of deals
--   amount_1 _2       sums of the amounts before and after, in hundredths; no amount adds nothing
--   raised, lowered   sums of what single amounts rose and fell (of deals not open after: only to a known amount)
--   raised_deals, lowered_deals  how many did
SELECT
  {keys_select}code_1 AS code_1,
  code_2 AS code_2,
  in_view AS in_view,
  currency_1 AS currency_1,
  currency_2 AS currency_2,
  COUNT(*) AS deals,
  CAST(COALESCE(SUM(amount_1), 0) AS BIGINT) AS amount_1,
  CAST(COALESCE(SUM(amount_2), 0) AS BIGINT) AS amount_2,
  CAST(COALESCE(SUM(CASE WHEN {change} > 0 THEN {change} ELSE 0 END), 0) AS BIGINT) AS raised,
  CAST(COALESCE(SUM(CASE WHEN {change} < 0 THEN 0 - {change} ELSE 0 END), 0) AS BIGINT) AS lowered,
  COUNT(CASE WHEN {change} > 0 THEN 1 END) AS raised_deals,
  COUNT(CASE WHEN {change} < 0 THEN 1 END) AS lowered_deals
FROM pairs
GROUP BY {keys}
