"""What happens when: the commands, presses and submissions of check-ins and of the blockers in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from handlers import access
from handlers.checkins import answers, asking, blockers, changes, examples, screens
from handlers.checkins.sheet import Page, Sheet, current_day, last_plan, may_fill, sheet
from handlers.feature import Answer, Feature, Refusal
from handlers.fitting import is_shortened
from handlers.interaction import Value
from handlers.reading import Reader, as_id
from handlers.screens import Block, Form, Invalid, Open, Say, Screen
from handlers.turn import Turn
from storage.checkins import CheckIn

checkins = Feature("checkins", "Share what moved, what is next and what is in your way.")

RECENT = 3
REMOVED = "A question was removed while you were writing. All else you wrote is below; please send it again."
NOTHING_YET = "There is nothing to share yet. Please answer at least one question."
ASKED_LONG_AGO = "The check-in you were asked for closed a while ago. This is the present one."
LONG_OVER = "The check-in you were writing closed a while ago. Your words are below, if you want to send them now."


@checkins.command("checkin", help="Share what moved, what is next and what is in your way")
@checkins.press("checkins.start")
@checkins.shortcut("checkins.start")
def start(turn: Turn) -> Answer:
    """Open the check-in of now, or the one that a prompt asks for: new, or the one that can still be edited."""
    day = asking.day_asked(turn)
    before = sheet(turn, day or current_day(turn))
    first = _first_page(before)
    notice = ASKED_LONG_AGO if turn.state and day is None else ""
    return Open(_form(turn, before, first, notice)) if first.asked else Say(screens.no_questions())


@checkins.press("checkins.correct")
def correct(turn: Turn) -> Answer:
    """Open one of the actor's own check-ins again: to edit it, or once it has closed to correct it."""
    checkin = _asked_for(turn)
    if checkin.member_id != turn.actor.id:
        raise Refusal("A check-in can be changed only by whoever gave it.")
    before = sheet(turn, checkin.occurrence)
    first = _first_page(before)
    return Open(_form(turn, before, first)) if first.asked else Say(screens.no_questions())


@checkins.press("checkins.open")
def show(turn: Turn) -> Answer:
    """Show one check-in with its history to somebody who may see it."""
    checkin = _asked_for(turn)
    by = turn.store.members.by_id(checkin.member_id)
    if by is None or not access.may_see_checkin(turn.store, turn.actor, checkin):
        raise Refusal("This check-in is not shared with you. Its author, and in some teams their manager, can see it.")
    return Open(screens.whole(changes.shown(turn.store, checkin, by)))


@checkins.submit("checkins.share")
def share(turn: Turn) -> Answer:
    """Keep what was sent; ask what follows from it first."""
    page = Page.read(turn.state)
    if page is None or not page.asked:
        raise Refusal("This form has expired. Please type /checkin to start again.")
    before = _filled(turn, page, page.day)
    if not may_fill(turn, before):
        return _again(turn, page, current_day(turn), LONG_OVER)
    if _wrote_to_what_is_gone(turn, page, before):
        return _again(turn, page, page.day, REMOVED)
    reader = Reader(before.typed, turn.state, turn.store)
    given = {one.id: answer for one in before.questions if (answer := answers.read(reader, one))}
    problems = {name: reader.errors[name] for one in page.asked if (name := answers.input_name(one)) in reader.errors}
    if not problems and not given:
        problems = {answers.input_name(page.asked[0]): NOTHING_YET}
    if problems:
        _keep_draft(turn, before)
        return Invalid(_form(turn, before, page), problems)
    applying = answers.reached(before.questions, given)
    seen = (*page.before, *page.asked)
    more = tuple(one.id for one in applying if one.follows is not None and one.id not in seen)
    if more:
        _keep_draft(turn, before)
        return Open(_form(turn, before, Page(page.day, more, seen)))
    checkin, raised = changes.record(turn, before, given)
    audience = changes.audience(turn, before.team)
    asking.show_in_place(turn, page.day, screens.thanks(checkin, turn.now, audience, blockers=0))
    return Say(screens.thanks(checkin, turn.now, audience, blockers=raised))


