"""What people see of check-ins: pure functions from data to screens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers.checkins import answers
from handlers.checkins.sheet import Page, Sheet
from handlers.screens import Block, Button, Buttons, Card, Form, Heading, Input, Para, Small, Words
from handlers.text import ChannelMention, Code, Line, Mention, Said, Strong, When, count, joined, line, named
from storage.checkins import Answer, CheckIn
from storage.questions import Question
from storage.teams import Team

# So many changes are shown beside the answers to as many questions as a team can have.
MOST_FORMER = 12


@dataclass(frozen=True)
class Shown:
    """One check-in with all that is needed to show it."""

    checkin: CheckIn
    by: Mention
    questions: dict[int, Question]


# -- the form --------------------------------------------------------------------------------------------------------


def checkin_form(sheet: Sheet, page: Page, now: datetime, audience: Line, plan: str = "", notice: str = "") -> Form:
    """The form of one check-in: its first step, or the follow-up questions of a later one."""
    body: list[Block | Input] = [Para(line(notice))] if notice else []
    if page.before:
        body.append(Para(line("A little more, because of what you answered.")))
    else:
        body += _introduction(sheet, now, audience)
    for question in sheet.with_ids(page.asked):
        if question.part == "done" and plan:
            body += [Small(line("Last time you planned:")), Words(plan)]
        body.append(answers.as_input(question, sheet.value(question)))
    return Form(
        "checkins.share",
        _title(sheet, now),
        tuple(body),
        submit="Correct" if sheet.closed(now) and sheet.standing else "Share",
        state=page.state,
        keeps=True,
    )


def _title(sheet: Sheet, now: datetime) -> str:
    if sheet.standing is None:
        return "Check-in"
    return "Correct your check-in" if sheet.closed(now) else "Edit your check-in"


def _introduction(sheet: Sheet, now: datetime, audience: Line) -> list[Block]:
    said: list[Block] = []
    if not sheet.closed(now):
        said.append(
            Para(line(f"For {named(sheet.day)}. You can edit it until ", When(sheet.closes_at), ". ", *audience))
        )
    elif sheet.standing:
        said.append(
            Para(
                line(
                    f"For {named(sheet.day)}, which closed on ",
                    When(sheet.closes_at),
                    ". What you change is kept beside how it stood before. ",
                    *audience,
                )
            )
        )
    else:
        said.append(
            Para(line(f"For {named(sheet.day)}, which has closed. It is still taken, and marked as late. ", *audience))
        )
    if sheet.from_draft:
        said.append(Small(line("This is filled with what you answered before and did not send.")))
    for words in sheet.orphans:
        said += [Small(line("You wrote this to a question that was removed. Copy it if you need it:")), Words(words)]
    return said


# -- who can see it --------------------------------------------------------------------------------------------------


def audience(team: Team | None, manager: Mention | None) -> Line:
    """Who can see a check-in of this team; `manager` is None where there is nobody besides the member."""
    if team is None:
        return line("Only you can see it, because you are in no team yet. An admin can put you in one.")
    if team.share == "manager":
        if manager is None:
            return line("Only you can see it: ", Said(team.name), " has no other manager to show it to.")
        return line(manager, ", who manages ", Said(team.name), ", can see it; nobody else.")
    team_and_manager = line(Said(team.name), " and ", manager) if manager else line(Said(team.name))
    if not team.channel:
        return line(*team_and_manager, " can look it up. It is posted nowhere, because the team has no channel yet.")
    return line("It is posted in ", ChannelMention(team.channel), ", where everyone there can see it.")


def thanks(checkin: CheckIn, now: datetime, audience: Line, *, blockers: int) -> Card:
    """What the member is told, privately, after sending."""
    late = ", marked as late because it had closed" if checkin.late else ""
    what = "has been changed" if checkin.edited_at or checkin.corrected_at else f"is in{late}"
    body: list[Block] = [Para(line(f"Thank you. Your check-in for {named(checkin.occurrence)} {what}."))]
    body.append(Para(audience))
    if now < checkin.closes_at:
        body.append(Small(line("You can edit it until ", When(checkin.closes_at), "; later you can correct it.")))
    else:
        body.append(Small(line("It is closed, so every change is kept beside how it stood before.")))
    buttons = [_edit(checkin, now)]
    if blockers:
        label = count(blockers, "blocker")
        buttons.append(Button(label, "blockers.show", str(checkin.id), describes="Show the blockers of this check-in"))
    return Card((*body, Buttons(tuple(buttons))))


def no_questions() -> Card:
    """For a workspace whose admins took every question away."""
    return Card(
        (
            Para(line("There is nothing to answer just now: your team has no check-in questions.")),
            Small(line("An admin can add some on Soundings' home. Type ", Code("/soundings"), " for help.")),
        )
    )


# -- a check-in, shown -----------------------------------------------------------------------------------------------


def posted(shown: Shown, why: Line, *, blockers: int) -> Card:
    """A check-in as its team, or its manager, sees it."""
    checkin = shown.checkin
    buttons = []
    if checkin.formerly:
        buttons.append(Button("How it stood before", "checkins.open", str(checkin.id), opens=True))
    if blockers:
        buttons.append(Button(count(blockers, "blocker"), "blockers.show", str(checkin.id)))
    return Card(
        (
            Para(line(shown.by, f" checked in for {named(checkin.occurrence)}.")),
            *_answers(shown),
            *_changed(checkin),
            *((Buttons(tuple(buttons)),) if buttons else ()),
            Small(why),
        ),
        name="checkins.posted",
    )


def thread_root(team: Team, day: date) -> Card:
    """The message under which a team's check-ins of one occurrence hang."""
    return Card(
        (
            Para(line(Strong("Check-ins"), " of ", Said(team.name), f", {named(day)}")),
            Small(
                line(
                    "They come as replies, because this team shares its check-ins in a thread. Share yours with ",
                    Code("/checkin"),
                    ". An admin can change where they go on Soundings' home.",
                )
            ),
        )
    )


