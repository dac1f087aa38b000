-- spend: what lead sources cost, per period.
-- One row per source, source detail, medium, campaign, period and currency.
--   amount_minor   sum of the costs in hundredths; amount_known is the number of rows that have one
SELECT
  source AS source,
  source_detail AS source_detail,
  medium AS medium,
  campaign AS campaign,
  starts_on AS starts_on,
  ends_on AS ends_on,
  period AS period,
  currency AS currency,
  COALESCE(SUM(amount_minor), 0) AS amount_minor,
  COUNT(amount_minor) AS amount_known
FROM spend
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
