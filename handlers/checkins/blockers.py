"""Blockers: what is in people's way, shown as items and moved from open to acknowledged to resolved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from handlers import access
from handlers.feature import Answer, Refusal
from handlers.reading import as_id
from handlers.screens import Block, Button, Buttons, Card, Heading, Para, Replace, Say, Small, Words
from handlers.text import Mention, count, line
from handlers.turn import Turn, mention
from storage.blockers import Blocker

AT_HOME = 5
IN_A_CARD = 8
STATES = {"open": "Open", "acknowledged": "Acknowledged", "resolved": "Resolved"}


# -- what happens when -----------------------------------------------------------------------------------------------


def show(turn: Turn) -> Answer:
    """The blockers of one check-in, privately, as they stand now."""
    raised = turn.store.blockers.of_checkin(as_id(turn.state))
    visible = [one for one in raised if access.may_see_blocker(turn.store, turn.actor, one)]
    if raised and not visible:
        raise Refusal("These blockers are not shared with you.")
    return Say(_card(turn, visible))


def acknowledge(turn: Turn) -> Answer:
    """The actor takes care of a blocker from here on."""
    blocker = _changeable(turn)
    if blocker.state != "resolved" and (blocker.state, blocker.owner_id) != ("acknowledged", turn.actor.id):
        turn.store.blockers.acknowledge(blocker.id, turn.actor.id)
        _tell_raiser(turn, blocker, "acknowledged", "and takes care of it from here on")
    return _changed(turn, blocker)


def resolve(turn: Turn) -> Answer:
    """A blocker is out of the way."""
    blocker = _changeable(turn)
    if blocker.state != "resolved":
        turn.store.blockers.resolve(blocker.id)
        _tell_raiser(turn, blocker, "resolved", "so it counts as out of your way")
    return _changed(turn, blocker)


def reopen(turn: Turn) -> Answer:
    """A blocker is in the way after all."""
    blocker = _changeable(turn)
    turn.store.blockers.reopen(blocker.id)
    return _changed(turn, blocker)


def _changeable(turn: Turn) -> Blocker:
    blocker = turn.store.blockers.by_id(as_id(turn.state))
    if blocker is None:
        raise Refusal("This blocker is no longer here: it was taken out of the check-in that raised it.")
    if not access.may_change_blocker(turn.store, turn.actor, blocker):
        raise Refusal("Only whoever raised a blocker, its owner and the manager of the team can change it.")
    return blocker


def _tell_raiser(turn: Turn, blocker: Blocker, what: str, so: str) -> None:
    """Tell whoever raised a blocker what somebody else did about it: once for each thing done, however often."""
    raiser = turn.store.members.by_id(blocker.member_id)
    if raiser is None or raiser.id == turn.actor.id or not raiser.active:
        return
    turn.send(raiser, told(blocker, mention(turn.actor), what, so), key=f"blocker {blocker.id} {what}")


def _changed(turn: Turn, blocker: Blocker) -> Answer:
    turn.refresh_home(*turn.store.members.by_ids({turn.actor.id, blocker.member_id, blocker.owner_id}).values())
    raised = turn.store.blockers.of_checkin(blocker.checkin_id)
    return Replace(_card(turn, [one for one in raised if access.may_see_blocker(turn.store, turn.actor, one)]))


def _card(turn: Turn, blockers: Sequence[Blocker]) -> Card:
    mine = {one.id for one in blockers if access.may_change_blocker(turn.store, turn.actor, one)}
    return blockers_card(blockers, _people(turn, blockers), turn.now, mine)


def _people(turn: Turn, blockers: Sequence[Blocker]) -> dict[int, Mention]:
    ids = {one.member_id for one in blockers} | {one.owner_id for one in blockers}
    return {key: mention(member) for key, member in turn.store.members.by_ids(ids).items()}


# -- what is seen ----------------------------------------------------------------------------------------------------


def blockers_card(
    blockers: Sequence[Blocker], people: Mapping[int, Mention], now: datetime, changeable: set[int]
) -> Card:
    """Blockers with their state, owner and age; with buttons where the reader may change them."""
    if not blockers:
        return Card((Para(line("Nothing stands in the way here any more.")),))
    # A stable sort: what is out of the way comes last, all else in its own order.
    ordered = sorted(blockers, key=lambda one: one.state == "resolved")
    body = [block for one in ordered[:IN_A_CARD] for block in _item(one, people, now, buttons=one.id in changeable)]
    return Card((Heading("In the way"), *body, *_rest(ordered, IN_A_CARD)))


def home_blocks(turn: Turn) -> list[Block]:
    """What is in the member's way, or in their care, on their home."""
    mine = turn.store.blockers.of_member(turn.actor.id)
    if not mine:
        return []
    people = _people(turn, mine)
    body: list[Block] = [Heading("In the way")]
    for one in mine[:AT_HOME]:
        body += _item(one, people, turn.now, buttons=access.may_change_blocker(turn.store, turn.actor, one))
    return [*body, *_rest(mine, AT_HOME)]


def _rest(blockers: Sequence[Blocker], shown: int) -> list[Block]:
    more = len(blockers) - shown
    return [Small(line(f"And {more:,} more, which come up here as these are resolved."))] if more > 0 else []


def told(blocker: Blocker, by: Mention, what: str, so: str) -> Card:
    """What whoever raised a blocker hears when somebody else moved it."""
    label, does = ("Reopen", "blockers.reopen") if what == "resolved" else ("Resolve", "blockers.resolve")
    return Card(
        (
            Para(line(by, f" has {what} what you said is in your way, {so}.")),
            Words(blocker.words),
            Buttons((Button(label, does, str(blocker.id)),)),
            Small(line("You are told because you raised this in your check-in. Each step is told once, to you only.")),
        )
    )


def _item(blocker: Blocker, people: Mapping[int, Mention], now: datetime, *, buttons: bool) -> list[Block]:
    about = [f"{STATES[blocker.state]}, {count(blocker.days(now), 'day')} old"]
    raiser, owner = people.get(blocker.member_id), people.get(blocker.owner_id)
    parts = line(*about, *((", with ", owner) if owner else ()))
    if raiser and raiser != owner:
        parts = line(*parts, ", raised by ", raiser)
    body: list[Block] = [Words(blocker.words), Small(parts)]
    return [*body, Buttons(_buttons(blocker))] if buttons else body


def _buttons(blocker: Blocker) -> tuple[Button, ...]:
    key = str(blocker.id)
    acknowledge = Button("Acknowledge", "blockers.acknowledge", key, describes="Take care of this blocker")
    resolve = Button("Resolve", "blockers.resolve", key, describes="Mark this blocker as out of the way")
    reopen = Button("Reopen", "blockers.reopen", key, describes="Mark this blocker as in the way again")
    return {"open": (acknowledge, resolve), "acknowledged": (resolve, reopen), "resolved": (reopen,)}[blocker.state]
