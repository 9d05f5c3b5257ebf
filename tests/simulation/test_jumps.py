"""Clocks that are set wrong and right, and machines that sleep, time and again: nobody is asked too early or too late.

Then the checker itself: a safeguard of time is taken away, and it has to notice.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from handlers.features import FEATURES
from handlers.prompts import drawn
from scheduler import round as rounds
from storage.asking import Asking
from tests.simulation.checker import PROMPTS, check, rows
from tests.simulation.company import Company, Trouble, founded
from tests.simulation.office import Office
from tests.simulation.slack import Misfortunes

pytestmark = pytest.mark.long

OFTEN = Trouble(jump_days=0.4)
# Clocks are set while messages wait to be tried again.
REFUSING = Trouble(Misfortunes(0.1, 0.06, 0.02, 0.06, 0), crash=0, crash_after_accept=0, jump_days=0.2)
DYING = Trouble(crash=0.05, jump_days=2)
SEEDS = range(1, 9)


def amiss(seed: int, trouble: Trouble, template: Path, folder: Path, days: int = 20) -> list[str]:
    company = Company(seed, founded(template, folder / f"{seed}.db"), trouble, FEATURES)
    office = Office(company, days=days)
    company.play(office.play)
    return [*check(company).amiss, *office.amiss(rows(company, PROMPTS))]


def noticed(word: str, trouble: Trouble, template: Path, folder: Path, days: int = 20) -> bool:
    """Whether the checker says these words of one of some seeds."""
    return any(word in one for seed in SEEDS for one in amiss(seed, trouble, template, folder, days))


@pytest.mark.parametrize("trouble", [OFTEN, REFUSING, DYING], ids=["often", "refusing", "dying"])
@pytest.mark.parametrize("seed", range(1, 4))
def test_nobody_is_asked_too_early_or_too_late(
    seed: int, trouble: Trouble, sqlite_template: Path, tmp_path: Path
) -> None:
    assert amiss(seed, trouble, sqlite_template, tmp_path) == []


def late_by(hours: float) -> Any:
    """What is handed over with the question of whom to ask, with another idea of what is too late."""
    about = Asking.about

    def other(self: Asking) -> dict[str, Any]:
        return {**about(self), "too_old": self.now - timedelta(hours=hours)}

    return other


def test_somebody_who_is_asked_though_it_is_too_late(
    monkeypatch: pytest.MonkeyPatch, sqlite_template: Path, tmp_path: Path
) -> None:
    monkeypatch.setattr(Asking, "about", late_by(24))
    monkeypatch.setattr(drawn, "is_too_late", lambda *_: False)
    assert noticed("and not before", OFTEN, sqlite_template, tmp_path)


def test_somebody_who_is_given_up_though_there_was_time(
    monkeypatch: pytest.MonkeyPatch, sqlite_template: Path, tmp_path: Path
) -> None:
    monkeypatch.setattr(Asking, "about", late_by(0.5))
    assert noticed("was missed: there were", OFTEN, sqlite_template, tmp_path)


def test_leases_that_keep_others_waiting(
    monkeypatch: pytest.MonkeyPatch, sqlite_template: Path, tmp_path: Path
) -> None:
    monkeypatch.setattr(rounds, "LEASE", timedelta(hours=1))
    assert noticed("in which it could have been", DYING, sqlite_template, tmp_path, days=7)
