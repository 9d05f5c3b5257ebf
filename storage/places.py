"""Places whose public holidays are known: countries and their parts, with the names that people call them by.

The list stands in `places.txt`: a code, then names, of which the first is shown. A test compares it with the library
that knows the holidays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

LIST = Path(__file__).with_name("places.txt")


def _read() -> dict[str, tuple[str, ...]]:
    lines = LIST.read_text("utf-8").splitlines()
    return {code: tuple(names.split("; ")) for code, names in (line.split("\t") for line in lines)}


def _shown(names: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {code: ", ".join(names[part][0] for part in dict.fromkeys((code.partition("-")[0], code))) for code in names}


# What is shown of each place, by its code: "DE" is Germany, "DE-BY" is Germany, Bavaria.
PLACES: Mapping[str, str] = _shown(_read())


def country_names() -> dict[str, tuple[str, ...]]:
    """The names that people call each country by, by its code of two letters."""
    return {code: names for code, names in _read().items() if "-" not in code}


def find_place(text: str) -> str | None:
    """The code of the place that somebody wrote: a code, a country, a part of one; None where none or several fit.

    Case, accents and punctuation do not matter: "de-by", "Germany", "bavaria", "Bayern, Germany".
    """
    wanted = _plain(text)
    countries, parts = _known()
    return countries.get(wanted) or parts.get(wanted)


@lru_cache(maxsize=1)
def _known() -> tuple[dict[str, str], dict[str, str | None]]:
    names = _read()
    countries: dict[str, str] = {}
    parts: dict[str, str | None] = {}
    for code, own in names.items():
        country, _, part = code.partition("-")
        if not part:
            countries |= {_plain(name): code for name in (code, *own)}
            continue
        for of in (country, *names[country]):
            countries |= {_plain(said): code for name in (part, *own) for said in (f"{of} {name}", f"{name} {of}")}
        for name in map(_plain, own):
            # A name that two countries share says neither.
            parts[name] = code if parts.get(name, code) == code else None
    return countries, parts


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"\w+", "".join(one for one in letters if not unicodedata.combining(one))))