def whole(shown: Shown) -> Form:
    """One check-in with its history; there is nothing to send."""
    checkin = shown.checkin
    body: list[Block] = [
        Para(line(shown.by, f", {named(checkin.occurrence)}.")),
        Small(line("Shared ", When(checkin.shared_at), ".")),
        *_answers(shown),
        *_changed(checkin),
    ]
    if checkin.formerly:
        body.append(Heading("How it stood before"))
    formerly = sorted(checkin.formerly, key=lambda one: one.until)
    if len(formerly) > MOST_FORMER:
        body.append(
            Small(line(f"These are the latest {MOST_FORMER} of {len(formerly):,} changes; all of them are kept."))
        )
    for former in formerly[-MOST_FORMER:]:
        body.append(Small(line("Until ", When(former.until), ":")))
        body += _answer(shown.questions[former.answer.question_id], former.answer)
    return Form("checkins.open", "Check-in", tuple(body), submit="", state=str(checkin.id), close="Close")


def _answers(shown: Shown) -> list[Block]:
    ordered = sorted(shown.checkin.answers, key=lambda one: _place(shown.questions[one.question_id]))
    return [block for one in ordered for block in _answer(shown.questions[one.question_id], one)]


def _place(question: Question) -> tuple[int, int]:
    return question.position, question.id


def _answer(question: Question, answer: Answer) -> list[Block]:
    said = answers.in_words(question, answer)
    if question.kind in ("short", "long"):
        return [Para(line(Strong(question.words))), Words(said)]
    return [Para(line(Strong(question.words), " ", Said(said)))]


def _changed(checkin: CheckIn) -> list[Block]:
    return [Small(change) for change in _changes(checkin)]


def _changes(checkin: CheckIn) -> list[Line]:
    said: list[Line] = []
    if checkin.late:
        said.append(line("given late, after it had closed ", When(checkin.closes_at)))
    if checkin.corrected_at:
        said.append(line("corrected ", When(checkin.corrected_at)))
    elif checkin.edited_at:
        said.append(line("edited ", When(checkin.edited_at)))
    return said


# -- home ------------------------------------------------------------------------------------------------------------


def home_blocks(sheet: Sheet, recent: Sequence[CheckIn], now: datetime) -> list[Block]:
    """The present check-in and the last few, on the member's home."""
    body: list[Block] = [Heading("Your check-in")]
    if sheet.standing:
        body.append(Para(line(f"Shared for {named(sheet.day)}. You can edit it until ", When(sheet.closes_at), ".")))
        body.append(Buttons((_edit(sheet.standing, now),)))
    else:
        body.append(Para(line(f"Not yet shared for {named(sheet.day)}. It closes ", When(sheet.closes_at), ".")))
        body.append(Buttons((Button("Check in", "checkins.start", opens=True, style="primary"),)))
    if sheet.from_draft:
        body.append(Small(line("What you typed and did not send is kept for you.")))
    for checkin in recent:
        shared = line(Strong(named(checkin.occurrence)), ", shared ", When(checkin.shared_at))
        body.append(Para(joined([shared, *_changes(checkin)])))
        body.append(Buttons((_open(checkin), _edit(checkin, now))))
    return body


def _open(checkin: CheckIn) -> Button:
    return Button("Open", "checkins.open", str(checkin.id), opens=True, describes=f"Open {named(checkin.occurrence)}")


def _edit(checkin: CheckIn, now: datetime) -> Button:
    label = "Edit" if now < checkin.closes_at else "Correct"
    return Button(
        label, "checkins.correct", str(checkin.id), opens=True, describes=f"{label} {named(checkin.occurrence)}"
    )
