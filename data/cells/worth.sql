-- worth: what the deals of a slice are worth, and how far their amounts lie apart.
-- One row per breakdown value, [period] and currency, of deals that carry an amount.
--   amount_known   number of these deals
--   amount_minor   sum of the amounts, in hundredths of the currency
--   squares        sum of their squares; a floating-point number, since it outgrows whole ones
SELECT
  {by}currency AS currency,
  COUNT(amount_minor) AS amount_known,
  CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT) AS amount_minor,
  SUM(CAST(amount_minor AS DOUBLE) * CAST(amount_minor AS DOUBLE)) AS squares
FROM deals
WHERE {where}
  AND amount_minor IS NOT NULL
GROUP BY {keys}
