-- touched: how many activities the deals of a slice had, per outcome of the deal.
-- One row per combination of breakdown values, status and number of activities (0 included).
--   activities   number of activities of a deal
--   deals        number of deals that had so many
SELECT
  {outer}t.status AS status,
  t.activities AS activities,
  COUNT(*) AS deals
FROM (
  SELECT
    {inner}d.slice_status AS status,
    COUNT(a.deal_key) AS activities
  FROM (
    SELECT
      {by}status AS slice_status,
      deal_key AS slice_key
    FROM deals
    WHERE {where}
  ) AS d
  LEFT JOIN activities AS a ON a.deal_key = d.slice_key
  GROUP BY {inner_keys}d.slice_key, d.slice_status
) AS t
GROUP BY {keys}
