"""The shape of a date as the pattern that reads it."""

from __future__ import annotations

import re

from data.recognising import written
from data.recognising.shapes import MONTH

_TIME = re.compile(r"(?P<gap>,? |a)(?P<h>9{1,2}:99)(?P<s>:99)?(?P<f>\.9+)?(?P<ap> ?aa)?$")
_ZONE = re.compile(r"(?<=9)( ?(?P<z>a)| (?P<name>aaa)|(?P<gap> ?)(?P<off>[+-]99:?99))$")
_YEAR_FIRST = re.compile(r"9{4}(?P<sep>[-/.])9{1,2}(?P=sep)9{1,2}$")
_TWO_FIRST = re.compile(r"9{1,2}(?P<sep>[-/. ])9{1,2}(?P=sep)(?P<y>9{4}|9{2})$")
_MONTH_SECOND = re.compile(r"9{1,2}(?P<dot>\.?)(?P<sep>[-. ])(?P<m>a+)(?P=sep)(?P<y>9{4}|9{2})$")
_MONTH_FIRST = re.compile(r"(?P<m>a+) 9{1,2}(?P<comma>,?) 9{4}$")
_WORD_SECOND = re.compile(rf"9{{1,2}}(?P<dot>\.?)(?P<sep>[-. /]){MONTH}(?P=sep)(?P<y>9{{4}}|9{{2}})$")
_WORD_FIRST = re.compile(rf"{MONTH} 9{{1,2}}(?P<comma>,?) 9{{4}}$")


def split(shape: str) -> tuple[str, str]:
    """Return the day part of a shape and the strptime text of its time and zone."""
    zone = ""
    found = _ZONE.search(shape)
    if found and ":" in shape[: found.start()]:
        zone = "Z" if found["z"] else " %Z" if found["name"] else f"{found['gap']}%z"
        shape = shape[: found.start()]
    time = _TIME.search(shape)
    if not time:
        return shape, zone
    hour = "%I" if time["ap"] else "%H"
    gap = "T" if time["gap"] == "a" else time["gap"]
    text = f"{gap}{hour}:%M" + (":%S" if time["s"] else "") + (".%f" if time["f"] else "")
    ap = time["ap"] or ""
    return shape[: time.start()], text + (" %p" if ap.startswith(" ") else "%p" if ap else "") + zone


def pattern(day: str, order: str) -> str | None:
    """Return the strptime text of a day part, or None where the shape is no date."""
    if day == written.WEEK:
        return "week"
    if day.startswith(written.PERIOD):
        return _month_pattern(day[1:])
    if found := _YEAR_FIRST.match(day):
        return "%Y{0}%m{0}%d".format(found["sep"])
    if found := _TWO_FIRST.match(day):
        year = "%Y" if len(found["y"]) == 4 else "%y"
        first, second = ("%d", "%m") if order == "dmy" else ("%m", "%d")
        return found["sep"].join((first, second, year))
    if found := _MONTH_SECOND.match(day):
        year, month = "%Y" if len(found["y"]) == 4 else "%y", "%b" if len(found["m"]) == 3 else "%B"
        return f"%d{found['dot']}{found['sep']}{month}{found['sep']}{year}"
    if found := _MONTH_FIRST.match(day):
        return f"{'%b' if len(found['m']) == 3 else '%B'} %d{found['comma']} %Y"
    if found := _WORD_SECOND.match(day):
        year = "%Y" if len(found["y"]) == 4 else "%y"
        return f"%d{found['dot']}{found['sep']}%m{found['sep']}{year}"
    if found := _WORD_FIRST.match(day):
        return f"%m %d{found['comma']} %Y"
    return {"99999999": "%Y%m%d"}.get(day)


def _month_pattern(day: str) -> str | None:
    """Return the strptime text of a month without a day; it counts as its first day."""
    if found := re.match(r"9{4}([-/.])99$", day):
        return f"%Y{found[1]}%m"
    if found := re.match(r"9{1,2}([-/.])9{4}$", day):
        return f"%m{found[1]}%Y"
    if found := re.match(r"(\x01|a+)([- ])9{4}$", day):
        name = "%m" if found[1] == MONTH else "%b" if len(found[1]) == 3 else "%B"
        return f"{name}{found[2]}%Y"
    return None


def separator(day: str) -> str | None:
    found = _TWO_FIRST.match(day)
    return found["sep"] if found else None
