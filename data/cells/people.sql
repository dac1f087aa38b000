-- people: the sellers there are and what is known of them, one row per row of the list of sellers.
--   monthly_cost_minor   hundredths; null unknown
SELECT
  seller AS seller,
  team AS team,
  manager AS manager,
  region AS region,
  country AS country,
  started_on AS started_on,
  ended_on AS ended_on,
  monthly_cost_minor AS monthly_cost_minor,
  currency AS currency
FROM people
