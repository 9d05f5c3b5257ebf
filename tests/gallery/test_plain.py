"""Plain text: what a notification says, and a time in its reader's own zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from handlers import plain
from handlers.screens import Bar, Card, Facts, Form, Para, Toggle, Words
from handlers.text import Mention, Said, When, line

AT = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)


def test_a_time_is_written_in_the_zone_given() -> None:
    assert plain.line_text(line("Due ", When(AT))) == "Due 19 Nov 2026, 23:30 UTC"
    assert plain.line_text(line(When(AT)), ZoneInfo("Europe/Paris")) == "20 Nov 2026, 00:30 CET"
    assert plain.line_text(line(When(AT, "date")), ZoneInfo("Asia/Tokyo")) == "20 Nov 2026"
    assert plain.line_text(line(When(AT, "time")), ZoneInfo("America/New_York")) == "18:30 EST"


def test_a_card_reads_from_top_to_bottom() -> None:
    card = Card(
        (
            Para(line(Mention("U1", "Bo"), " thanks you for ", Said("*everything*"), ".")),
            Words("Two\nlines", by=Mention("U1", "Bo")),
            Facts((("Answered", line("7 of 9")), ("Blocked", ()))),
            Bar("Workload", 0.5, "50%, 8 answers"),
        )
    )
    assert plain.text(card) == (
        "@Bo thanks you for *everything*.\n"
        "> Two\n> lines\n– @Bo\n"
        "Answered: 7 of 9\nBlocked: –\n"
        "Workload: 50%, 8 answers"
    )


def test_a_form_says_what_it_asks() -> None:
    form = Form(does="x", title="Pause", body=(Toggle("all", "What", "All messages", on=True, hint="For now"),))
    assert plain.text(form) == "Pause\nWhat (For now): [x] All messages\n[Send] [Cancel]"


def test_a_card_with_nothing_to_say_is_a_dash() -> None:
    assert plain.text(Card((Para(()),))) == "–"
