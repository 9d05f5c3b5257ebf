"""What people see of kudos: the form, the posts, and what they gave and received."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from handlers.kudos import kudos
from handlers.paging import turning
from handlers.reading import MOST_WORDS
from handlers.screens import (
    Block,
    Button,
    Buttons,
    Card,
    ChoiceInput,
    Confirm,
    Form,
    Heading,
    Home,
    Input,
    Option,
    Para,
    PeopleInput,
    Rule,
    Screen,
    Small,
    TextInput,
    Words,
)
from handlers.starts import ABOUT_ME
from handlers.text import ChannelMention, Line, Mention, Said, Strong, When, count, joined, line
from storage.kudos import CompanyValue

A_FEW = 3
PUBLIC, PRIVATE = "public", "private"
TAKE_BACK = Confirm(
    "Take it back?",
    "The post and the messages will say that it was taken back. This cannot be undone.",
    "Take it back",
    "Keep it",
)
WHY_POSTED = Small(line("Public kudos are posted here. To thank somebody, type /kudos; you can also do it privately."))


@dataclass(frozen=True)
class Shown:
    """A thank-you with everything that is shown of it."""

    id: int
    giver: Mention
    to: tuple[Mention, ...]
    words: str
    public: bool
    given_at: datetime
    value: str = ""


@dataclass(frozen=True)
class Typed:
    """What the form holds: keys of members, words, a value's id.

    `draft` is the key of whose message this is about, if any: each has a draft of its own.
    """

    to: tuple[str, ...] = ()
    words: str = ""
    value: str = ""
    public: bool = True
    problems: tuple[str, ...] = ()
    quoted: str = ""
    draft: str = ""


def give_form(typed: Typed, values: Sequence[CompanyValue], *, least: int, channel: str) -> Form:
    """Whom to thank, and for what."""
    body: list[Block | Input] = [Para(line(Strong(problem))) for problem in typed.problems]
    if rest := typed.words[MOST_WORDS:]:
        body += [Small(line("This part did not fit below; you can copy it from here:")), Words(rest)]
    if typed.quoted:
        body += [Small(line("For this message:")), Words(typed.quoted)]
    body += [
        PeopleInput("to", "Who helped?", typed.to, many=True),
        TextInput(
            "words",
            "What did they do, and what did it change?",
            typed.words[:MOST_WORDS],
            long=True,
            hint=f"At least {count(least, 'character')}. Something specific lands best.",
        ),
    ]
    if values:
        body.append(
            ChoiceInput(
                "value",
                "Which of our values does it show?",
                tuple(Option(str(one.id), one.name, one.says[:75]) for one in values),
                (typed.value,) if typed.value else (),
                required=False,
            )
        )
    body.append(
        ChoiceInput(
            "public",
            "Who sees it?",
            (
                Option(
                    PUBLIC, "Everybody", "Posted in the kudos channel, and told to them" if channel else "Told to them"
                ),
                Option(PRIVATE, "Only the two sides", "Told to them and to nobody else"),
            ),
            (PUBLIC if typed.public else PRIVATE,),
        )
    )
    return Form("kudos.give", "Give kudos", tuple(body), submit="Send", state=typed.draft, keeps=True)


def posted(shown: Shown) -> Card:
    """What the kudos channel sees."""
    return Card((Para(thanks(shown)), Words(shown.words), *_value(shown), WHY_POSTED), "kudos.posted")


def received(shown: Shown) -> Card:
    """What somebody who is thanked gets."""
    others = len(shown.to) - 1
    with_others = f", with {count(others, 'colleague')}" if others else ""
    return Card(
        (
            Para(line(shown.giver, f" thanked you{with_others}.")),
            Words(shown.words),
            *_value(shown),
            Small(
                line(
                    "You get this because somebody thanked you"
                    + (". " if shown.public else "; it was given privately. ")
                    + "You can stop these messages under About me and my data."
                )
            ),
            Buttons((Button("Thank somebody", "kudos.start", opens=True), ABOUT_ME)),
        ),
        "kudos.received",
    )


def taken_back(shown: Shown) -> Card:
    """What stands in the place of a thank-you that was taken back."""
    return Card((Small(line("A thank-you stood here. ", shown.giver, " took it back.")),), "kudos.taken_back")


def given(shown: Shown, channel: str) -> Card:
    """What its giver is told."""
    if not shown.public:
        where = line("Only you and they can see it.")
    elif channel:
        where = line("It is posted in ", ChannelMention(channel), ".")
    else:
        where = line("No kudos channel is set yet, so it is not posted. An admin can choose one in the settings.")
    return Card(
        (
            Para((*line("Sent to "), *_people(shown.to), *line(". "), *where)),
            Words(shown.words),
            Buttons((Button("Take it back", "kudos.take_back", str(shown.id), style="danger", confirm=TAKE_BACK),)),
        ),
        "kudos.given",
    )


def home_blocks(given: Sequence[Shown], received: Sequence[Shown]) -> list[Block]:
    """Kudos on somebody's home: what they received and gave lately."""
    blocks: list[Block] = [Rule(), Heading("Kudos"), Buttons((Button("Give kudos", "kudos.start", opens=True),))]
    for title, shown, more in (("Received", received, "received"), ("Given", given, "given")):
        if not shown:
            continue
        blocks.append(Para(line(Strong(title))))
        for one in shown[:A_FEW]:
            blocks += [Para(_dated(one)), Words(one.words)]
        # What was given is always listed, for that is where it can be taken back.
        if len(shown) > A_FEW or more == "given":
            blocks.append(Buttons((Button(f"All I have {more}", "kudos.list", more, opens=True),)))
    if not given and not received:
        blocks.append(Small(line("Kudos you give or receive stand here, for you alone. Nothing is ranked.")))
    return blocks


