-- history: the stages that one deal entered, one row each; a deal without stage entries has none.
--   seq                order within the deal
--   entered, left      epoch seconds UTC; left is null in the last stage
SELECT
  seq AS seq,
  stage AS stage,
  entered_s AS entered,
  left_s AS gone
FROM stage_entries
WHERE deal_id = {deal}
