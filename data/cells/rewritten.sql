-- rewritten: neighbouring versions of a deal that differ in what should not change any more. Rows, not cells:
-- one per version that differs in any such way, and one per deal that a later snapshot does not hold.
--   _0                how it stood before; had 0 where this is the first version of the deal
--   seen_s, before_s  the snapshot that shows it, and the last one that showed it otherwise
--   gone_s            the snapshot from which the deal is missing; null while it is there
WITH followed AS (
  SELECT
    deal_no AS deal_no, deal_id AS deal_id, deal_name AS deal_name, {owner} AS owner,
    from_s AS from_s, until_s AS until_s, last_s AS last_s, before_s AS before_s, in_view AS in_view,
    status AS status, stage AS stage, stage_no AS stage_no, created_s AS created_s, closed_s AS closed_s,
    amount_minor AS amount_minor, currency AS currency, {where} AS inside,
    LAG(1) OVER (PARTITION BY deal_no ORDER BY from_s) AS had,
    LAG(last_s) OVER (PARTITION BY deal_no ORDER BY from_s) AS last_0,
    LAG({owner}) OVER (PARTITION BY deal_no ORDER BY from_s) AS owner_0,
    LAG(status) OVER (PARTITION BY deal_no ORDER BY from_s) AS status_0,
    LAG(stage) OVER (PARTITION BY deal_no ORDER BY from_s) AS stage_0,
    LAG(stage_no) OVER (PARTITION BY deal_no ORDER BY from_s) AS stage_no_0,
    LAG(created_s) OVER (PARTITION BY deal_no ORDER BY from_s) AS created_0,
    LAG(closed_s) OVER (PARTITION BY deal_no ORDER BY from_s) AS closed_0,
    LAG(amount_minor) OVER (PARTITION BY deal_no ORDER BY from_s) AS amount_0,
    LAG(currency) OVER (PARTITION BY deal_no ORDER BY from_s) AS currency_0,
    LEAD(from_s) OVER (PARTITION BY deal_no ORDER BY from_s) AS next_s
  FROM versions
)
SELECT
  deal_id AS deal_id, deal_name AS deal_name, owner AS owner, owner_0 AS owner_0,
  COALESCE(had, 0) AS had, from_s AS seen_s, COALESCE(last_0, before_s) AS before_s, last_s AS last_s,
  CASE WHEN in_view THEN 1 ELSE 0 END AS in_view,
  CASE WHEN until_s IS NULL THEN NULL WHEN next_s = until_s THEN NULL ELSE until_s END AS gone_s,
  status AS status, status_0 AS status_0, stage AS stage, stage_0 AS stage_0,
  stage_no AS stage_no, stage_no_0 AS stage_no_0, created_s AS created_s, created_0 AS created_0,
  closed_s AS closed_s, closed_0 AS closed_0, amount_minor AS amount_minor, amount_0 AS amount_0,
  currency AS currency, currency_0 AS currency_0
FROM followed
WHERE inside AND ((until_s IS NOT NULL AND (next_s IS NULL OR next_s > until_s))
  OR (had IS NULL AND NOT in_view AND created_s < before_s)
  OR (status_0 <> 'open' AND (status <> status_0 OR amount_minor <> amount_0 OR owner <> owner_0
    OR closed_s <> closed_0 OR amount_minor IS NULL AND amount_0 IS NOT NULL OR currency <> currency_0
    OR amount_0 IS NULL AND amount_minor IS NOT NULL))
  OR created_s <> created_0
  OR (status_0 = 'open' AND status <> 'open' AND closed_s < last_0)
  OR (status_0 = 'open' AND status = 'open' AND stage_no < stage_no_0))
