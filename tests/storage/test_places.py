"""Places are found by whatever people call them, and the list is that of the library that knows the holidays."""

from __future__ import annotations

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.places import PLACES, find_place


def test_the_list_is_the_librarys() -> None:
    there = holidays.list_supported_countries(include_aliases=False)
    assert PLACES.keys() == there.keys() | {f"{code}-{part}" for code, parts in there.items() for part in parts}


def test_every_name_that_the_library_knows_of_a_part_finds_it() -> None:
    for country in holidays.list_supported_countries(include_aliases=False):
        parts = getattr(holidays.country_holidays(country), "subdivisions_aliases", {})
        missed = {name for name, code in parts.items() if find_place(f"{country} {name}") != f"{country}-{code}"}
        assert not {name for name in missed if len(name) > 2}, country


def test_every_place_is_found_by_its_code_and_by_the_name_that_is_shown() -> None:
    for code, name in PLACES.items():
        assert find_place(code) == code
        assert find_place(name) == code
        assert find_place(name.upper()) == code


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("germany", "DE"),
        ("  DE ", "DE"),
        ("de-by", "DE-BY"),
        ("Bavaria", "DE-BY"),
        ("bayern", "DE-BY"),
        ("Bayern, Germany", "DE-BY"),
        ("Deutschland / Bayern", "DE-BY"),
        ("USA", "US"),
        ("united states, new york", "US-NY"),
        ("Georgia", "GE"),
        ("quebec", "CA-QC"),
        ("são tomé and príncipe", "ST"),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_people_write_a_place_as_they_like(said: str, meant: str | None) -> None:
    assert find_place(said) == meant


@given(st.text())
def test_anything_that_is_written_is_a_place_or_none(said: str) -> None:
    assert find_place(said) in {None, *PLACES}
