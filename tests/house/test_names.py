"""Our plain package names are ours alone, or the start says whose they are too."""

from __future__ import annotations

from pathlib import Path

from bot.names import OURS, PACKAGES, clashes

ALONE = {name: [OURS] for name in PACKAGES}


def test_nothing_is_said_where_every_name_is_ours() -> None:
    assert clashes(ALONE) == []


def test_a_checkout_owns_its_names_without_a_distribution() -> None:
    assert clashes({}) == []


def test_the_present_installation_is_sound() -> None:
    assert clashes() == []


def test_another_owner_is_named_with_a_way_out() -> None:
    (sentence,) = clashes({**ALONE, "scheduler": [OURS, "scheduler"]})
    assert "'scheduler' belongs to scheduler as well" in sentence
    assert "pip uninstall scheduler" in sentence
    assert "an environment of its own" in sentence


def test_every_name_with_another_owner_is_told() -> None:
    told = clashes({"storage": ["storage"], "insights": ["insights-lib", OURS]})
    assert [one.split("'")[1] for one in told] == ["storage", "insights"]


def test_a_package_found_elsewhere_is_told(tmp_path: Path) -> None:
    told = clashes(ALONE, home=tmp_path)
    assert len(told) == len(PACKAGES)
    assert f"instead of {tmp_path / 'bot'}" in told[0]
