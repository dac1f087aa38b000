"""Rows in = rows kept + rows rejected + junk, and every one left out says why."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from data.errors import HitrateError
from data.reading import Junk, Reject
from data.recipe import FileRecipe

from .conftest import Maker

HEAD = "Id|Status|Created|Closed|Amount|Source"
Make = Callable[..., FileRecipe]


def test_a_blank_amount_is_unknown_not_zero(maker: Maker, recipe: Make) -> None:
    done = maker.one(
        HEAD, "1|Won|01-01-2026|02-01-2026||Web", "2|Won|01-01-2026|02-01-2026|0|Web", recipe=recipe()
    )
    assert done.column("amount_minor") == [None, 0]
    assert done.meta.counts["with_amount_minor"] == 1


def test_decimal_comma_and_cents_are_exact(maker: Maker, recipe: Make) -> None:
    done = maker.one(HEAD, *(f"{i}|Won|01-01-2026|02-01-2026|0,10|Web" for i in range(1000)), recipe=recipe())
    assert sum(done.column("amount_minor")) == 10_000  # type: ignore[arg-type]


def test_two_currencies_are_kept_apart(maker: Maker, recipe: Make) -> None:
    mapped = recipe(
        fields={"deal_id": "Id", "status": "Status", "amount": "Amount", "currency": "Cur"},
        currency_words={"Euro": "EUR"},
    )
    done = maker.one(
        "Id|Status|Amount|Cur",
        "1|Won|10|Euro",
        "2|Won|20|usd",
        "3|Won|30|",
        "4|Won|40|Gulden?",
        recipe=mapped,
    )
    assert done.column("currency") == ["EUR", "USD", "EUR", None]
    assert done.meta.currencies == ("EUR", "USD")
    assert done.column("text", "rejects") == ["Gulden?"]


def test_an_unread_value_is_null_and_listed(maker: Maker, recipe: Make) -> None:
    done = maker.one(
        HEAD, "1|Won|01-01-2026|31-02-2026|ten|Web", "2|Lost|-|02-01-2026|n/a|Web", recipe=recipe()
    )
    assert done.column("closed_s")[0] is None
    rejects = done.table("rejects").select("row", "column", "text").rows()
    assert rejects == [(2, "Closed", "31-02-2026"), (2, "Amount", "ten")]
    assert done.meta.files[0].values_unread == 2


def test_exact_repeats_are_rejected_and_name_the_first_row(maker: Maker, recipe: Make) -> None:
    same, other = "1|Won|01-01-2026|02-01-2026|5|Web", "1|Won|01-01-2026|02-01-2026|6|Web"
    done = maker.one(HEAD, same, other, same, same, recipe=recipe())
    assert done.column("amount_minor") == [500, 600]
    assert done.column("deal_key") == [1, 2]
    assert done.table("rejects")["reason"].to_list() == ["exact repeat of row 2"] * 2
    assert "shared_id" in done.codes()


def test_equal_rows_without_an_id_are_different_deals(maker: Maker, recipe: Make) -> None:
    done = maker.one(
        "Status|Source",
        "Won|Web",
        "Won|Web",
        recipe=recipe(fields={"status": "Status", "source": "Source"}, dates={}, numbers={}),
    )
    assert done.meta.counts["deals"] == 2


def test_deleted_and_empty_rows_are_rejected(maker: Maker, recipe: Make) -> None:
    fields = {"deal_id": "Id", "status": "Status", "is_deleted": "Gone"}
    done = maker.one("Id|Status|Gone", "1|Won|0", "2|Won|1", "3|Lost|", "||", recipe=recipe(fields=fields))
    assert done.column("deal_id") == ["1", "3"]
    assert done.table("rejects").select("row", "column").rows() == [(3, "Gone"), (5, None)]


def test_the_ledger_accounts_for_every_row(maker: Maker, recipe: Make) -> None:
    same = "1|Won|01-01-2026|02-01-2026|5|Web"
    table = maker.table(
        "deals.csv",
        HEAD,
        same,
        same,
        junk=(Junk(4, "Total", "total", {"Amount": "10,00"}),),
        rejects=(Reject(5, None, "a|b|c|d|e|f|g", "too many cells"),),
    )
    ledger = maker.convert((table, recipe())).meta.files[0]
    assert (ledger.rows_read, ledger.rows_kept, ledger.rows_rejected, ledger.rows_junk) == (4, 1, 2, 1)
    assert ledger.total_agrees is True


def test_a_total_that_does_not_agree_says_so(maker: Maker, recipe: Make) -> None:
    table = maker.table(
        "deals.csv",
        HEAD,
        "1|Won|01-01-2026|02-01-2026|5|Web",
        junk=(Junk(3, "Total", "total", {"Amount": "6,00"}),),
    )
    assert maker.convert((table, recipe())).meta.files[0].total_agrees is False


def test_closed_before_created_is_counted_and_kept(maker: Maker, recipe: Make) -> None:
    done = maker.one(HEAD, "1|Won|05-01-2026|02-01-2026|5|Web", recipe=recipe())
    assert done.meta.counts["closed_before_created"] == 1
    assert "closed_before_created" in done.codes()


def test_no_deals_file_is_an_error(maker: Maker, recipe: Make) -> None:
    with pytest.raises(HitrateError, match="No deals"):
        maker.one(HEAD, "1|Won|||5|Web", recipe=recipe(table="people"))


def test_a_header_only_gives_no_deals_and_no_error(maker: Maker, recipe: Make) -> None:
    assert maker.one(HEAD, recipe=recipe()).meta.counts["deals"] == 0


def test_hostile_text_stays_text(maker: Maker, recipe: Make) -> None:
    nasty = "'; DROP TABLE typed; --"
    done = maker.one(
        HEAD.replace("Source", nasty),
        f"1|Won|01-01-2026||5|{nasty}",
        recipe=recipe(fields={"deal_id": "Id", "status": "Status", "source": nasty}, keep=['a"b']),
    )
    assert done.column("source") == [nasty]
