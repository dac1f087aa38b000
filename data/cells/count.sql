-- count: how many deals a slice holds, as the list behind a mark will show.
--   deals   number of deals
SELECT COUNT(*) AS deals
FROM deals
WHERE {where}
