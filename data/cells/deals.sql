-- deals: one page of the list behind a mark. The only query with ORDER BY and LIMIT: rows, not cells.
-- First the keys of the page, from two columns; then their rows: 1 s instead of 3 s for page 1000 of 10 million.
-- One row per deal; ties are broken by the order of import, blanks come last either way.
--   created, closed   epoch seconds UTC (a date and time in the answer); closed is null on open deals
--   amount            hundredths of the currency (currency units in the answer); null is unknown
--   file, row         where the deal was read from, as a person counts rows in that file
SELECT
  {by}deal_id AS deal_id,
  deal_name AS deal_name,
  {owner} AS owner,
  {source} AS source,
  {account} AS account,
  stage AS stage,
  status AS status,
  created_s AS created,
  closed_s AS closed,
  amount_minor AS amount,
  currency AS currency,
  file AS file,
  row AS row
FROM deals
WHERE deal_key IN (
  SELECT deal_key AS deal_key
  FROM deals
  WHERE {where}
  ORDER BY {order} {direction} NULLS LAST, deal_key
  LIMIT {limit} OFFSET {offset}
)
ORDER BY {order} {direction} NULLS LAST, deal_key
