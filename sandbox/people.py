"""People for stories: they type, press, fill, submit and read, by the words they see and never by ids."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sandbox.slack import forms, words
from sandbox.slack.files import Picked
from sandbox.slack.look import seen
from sandbox.slack.payloads import shown_view
from sandbox.slack.records import Channel, Json, Message
from sandbox.slack.seat import Impossible, Seat

__all__ = ["Impossible", "Person"]


@dataclass(frozen=True)
class Spot:
    """Something a person can press: where it is, the element, and the option meant by the label, if any."""

    surface: Json
    block: Json
    element: Json
    value: Any = None


class Person:
    """A person at a seat. Places are named `home`, `modal`, `dm`, `ephemeral`, `#channel` or `channel`."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self.last = "general"

    @property
    def name(self) -> str:
        """The name that others mention them by."""
        return self.seat.user.name

    @property
    def user_id(self) -> str:
        """Their id in this workspace."""
        return self.seat.user_id

    # Doing

    async def types(self, text: str, in_: str = "general") -> None:
        """Type a message or a slash command into a channel, or into the app's messages with `in_="dm"`."""
        channel = self._channel(in_)
        self.last = channel.id
        if text.startswith("/"):
            await self.seat.command(channel.id, text)
        else:
            await self.seat.say(channel.id, text)

    async def shortcut(self, name: str) -> None:
        """Use a global shortcut by its name."""
        await self.seat.shortcut(self._shortcut("global", name))

    async def shortcut_on(self, text: str, name: str, in_: str = "general") -> None:
        """Use a message shortcut on the newest message that contains `text`."""
        channel = self._channel(in_)
        message = self._message(channel, text)
        await self.seat.message_shortcut(self._shortcut("message", name), channel.id, message.ts)

    async def opens_home(self) -> None:
        """Open the app's Home and wait until the app has heard of it."""
        await self.seat.open_home()
        await self.seat.sandbox.settle()

    async def presses(self, label: str, *, near: str = "", in_: str | None = None) -> None:
        """Press what carries this label: a button, or an option of a select or of radio buttons.

        A button is found by what a screen reader says of it as well.

        Looks in the top modal, else among the newest messages where they last were and in the app's messages,
        else in Home. `near` are words of the block or message it belongs to.
        """
        for spot in self._spots(in_, near):
            if label in (words.of_text(spot.element.get("text")), spot.element.get("accessibility_label")):
                await self.seat.press(spot.surface, spot.block["block_id"], spot.element["action_id"])
                return
            for option in words.options(spot.element):
                if words.of_text(option["text"]) == label:
                    await self._choose(spot, dict(option))
                    return
        raise AssertionError(f"{self.name} sees nothing labelled {label!r} to press. They see:\n{self._read(None)}")

    async def _choose(self, spot: Spot, option: Json) -> None:
        value: Any = option.get("value")
        if spot.element["type"] in ("checkboxes", "multi_static_select"):
            already = [one["value"] for one in self._state(spot) if one["value"] != value]
            chosen_before = len(already) != len(self._state(spot))
            value = already if chosen_before else [*already, value]
        await self.seat.press(spot.surface, spot.block["block_id"], spot.element["action_id"], value)

    def _state(self, spot: Spot) -> list[Json]:
        if "ts" in spot.surface:
            typed = self.seat.sandbox.typed.get(f"{self.user_id}:{spot.surface['channel']}:{spot.surface['ts']}", {})
        else:
            typed = self.seat.front(spot.surface).get("typed", {})
        state = forms.values([spot.block], typed)[spot.block["block_id"]][spot.element["action_id"]]
        return list(state["selected_options"])

    async def picks(self, value: Any, *, near: str, in_: str | None = None) -> None:
        """Choose a person, a channel, a date or typed text in the first picker outside a form near these words."""
        for spot in self._spots(in_, near):
            if spot.element["type"] in forms.STATES:
                chosen = await self._entered(spot.surface, spot.block, spot.element, value)
                key = forms.STATES[spot.element["type"]][0]
                await self.seat.press(spot.surface, spot.block["block_id"], spot.element["action_id"], chosen[key])
                return
        raise AssertionError(f"{self.name} sees nothing to choose near {near!r}. They see:\n{self._read(None)}")

    async def fills(self, answers: dict[str, Any]) -> None:
        """Fill inputs of the top modal by their labels; a beginning that only one label has is enough.

        An input that tells the app of each change does so.
        """
        for label, value in answers.items():
            view = self._top()
            block = self._input(view, label)
            element, surface = block["element"], {"view": view["id"]}
            chosen = await self._entered(surface, block, element, value)
            if block.get("dispatch_action"):
                key = forms.STATES[element["type"]][0]
                await self.seat.press(surface, block["block_id"], element["action_id"], chosen[key])
            else:
                self.seat.note(view["id"], {block["block_id"]: {element["action_id"]: chosen}})

    async def submits(self) -> dict[str, str] | None:
        """Send the top modal as it is filled in."""
        return await self.seat.submit(self._top()["id"])

    async def closes(self, *, all_of_them: bool = False) -> None:
        """Close the top modal."""
        await self.seat.close(self._top()["id"], clear=all_of_them)

    # Seeing

    @property
    def modal(self) -> Json | None:
        """The view in front, or None."""
        stack = self.seat.workspace.modals.get(self.user_id, [])
        return stack[-1] if stack else None

    @property
    def modal_text(self) -> str:
        """All the words of the view in front."""
        return self._words_of_view(self.modal) if self.modal else ""

    @property
    def errors(self) -> dict[str, str]:
        """What the form objects to: label of the input -> sentence."""
        view = self._top()
        labels = {block["block_id"]: block.get("label", {}).get("text", "") for block in view["blocks"]}
        return {labels[block_id]: text for block_id, text in view.get("errors", {}).items()}

    async def sees(self, text: str, *, in_: str | None = None, within: float = 5.0) -> None:
        """Wait until these words are there; AssertionError tells what is there instead."""
        until = time.monotonic() + within
        while not self._shows(text, in_):
            rev = self.seat.sandbox.rev
            left = until - time.monotonic()
            if left <= 0:
                where = f" in {in_}" if in_ else ""
                raise AssertionError(f"{self.name} does not see {text!r}{where}, but:\n{self._read(in_)}")
            await self.seat.sandbox.changed(rev, left)

    async def never_sees(self, text: str, *, in_: str | None = None) -> None:
        """Once everything is quiet, these words are not there."""
        await self.seat.sandbox.settle()
        if self._shows(text, in_):
            raise AssertionError(f"{self.name} sees {text!r}:\n{self._read(in_)}")

    def reads(self, in_: str | None = None) -> str:
        """All the words this person sees, in one place or everywhere."""
        return self._read(in_)

    def came(self, text: str) -> list[datetime]:
        """When each message with these words came that stands in their chat with the app."""
        shown = seen(self.seat.workspace, self._channel("dm").id, self.user_id)
        return [datetime.fromtimestamp(float(one.ts), UTC) for one in shown if text in self._words(one)]

    # Finding

    def _shows(self, text: str, in_: str | None) -> bool:
        return text in self._read(in_)

    def _read(self, in_: str | None) -> str:
        workspace = self.seat.workspace
        if in_ == "modal":
            return self.modal_text
        if in_ == "home":
            home = workspace.homes.get(self.user_id)
            return self._words_of_view(home) if home else ""
        if in_ == "ephemeral":
            return "\n".join(self._words(m) for m in self._messages() if m.to)
        if in_ is not None:
            return "\n".join(self._words(m) for m in seen(workspace, self._channel(in_).id, self.user_id))
        parts = [self._read("home"), *(self._words(m) for m in self._messages())]
        parts += [self._words_of_view(view) for view in workspace.modals.get(self.user_id, [])]
        return "\n".join(part for part in parts if part)

    def _messages(self) -> list[Message]:
        """Every message this person can read, oldest first."""
        workspace = self.seat.workspace
        mine = [c.id for c in workspace.channels.values() if self.user_id in c.members]
        found = [message for channel in mine for message in seen(workspace, channel, self.user_id)]
        return sorted(found, key=lambda message: message.ts)

    def _name_of(self, some_id: str) -> str:
        user = self.seat.workspace.users.get(some_id)
        channel = self.seat.workspace.channels.get(some_id)
        return user.name if user else channel.name if channel else some_id

    def _words(self, message: Message) -> str:
        drawn = {"text": message.text, "blocks": message.blocks, "attachments": message.attachments}
        return words.of_message(drawn, self._name_of)

    def _words_of_view(self, view: Json) -> str:
        drawn = shown_view(view) | {"errors": view.get("errors"), "banner": view.get("banner")}
        return words.of_view(drawn, self._name_of)

    def _channel(self, in_: str) -> Channel:
        workspace = self.seat.workspace
        if in_ == "dm":
            return workspace.dm(self.seat.installed().bot_user_id, self.user_id)
        channel = workspace.find_channel(in_)
        if channel is None:
            raise AssertionError(f"{self.name} knows no channel {in_!r}.")
        return channel

    def _message(self, channel: Channel, text: str) -> Message:
        for message in reversed(seen(self.seat.workspace, channel.id, self.user_id)):
            if text in self._words(message):
                return message
        raise AssertionError(f"{self.name} sees no message with {text!r} in {channel.name}.")

    def _shortcut(self, kind: str, name: str) -> str:
        for shortcut in self.seat.sandbox.app.shortcuts:
            if shortcut.type == kind and shortcut.name == name:
                return shortcut.callback_id
        raise AssertionError(f"The app has no {kind} shortcut {name!r}.")

    def _top(self) -> Json:
        if self.modal is None:
            raise AssertionError(f"{self.name} has no modal open. They see:\n{self._read(None)}")
        return self.modal

    def _spots(self, in_: str | None, near: str) -> Iterator[Spot]:
        for surface, blocks, around in self._surfaces(in_):
            for block, element in forms.elements(blocks):
                if near in "\n".join((around, *words.of_block(block, self._name_of))):
                    yield Spot(surface, block, element)

    def _surfaces(self, in_: str | None) -> Iterator[tuple[Json, list[Json], str]]:
        """Where to look for something to press, likeliest first: surface, blocks, words of a message around them."""
        workspace = self.seat.workspace
        if in_ in (None, "modal") and self.modal:
            yield {"view": self.modal["id"]}, self.modal["blocks"], ""
            return
        if in_ not in ("home", "modal"):
            places = {self._channel(in_).id} if in_ not in (None, "ephemeral") else set(workspace.channels)
            for message in reversed(self._messages()):
                if message.channel in places and (in_ != "ephemeral" or message.to):
                    surface = {"channel": message.channel, "ts": message.ts}
                    yield surface, message.blocks, self._words(message)
        if in_ in (None, "home") and self.user_id in workspace.homes:
            yield {"home": True}, workspace.homes[self.user_id]["blocks"], ""

    def _input(self, view: Json, label: str) -> Json:
        inputs = [block for block in view["blocks"] if block["type"] == "input"]
        exact = [block for block in inputs if block["label"]["text"] == label]
        found = exact or [block for block in inputs if block["label"]["text"].startswith(label)]
        if len(found) != 1:
            labels = ", ".join(repr(block["label"]["text"]) for block in inputs)
            raise AssertionError(f"{self.name} sees {len(found)} inputs {label!r}. The inputs are: {labels}.")
        block: Json = found[0]
        return block

    async def _entered(self, surface: Json, block: Json, element: Json, value: Any) -> Json:
        """The state of an element after this person entered `value`, which is given in their words."""
        kind = element["type"]
        key = forms.STATES[kind][0]
        if isinstance(value, bool):
            options = words.options(element)
            return {"type": kind, key: options[:1] if value else []}
        if isinstance(value, Picked):
            file = self.seat.upload(surface["view"], block["block_id"], element["action_id"], value)
            return {"type": kind, key: [file]}
        if kind == "datetimepicker" or value is None:
            return {"type": kind, key: value if value is not None else forms.STATES[kind][2]}
        if key in ("selected_option", "selected_options"):
            labels = [value] if isinstance(value, str) else list(value)
            chosen = [await self._option(surface, block, element, label) for label in labels]
            return {"type": kind, key: chosen if key == "selected_options" else chosen[0]}
        if key in ("selected_user", "selected_channel", "selected_conversation"):
            return {"type": kind, key: self._id_of(value)}
        if key in ("selected_users", "selected_channels", "selected_conversations"):
            return {"type": kind, key: [self._id_of(one) for one in ([value] if isinstance(value, str) else value)]}
        return {"type": kind, key: _rich_text(value) if kind == "rich_text_input" else str(value)}

    async def _option(self, surface: Json, block: Json, element: Json, label: str) -> Json:
        options = [dict(option) for option in words.options(element)]
        if element["type"] in ("external_select", "multi_external_select"):
            options = await self.seat.suggest(surface, block["block_id"], element["action_id"], label)
        for option in options:
            if words.of_text(option["text"]) == label:
                return option
        offered = ", ".join(repr(words.of_text(option["text"])) for option in options)
        raise AssertionError(f"{self.name} finds no option {label!r}; there are {offered}.")

    def _id_of(self, name: str) -> str:
        workspace = self.seat.workspace
        user = workspace.find_user(name) or next((u for u in workspace.users.values() if u.real_name == name), None)
        channel = workspace.find_channel(name)
        if user is None and channel is None:
            raise AssertionError(f"{self.name} finds nobody and no channel called {name!r}.")
        return user.id if user else channel.id if channel else name


def _rich_text(value: Any) -> Json:
    if isinstance(value, dict):
        return value
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": str(value)}]}
    return {"type": "rich_text", "elements": [section]}
