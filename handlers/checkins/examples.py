"""An example of every screen of check-ins, for the gallery."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from handlers.checkins import asked, blockers, screens
from handlers.checkins.asked import Asked
from handlers.checkins.sheet import Page, Sheet
from handlers.interaction import Value
from handlers.screens import Home, Screen
from handlers.text import Mention, Said, line
from storage.blockers import Blocker
from storage.checkins import Answer, CheckIn, Formerly
from storage.questions import Question
from storage.teams import Team

NOW = datetime(2026, 3, 5, 10, tzinfo=UTC)
CLOSES = datetime(2026, 3, 6, 18, tzinfo=UTC)
FRIDAY = date(2026, 3, 6)
ANA, BO = Mention("U0ANA", "Ana Alves"), Mention("U0BO", "Bo Berg")
OPS = Team(1, "Ops", manager_id=2, channel="C0OPS", share="channel")

QUESTIONS = (
    Question(1, "What did you get done?", "long", part="done"),
    Question(2, "What is next?", "long", part="plan"),
    Question(3, "Anything in your way?", "long", required=False, part="blockers", hint="One per line."),
    Question(4, "How was your week?", "scale", required=False, part="mood", low_words="Hard", high_words="Great"),
    Question(5, "Where did you work?", "choice", options=("At home", "In the office", "On the road")),
    Question(6, "What took your time?", "choices", options=("Customers", "Building", "Meetings")),
    Question(7, "How many customers did you meet?", "number", required=False),
    Question(8, "One word for this week?", "short", required=False),
    Question(9, "Were you on call?", "yes_no"),
    Question(10, "How often were you woken?", "number", follows=9, when=("yes",)),
)
SHORT = Question(11, "How likely are you to recommend us?", "scale", low=0, high=10, low_words="Not at all")
GIVEN = (
    Answer(1, "The import of last year's invoices runs, and it is twice as fast as the old one."),
    Answer(2, "Write its guide."),
    Answer(3, "The test machine is down."),
    Answer(4, score=4),
    Answer(5, chosen=("At home",)),
    Answer(6, chosen=("Building", "Meetings")),
    Answer(7, score=2),
    Answer(9, score=1),
    Answer(10, score=3),
)
BLOCKER = Blocker(7, 12, 1, 1, 1, "The test machine is down.", "open", NOW - timedelta(days=3))


def examples() -> dict[str, Screen]:
    """Every screen of check-ins, by name."""
    checkin = CheckIn(12, 1, 1, FRIDAY, CLOSES, NOW, answers=GIVEN)
    former = Formerly(Answer(2, "Write its guide, and rest."), CLOSES + timedelta(days=3))
    corrected = replace(checkin, corrected_at=former.until, formerly=(former,))
    sheet = Sheet(FRIDAY, CLOSES, OPS, QUESTIONS, {}, "check-in")
    plan = "Make the import of last year's invoices run."
    typed: dict[str, Value] = {"q1": "The import runs.", "q6": ("1", "2"), "q4": "4"}
    later = CLOSES + timedelta(days=4)
    who = screens.audience(OPS, BO)
    known = {one.id: one for one in QUESTIONS}
    first = Page(FRIDAY, tuple(one.id for one in sheet.first_step()))
    people = {1: ANA, 2: BO}
    acknowledged = replace(BLOCKER, id=8, state="acknowledged", owner_id=2, words="No budget for the licence.")
    resolved = replace(BLOCKER, id=9, state="resolved", resolved_at=NOW, words="The build was red.")
    why = line("This is here because ", Said("Ops"), " shares its check-ins here.")
    short = replace(sheet, questions=(SHORT, *(one for one in QUESTIONS if one.kind in ("scale", "choice", "yes_no"))))
    open_now = Asked(short, {}, 7, who)
    given = Asked(short, {one.question_id: one for one in (*GIVEN, Answer(11, score=7))}, 7, who)
    return {
        "asked": asked.invitation(Asked(sheet, {}, 7, who), NOW),
        "asked in short": asked.invitation(open_now, NOW),
        "asked late": asked.invitation(open_now, later),
        "kept": asked.kept(replace(open_now, given={4: GIVEN[3]})),
        "pressed": asked.shared(given, checkin, NOW),
        "pressed again": asked.shared(given, replace(checkin, edited_at=NOW), NOW),
        "pressed late": asked.shared(given, replace(checkin, shared_at=later), later),
        "pressed too late": asked.shared(given, checkin, later),
        "long over": asked.over("Friday 6 March", CLOSES, "Friday 13 March"),
        "question gone": asked.gone(),
        "posted late": screens.posted(screens.Shown(replace(checkin, shared_at=later), ANA, known), why, blockers=0),
        "form": screens.checkin_form(sheet, first, NOW, who, plan),
        "draft": screens.checkin_form(replace(sheet, typed=typed, from_draft=True), first, NOW, who),
        "lost": screens.checkin_form(
            replace(sheet, orphans=("What I wrote.",)), first, NOW, who, plan, "A question went."
        ),
        "follow-up": screens.checkin_form(sheet, Page(FRIDAY, (10,), first.asked), NOW, who),
        "edit": screens.checkin_form(replace(sheet, standing=checkin), first, NOW, who),
        "correct": screens.checkin_form(replace(sheet, standing=checkin), first, later, who),
        "late": screens.checkin_form(sheet, first, later, who),
        "thanks": screens.thanks(checkin, NOW, who, blockers=0),
        "changed": screens.thanks(checkin, later, screens.audience(None, None), blockers=2),
        "no_questions": screens.no_questions(),
        "posted": screens.posted(screens.Shown(checkin, ANA, known), why, blockers=1),
        "corrected": screens.posted(screens.Shown(corrected, ANA, known), why, blockers=0),
        "thread": screens.thread_root(OPS, FRIDAY),
        "open": screens.whole(screens.Shown(corrected, ANA, known)),
        "home": Home(tuple(screens.home_blocks(sheet, (corrected,), NOW))),
        "home_shared": Home(tuple(screens.home_blocks(replace(sheet, standing=checkin, from_draft=True), (), NOW))),
        "blockers": blockers.blockers_card((BLOCKER, acknowledged, resolved), people, NOW, {7, 8, 9}),
        "no_blockers": blockers.blockers_card((), {}, NOW, set()),
        "acknowledged": blockers.told(BLOCKER, BO, "acknowledged", "and takes care of it from here on"),
        "resolved": blockers.told(BLOCKER, BO, "resolved", "so it counts as out of your way"),
    }
