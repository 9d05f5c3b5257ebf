"""Words for figures: dates, shares, names and first lines, always the same for the same facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from handlers.text import Line, Plain, Said, Span, joined, line
from handlers.turn import mention
from insights.digest import Period, ScaleFact
from insights.measures import Reading, Verdict, favourable_from
from storage.members import Member
from storage.questions import Question

MOST_MENTIONS = 6
MOST_NAMES = 20
VERDICTS: Mapping[Verdict, str] = {
    "higher": "Higher than before.",
    "lower": "Lower than before.",
    "no clear difference": "No clear difference.",
    "cannot tell": "Cannot tell at this size.",
}


def day(on: date) -> str:
    """A day of the calendar: "6 March 2026"."""
    return f"{on.day} {on:%B} {on.year:04}"


def days_of(period: Period) -> str:
    """A period: "2 to 8 March 2026"."""
    first, last = period.first, period.last
    if first == last:
        return day(last)
    if first.year != last.year:
        return f"{day(first)} to {day(last)}"
    start = f"{first.day}" if first.month == last.month else f"{first.day} {first:%B}"
    return f"{start} to {day(last)}"


def percent(share: float) -> str:
    """A share from 0 to 1: "67%"."""
    return f"{share * 100:.0f}%"


def first_line(words: str, most: int) -> str:
    """The first line of somebody's words that is not empty, in at most so many characters."""
    first = next((one.strip() for one in words.splitlines() if one.strip()), "")
    return first if len(first) <= most else first[: most - 1].rstrip() + "…"


def who(people: Mapping[int, Member], member_id: int) -> Span:
    """A member as a span; somebody who is here no longer is just that."""
    member = people.get(member_id)
    return mention(member) if member else Plain("somebody who has left")


def names(people: Mapping[int, Member], ids: Sequence[int]) -> Line:
    """Members by name, and how many more there are. A few can be pressed; of many, a card has room for names only."""
    if len(ids) <= MOST_MENTIONS:
        return joined([line(who(people, member_id)) for member_id in ids])
    more = len(ids) - MOST_NAMES
    return line(*all_names(people, ids[:MOST_NAMES]), f" and {more:,} more" if more > 0 else "")


def all_names(people: Mapping[int, Member], ids: Sequence[int]) -> Line:
    """All members by name, however many, in one piece."""
    return line(Said(", ".join(people[one].name for one in ids if one in people)))


def readings(fact: ScaleFact, question: Question) -> str:
    """A scale question's figures beside those of the period before, in words."""
    bound = favourable_from(question.low, question.high)
    meant = f"{bound}" if bound == question.high else f"{bound} to {question.high}"
    interval = fact.now.interval
    return (
        f"{percent(fact.now.share)} favourable ({meant}), 95% interval {percent(interval.low)} to"
        f" {percent(interval.high)}; mean {fact.now.mean:.1f} on {question.low} to {question.high}; {size(fact.now)}."
        f" {_before(fact.before)} {VERDICTS[fact.verdict]}"
    )


def size(reading: Reading) -> str:
    """What a reading rests on: "6 answers by 6 people"."""
    answers = "1 answer" if reading.answers == 1 else f"{reading.answers:,} answers"
    return f"{answers} by {'1 person' if reading.people == 1 else f'{reading.people:,} people'}"


def _before(reading: Reading) -> str:
    if not reading.answers:
        return "The period before: no answers."
    return f"The period before: {percent(reading.share)}, mean {reading.mean:.1f}, {size(reading)}."
