"""What happens when, in kudos."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from handlers.access import may_see_kudos, may_take_back_kudos
from handlers.feature import Answer, Refusal
from handlers.kudos import changes, kudos, screens
from handlers.kudos.reading import Given, check, read_command, read_given
from handlers.kudos.screens import Typed
from handlers.reading import Reader
from handlers.screens import Block, Form, Invalid, Open, Replace, Say
from handlers.turn import Turn
from storage.kudos import Kudos

DRAFT = "kudos.give"
MOST_QUOTED = 500
A_PAGE = 20


@kudos.command("kudos", help="Thank somebody for something they did", usage="@name for what they did")
def give_by_command(turn: Turn) -> Answer:
    """Give at once what is complete; otherwise open the form with what was typed."""
    if not turn.interaction.text:
        return Open(_form(turn, _draft(turn)))
    given = read_command(turn)
    check(turn, given)
    if given.errors:
        # Whoever typed names only is not told off for it: the form asks for the rest.
        problems = tuple(why for name, why in given.errors.items() if name == "to" or given.words)
        _keep_draft(turn, given.typed)
        return Open(_form(turn, replace(given.typed, problems=problems)))
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
    if author == turn.actor:
        raise Refusal("You wrote this yourself, and kudos are for others. Give kudos to somebody with /kudos.")
    typed = replace(_draft(turn, about.author), quoted=about.said[:MOST_QUOTED])
    return Open(_form(turn, typed if typed.to else replace(typed, to=(about.author,))))


@kudos.submit("kudos.give", reads=read_given)
def give(turn: Turn, given: Given) -> Answer:
    """Give what the form holds, or say beside each field what will not do."""
    earlier = turn.store.kudos.by_source(turn.interaction.id)
    if earlier:
        return Say(screens.given(changes.show(turn, [earlier])[0], turn.settings.kudos_channel))
    check(turn, given)
    if given.errors:
        _keep_draft(turn, given.typed)
        return Invalid(_form(turn, given.typed), given.errors)
    shown = changes.give(turn, given)
    turn.store.drafts.drop(turn.actor.id, _draft_name(given.draft))
    return Say(screens.given(shown, turn.settings.kudos_channel))


@kudos.closed("kudos.give")
def closed(turn: Turn) -> Answer:
    """Keep what was typed."""
    _keep_draft(turn, read_given(Reader(turn.interaction.values, turn.state, turn.store)).typed)
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
    """Everything somebody gave, or received, page by page. The state names which, and the page from 0."""
    which, _, number = turn.state.partition(" ")
    page = int(number) if number.isdecimal() else 0
    of = turn.store.kudos.given_by if which == "given" else turn.store.kudos.received_by
    found = of(turn.actor.id, A_PAGE + 1, page * A_PAGE)
    shown = changes.show(turn, found[:A_PAGE])
    return Open(screens.list_form(which, shown, page=page, more=len(found) > A_PAGE), instead=True)


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


def _draft(turn: Turn, draft: str = "") -> Typed:
    kept = turn.store.drafts.find(turn.actor.id, _draft_name(draft))
    to = kept.get("to") or ()
    return Typed(
        to=(to,) if isinstance(to, str) else tuple(to),
        words=kept.get("words") or "",
        value=kept.get("value") or "",
        public=kept.get("public") != screens.PRIVATE,
        draft=draft,
    )


def _keep_draft(turn: Turn, typed: Typed) -> None:
    if typed.words or typed.to:
        public = screens.PUBLIC if typed.public else screens.PRIVATE
        kept = {"to": typed.to, "words": typed.words, "value": typed.value, "public": public}
        turn.store.drafts.save(turn.actor.id, _draft_name(typed.draft), kept)


def _draft_name(draft: str) -> str:
    return f"{DRAFT} {draft}".strip()


def _find(turn: Turn) -> Kudos:
    found = turn.store.kudos.by_id(int(turn.state)) if turn.state.isdecimal() else None
    if found is None:
        raise Refusal("These kudos are no longer kept here.")
    return found
