"""Core SQL: what every engine reads the same way. `lint` names whatever in a query goes beyond it.

Shown to answer identically on DuckDB, Spark, Sail, ClickHouse and PostgreSQL. The reasons: integer division
differs by engine, decimal literals have three types, date functions and quantiles differ, USING and GROUP BY
ALL are not everywhere, an ORDER BY inside a query is not kept.
"""

from __future__ import annotations

from sqlglot import exp, parse

FUNCTIONS = (
    exp.Count,
    exp.Sum,
    exp.Min,
    exp.Max,
    exp.Coalesce,
    exp.Case,
    exp.If,
    exp.Cast,
    exp.Floor,
    exp.Abs,
    exp.RowNumber,
    exp.Lead,
    exp.Lag,
    exp.And,
    exp.Or,
)
REFUSED = (
    exp.Qualify,
    exp.Lambda,
    exp.Unnest,
    exp.Pivot,
    exp.Filter,
    exp.IntDiv,
    exp.Having,
    exp.Interval,
    exp.Bracket,
    exp.Array,
    exp.Placeholder,
    exp.Parameter,
    exp.Command,
    exp.Into,
    exp.Collate,
)
PAGING = (exp.Limit, exp.Offset, exp.Order)
TABLES = ("deals", "stage_entries", "versions", "activities", "spend", "targets", "people")
GROUPING = ("all", "grouping_sets", "cube", "rollup")


def lint(sql: str, paging: bool = False) -> list[str]:
    """Return what in a query is not core SQL; ORDER BY, LIMIT and OFFSET only with `paging`."""
    statements = parse(sql, read="duckdb")
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        return [f"{len(statements)} statements, or not a query"]
    return [f"{type(n).__name__}: {n.sql('duckdb')[:80]}" for n in statements[0].walk() if beyond(n, paging)]


def beyond(node: exp.Expression, paging: bool) -> bool:
    """Return whether one part of a query goes beyond core SQL."""
    return (
        isinstance(node, REFUSED)
        or (isinstance(node, PAGING) and not paging and not isinstance(node.parent, exp.Window))
        or (isinstance(node, exp.Func) and not isinstance(node, FUNCTIONS))
        or (isinstance(node, exp.Star) and not isinstance(node.parent, exp.Count))
        or (isinstance(node, exp.Group) and any(node.args.get(kind) for kind in GROUPING))
        or (isinstance(node, exp.Div) and not doubled(node.this))
        or (isinstance(node, exp.Literal) and not node.is_string and "." in node.name)
        or (isinstance(node, exp.Union) and bool(node.args.get("distinct")))
        or (isinstance(node, exp.Table) and node.name not in (*TABLES, *named_parts(node)))
        or (isinstance(node, exp.Join) and not plain(node))
        or (isinstance(node, exp.Select) and not all(e.alias for e in node.expressions))
    )


def named_parts(node: exp.Expression) -> list[str]:
    """Return the names that the WITH of a whole query gives to its parts."""
    return [part.alias for part in node.root().find_all(exp.CTE)]


def doubled(node: exp.Expression) -> bool:
    return isinstance(node, exp.Cast) and node.to.this == exp.DataType.Type.DOUBLE


def plain(join: exp.Join) -> bool:
    args = join.args
    odd = args.get("method") or args.get("using") or join.side not in ("", "LEFT")
    return bool(args.get("on")) and not odd
