"""An example of every screen, for the gallery: those of each feature, and those of the vocabulary itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from handlers.feature import Feature
from handlers.screens import (
    Bar,
    Block,
    Button,
    Buttons,
    Card,
    ChannelInput,
    ChoiceInput,
    Choose,
    Confirm,
    DateInput,
    Facts,
    FileInput,
    Form,
    Heading,
    Home,
    Input,
    NumberInput,
    Option,
    Para,
    PeopleInput,
    Rule,
    ScaleInput,
    Screen,
    Small,
    TextInput,
    Toggle,
    Words,
)
from handlers.text import ChannelMention, Code, Em, Link, Mention, Said, Strong, When, line

ANA = Mention("U0ANA", "Ana Alves")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def gallery(features: Iterable[Feature]) -> dict[str, Screen]:
    """Every example by name: the vocabulary's own, then each feature's as `feature.screen`."""
    screens = vocabulary()
    for feature in features:
        examples = feature.examples() if feature.examples else {}
        screens.update({f"{feature.name}.{name}": screen for name, screen in examples.items()})
    return screens


def vocabulary() -> dict[str, Screen]:
    """Screens that show every block, every span and every input once."""
    return {
        "vocabulary.card": Card(_blocks()),
        "vocabulary.form": Form(
            does="vocabulary.send",
            title="Everything to fill in",
            body=(Para(line("Nothing here is kept.")), *_inputs()),
            state="7",
            keeps=True,
        ),
        "vocabulary.notice": Form(
            does="vocabulary.notice", title="Only to read", body=_blocks(), submit="", close="Close"
        ),
        "vocabulary.home": Home(_blocks()),
    }


def _blocks() -> tuple[Block, ...]:
    return (
        Heading("Platform team"),
        Para(
            line(
                "Spans: plain, ",
                Strong("strong"),
                ", ",
                Em("set apart"),
                ", ",
                Code("/team-summary"),
                ", ",
                ANA,
                ", ",
                ChannelMention("C0GENERAL"),
                ", ",
                When(datetime(2026, 11, 19, 10, 0, tzinfo=UTC)),
                ", ",
                Link("https://example.com/guide", "the guide"),
                " and somebody's words: ",
                Said("*not bold* <!channel>"),
                ".",
            )
        ),
        Words("The release went well.\nThanks to everyone.", by=ANA),
        Facts(
            (
                ("Answered", line("7 of 9")),
                ("Last answer", line(When(datetime(2026, 11, 19, 16, 30, tzinfo=UTC), "time"))),
            )
        ),
        Bar("Workload", 0.62, "62% favourable, 8 answers"),
        Rule(),
        Buttons(
            (
                Button("Check in", "vocabulary.answer", state="7", opens=True, style="primary"),
                Button("Not today", "vocabulary.skip", state="7", describes="Skip the check-in of today"),
                Button(
                    "Stop",
                    "vocabulary.stop",
                    style="danger",
                    confirm=Confirm("Stop these?", "You will not be asked again.", "Stop"),
                ),
            )
        ),
        Choose(
            "On which day?",
            "vocabulary.answer",
            tuple(Option(f"7 {day.lower()}", day) for day in WEEKDAYS),
            "7 friday",
        ),
        Small(line("You see this because you are in this team.")),
        Small(line("Asked by ", ANA, ".")),
    )


def _inputs() -> tuple[Input, ...]:
    days = tuple(Option(day.lower(), day) for day in WEEKDAYS)
    hours = tuple(Option(str(hour), f"{hour:02}:00") for hour in range(24))
    return (
        TextInput("line", "A line", placeholder="Such as a title"),
        TextInput("words", "Several lines", value="As typed before.", long=True, required=False, most=500),
        NumberInput("number", "A number", value="2.5", hint="With a point or a comma"),
        ChoiceInput("one", "One of a few", days, value=("monday",)),
        ChoiceInput("some", "Some of a few", days, value=("monday", "friday"), many=True, required=False),
        ChoiceInput("hour", "One of many", hours, value=("9",)),
        ChoiceInput("hours", "Some of many", hours, many=True),
        ScaleInput("scale", "A scale", low_words="Not at all", high_words="Very much", value="4"),
        ScaleInput("score", "A long scale", low=0, high=10, low_words="Unlikely", high_words="Very likely"),
        PeopleInput("person", "Somebody", value=(ANA.key,)),
        PeopleInput("people", "Several people", many=True, required=False),
        ChannelInput("channel", "A channel", value="C0GENERAL"),
        DateInput("day", "A day", value=date(2026, 11, 19)),
        FileInput("file", "A file", ("ics", "txt"), required=False, hint="Up to 2 MB"),
        Toggle("anonymous", "Who sees it", "Leave my name out", on=True),
    )