@checkins.closed("checkins.share")
def closed(turn: Turn) -> Answer:
    """Keep what was typed into a form that was closed; one that says nothing takes nothing away."""
    page = Page.read(turn.state)
    if page and any(answers.cleaned(value) for value in turn.interaction.values.values()):
        stands = sheet(turn, page.day, page.asked)
        day = page.day if may_fill(turn, stands) else current_day(turn)
        typed = _filled(turn, page, day)
        if _said(typed.typed) != _said(sheet(turn, day, page.asked).typed):
            _keep_draft(turn, typed)
            turn.refresh_home()
    return None


@checkins.on_home
def at_home(turn: Turn) -> Iterable[Block]:
    """The present check-in, the last few, and what is in the member's way."""
    before = sheet(turn, current_day(turn))
    recent = [one for one in turn.store.checkins.of_member(turn.actor.id, RECENT + 1) if one != before.standing]
    return [
        *screens.home_blocks(before, recent[:RECENT], turn.now),
        *blockers.home_blocks(turn),
    ]


@checkins.gallery
def gallery() -> dict[str, Screen]:
    """Every screen of check-ins."""
    return examples.examples()


checkins.on_prompt("Check-in questions")(asking.ask)
checkins.press("checkins.answer")(asking.answer)
checkins.press("blockers.show")(blockers.show)
checkins.press("blockers.acknowledge")(blockers.acknowledge)
checkins.press("blockers.resolve")(blockers.resolve)
checkins.press("blockers.reopen")(blockers.reopen)


def _first_page(before: Sheet) -> Page:
    return Page(before.day, tuple(one.id for one in before.first_step()))


def _form(turn: Turn, before: Sheet, page: Page, notice: str = "") -> Form:
    plan = last_plan(turn.store, turn.actor.id, before.day)
    return screens.checkin_form(before, page, turn.now, changes.audience(turn, before.team), plan, notice)


def _filled(turn: Turn, page: Page, day: date) -> Sheet:
    """The sheet of an occurrence with what this form held in place of what was typed before."""
    before = sheet(turn, day, page.asked)
    sent = {name: answers.cleaned(turn.interaction.values.get(name)) for name in map(answers.input_name, page.asked)}
    held = {name: _whole(before.typed.get(name), value) for name, value in sent.items()}
    return replace(before, typed={**before.typed, **held})


def _whole(before: Value, sent: Value) -> Value:
    """What was sent; or all of a text that was too long to be shown whole, and comes back as it was shown."""
    if isinstance(before, str) and isinstance(sent, str) and is_shortened(sent, before):
        return before
    return sent


def _keep_draft(turn: Turn, filled: Sheet) -> None:
    turn.store.drafts.save(turn.actor.id, filled.draft, dict(filled.typed))


def _again(turn: Turn, page: Page, day: date, notice: str) -> Answer:
    """Keep the words of a form that cannot be taken as it is, and offer them in one that can."""
    _keep_draft(turn, _filled(turn, page, day))
    before = sheet(turn, day, page.asked)
    return Open(_form(turn, before, _first_page(before), notice))


def _said(typed: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in typed.items() if value}


def _wrote_to_what_is_gone(turn: Turn, page: Page, before: Sheet) -> bool:
    known = {one.id for one in before.questions}
    gone = (answers.input_name(one) for one in page.asked if one not in known)
    return any(answers.cleaned(turn.interaction.values.get(name)) for name in gone)


def _asked_for(turn: Turn) -> CheckIn:
    checkin = turn.store.checkins.by_id(as_id(turn.state))
    if checkin is None:
        raise Refusal("This check-in is no longer here.")
    return checkin
