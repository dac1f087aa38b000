-- activity_list: the activities of one deal, one row each.
--   happened   epoch seconds UTC
SELECT
  happened_s AS happened,
  kind AS kind,
  kind_text AS kind_text,
  direction AS direction,
  outcome AS outcome,
  owner AS owner,
  duration_s AS seconds
FROM activities
WHERE deal_id = {deal}
