-- flow: where deals have been, where they stood last, how they ended.
-- One row per breakdown value, [period,] set of visited stages, furthest stage, last stage, status, currency.
-- Both readings of skipped stages and of moves back follow from these, so one scan answers every funnel.
--   visited_mask   bit k-1 is set when open stage k was recorded as visited
--   furthest_no    highest visited stage, 0 unknown
--   last_no        the open stage the deal stands in, or was lost or won from; 0 unknown
--   deals          number of deals
--   amount_minor   sum of the amounts, in hundredths of the currency; deals without an amount add nothing
--   amount_known   deals that have an amount
--   squares        where asked for: sum of the squares of the amounts; a floating-point number, since it
--                  outgrows whole ones
SELECT
  {by}visited_mask AS visited_mask,
  furthest_no AS furthest_no,
  last_no AS last_no,
  status AS status,
  currency AS currency,
  COUNT(*) AS deals,
  CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT) AS amount_minor,
  COUNT(amount_minor) AS amount_known{squares}
FROM deals
WHERE {where}
GROUP BY {keys}
