"""What happens when on the pages about oneself. Forms take each other's place; each is about the actor alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from handlers.feature import Answer, Refusal
from handlers.me import about, away, changes, forms, me, screens
from handlers.me.asked import asked, whereabouts
from handlers.me.reading import CalendarForm, read_absence, read_calendar, read_hours, read_zone
from handlers.pauses import end_pause
from handlers.reading import Reader, as_id
from handlers.screens import Block, Done, Invalid, Open
from handlers.turn import Turn
from storage.cadences import Cadence, covers


@me.press("me.open")
def open_me(turn: Turn) -> Answer:
    """Show somebody everything about themselves."""
    return Open(about.form(about.about(turn)))


@me.submit("me.save", reads=lambda read: read)
def save(turn: Turn, read: Reader) -> Answer:
    """Keep what somebody chose to be told."""
    told = read.flag(about.TELL_ME)
    turn.store.members.set_told_of_kudos(turn.actor.id, told)
    turn.refresh_home()
    if told:
        return Done("Saved. You will be told directly when somebody thanks you.")
    return Done("Saved. You will not be told directly; kudos to you still stand on your home.")


@me.press("me.when")
def open_when(turn: Turn) -> Answer:
    """Show when somebody is asked, on top of whatever they have before them."""
    return Open(screens.page(asked(turn)))


@me.press("me.asked")
def open_asked(turn: Turn) -> Answer:
    """The same, in the place of the form before."""
    return _page(turn)


@me.press("me.zone")
def edit_zone(turn: Turn) -> Answer:
    """The form about zone and journey."""
    shown = asked(turn)
    return Open(forms.zone_form(shown, forms.zone_filled(shown)), instead=True)


@me.submit("me.save_zone", reads=lambda read: read)
def save_zone(turn: Turn, read: Reader) -> Answer:
    """Keep zone and journey."""
    shown = asked(turn)
    form = read_zone(read, shown)
    if form.errors:
        return Invalid(forms.zone_form(shown, form.filled), form.errors)
    return _chosen(turn, form.chosen, "Your time zone is saved.")


@me.press("me.hours")
def edit_hours(turn: Turn) -> Answer:
    """The form about days and hours."""
    shown = asked(turn)
    return Open(forms.hours_form(shown, forms.hours_filled(shown)), instead=True)


@me.submit("me.save_hours", reads=lambda read: read)
def save_hours(turn: Turn, read: Reader) -> Answer:
    """Keep days and hours."""
    shown = asked(turn)
    form = read_hours(read, shown)
    if form.errors:
        return Invalid(forms.hours_form(shown, form.filled), form.errors)
    return _chosen(turn, form.chosen, "Your days and hours are saved.")


@me.press("me.away")
def open_away(turn: Turn) -> Answer:
    """The days away."""
    return _away(turn)


@me.press("me.add_absence")
def add_absence(turn: Turn) -> Answer:
    """The form about days away."""
    return Open(away.absence_form(away.AbsenceFilled()), instead=True)


@me.submit("me.save_absence", reads=lambda read: read)
def save_absence(turn: Turn, read: Reader) -> Answer:
    """Keep days away."""
    form = read_absence(read, whereabouts(turn).today)
    if form.errors:
        return Invalid(away.absence_form(form.filled), form.errors)
    changes.be_away(turn, form.first, form.last)
    return _away(turn, "Saved. You are not asked on these days.")


@me.press("me.remove_absence")
def remove_absence(turn: Turn) -> Answer:
    """Take days away back."""
    if not turn.store.absences.remove(turn.actor.id, as_id(turn.state)):
        return _away(turn, "These days were removed before.")
    return _away(turn, "Removed. You are asked again from the next time on; what is open you can answer any time.")


@me.press("me.calendar")
def edit_calendar(turn: Turn) -> Answer:
    """The form about a calendar; the address of the present one is not shown again."""
    return Open(away.calendar_form(away.CalendarFilled(), takes_files=turn.takes_files), instead=True)


@me.submit("me.save_calendar", reads=read_calendar)
def save_calendar(turn: Turn, form: CalendarForm) -> Answer:
    """Keep a calendar, to be read soon."""
    if form.errors:
        return Invalid(away.calendar_form(form.filled, takes_files=turn.takes_files), form.errors)
    if form.address:
        turn.store.absences.set_calendar(turn.actor.id, form.address)
        return _away(turn, "Saved. The calendar is read within a few minutes.")
    if form.file:
        turn.store.absences.set_calendar_file(turn.actor.id, form.file.address)
    else:
        turn.store.absences.set_calendar_text(turn.actor.id, form.filled.pasted)
    return _away(turn, "Saved. It is read within a few minutes; your home then says what was found.")


@me.press("me.drop_calendar")
def drop_calendar(turn: Turn) -> Answer:
    """Follow a calendar no longer."""
    turn.store.absences.drop_calendar(turn.actor.id)
    return _away(turn, "The calendar and the days that came from it are forgotten.")


@me.press("me.pause")
def pause(turn: Turn) -> Answer:
    """Pause a cadence for oneself."""
    cadence = _cadence(turn)
    changes.pause(turn, cadence)
    return _page(turn, f"{cadence.name} is paused for you. What is open you can still answer.")


@me.press("me.resume")
def resume(turn: Turn) -> Answer:
    """Let a cadence ask again."""
    cadence = _cadence(turn)
    end_pause(turn, cadence)
    return _page(turn, f"{cadence.name} asks you again.")


@me.on_home
def on_home(turn: Turn) -> Iterable[Block]:
    """A way to the pages about oneself, in one sentence when one is asked, and what became of a calendar."""
    shown = whereabouts(turn)
    told = away.told_of_file(replace(shown, calendar=turn.store.absences.calendar_of(turn.actor.id)))
    return about.home_blocks(screens.home_line(shown), *([told] if told else []))


def _chosen(turn: Turn, chosen: dict[str, Any], note: str) -> Answer:
    turn.store.members.choose(turn.actor.id, **chosen)
    turn.actor = turn.store.members.by_id(turn.actor.id) or turn.actor
    return _page(turn, note)


def _page(turn: Turn, note: str = "") -> Open:
    if note:
        turn.refresh_home()
    return Open(screens.page(asked(turn), note), instead=True)


def _away(turn: Turn, note: str = "") -> Open:
    if note:
        turn.refresh_home()
    return Open(away.page(asked(turn), note), instead=True)


def _cadence(turn: Turn) -> Cadence:
    cadence = turn.store.cadences.by_id(as_id(turn.state))
    if cadence is None or not covers(cadence.audience, turn.actor):
        raise Refusal("This does not ask you any more, so there is nothing to pause.")
    return cadence
