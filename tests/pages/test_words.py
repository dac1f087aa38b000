"""Dutch and Danish are complete: every sentence of the app is in both catalogues, with the same gaps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from pages.shared import words as words_
from pages.shared.words import catalogue, plain

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {"_": None, "N_": None, "t": None, "ngettext": (1, 2)}
METHODS = [(f"{place}.py", "python") for place in ("app", "pages/**", "data/**", "metrics/**")]
GAP = re.compile(r"{(\w+)[^}]*}")


def said() -> set[str | tuple[str, str]]:
    found = extract_from_dir(
        ROOT,
        METHODS,
        keywords=KEYWORDS,
        directory_filter=lambda path: Path(path).name not in {"tests", ".git"},
    )
    return {message if isinstance(message, str) else tuple(message) for _f, _n, message, _c, _x in found}


def translated(code: str) -> Catalog:
    with (ROOT / "pages/shared/words" / f"{code}.po").open("rb") as source:
        return read_po(source, locale=code)


def texts(part: object) -> list[str]:
    return [part] if isinstance(part, str) else list(part or ())


@pytest.mark.parametrize("code", ["nl", "da"])
def test_every_sentence_is_translated(code: str) -> None:
    known = {m.id for m in translated(code) if m.id and all(texts(m.string))}
    assert sorted(map(str, said() - known)) == []


@pytest.mark.parametrize("code", ["nl", "da"])
def test_translations_have_the_same_gaps(code: str) -> None:
    def gaps(part: object) -> set[str]:
        return {gap for text in texts(part) for gap in GAP.findall(text)}

    assert [m.id for m in translated(code) if m.id and gaps(m.id) != gaps(m.string)] == []


@pytest.mark.parametrize("code", ["nl", "da"])
def test_a_catalogue_holds_nothing_the_app_no_longer_says(code: str) -> None:
    assert sorted(map(str, {m.id for m in translated(code) if m.id} - said())) == []


def test_sentences_are_not_hidden_in_formatted_strings() -> None:
    """The extractor does not look inside f-strings, so a sentence there would stay English."""
    hidden = re.compile(r"""f(["'])(?:(?!\1).)*\{(?:_|t|ngettext)\((["'])(?!\1)""")
    files = [p for folder in ("pages", "metrics", "data") for p in (ROOT / folder).rglob("*.py")]
    assert [p.name for p in files if hidden.search(p.read_text(encoding="utf-8"))] == []


def test_plural_follows_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words_, "language", lambda: "nl")
    assert [words_.ngettext("{n} deal", "{n} deals", n).format(n=n) for n in (1, 2)] == ["1 deal", "2 deals"]
    assert catalogue("nl").ngettext("{number} day", "{number} days", 2) == "{number} dagen"


@pytest.mark.parametrize("text", ["**x**", "[a](http://b)", "<b>", "![](http://x)", "a_b", "$x$", ":smile:"])
def test_text_from_a_file_is_never_read_as_markdown(text: str) -> None:
    assert re.sub(r"\\(.)", r"\1", plain(text)) == text
    assert not re.search(r"(?<!\\)[*_\[\]<>$`!]", plain(text))