def list_form(which: str, shown: Sequence[Shown], *, page: int = 0, more: bool = False) -> Form:
    """A page of what somebody gave or received, newest first; `more` says whether older ones follow."""
    body: list[Block] = []
    for one in shown:
        body += [Para(_dated(one)), Words(one.words)]
        if which == "given":
            body.append(
                Buttons((Button("Take it back", "kudos.take_back", str(one.id), style="danger", confirm=TAKE_BACK),))
            )
    body += turning("kudos.list", page, more=more, labels=("Newer", "Older"), of=which)
    return Form(
        "kudos.shown",
        f"Kudos I have {which}",
        tuple(body or [Para(line("There are none yet."))]),
        submit="",
        close="Close",
    )


def one_form(shown: Shown, taken_back_at: datetime | None) -> Form:
    """A single thank-you."""
    body: list[Block] = [Para(thanks(shown)), Words(shown.words), *_value(shown)]
    body.append(Small(line("Given ", When(shown.given_at, "date"), ".")))
    if taken_back_at:
        body.append(Small(line("Taken back ", When(taken_back_at, "date"), ".")))
    return Form("kudos.shown", "Kudos", tuple(body), submit="", close="Close")


def thanks(shown: Shown) -> Line:
    """Who thanked whom."""
    return (*line(shown.giver, " thanked "), *_people(shown.to), *line("."))


def _dated(shown: Shown) -> Line:
    private = "" if shown.public else " · private"
    value = (f" · {shown.value}",) if shown.value else ()
    return (*thanks(shown)[:-1], *line(" · ", When(shown.given_at, "date"), private, *(Said(one) for one in value)))


def _people(people: Sequence[Mention]) -> Line:
    if len(people) < 2:
        return tuple(people)
    return (*joined([line(one) for one in people[:-1]]), *line(" and ", people[-1]))


def _value(shown: Shown) -> tuple[Block, ...]:
    return (Small(line("Shows: ", Said(shown.value))),) if shown.value else ()


@kudos.gallery
def examples() -> dict[str, Screen]:
    """Every screen of this feature, with an example."""
    ana, bo, cy = Mention("U1", "Ana"), Mention("U2", "Bo"), Mention("U3", "Cy")
    at = datetime(2026, 3, 5, 10, tzinfo=UTC)
    shown = Shown(7, ana, (bo, cy), "Stayed late to fix the build; we shipped on time.", True, at, "Say it early")
    values = [CompanyValue(1, "Say it early", "Bad news travels first"), CompanyValue(2, "Built to last")]
    typed = Typed(("U2",), "thanks", problems=("Please write at least 15 characters.",), quoted="The build is fixed.")
    return {
        "give": give_form(Typed(), values, least=15, channel="C1"),
        "give, too much": give_form(replace(typed, words="word " * 700), values, least=15, channel="C1"),
        "give, with a problem": give_form(typed, [], least=15, channel=""),
        "posted": posted(shown),
        "received": received(shown),
        "given": given(shown, "C1"),
        "given, without a channel": given(shown, ""),
        "taken back": taken_back(shown),
        "list": list_form("given", [shown], page=1, more=True),
        "empty list": list_form("received", []),
        "home": Home(tuple(home_blocks([shown], [shown] * 4))),
        "home of a newcomer": Home(tuple(home_blocks([], []))),
        "one": one_form(shown, at),
    }
