-- targets: what was to be reached, one row per row of the target sheet.
--   scope          company, team or seller; name is the team's or the seller's
--   amount_minor   hundredths; null where the target is a number of deals
SELECT
  scope AS scope,
  name AS name,
  team AS team,
  product AS product,
  region AS region,
  starts_on AS starts_on,
  ends_on AS ends_on,
  period AS period,
  amount_minor AS amount_minor,
  currency AS currency,
  deals AS deals
FROM targets
