"""What happens when, in kudos."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from handlers.access import may_see_kudos, may_take_back_kudos
from handlers.feature import Answer, Refusal
from handlers.kudos import changes, kudos, screens
from handlers.kudos.reading import Given, check, read_command, read_given
from handlers.kudos.screens import Typed
from handlers.screens import Block, Form, Invalid, Open, Replace, Say
from handlers.turn import Turn
from storage.kudos import Kudos

DRAFT = "kudos.give"
FIELDS = ("to", "words", "value", "public")
MANY = 50


@kudos.command("kudos", help="Thank somebody for something they did", usage="@name for what they did")
def give_by_command(turn: Turn) -> Answer:
    """Give at once what is complete; otherwise open the form with what was typed."""
    if not turn.interaction.text:
        return Open(_form(turn, _draft(turn)))
    given = read_command(turn)
    check(turn, given)
    if given.errors:
        return Open(_form(turn, replace(given.typed, problems=tuple(given.errors.values()))))
    return Say(screens.given(changes.give(turn, given), turn.settings.kudos_channel))


@kudos.press("kudos.start")
@kudos.shortcut("kudos.start")
def start(turn: Turn) -> Answer:
    """Open the form, with the draft if there is one."""
    return Open(_form(turn, _draft(turn)))


@kudos.shortcut("kudos.for_message")
def for_message(turn: Turn) -> Answer:
    """Thank the author of a message."""
    about = turn.interaction.about
    if about is None or not about.author:
        raise Refusal("This message has no author who could be thanked. Give kudos with /kudos instead.")
    author = turn.store.members.by_key(about.author)
    if author and author.kind == "bot":
        raise Refusal("A bot wrote this, and bots cannot be thanked. Give kudos to a person with /kudos.")
    return Open(_form(turn, replace(_draft(turn), to=(about.author,), quoted=about.said[:500])))


@kudos.submit("kudos.give", reads=read_given)
def give(turn: Turn, given: Given) -> Answer:
    """Give what the form holds, or say beside each field what will not do."""
    check(turn, given)
    if given.errors:
        _keep_draft(turn)
        return Invalid(_form(turn, given.typed), given.errors)
    shown = changes.give(turn, given)
    turn.store.drafts.drop(turn.actor.id, DRAFT)
    return Say(screens.given(shown, turn.settings.kudos_channel))


@kudos.closed("kudos.give")
def closed(turn: Turn) -> Answer:
    """Keep what was typed."""
    _keep_draft(turn)
    return None


@kudos.press("kudos.take_back")
def take_back(turn: Turn) -> Answer:
    """Reverse a thank-you of one's own."""
    found = _find(turn)
    if not may_take_back_kudos(turn.store, turn.actor, found):
        raise Refusal("Only the person who gave these kudos can take them back.")
    return Replace(screens.taken_back(changes.take_back(turn, found)))


@kudos.press("kudos.open")
def open_one(turn: Turn) -> Answer:
    """Show a single thank-you."""
    found = _find(turn)
    if not may_see_kudos(turn.store, turn.actor, found):
        raise Refusal("These kudos were given privately; only the two sides can see them.")
    return Open(screens.one_form(changes.show(turn, [found])[0], found.taken_back_at))


@kudos.press("kudos.list")
def open_list(turn: Turn) -> Answer:
    """Everything somebody gave, or received, up to fifty."""
    which = "given" if turn.state == "given" else "received"
    found = turn.store.kudos.given_by if which == "given" else turn.store.kudos.received_by
    return Open(screens.list_form(which, changes.show(turn, found(turn.actor.id, MANY))))


@kudos.on_home
def on_home(turn: Turn) -> Iterable[Block]:
    """What somebody gave and received lately."""
    most = screens.A_FEW + 1
    return screens.home_blocks(
        given=changes.show(turn, turn.store.kudos.given_by(turn.actor.id, most)),
        received=changes.show(turn, turn.store.kudos.received_by(turn.actor.id, most)),
    )


def _form(turn: Turn, typed: Typed) -> Form:
    values = turn.store.kudos.company_values()
    return screens.give_form(typed, values, least=turn.settings.kudos_least, channel=turn.settings.kudos_channel)


def _draft(turn: Turn) -> Typed:
    kept = turn.store.drafts.find(turn.actor.id, DRAFT)
    to = kept.get("to") or ()
    return Typed(
        to=(to,) if isinstance(to, str) else tuple(to),
        words=kept.get("words") or "",
        value=kept.get("value") or "",
        public=kept.get("public") != screens.PRIVATE,
    )


def _keep_draft(turn: Turn) -> None:
    typed = {name: turn.interaction.values.get(name) for name in FIELDS}
    if typed["words"] or typed["to"]:
        turn.store.drafts.save(turn.actor.id, DRAFT, typed)


def _find(turn: Turn) -> Kudos:
    found = turn.store.kudos.by_id(int(turn.state)) if turn.state.isdecimal() else None
    if found is None:
        raise Refusal("These kudos are no longer kept here.")
    return found
