-- outcomes: how deals ended, and what they are worth.
-- One row per breakdown value, [period,] status and currency.
--   deals          number of deals
--   amount_minor   sum of the amounts, in hundredths of the currency; deals without an amount add nothing
--   amount_known   deals that have an amount
--   contacted      deals with a first contact; like the two below null when not asked for
--   opportunities  deals that reached the stage from which a lead counts as an opportunity, or were won
--   meetings       deals that reached the meeting stage, or were won; null when no stage is named as that
SELECT
  {by}status AS status,
  currency AS currency,
  COUNT(*) AS deals,
  CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT) AS amount_minor,
  COUNT(amount_minor) AS amount_known,
  {contacted} AS contacted,
  {opportunities} AS opportunities,
  {meetings} AS meetings
FROM deals
WHERE {where}
GROUP BY {keys}
