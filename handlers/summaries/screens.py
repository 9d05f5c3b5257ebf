"""The summary as a card, and what people see who cannot have one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.screens import Bar, Block, Button, Buttons, Card, Facts, Heading, Para, Rule, Small, Words
from handlers.summaries.asking import EXAMPLES
from handlers.summaries.closed import names_of, one_line
from handlers.summaries.wording import days_of, first_line, names, readings, who
from handlers.text import Code, Line, Said, Span, Strong, When, count, joined, line
from handlers.turn import mention
from insights.closing import Closing
from insights.digest import BlockerFact, Digest, Period
from insights.participation import closing_days
from storage.cadences import Cadence
from storage.members import Member
from storage.questions import Question
from storage.teams import Team

MOST_BLOCKERS = 6
MOST_SCALES = 5
MOST_QUOTES = 3
MOST_TEAMS = 20
QUOTED = 160


@dataclass(frozen=True)
class Sheet:
    """Everything a summary's card shows. `blockers` and `quotes` hold only words that its reader may see: by the id
    of the blocker, and as author and words. `closed` says how each cadence closed at whose close it is sent."""

    id: int
    team: Team
    period: Period
    made_at: datetime
    stored: bool
    digest: Digest
    people: Mapping[int, Member]
    questions: Mapping[int, Question]
    blockers: Mapping[int, str]
    quotes: tuple[tuple[int, str], ...] = ()
    closed: tuple[tuple[Cadence, Closing], ...] = ()


def card(sheet: Sheet) -> Card:
    """The facts of a team's period, exceptions first, each line with what it rests on."""
    parts = (_top, _participation, _blockers, _done, _scales, _kudos, _bottom)
    return Card(tuple(block for part in parts for block in part(sheet)), "summaries.summary")


def _top(sheet: Sheet) -> Iterator[Block]:
    yield Heading(f"{sheet.team.name}, {days_of(sheet.period)}")
    made = line("Made ", When(sheet.made_at), ".")
    if sheet.stored:
        made = line(*made, " Press Refresh at the end for the facts as they stand now.")
    yield Small(made)
    if len(sheet.closed) > 1:
        yield Facts(tuple((cadence.name[:60], line(f"{one_line(how)}.")) for cadence, how in sheet.closed))


def _participation(sheet: Sheet) -> Iterator[Block]:
    took, given = sheet.digest.participation, len(sheet.digest.checkins)
    if took.asked:
        often = len(closing_days(sheet.period.first, sheet.period.last, sheet.team.closes_on)) > 1
        of = count(took.asked, "person", "people")
        said = f"Checked in{' at least once' if often else ''}: {len(took.checked_in)} of {of}"
        away = f"; away: {len(took.away)}" if took.away else ""
        yield Para(line(Strong(said), f" ({count(given, 'check-in')}{away})."))
    elif took.away:
        yield Para(line(Strong("Nobody was there to check in"), f" (away: {len(took.away)})."))
    elif took.unasked:
        yield Para(line(Strong("No check-in is due in this period.")))
    else:
        yield Para(line(Strong("Nobody is in this team in this period."), " People are put into teams in Settings."))
    rows = (
        ("Did not check in", took.missed),
        ("Not yet", took.waiting),
        ("Checked in", took.checked_in),
        ("Of these, late", took.late),
        ("Away", took.away),
        ("Nothing due", took.unasked if took.asked or took.away else ()),
        ("Checked in, left since", took.left),
    )
    yield from _facts([(label, names(sheet.people, ids)) for label, ids in rows if ids])
    yield from _opens(sheet, "checkins", given, "check-in")


def _blockers(sheet: Sheet) -> Iterator[Block]:
    facts = sheet.digest.blockers
    states = [sum(one.state == state for one in facts) for state in ("open", "acknowledged", "resolved")]
    yield Rule()
    if not facts:
        yield Para(line(Strong("Blockers: none.")))
        return
    yield Para(line(Strong(f"Blockers: {len(facts)}"), " ({} open, {} acknowledged, {} resolved).".format(*states)))
    yield from _facts([(_standing(one), _blocker(sheet, one)) for one in facts[:MOST_BLOCKERS]])
    if len(facts) > MOST_BLOCKERS:
        yield Small(line(f"The oldest {MOST_BLOCKERS} are shown; the button opens all."))
    yield from _opens(sheet, "blockers", len(facts), "blocker")


def _done(sheet: Sheet) -> Iterator[Block]:
    done, given = len(sheet.digest.done), len(sheet.digest.checkins)
    if not given:
        return
    yield Rule()
    told = line(Strong(f"What moved: told in {done} of {count(given, 'check-in')}"))
    yield Para(line(*told, ", by ", *names(sheet.people, sheet.digest.done_by), ".") if done else line(*told, "."))
    for author, said in sheet.quotes[:MOST_QUOTES]:
        member = sheet.people.get(author)
        yield Words(first_line(said, QUOTED), by=mention(member) if member else None)
    yield from _opens(sheet, "done", done, "answer")


