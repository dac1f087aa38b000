-- pushes: how often the expected closing of a deal was put off while it was open, and how it ended.
-- Deals seen open in at least one snapshot. One row per number of pushes, status, delay.
--   pushes       times a snapshot showed a later expected closing than the one before, both open
--   present      1 where the newest snapshot holds the deal; no snapshot after known_s is looked at
--   delay        whole days from the closing first expected to the closing; null when either is unknown
--   deals        number of deals
WITH followed AS (
  SELECT
    deal_no AS deal_no,
    from_s AS from_s,
    CASE WHEN until_s <= {known_s} THEN until_s END AS until_s,
    status AS status,
    expected_close_s AS due_s,
    closed_s AS closed_s,
    CASE WHEN {where} THEN 1 ELSE 0 END AS inside,
    LAG(status) OVER (PARTITION BY deal_no ORDER BY from_s) AS status_before,
    LAG(expected_close_s) OVER (PARTITION BY deal_no ORDER BY from_s) AS due_before,
    LEAD(from_s) OVER (PARTITION BY deal_no ORDER BY from_s) AS next_s
  FROM versions
  WHERE from_s <= {known_s}
),
single AS (
  SELECT
    deal_no AS deal_no,
    SUM(CASE WHEN status = 'open' AND status_before = 'open' AND due_s >= due_before + 86400 THEN 1 ELSE 0 END)
      AS pushes,
    SUM(CASE WHEN status = 'open' THEN 1 ELSE 0 END) AS seen_open,
    MIN(CASE WHEN status = 'open' AND due_s IS NOT NULL THEN from_s END) AS first_due_at,
    MAX(CASE WHEN next_s IS NULL THEN status END) AS status,
    MAX(CASE WHEN next_s IS NULL THEN closed_s END) AS closed_s,
    MAX(CASE WHEN next_s IS NULL THEN inside END) AS inside,
    MAX(CASE WHEN next_s IS NULL AND until_s IS NULL THEN 1 ELSE 0 END) AS present
  FROM followed
  GROUP BY 1
)
SELECT
  CAST(s.pushes AS BIGINT) AS pushes,
  s.status AS status,
  s.present AS present,
  CASE WHEN s.status <> 'open'
    THEN CAST(FLOOR(CAST(s.closed_s AS DOUBLE) / 86400) AS BIGINT)
      - CAST(FLOOR(CAST(f.due_s AS DOUBLE) / 86400) AS BIGINT) END AS delay,
  COUNT(*) AS deals
FROM single AS s
LEFT JOIN followed AS f ON f.deal_no = s.deal_no AND f.from_s = s.first_due_at
WHERE s.seen_open > 0 AND s.inside = 1
GROUP BY 1, 2, 3, 4
