"""What the dry run is drawn from: the planner's foresight, and what becomes different for whom."""

from __future__ import annotations

from collections.abc import Iterable, Set
from datetime import timedelta

from handlers.arranged import audience_line, named_singly, whole
from handlers.cadences.ahead import DAYS_AHEAD, MOST_NAMED, Ahead
from handlers.cadences.reading import asking
from handlers.text import Line, count, joined, line
from handlers.turn import Turn, mention
from insights.closing import FEWEST
from storage.cadences import Cadence
from storage.civil import local_date
from storage.places import PLACES
from storage.planning import Foreseen


def ahead(turn: Turn, cadence: Cadence, before: Cadence | None = None) -> Ahead:
    """What a cadence would do in the next days; `before` is how it stands, where it is to be changed."""
    store = turn.store
    today = local_date(turn.now, turn.actor.zone)
    foreseen = store.planning.preview(cadence, today, today + timedelta(days=DAYS_AHEAD - 1))
    known = cadence.holidays in ("", "own") or cadence.holidays in store.absences.places_in_use()
    return Ahead(
        cadence,
        dict(asking(turn.features)).get(cadence.feature, "nothing any more"),
        audience_line(store, cadence.audience),
        len(store.planning.whom(cadence.audience)),
        foreseen,
        {one.id: mention(one) for one in store.members.by_ids(_few(foreseen)).values()},
        rate=turn.bounds.rate(store.lanes.state().rate),
        changes=tuple(_changes(turn, before, cadence)) if before else (),
        new_place="" if known else PLACES.get(cadence.holidays, cadence.holidays),
        first_day=cadence.recurrence.next_from(today),
        told=_told(turn, cadence),
        budget=turn.settings.budget,
    )


def _told(turn: Turn, cadence: Cadence) -> Line:
    """Who is told how it went when it has closed."""
    store, audience = turn.store, cadence.audience
    found: list[Line] = []
    if audience.everybody or audience.teams:
        found.append(line("each team's manager is sent a summary"))
    if named_singly(store, audience):
        maker = store.members.by_id(cadence.made_by) if cadence.made_by else None
        if maker:
            who = line(
                "you are" if maker.id == turn.actor.id else mention(maker), "" if maker.id == turn.actor.id else " is"
            )
            others = f" (of people in other teams, if at least {FEWEST} were asked)"
            found.append(line(*who, f" told how many of the people named one by one answered{others}"))
        found.append(line("the managers of their teams are told who did"))
    return line("When it has closed, ", *joined(found, "; "), ".") if found and cadence.feature == "checkins" else ()


def _few(foreseen: Iterable[Foreseen]) -> set[int]:
    """Those who may be named."""
    return {one for row in foreseen if row.count <= MOST_NAMED for one in row.members}


def _changes(turn: Turn, before: Cadence, after: Cadence) -> list[Line]:
    found: list[Line] = []
    if whole(before) != whole(after):
        found.append(line(f"Until now: {whole(before)}. From now on: {whole(after)}."))
    was, becomes = turn.store.planning.whom(before.audience), turn.store.planning.whom(after.audience)
    for words, different in (("Asked as well", becomes - was), ("Asked no longer", was - becomes)):
        if different:
            named = _named(turn, different)
            found.append((*line(f"{words}: {count(len(different), 'person', 'people')}"), *named))
    found.append(
        line(
            "Whoever was asked already can answer until the close they were told, or until the next one opens, "
            "if that is sooner now. "
            "Nobody is asked twice for the same date."
        )
    )
    return found


def _named(turn: Turn, ids: Set[int]) -> Line:
    if len(ids) > MOST_NAMED:
        return line(".")
    people = turn.store.members.by_ids(ids)
    return (*line(" ("), *joined([line(mention(people[one])) for one in sorted(ids)]), *line(")."))
