"""Slack answers three calls in ten with "wait": one workspace waits as long as it is told, and the other not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.storm import PEOPLE, compared

pytestmark = pytest.mark.long


@pytest.mark.parametrize("seed", range(1, 4))
def test_a_storm_costs_what_slack_asks_for_and_nobody_else_anything(
    seed: int, sqlite_template: Path, tmp_path: Path
) -> None:
    stormy, slower = compared(seed, sqlite_template, tmp_path)
    assert (stormy.lost, stormy.repeated) == (0, 0)
    assert stormy.hasty == 0, "nobody calls while Slack asks to wait"
    assert PEOPLE / 20 < stormy.refused < PEOPLE
    assert stormy.took / stormy.bound <= 1.2
    assert slower <= 0.01
