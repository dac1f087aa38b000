-- asides: what happened to deals that stayed open between two snapshots; begins with moved_pairs.
-- One row per breakdown value and currency after. A deal can be in several of them.
--   per aside: deals, and the sum of their amounts after, in hundredths; no amount adds nothing
SELECT
  {part}currency_2 AS currency,
  {sums}
FROM pairs
WHERE {kept}
GROUP BY {keys}
