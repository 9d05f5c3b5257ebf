"""People at the router: they type, fill in and press as in a chat, with no platform in between."""

from __future__ import annotations

import itertools
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from handlers.bounds import USUAL, Bounds
from handlers.features import FEATURES
from handlers.interaction import Interaction, Kind, Value
from handlers.plain import text
from handlers.router import Router
from handlers.screens import (
    Buttons,
    Card,
    ChoiceInput,
    Choose,
    Done,
    Form,
    Home,
    Input,
    Invalid,
    Open,
    Replace,
    Reply,
    Say,
)
from handlers.wire import from_json
from storage.clock import SetClock
from storage.deliveries import deliveries
from storage.engine import Storage
from storage.members import Listed
from storage.store import Store
from storage.workspaces import WorkspaceKey

HERE = WorkspaceKey("slack", "T0HERE")
FRIDAY_CLOSE = datetime(2026, 3, 6, 18, tzinfo=UTC)


class Room:
    """A workspace with a router before it. The clock stands at Monday, 2 March 2026, 09:00 UTC."""

    def __init__(self, storage: Storage, bounds: Bounds = USUAL) -> None:
        self.storage = storage
        self.router = Router(FEATURES, storage, bounds)
        self.numbers = itertools.count(1)
        self.takes_files = True
        with self.store() as store:
            for name in ("Ana", "Bo", "Cy", "Dee"):
                store.members.keep(Listed(name.upper(), name, "UTC"))

    def store(self) -> AbstractContextManager[Store]:
        """One transaction."""
        return self.storage.begin(HERE)

    def people(self, *names: str) -> list[Seat]:
        """These people, each at a seat."""
        return [Seat(self, name) for name in names]

    def team(self, name: str, *members: str, manager: str = "", **values: Any) -> int:
        """A new team of these people; its id."""
        with self.store() as store:
            known = {one.name: one.id for one in store.members.people()}
            team = store.teams.add(name, manager_id=known.get(manager), **values)
            store.members.set_team([known[one] for one in members], team.id)
            return team.id

    def later(self, **span: float) -> None:
        """Time passes."""
        clock = self.storage.clock
        assert isinstance(clock, SetClock)
        clock.move(timedelta(**span))

    def sent(self, to: str) -> list[Any]:
        """The deliveries to a member or channel, oldest first; each has `said` besides its columns."""
        with self.storage.connect() as connection:
            query = select(deliveries).where(
                deliveries.c.to_key == to, deliveries.c.to != "home", deliveries.c.sealed != ""
            )
            rows = list(connection.execute(query.order_by(deliveries.c.id)))
        return [Sent(row, self.storage) for row in rows]


class Sent:
    """One delivery, as it would be read."""

    def __init__(self, row: Any, storage: Storage) -> None:
        self.key, self.replaces, self.thread_of = row.key, row.replaces, row.thread_of
        self.card: Card = from_json(storage.vault.open_json(row.sealed))
        self.said = text(self.card)


class Seat:
    """One person: what they have before them, and what they do with it."""

    def __init__(self, room: Room, name: str) -> None:
        self.room = room
        self.name = name
        self.key = name.upper()
        self.form: Form | None = None
        self.drawn = ""
        self.card: Card | None = None
        self.note = ""
        self.errors: dict[str, str] = {}
        self.typed: dict[str, Value] = {}

    @property
    def says(self) -> str:
        """The words of the form before them, or else of the newest private card."""
        screen = self.form or self.card
        return text(screen) if screen else ""

    def home(self) -> Home:
        """Their home, opened now."""
        return self.room.router.open_home(self._did("event", "home"))

    def types(self, command: str) -> None:
        """Type a command that takes no words."""
        self._do(self._did("command", command.removeprefix("/")))

    def uses(self, shortcut: str) -> None:
        """Use a shortcut."""
        self._do(self._did("shortcut", shortcut))

    def presses(self, label: str, on: Card | Home | None = None) -> None:
        """Press the first button of this label, on the newest private card unless another screen is named."""
        screen = on or self.card
        assert screen is not None
        rows = [part.buttons for part in screen.body if isinstance(part, Buttons)]
        pressable = [(one.label, one.does, one.state) for row in rows for one in row]
        menus = [part for part in screen.body if isinstance(part, Choose)]
        pressable += [(option.label, menu.does, option.key) for menu in menus for option in menu.options]
        does, state = next((does, state) for words, does, state in pressable if words.startswith(label))
        self._do(self._did("press", does, state=state))

    def press(self, does: str, state: object) -> None:
        """Press a button that may be long gone."""
        self._do(self._did("press", does, state=str(state)))

    def fills(self, filled: dict[str, Value]) -> None:
        """Fill inputs, found by the start of their labels; options by theirs."""
        for label, value in filled.items():
            self.typed[self.input(label).name] = self._key(self.input(label), value)

    def input(self, label: str) -> Any:
        """The input whose label starts so."""
        return next(one for one in self.inputs() if one.label.startswith(label))

    def inputs(self) -> list[Any]:
        """All inputs of the form before them."""
        assert self.form is not None
        return [one for one in self.form.body if hasattr(one, "required")]

    def sends(self) -> None:
        """Send the form, whose values are what it was filled with and what was typed since."""
        self._do(self.sending())

    def sending(self) -> Interaction:
        """What sending the form would be."""
        assert self.form is not None
        return self._did("submission", self.form.does, self._values(), self.form.state, self.drawn)

    def closes(self, values: dict[str, Value] | None = None) -> None:
        """Close the form without sending; a platform may then tell no values at all (`{}`)."""
        assert self.form is not None
        told = self._values() if values is None else values
        self.room.router.handle(self._did("closed", self.form.does, told, self.form.state, self.drawn))
        self.form = None

    def does_again(self, interaction: Interaction) -> None:
        """The platform sends something a second time."""
        self._do(interaction)

    def _values(self) -> dict[str, Value]:
        return {one.name: getattr(one, "value", None) or None for one in self.inputs()} | self.typed

    def _key(self, field: Input, value: Value) -> Value:
        if not isinstance(field, ChoiceInput):
            return value
        keys = {one.label: one.key for one in field.options}
        if isinstance(value, tuple):
            return tuple(keys.get(one, one) for one in value)
        return keys.get(value, value) if isinstance(value, str) else value

    def _did(
        self, kind: Kind, name: str, values: dict[str, Value] | None = None, state: str = "", drawn: str = ""
    ) -> Interaction:
        number = drawn or f"i{next(self.room.numbers)}"
        files = self.room.takes_files
        return Interaction(kind, name, HERE, self.key, number, values=values or {}, state=state, takes_files=files)

    def _do(self, interaction: Interaction) -> None:
        outcome = self.room.router.handle(interaction)
        self.errors = {}
        for reply in outcome.replies:
            self._show(reply)

    def _show(self, reply: Reply) -> None:
        match reply:
            case Open(form):
                self.form, self.typed = form, {}
                self.drawn = f"v{next(self.room.numbers)}"
            case Invalid(form, errors):
                self.form, self.errors = form, {self._label(form, name): words for name, words in errors.items()}
            case Say(card) | Replace(card):
                self.form, self.card = None, card
            case Done(note):
                self.form, self.note = None, note

    def _label(self, form: Form, name: str) -> str:
        return next((one.label for one in form.body if getattr(one, "name", None) == name), name)
