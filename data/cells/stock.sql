-- stock: open deals that begin and end to be so, by the snapshot on which they do; summed up over the days
-- they are the open pipeline of each snapshot.
-- One row per breakdown value, currency and second of a snapshot day.
--   deals, amount_minor   what comes in less what goes out
--   amount in hundredths; no amount adds nothing
WITH turns AS (
  SELECT {by}currency AS currency, from_s AS at_s, 1 AS one, COALESCE(amount_minor, 0) AS amount_minor
  FROM versions
  WHERE status = 'open' AND {where}
  UNION ALL
  SELECT {by}currency AS currency, until_s AS at_s, 0 - 1 AS one, 0 - COALESCE(amount_minor, 0) AS amount_minor
  FROM versions
  WHERE status = 'open' AND until_s IS NOT NULL AND {where}
)
SELECT
  {names}currency AS currency,
  at_s AS at_s,
  CAST(SUM(one) AS BIGINT) AS deals,
  CAST(SUM(amount_minor) AS BIGINT) AS amount_minor
FROM turns
GROUP BY {keys}
