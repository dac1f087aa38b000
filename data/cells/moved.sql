-- moved: the deals behind one movement between two snapshots; begins with moved_pairs. Rows, not cells.
-- Largest amount first. Times are epoch seconds UTC, amounts hundredths; what one side lacks is null.
SELECT
  {select}
FROM pairs
WHERE {kept}
ORDER BY {order}
LIMIT {limit} OFFSET {offset}