def _scales(sheet: Sheet) -> Iterator[Block]:
    facts = [one for one in sheet.digest.scales if one.question_id in sheet.questions]
    if facts:
        yield Rule()
    for fact in facts[:MOST_SCALES]:
        question = sheet.questions[fact.question_id]
        yield Bar(first_line(question.words, QUOTED // 2), fact.now.share, readings(fact, question))
        yield from _opens(sheet, f"scale-{question.id}", fact.now.answers, "answer")
    if len(facts) > MOST_SCALES:
        yield Small(line(f"{count(len(facts) - MOST_SCALES, 'more scale question')} can be read in the check-ins."))


def _kudos(sheet: Sheet) -> Iterator[Block]:
    fact = sheet.digest.kudos
    if not fact.of:
        return
    yield Rule()
    reached = f"Kudos: {fact.members} of {count(fact.of, 'person', 'people')}"
    yield Para(line(Strong(reached), f" gave or received some ({len(fact.ids):,} kudos)."))
    yield from _opens(sheet, "kudos", len(fact.ids), "kudos", "kudos")


def _bottom(sheet: Sheet) -> Iterator[Block]:
    yield Rule()
    cadences = [cadence for cadence, _ in sheet.closed]
    asked = line("because you manage this team and asked for it.")
    closed = line(
        "because you manage this team, and ", *names_of(cadences), f" {'has' if len(cadences) == 1 else 'have'} closed."
    )
    sizes = " A change is named only where its 95% interval leaves out no change, and from 3 people on."
    yield Small(line("Only you see this, ", *(closed if sheet.closed else asked), sizes))
    buttons = [Button("Refresh", "summaries.refresh", str(sheet.id), describes="Make this summary again now")]
    if sheet.closed:
        buttons.append(Button("Do not send me this", "summaries.mute", str(sheet.team.id)))
    yield Buttons(tuple(buttons))


def _standing(fact: BlockerFact) -> str:
    return f"{count(fact.days, 'day')}, {fact.state}"


def _blocker(sheet: Sheet, fact: BlockerFact) -> Line:
    words = sheet.blockers.get(fact.id)
    shown: Span | str = Said(first_line(words, QUOTED // 2)) if words else "taken back since"
    return line(who(sheet.people, fact.owner_id), ": ", shown)


def _facts(rows: list[tuple[str, Line]]) -> Iterator[Block]:
    if rows:
        yield Facts(tuple(rows))


def _opens(sheet: Sheet, key: str, number: int, one: str, many: str | None = None) -> Iterator[Block]:
    if number:
        label = f"Open {count(number, one, many)}"
        yield Buttons((Button(label, "summaries.open", f"{sheet.id} {key}", opens=True),))


# -- after a close ---------------------------------------------------------------------------------------------------


def muted(team: Team) -> Card:
    """After a manager chose not to be sent summaries."""
    ask = line("You can ask for one at any time: ", Code("/team-summary"), ".")
    return Card(
        (
            Para(line("Summaries of ", Said(team.name), " are not sent to you after a close any more. ", *ask)),
            Buttons((Button("Send them again", "summaries.send", str(team.id)),)),
        )
    )


def sending(team: Team) -> Card:
    """After a manager chose to be sent summaries again."""
    return Card(
        (
            Para(line("A summary of ", Said(team.name), " is sent to you whenever its check-in has closed.")),
            Buttons((Button("Do not send me this", "summaries.mute", str(team.id)),)),
        )
    )


# -- without a summary -----------------------------------------------------------------------------------------------


def which_team(teams: Sequence[Team], period: Period) -> Card:
    """The choice between the teams that somebody manages."""
    span = f"{period.first} {period.last}"
    buttons = tuple(Button(team.name, "summaries.show", f"{team.id} {span}") for team in teams[:MOST_TEAMS])
    more = line("For another of your teams, type its name: ", Code("/team-summary Platform"))
    return Card(
        (
            Para(line(f"You manage {count(len(teams), 'team')}. Which one, for {days_of(period)}?")),
            Buttons(buttons),
            *((Small(more),) if len(teams) > MOST_TEAMS else ()),
        )
    )


def nobody_managed(team: Team | None, manager: Member | None) -> Card:
    """For somebody who manages no team: what they can have instead."""
    if team and manager:
        whom = line("Summaries of your team, ", Said(team.name), ", go to ", mention(manager), ".")
    elif team:
        whom = line("Your team, ", Said(team.name), ", has no manager yet; an admin can name one in Settings.")
    else:
        whom = line("You are in no team yet; an admin can put you into one in Settings.")
    return Card(
        (
            Para(line("Team summaries are for the managers of teams, and you manage none at present.")),
            Para(whom),
            Small(line("Your own check-ins and kudos are in the Home tab of Soundings, for you to read at any time.")),
        )
    )


def unknown(name: str, managed: Sequence[Team]) -> Card:
    """For words that are neither a team nor a period."""
    teams = line("Your teams: ", *joined([line(Said(team.name)) for team in managed[:MOST_TEAMS]]), ".")
    return Card(
        (
            Para(line("There is no team called “", Said(first_line(name, QUOTED)), "”, and it is no period either.")),
            *((Para(teams),) if managed else ()),
            Small(line("You can type: ", *joined([line(Code(one)) for one in EXAMPLES], "; "))),
        )
    )
