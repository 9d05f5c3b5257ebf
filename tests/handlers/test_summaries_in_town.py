"""The same evening on Slack: a manager types the command, opens a line, refreshes, and looks at their home."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from storage.checkins import Answer
from storage.store import Store
from tests.town import Town, town

__all__ = ["town"]

FRIDAY = date(2026, 3, 6)


@pytest.fixture
async def bos_team(town: Town) -> Town:
    """Bo manages Platform; Ana and Cy are in it; Ana has checked in for this week."""
    await town.settle()
    with town.store() as store:
        platform = store.teams.add("Platform", manager_id=member(store, town, "bo"))
        store.members.set_team([member(store, town, name) for name in ("ana", "cy")], platform.id)
        store.questions.add("What did you get done?", "long", part="done")
        store.questions.add("How was your week?", "scale", part="mood")
    checks_in(town, "ana", "Moved the *login* page <!channel>", mood=4)
    return town


def member(store: Store, town: Town, name: str) -> int:
    found = store.members.greet(town.person(name).user_id, name)
    return found.id


def checks_in(town: Town, name: str, done: str, mood: int) -> None:
    with town.store() as store:
        who = store.members.by_id(member(store, town, name))
        assert who is not None
        asked = store.questions.for_team(who.team_id)
        given = [Answer(asked[0].id, words=done), Answer(asked[1].id, score=float(mood))]
        closes = datetime.fromisoformat("2026-03-06T18:00:00+00:00")
        store.checkins.share(who.id, who.team_id, FRIDAY, closes, given)


async def test_a_manager_gets_the_facts_opens_a_line_and_refreshes(bos_team: Town):
    (bo,) = bos_team.people("bo")
    await bo.types("/team-summary this week")
    await bo.sees("Checked in: 1 of 2 people (1 check-in).")
    await bo.sees("Moved the *login* page <!channel>")
    await bo.presses("Open 1 check-in")
    await bo.sees("4 on 1 to 5", in_="modal")
    await bo.closes()
    bos_team.clock.move(timedelta(hours=1))
    checks_in(bos_team, "cy", "Wrote the guide", mood=2)
    await bo.types("/team-summary")
    await bo.sees("Press Refresh at the end")
    await bo.presses("Refresh")
    await bo.sees("Checked in: 2 of 2 people (2 check-ins).")
    await bos_team.settle()


async def test_nobody_else_gets_them(bos_team: Town):
    ana, cy, admin = bos_team.people("ana", "cy", "max")
    await ana.types("/team-summary")
    await ana.sees("Summaries of your team, Platform, go to @bo")
    for somebody in (cy, admin):
        await somebody.types("/team-summary Platform last week")
        await somebody.sees("Summaries of Platform go to its manager, bo.")
        await somebody.never_sees("Checked in")
    await bos_team.settle()


async def test_the_home_leads_to_the_summary(bos_team: Town):
    (bo,) = bos_team.people("bo")
    await bo.opens_home()
    await bo.sees("Platform: 1 of 2 checked in this week, 0 open blockers.", in_="home")
    await bo.presses("Team summary", in_="home")
    await bo.sees("Checked in: 1 of 2 people", in_="modal")
    await bo.presses("Open 1 check-in", in_="modal")
    await bo.sees("Moved the *login* page", in_="modal")
    await bos_team.settle()
