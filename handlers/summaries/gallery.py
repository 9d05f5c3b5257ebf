"""Examples of every screen of this feature, for the gallery."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from handlers.screens import Form, Home, Screen
from handlers.summaries import closed, opened, screens
from handlers.summaries.closings import Told
from handlers.summaries.feature import summaries
from handlers.summaries.on_home import team_line
from insights.closing import Closing
from insights.digest import BlockerFact, Digest, KudosFact, Period, ScaleFact
from insights.measures import compare, read
from insights.participation import Participation
from storage.cadences import Cadence
from storage.checkins import Answer, CheckIn
from storage.members import Member
from storage.questions import Question
from storage.recurrence import Recurrence
from storage.teams import Team

MADE = datetime(2026, 3, 6, 15, 30, tzinfo=UTC)
WEEK = Period(date(2026, 3, 2), date(2026, 3, 8))
PLATFORM = Team(1, "Platform", manager_id=9)
NAMES = ("Ana Alves", "Bo Berg", "Cy Chen", "Dee Diaz", "Eli Evans", "Fay Fox", "Gil Green", "Hana Holm")
PEOPLE = {
    number: Member(number, f"U0{name.split()[0].upper()}", name, ZoneInfo("UTC"))
    for number, name in enumerate((*NAMES, "Mo Moss"), 1)
}
MOOD = Question(4, "How was your week?", "scale", part="mood", low_words="Rough", high_words="Great")
DONE = Question(1, "What did you get done?", "long", part="done")

WEEKLY = Cadence(3, "Weekly check-in", Recurrence(WEEK.first))
MONDAYS = Cadence(4, "Monday question", Recurrence(WEEK.first))
HOW = Closing(answered=(1, 2), silent=(3,), away=(4,))


@summaries.gallery
def examples() -> dict[str, Screen]:
    """The card full, stored, empty and crowded; a line opened; what is said instead; the home."""
    few = _digest(5)
    part = replace(few.participation, away=(6, 7), late=(2,))
    return {
        "summary": screens.card(_sheet(_digest(len(NAMES)))),
        "stored": screens.card(_sheet(_digest(5), stored=True)),
        "empty": screens.card(_sheet(Digest())),
        "crowded": screens.card(_crowded()),
        "opened": _opened(),
        "with somebody away": screens.card(_sheet(replace(few, participation=part))),
        "nobody there": screens.card(_sheet(Digest(Participation(away=(1, 2))))),
        "sent": screens.card(replace(_sheet(few), closed=((WEEKLY, HOW),))),
        "sent for two": screens.card(replace(_sheet(few), closed=((WEEKLY, HOW), (MONDAYS, Closing(away=(3,)))))),
        "closed": closed.card([Told(WEEKLY, HOW, PEOPLE, (("Ana Alves", 1), ("Bo Berg", 2)))]),
        "two closed": closed.card([Told(WEEKLY, HOW, {}, arranged=True), Told(MONDAYS, Closing(), {})]),
        "closed for few": closed.card([Told(WEEKLY, Closing((1,), (2,)), PEOPLE, arranged=True, few=True)]),
        "closed for nobody else": closed.card([Told(WEEKLY, Closing(), {}, arranged=True, few=True)]),
        "not told": closed.muted(WEEKLY),
        "told": closed.telling(WEEKLY),
        "home of who is not told": Home(tuple(closed.muted_line(WEEKLY))),
        "muted": screens.muted(PLATFORM),
        "sending": screens.sending(PLATFORM),
        "home of a muted team": Home(tuple(team_line(PLATFORM, "1 of 1 checked in", alone=False, muted=True))),
        "which team": screens.which_team([PLATFORM, Team(2, "Design"), Team(3, "Support")], WEEK),
        "nobody managed": screens.nobody_managed(PLATFORM, PEOPLE[9]),
        "in no team": screens.nobody_managed(None, None),
        "unknown": screens.unknown("Platfrom lastweek", [PLATFORM]),
        "home": Home(tuple(team_line(PLATFORM, "5 of 8 checked in this week, 2 open blockers", alone=True))),
    }


def _digest(people: int) -> Digest:
    ids = tuple(range(1, people + 1))
    here = max(1, people - 3)
    now, before = read([3, 4, 4, 5, 2, 4][:here], here, 1, 5), read([2, 3, 3, 4, 2], 5, 1, 5)
    return Digest(
        participation=Participation(ids[:here], ids[here : here + 2], ids[here + 2 :]),
        checkins=ids[:here],
        done=ids[: here - 1],
        done_by=ids[: here - 1],
        blockers=(
            BlockerFact(1, "open", 2, 12),
            BlockerFact(2, "acknowledged", 9, 3),
            BlockerFact(3, "resolved", 1, 1),
        ),
        scales=(ScaleFact(MOOD.id, now, before, compare(now, before), ids[:here]),),
        kudos=KudosFact((1, 2, 3), min(4, people), people),
    )


def _sheet(digest: Digest, *, stored: bool = False) -> screens.Sheet:
    return screens.Sheet(
        id=1,
        team=PLATFORM,
        period=WEEK,
        made_at=MADE,
        stored=stored,
        digest=digest,
        people=PEOPLE,
        questions={MOOD.id: MOOD},
        blockers={1: "The test database is full again", 2: "No answer from the supplier", 3: "Laptop broke"},
        quotes=((1, "Moved the login page to the new form.\nMore to come."), (2, "*Wrote* <!channel> the guide")),
    )


def _crowded() -> screens.Sheet:
    """Eighty people and two hundred blockers."""
    people = {number: Member(number, f"U0{number:09}", f"Person {number}", ZoneInfo("UTC")) for number in range(1, 81)}
    ids, scales = tuple(people), {number: Question(number, f"Question {number}?", "scale") for number in range(1, 9)}
    reading = read([3, 4, 5, 2] * 10, 40, 1, 5)
    return screens.Sheet(
        id=2,
        team=PLATFORM,
        period=Period(date(2026, 2, 5), date(2026, 3, 6)),
        made_at=MADE,
        stored=True,
        digest=Digest(
            participation=Participation(ids[:40], ids[40:60], ids[60:]),
            checkins=tuple(range(160)),
            done=tuple(range(150)),
            done_by=ids[:40],
            blockers=tuple(BlockerFact(number, "open", number % 80 + 1, 200 - number) for number in range(200)),
            scales=tuple(ScaleFact(key, reading, reading, compare(reading, reading), ids[:40]) for key in scales),
            kudos=KudosFact(tuple(range(90)), 61, 80),
        ),
        people=people,
        questions=scales,
        blockers={number: f"Waiting for number {number} " * 8 for number in range(200)},
        quotes=tuple((number, "Finished what was planned and some more " * 9) for number in (1, 2, 3)),
    )


def _opened() -> Form:
    given = CheckIn(
        1, 1, 1, date(2026, 3, 6), MADE, MADE, answers=(Answer(1, "Moved the login page."), Answer(4, score=4.0))
    )
    drawn = {number: tuple(opened.checkin_blocks(given, {1: DONE, 4: MOOD}, PEOPLE)) for number in range(2, 40)}
    behind = opened.Behind("Check-ins", range(40), lambda ids: {0: None, **drawn})
    return opened.page(behind, WEEK, MADE, "1 checkins", start=0)
