"""Statistics that know nothing of sales: intervals, tests, survival."""
