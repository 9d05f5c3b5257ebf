"""Which cadences somebody may arrange, and the list of them. Everything else of this feature asks here first."""

from __future__ import annotations

from datetime import date, datetime

from handlers.access import may_arrange
from handlers.arranged import audience_line, next_opening, whole
from handlers.cadences import screens
from handlers.cadences.reading import asking
from handlers.cadences.screens import Listed
from handlers.cadences.typed import Which
from handlers.feature import Refusal
from handlers.screens import Open
from handlers.turn import Turn
from storage.cadences import Cadence
from storage.civil import local_date
from storage.recurrence import Recurrence
from storage.teams import Team

NOT_YOURS = "Cadences are arranged by admins, and by managers for their own teams. Ask an admin of this workspace."
GONE = "This cadence has ended; somebody ended it just now. Please open the list again."


def may_open(turn: Turn) -> bool:
    """Whether there is anything this person may arrange."""
    return turn.actor.admin or bool(turn.store.teams.managed_by(turn.actor.id))


def teams_of(turn: Turn) -> list[Team]:
    """The teams that this person may arrange something for."""
    return turn.store.teams.all() if turn.actor.admin else turn.store.teams.managed_by(turn.actor.id)


def before(turn: Turn, which: Which) -> Cadence:
    """The cadence that is changed, or an empty new one."""
    if which.cadence_id:
        return find(turn, which.cadence_id)
    if not may_open(turn):
        raise Refusal(NOT_YOURS)
    if not asking(turn.features):
        raise Refusal("Nothing here can be put on a cadence yet.")
    return Cadence(0, "", Recurrence(today(turn)), made_by=turn.actor.id)


def find(turn: Turn, cadence_id: int) -> Cadence:
    """A cadence that this person may arrange. Raises Refusal for any other."""
    found = next((one for one in turn.store.cadences.all() if one.id == cadence_id), None)
    if found is None:
        raise Refusal(GONE)
    if not may_arrange(turn.store, turn.actor, found.audience):
        raise Refusal(NOT_YOURS)
    return found


def show(turn: Turn, *, page: int = 0, note: str = "") -> Open:
    """The list of what this person may arrange."""
    if not may_open(turn):
        raise Refusal(NOT_YOURS)
    begun = bool(turn.store.drafts.find(turn.actor.id, Which().draft))
    shown = listed(turn)
    page = page if page * screens.CADENCES_A_PAGE < len(shown) else 0
    return Open(screens.overview(shown, page=page, admin=turn.actor.admin, note=note, begun=begun), instead=True)


def coming(turn: Turn) -> list[tuple[datetime, Cadence]]:
    """The cadences that ask again, each with when it does next."""
    mine = [one for one in turn.store.cadences.all() if may_arrange(turn.store, turn.actor, one.audience)]
    found = [(next_opening(one, turn.now, turn.actor.zone), one) for one in mine if not one.paused]
    return [(at, one) for at, one in found if at]


def are_others(turn: Turn) -> bool:
    """Whether there are cadences that this person may not arrange."""
    return any(not may_arrange(turn.store, turn.actor, one.audience) for one in turn.store.cadences.all())


def listed(turn: Turn) -> list[Listed]:
    """What the list tells of each cadence."""
    asks = dict(asking(turn.features))
    return [
        Listed(
            one,
            asks.get(one.feature, "nothing any more"),
            audience_line(turn.store, one.audience),
            whole(one),
            next_opening(one, turn.now, turn.actor.zone),
        )
        for one in turn.store.cadences.all()
        if may_arrange(turn.store, turn.actor, one.audience)
    ]


def today(turn: Turn) -> date:
    """The date where this person is."""
    return local_date(turn.now, turn.actor.zone)
