"""What changes when somebody gives kudos or takes them back."""

from __future__ import annotations

from handlers.kudos import screens
from handlers.kudos.reading import Given
from handlers.kudos.screens import Shown
from handlers.turn import Turn, mention
from storage.kudos import Kudos


def give(turn: Turn, given: Given) -> Shown:
    """Write a thank-you down, post it if it is public, and tell those it thanks. The same form twice gives it once."""
    kudos, new = turn.store.kudos.give(
        turn.actor.id,
        (one.id for one in given.to),
        given.words,
        value_id=given.value_id,
        public=given.public,
        source=turn.interaction.id,
    )
    shown = show(turn, [kudos])[0]
    if new:
        if kudos.public and turn.settings.kudos_channel:
            turn.post(turn.settings.kudos_channel, screens.posted(shown), key=_post(kudos))
        for member in given.to:
            if member.told_of_kudos:
                turn.send(member, screens.received(shown), key=_told(kudos, member.id))
        turn.refresh_home(turn.actor, *given.to)
    return shown


def take_back(turn: Turn, kudos: Kudos) -> Shown:
    """Reverse a thank-you; what was posted and told of it says so from then on."""
    shown = show(turn, [kudos])[0]
    if turn.store.kudos.take_back(kudos.id):
        back = screens.taken_back(shown)
        # The channel for kudos may be another one by now; what was posted is where it was posted.
        if post := turn.store.deliveries.find(_post(kudos)):
            turn.post(post.to_key, back, key=f"{post.key} back", replaces=post.key)
        to = turn.store.members.by_ids(kudos.to).values()
        for member in to:
            key = _told(kudos, member.id)
            if turn.store.deliveries.was_queued(key):
                turn.send(member, back, key=f"{key} back", replaces=key)
        turn.refresh_home(turn.actor, *to)
    return shown


def show(turn: Turn, found: list[Kudos]) -> list[Shown]:
    """Thank-yous with the names and values that are shown of them."""
    members = turn.store.members.by_ids({one.giver_id for one in found} | {to for one in found for to in one.to})
    shows = {one.value_id for one in found if one.value_id}
    names = {value.id: value.name for one in shows if (value := turn.store.kudos.company_value(one))}
    return [
        Shown(
            one.id,
            mention(members[one.giver_id]),
            tuple(mention(members[to]) for to in one.to if to in members),
            one.words,
            one.public,
            one.given_at,
            names.get(one.value_id or 0, ""),
        )
        for one in found
    ]


def _post(kudos: Kudos) -> str:
    return f"kudos {kudos.id}"


def _told(kudos: Kudos, member_id: int) -> str:
    return f"kudos {kudos.id} to {member_id}"
