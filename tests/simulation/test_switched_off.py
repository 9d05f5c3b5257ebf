"""The checker is no good unless it notices: each safeguard is taken away once, and something goes wrong."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, UniqueConstraint, bindparam, create_engine

from bot.slack.outbound import SlackOutbound
from handlers.features import FEATURES
from storage.base import metadata
from storage.deliveries import deliveries
from storage.lanes import Lanes, Taken
from tests.simulation.checker import PROMPTS, check, rows
from tests.simulation.company import Company, Trouble, founded
from tests.simulation.office import Office
from tests.simulation.slack import Misfortunes
from tests.simulation.test_outbox import messages

pytestmark = pytest.mark.long

A_FEW = range(1, 6)
# A Slack that answers late, and clocks that jump while it does: leases end while their owner still waits.
SLOW = Trouble(Misfortunes(0.5, 0, 0, 0, 0, slow=0.9), crash=0, crash_after_accept=0, jump_days=0.0005, nap=5)


def amiss(trouble: Trouble, template: Path, folder: Path, seeds: range = A_FEW) -> list[str]:
    """What is wrong with the first seed of a few with which anything is."""
    for seed in seeds:
        company = Company(seed, founded(template, folder / f"{seed}.db"), trouble)
        company.play(partial(messages, bursts=5, pause=300))
        if found := check(company).amiss:
            return found
    return []


async def never_found(*_: Any) -> None:
    return None


def write_in_any_case(self: Lanes, taken: Taken, again: datetime | None = None, **values: Any) -> bool:
    about = {"id": taken.id, "again": again}
    return self._change_about(deliveries, about, deliveries.c.id == bindparam("id"), **values) == 1


def test_without_looking_for_what_may_have_arrived(
    monkeypatch: pytest.MonkeyPatch, sqlite_template: Path, tmp_path: Path
) -> None:
    monkeypatch.setattr(SlackOutbound, "find", never_found)
    assert amiss(Trouble(), sqlite_template, tmp_path)


def test_without_the_fence_around_what_is_settled(
    monkeypatch: pytest.MonkeyPatch, sqlite_template: Path, tmp_path: Path
) -> None:
    monkeypatch.setattr(Lanes, "_write", write_in_any_case)
    assert amiss(SLOW, sqlite_template, tmp_path)


def without_the_key_of_prompts(path: Path) -> Path:
    """A fresh database in which somebody may be invited to the same twice."""
    loose = MetaData()
    for table in metadata.tables.values():
        table.to_metadata(loose)
    table = loose.tables["prompts"]
    table.constraints = {one for one in table.constraints if not isinstance(one, UniqueConstraint)}
    engine = create_engine(f"sqlite:///{path}")
    loose.create_all(engine)
    engine.dispose()
    return path


def test_without_the_key_that_lets_nobody_be_invited_twice(sqlite_template: Path, tmp_path: Path) -> None:
    def played(seed: int, database: Path) -> list[str]:
        company = Company(seed, database, Trouble(), FEATURES)
        office = Office(company, days=5, restless=True)
        company.play(office.play)
        return [*check(company).repeated, *office.amiss(rows(company, PROMPTS))]

    assert any(played(seed, without_the_key_of_prompts(tmp_path / f"loose {seed}.db")) for seed in A_FEW)
    assert played(1, founded(sqlite_template, tmp_path / "office.db")) == []


def test_with_all_of_them_the_same_troubles_do_no_harm(sqlite_template: Path, tmp_path: Path) -> None:
    assert amiss(SLOW, sqlite_template, tmp_path, range(1, 3)) == []
