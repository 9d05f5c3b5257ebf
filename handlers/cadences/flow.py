"""What happens when a cadence is arranged: the list, the steps, the dry run. Each checks again who asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from handlers.cadences import changes, gallery, looking, mine, screens, typed
from handlers.cadences.ahead import dry_run, look_ahead
from handlers.cadences.reading import Wanted, asking, read_cadence
from handlers.cadences.typed import Which
from handlers.feature import Answer, Feature
from handlers.interaction import Value
from handlers.reading import Reader, as_id
from handlers.screens import Block, Form, Invalid, Open, Screen
from handlers.turn import Turn

cadences = Feature("cadences", "Arrange what is asked, of whom and when.")

CHANGED = "Somebody changed this cadence meanwhile. This is filled with what you typed; please look it over."
MENDED = "Please look at this again before it is saved: "


@cadences.press("cadences.open")
def show_list(turn: Turn) -> Answer:
    """All cadences that this person may arrange."""
    return mine.show(turn, page=as_id(turn.state))


@cadences.press("cadences.edit")
def edit(turn: Turn) -> Answer:
    """The first step, for a new cadence or one that stands."""
    found = mine.find(turn, as_id(turn.state)) if turn.state else None
    which = Which(found.id, found.version) if found else Which()
    values = _values(turn, which)
    draft = _draft(turn, which)
    notice = "" if not draft else screens.FROM_DRAFT if _is_of(draft, which) else CHANGED
    return Open(_step(turn, "whom", which, values, notice), instead=True)


@cadences.press("cadences.forget")
def forget(turn: Turn) -> Answer:
    """Forget what was typed for a new cadence."""
    turn.store.drafts.drop(turn.actor.id, Which().draft)
    return mine.show(turn, note="What you began is forgotten.")


@cadences.submit("cadences.save")
def save(turn: Turn) -> Answer:
    """Keep the cadence as the dry run showed it."""
    which = Which.read(turn.state)
    before = mine.before(turn, which)
    draft = _draft(turn, which)
    if not draft:
        # The same page sent twice: what it held is saved already.
        return mine.show(turn, note="This is saved already.")
    if before.version != which.version and before.id:
        newer = Which(before.id, before.version)
        _keep(turn, newer, draft)
        return Open(_step(turn, "whom", newer, draft, CHANGED))
    wanted = _read(turn, which, draft)
    if wanted.errors:
        return Open(_mend(turn, which, draft, wanted))
    kept = changes.save(turn.store, wanted.cadence)
    turn.store.drafts.drop(turn.actor.id, which.draft)
    turn.refresh_home()
    return mine.show(turn, note=f"{kept.name} is saved.")


@cadences.press("cadences.ahead")
def ahead(turn: Turn) -> Answer:
    """What a cadence does in the next days."""
    cadence = mine.find(turn, as_id(turn.state))
    return Open(look_ahead(looking.ahead(turn, cadence)), instead=True)


@cadences.press("cadences.pause")
def pause(turn: Turn) -> Answer:
    """Ask nobody for a while."""
    cadence = mine.find(turn, as_id(turn.state))
    if not cadence.paused:
        changes.pause(turn.store, cadence, paused=True)
    turn.refresh_home()
    return mine.show(turn, note=f"{cadence.name} is paused. What is open can still be answered until it closes.")


@cadences.press("cadences.resume")
def resume(turn: Turn) -> Answer:
    """Go on asking."""
    cadence = mine.find(turn, as_id(turn.state))
    if cadence.paused:
        changes.pause(turn.store, cadence, paused=False)
    turn.refresh_home()
    return mine.show(turn, note=f"{cadence.name} goes on. What fell into the pause is not made up for.")


@cadences.press("cadences.end")
def end(turn: Turn) -> Answer:
    """Ask nobody any more."""
    cadence = mine.find(turn, as_id(turn.state))
    changes.end(turn.store, cadence)
    turn.refresh_home()
    return mine.show(turn, note=f"{cadence.name} has ended. What is open can still be answered until it closes.")


@cadences.on_home
def on_home(turn: Turn) -> Iterable[Block]:
    """A way to the cadences, for those who may arrange them."""
    if not mine.may_open(turn):
        return ()
    return screens.home_blocks(mine.coming(turn), others=mine.are_others(turn))


@cadences.gallery
def examples() -> dict[str, Screen]:
    """Every screen of this feature."""
    return gallery.examples()


# -- steps -----------------------------------------------------------------------------------------------------------


def _sent(turn: Turn, step: str) -> Answer:
    """Keep what one step holds, and go on to the next, or show what would happen."""
    which = Which.read(turn.state)
    values = typed.merged(_values(turn, which), step, turn.interaction.values)
    _keep(turn, which, values)
    wanted = _read(turn, which, values)
    if here := wanted.of_step(step):
        return Invalid(_step(turn, step, which, values), here)
    if step == "whom":
        return Open(_step(turn, "when", which, values))
    if wanted.errors:
        return Open(_mend(turn, which, values, wanted))
    before = mine.before(turn, which)
    return Open(dry_run(looking.ahead(turn, wanted.cadence, before if before.id else None), which))


def _back(turn: Turn, step: str) -> Answer:
    """A step again, with what was typed into any."""
    which = Which.read(turn.state)
    values = _values(turn, which)
    for left in typed.STEPS:
        values = typed.merged(values, left, turn.interaction.values)
    _keep(turn, which, values)
    return Open(_step(turn, step, which, values), instead=True)


def _closed(turn: Turn, step: str) -> Answer:
    """Keep what was typed into a step that was closed."""
    which = Which.read(turn.state)
    before = _values(turn, which)
    values = typed.merged(before, step, turn.interaction.values)
    if _said(values) != _said(before):
        _keep(turn, which, values)
    return None


for _name in typed.STEPS:
    cadences.submit(f"cadences.{_name}")(partial(_sent, step=_name))
    cadences.press(f"cadences.back_to_{_name}")(partial(_back, step=_name))
    cadences.closed(f"cadences.{_name}")(partial(_closed, step=_name))


def _mend(turn: Turn, which: Which, values: Mapping[str, Value], wanted: Wanted) -> Form:
    """The first step in which something will not do, with what that is above it."""
    step = wanted.first_step
    return _step(turn, step, which, values, MENDED + " ".join(wanted.of_step(step).values()))


def _step(turn: Turn, step: str, which: Which, values: Mapping[str, Value], notice: str = "") -> Form:
    if step == "when":
        return screens.when_form(which, values, notice=notice)
    if step == "finer":
        return screens.finer_form(which, values, notice=notice)
    return screens.whom_form(
        which, values, asking(turn.features), mine.teams_of(turn), admin=turn.actor.admin, notice=notice
    )


def _read(turn: Turn, which: Which, values: Mapping[str, Value]) -> Wanted:
    read = Reader(values, which.state, turn.store)
    return read_cadence(read, mine.before(turn, which), turn.actor, turn.features, mine.today(turn))


# -- drafts ----------------------------------------------------------------------------------------------------------


def _values(turn: Turn, which: Which) -> dict[str, Value]:
    """What the forms hold: the draft, or the cadence as it stands, or what a new one begins with."""
    before = mine.before(turn, which)
    first = next((name for name, _ in asking(turn.features)), "")
    begun = typed.of(turn.store, before) if before.id else typed.new(mine.today(turn), first)
    return {**begun, **_draft(turn, which)}


def _draft(turn: Turn, which: Which) -> dict[str, Value]:
    return turn.store.drafts.find(turn.actor.id, which.draft)


def _keep(turn: Turn, which: Which, values: Mapping[str, Value]) -> None:
    turn.store.drafts.save(turn.actor.id, which.draft, {**values, typed.VERSION: str(which.version)})


def _is_of(draft: Mapping[str, Value], which: Which) -> bool:
    return draft.get(typed.VERSION) == str(which.version)


def _said(values: Mapping[str, Value]) -> dict[str, Value]:
    # One choice comes as a word or as the only one of several.
    told = {name: (value,) if isinstance(value, str) else value for name, value in values.items() if value}
    return {name: value for name, value in told.items() if name != typed.VERSION}
