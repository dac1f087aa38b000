"""Write a CRM export of any length: 12 columns, about 120 bytes a row, seeded."""

from __future__ import annotations

from pathlib import Path

import duckdb

SQL = """
COPY (
  SELECT
    'OPP-' || printf('%08d', i) AS "Opportunity ID",
    'Customer ' || CAST(hash(i + 1) % 200000 AS VARCHAR) || ' - project' AS "Opportunity Name",
    'Seller ' || CAST(hash(i + 2) % 60 AS VARCHAR) AS "Opportunity Owner",
    ['Website','Partner','Trade show','Referral','Cold calling','LinkedIn','Newsletter','Google Ads']
      [1 + CAST(hash(i + 3) % 8 AS INTEGER)] AS "Lead Source",
    ['Qualification','Meeting','Proposal','Negotiation'][1 + CAST(hash(i + 4) % 4 AS INTEGER)] AS "Stage",
    CASE WHEN hash(i + 5) % 100 < 12 THEN 'Open' WHEN hash(i + 5) % 100 < 40 THEN 'Won' ELSE 'Lost' END
      AS "Status",
    CASE WHEN hash(i + 6) % 50 = 0 THEN NULL
         ELSE printf('%.2f', 500 + (hash(i + 7) % 9000000) / 100.0) END AS "Amount",
    'EUR' AS "Currency",
    strftime(DATE '2024-11-01' + CAST(hash(i + 8) % 700 AS INTEGER), '%Y-%m-%d') AS "Created Date",
    CASE WHEN hash(i + 5) % 100 < 12 THEN NULL
         ELSE strftime(DATE '2024-11-01' + CAST(hash(i + 8) % 700 + hash(i + 9) % 120 AS INTEGER), '%Y-%m-%d')
    END AS "Close Date",
    ['NL','DK','DE','BE','SE'][1 + CAST(hash(i + 10) % 5 AS INTEGER)] AS "Country",
    ['Construction','Retail','Health','Industry','Public','Logistics']
      [1 + CAST(hash(i + 11) % 6 AS INTEGER)] AS "Industry"
  FROM range($rows) AS r(i)
) TO '{path}' (FORMAT csv, HEADER, DELIMITER ',')
"""


def make_csv(path: Path, rows: int) -> Path:
    """Write `rows` opportunities to `path` unless it is there already, and return the path."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".part")
        with duckdb.connect() as con:
            con.execute(SQL.format(path=str(half).replace("'", "''")), {"rows": rows}).fetchall()
        half.rename(path)
    return path
