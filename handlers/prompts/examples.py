"""An example of every screen around prompts, for the gallery."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from handlers.prompts import screens
from handlers.prompts.screens import Asked
from handlers.screens import Card, Home, Para, Screen
from handlers.text import Mention, line
from storage.cadences import Cadence
from storage.prompts import Prompt
from storage.recurrence import Recurrence

NOW = datetime(2026, 3, 5, 10, tzinfo=UTC)
CLOSES = NOW + timedelta(days=1, hours=8)
THURSDAY, FRIDAY = date(2026, 3, 5), date(2026, 3, 6)


def examples() -> dict[str, Screen]:
    """Every screen around prompts, by name."""
    cadence = Cadence(3, "Weekly check-in", Recurrence(THURSDAY))
    prompt = Prompt(7, 3, 1, THURSDAY, FRIDAY, "UTC", NOW, CLOSES, "sent")
    asked = Asked(prompt, cadence, NOW + timedelta(hours=1), NOW + timedelta(days=1))
    late = replace(asked, in_an_hour=None, tomorrow=None)
    put_off = replace(asked, prompt=replace(prompt, id=8, state="put_off"), cadence=replace(cadence, name="Pulse"))
    too_late = replace(put_off, prompt=replace(put_off.prompt, id=10, why="hours"))
    shared = replace(put_off, prompt=replace(put_off.prompt, id=11, why="same"))
    slept = replace(asked, prompt=replace(prompt, id=9, snoozed_until=NOW + timedelta(hours=1)))
    why = screens.why_it_came(cadence, Mention("U0MO", "Mo Moss"), "Ops")
    what = Para(line("How was your week?"))
    return {
        "asked": Card((what, *screens.around(asked, why, reminder=False), *screens.waiting_too([put_off], 4))),
        "asked for two": Card((what, *screens.around(asked, why, ["Everybody's weekly"], reminder=False))),
        "reminder": Card((what, *screens.around(late, screens.why_it_came(cadence, None, ""), reminder=True))),
        "snoozed": screens.snoozed(asked, NOW + timedelta(hours=1)),
        "cannot wait": screens.cannot_wait(replace(asked, tomorrow=None), "until your next working day"),
        "skipped": screens.skipped(asked, THURSDAY + timedelta(days=7)),
        "skipped two": screens.skipped(asked, None, ["Everybody's weekly"]),
        "skipped for good": screens.skipped(asked, None),
        "pause": screens.pause_form(cadence, FRIDAY),
        "paused": screens.paused(cadence, FRIDAY),
        "paused for good": screens.paused(cadence, None),
        "resumed": screens.resumed(cadence, [asked]),
        "answered": screens.answered(replace(asked, prompt=replace(prompt, state="answered", answered_at=NOW))),
        "closed": screens.closed(asked),
        "left out": screens.left_out(asked),
        "nothing left": screens.nothing_left(asked),
        "home": Home(
            (
                *screens.home_blocks([asked, put_off, too_late, shared], NOW, 4),
                *screens.home_blocks([slept], NOW, 4),
                *screens.paused_blocks([(cadence, FRIDAY), (cadence, None)]),
            )
        ),
    }
