"""Several exports of the same deals: kept as versions of each deal, and read as of any of their days."""
