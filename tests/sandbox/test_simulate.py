"""A company is asked for weeks in virtual time, through the real app, and what came of it is counted."""

from __future__ import annotations

from datetime import time
from pathlib import Path

from typer.testing import CliRunner

from sandbox import simulate
from sandbox.company import PEOPLE
from storage.recurrence import Timing


async def test_everybody_is_asked_once_a_week_at_ten_on_their_own_clock(tmp_path: Path) -> None:
    weeks: list[int] = []
    played = await simulate.play(tmp_path / "played.db", 2, 30, Timing(time(10)), 1, weeks.append)
    on_leave = 4  # two of thirty in each of the weeks
    assert weeks == [1, 2]
    assert played.prompts.total() == 2 * 30 - on_leave
    assert played.nudges == played.prompts
    assert played.not_asked == {"on leave": on_leave}
    assert set(played.minutes) == {time(10)}
    assert played.twice == 0


async def test_a_window_spreads_people_within_it(tmp_path: Path) -> None:
    played = await simulate.play(tmp_path / "played.db", 1, len(PEOPLE), Timing(time(9), minutes=90), 1, lambda _: None)
    assert len(played.minutes) > 5
    assert time(9) <= min(played.minutes)
    assert max(played.minutes) <= time(10, 30)


def test_a_time_that_is_none_is_refused_in_words() -> None:
    result = CliRunner().invoke(simulate.cli, ["--at", "noonish"])
    assert result.exit_code == 2
    assert "no time of day" in result.output
