"""Weeks of an office in virtual time, ten seeds on every push: nobody is forgotten, asked twice, early or at night."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.__main__ import play

pytestmark = pytest.mark.long

SEEDS = range(1, 11)


@pytest.mark.parametrize("seed", SEEDS)
def test_everybody_is_asked_once_for_every_date(seed: int, sqlite_template: Path, tmp_path: Path) -> None:
    wrong, figures = play(seed, sqlite_template, tmp_path)
    assert not wrong, f"Play it again with: python -m tests.simulation {seed}"
    print(figures)  # noqa: T201 - shown where it fails
