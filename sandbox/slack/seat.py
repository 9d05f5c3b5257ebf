"""One person at their Slack client: everything they can do there. What they see is in `look.py`.

Whatever the client would not let them do raises `Impossible` with a sentence; what goes wrong on the way to the app
is shown to them as Slack shows it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sandbox.slack import forms, modals, payloads, words
from sandbox.slack.api import Refusal
from sandbox.slack.delivery import Answer
from sandbox.slack.files import Picked, complaint
from sandbox.slack.look import look
from sandbox.slack.records import SLACKBOT, Channel, Install, Json, Message, User
from sandbox.slack.responses import respond
from sandbox.slack.workspace import Workspace

if TYPE_CHECKING:
    from sandbox.slack.server import SlackSandbox

_AT = re.compile(r"(?<![\w<])@([\w.\-]*\w)")
_HASH = re.compile(r"(?<![\w<&])#([\w\-]*\w)")
KINDS = {"channel": "message.channels", "private": "message.groups", "im": "message.im"}


class Impossible(ValueError):
    """The Slack client offers no way to do this; the sentence says why."""


class Seat:
    """A person's client in one workspace."""

    def __init__(self, sandbox: SlackSandbox, workspace: Workspace, user_id: str) -> None:
        self.sandbox = sandbox
        self.workspace = workspace
        self.user_id = user_id
        if user_id not in workspace.users:
            raise Impossible(f"There is nobody with the id {user_id} in {workspace.name}.")

    @property
    def user(self) -> User:
        """The person, as they are now."""
        return self.workspace.users[self.user_id]

    def look(self, channel: str | None = None) -> Json:
        """Everything this person sees; reading a channel marks it read."""
        return look(self.sandbox, self.workspace, self.user_id, channel)

    # Writing

    async def say(self, channel: str, text: str, thread_ts: str | None = None) -> str:
        """Write a message; returns its timestamp."""
        place = self._writable(channel)
        written = self.escape(text, names=False)
        ts = self.workspace.new_ts()
        self.workspace.post(Message(place.id, ts, self.user_id, written, thread_ts=thread_ts))
        self._tell_of_message(place, ts, written, thread_ts)
        return ts

    def _tell_of_message(self, place: Channel, ts: str, text: str, thread_ts: str | None) -> None:
        install = self.workspace.install
        if install is None or install.bot_user_id not in place.members:
            return
        event: Json = {"user": self.user_id, "text": text, "ts": ts, "channel": place.id, "event_ts": ts}
        if thread_ts:
            event["thread_ts"] = thread_ts
        kind = KINDS[place.kind]
        told = {"type": "message", "channel_type": kind.removeprefix("message.").removesuffix("s")}
        self.sandbox.announce(self.workspace, event | told, declared=kind)
        if f"<@{install.bot_user_id}>" in text and place.kind != "im":
            self.sandbox.announce(self.workspace, event | {"type": "app_mention"})

    async def command(self, channel: str, text: str) -> None:
        """Send a slash command; its answer, or what went wrong, is shown to this person."""
        place = self._writable(channel)
        name, _, rest = text.strip().partition(" ")
        command = next((known for known in self.sandbox.app.commands if known.command == name), None)
        install = self.workspace.install
        if command is None or install is None or self.user.team_id != self.workspace.id:
            self._tell(place.id, f"{name} is not a valid command.")
            return
        rest = rest.strip()
        trigger = self.trigger()
        path = self.sandbox.response_urls.issue("commands", *self._here(place), self.sandbox.clock.now())
        payload = payloads.command(
            self.workspace,
            install,
            self.user,
            place,
            command=name,
            text=self.escape(rest) if command.should_escape else rest,
            trigger_id=trigger,
            response_url=self.sandbox.url + path,
        )
        answer = await self.sandbox.delivery.send("slash_commands", payload)
        if answer.outcome != "ok":
            self._tell(place.id, f'{name} failed with the error "{answer.outcome}"')
        elif answer.body:
            try:
                respond(self.sandbox, self.sandbox.response_urls.issued[path], answer.body)
            except Refusal as refusal:
                self.sandbox.trouble(f"The answer to {name} was refused: {refusal.answer}")
                self._tell(place.id, f'{name} failed with the error "invalid_command_response"')

    def escape(self, text: str, *, names: bool = True) -> str:
        """What is sent for typed text: mentions as ids (with names in commands), and entities escaped."""

        def person(found: re.Match[str]) -> str:
            user = self.workspace.find_user(found[1])
            if user is None:
                return found[0]
            return f"<@{user.id}|{user.name}>" if names else f"<@{user.id}>"

        def channel(found: re.Match[str]) -> str:
            place = self.workspace.find_channel(found[1])
            return f"<#{place.id}|{place.name}>" if place else found[0]

        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return _HASH.sub(channel, _AT.sub(person, text))

    # Shortcuts

    async def shortcut(self, callback_id: str) -> None:
        """Use a global shortcut."""
        install = self._offered("global", callback_id)
        payload = payloads.shortcut(self.workspace, install, self.user, callback_id, self.trigger())
        await self._interact(payload, where=self._app_dm(install).id)

    async def message_shortcut(self, callback_id: str, channel: str, ts: str) -> None:
        """Use a shortcut of a message's menu."""
        install = self._offered("message", callback_id)
        place, message = self._visible(channel, ts)
        if message.to:
            raise Impossible("A message that only you can see has no shortcuts.")
        path = self.sandbox.response_urls.issue(
            "app", *self._here(place), self.sandbox.clock.now(), thread_ts=message.thread_ts
        )
        payload = payloads.message_shortcut(
            self.workspace, install, self.user, callback_id, self.trigger(), place, message
        )
        payload["response_url"] = self.sandbox.url + path
        await self._interact(payload, where=place.id)

    def _offered(self, kind: str, callback_id: str) -> Install:
        self._present()
        install = self.workspace.install
        known = any(s.type == kind and s.callback_id == callback_id for s in self.sandbox.app.shortcuts)
        if install is None or not known or self.user.team_id != self.workspace.id:
            raise Impossible(f"There is no {kind} shortcut {callback_id!r} here.")
        return install

    # Pressing

    async def press(self, surface: Json, block_id: str, action_id: str, value: Any = None) -> None:
        """Press a button, or choose `value` in a select, radio group, picker or dispatching input.

        `value` is an option's value (or a list of them), an id, a date or text, as the element takes.
        """
        install = self.installed()
        if "view" in surface or surface.get("home"):
            await self._press_in_view(install, surface, block_id, action_id, value)
        else:
            await self._press_in_message(install, surface, block_id, action_id, value)

    async def _press_in_view(self, install: Install, surface: Json, block_id: str, action_id: str, value: Any) -> None:
        view = self.front(surface)
        block, element = self._element(view["blocks"], block_id, action_id)
        chosen = payloads.chosen(element, value)
        if element["type"] in forms.STATES:
            view["typed"] = forms.note(view["blocks"], view.get("typed", {}), {block_id: {action_id: chosen}})
        self.workspace.touched()
        if block["type"] == "input" and not block.get("dispatch_action"):
            return
        view.pop("banner", None)
        action = payloads.action(self.workspace, block, element, chosen)
        trigger = self.trigger(from_modal=view["type"] == "modal")
        payload = payloads.view_action(self.workspace, install, self.user, view, action, trigger)
        await self._interact(payload, view=view)

    async def _press_in_message(
        self, install: Install, surface: Json, block_id: str, action_id: str, value: Any
    ) -> None:
        place, message = self._visible(surface["channel"], surface["ts"])
        if message.bot_id != install.bot_id:
            raise Impossible("This message is not of the app.")
        block, element = self._element(message.blocks, block_id, action_id)
        chosen = payloads.chosen(element, value)
        key = f"{self.user_id}:{place.id}:{message.ts}"
        typed = self.sandbox.typed.setdefault(key, {})
        if element["type"] in forms.STATES:
            typed = forms.note(message.blocks, typed, {block_id: {action_id: chosen}})
            self.sandbox.typed[key] = typed
        if block["type"] == "input" and not block.get("dispatch_action"):
            return
        path = self.sandbox.response_urls.issue(
            "actions", *self._here(place), self.sandbox.clock.now(), message_ts=message.ts, thread_ts=message.thread_ts
        )
        action = payloads.action(self.workspace, block, element, chosen)
        state = forms.values(message.blocks, typed)
        payload = payloads.message_action(
            self.workspace, install, self.user, place, message, state, action, self.trigger()
        )
        payload["response_url"] = self.sandbox.url + path
        await self._interact(payload, where=place.id)

    async def suggest(self, surface: Json, block_id: str, action_id: str, query: str) -> list[Json]:
        """Type into an external select; returns the options the app offers."""
        install = self.installed()
        in_view = "view" in surface or surface.get("home")
        view = self.front(surface) if in_view else None
        place, message = (None, None) if view else self._visible(surface["channel"], surface["ts"])
        blocks = view["blocks"] if view else message.blocks if message else []
        _, element = self._element(blocks, block_id, action_id)
        if element["type"] not in ("external_select", "multi_external_select"):
            raise Impossible("Only an external select asks the app for options.")
        if len(query) < element.get("min_query_length", 3):
            return []
        payload = payloads.suggestion(self.workspace, install, self.user, block_id, action_id, query)
        payload |= payloads.view_container(view) if view else payloads.message_container(place, message)
        answer = await self.sandbox.delivery.send("interactive", payload)
        body = answer.body if answer.outcome == "ok" and isinstance(answer.body, dict) else {}
        return [dict(option) for option in words.options(body)]

    # Views

    def note(self, view_id: str, values: Json) -> None:
        """Remember what was typed so far in an open modal, in front or not, or in Home."""
        found = self.workspace.view(view_id)
        if found is None or found[0] != self.user_id:
            raise Impossible("This view is no longer there.")
        view = found[1]
        view["typed"] = forms.note(view["blocks"], view.get("typed", {}), values)
        self.workspace.touched()

    def upload(self, view_id: str, block_id: str, action_id: str, picked: Picked) -> Json:
        """Choose a file of one's own device in the modal in front: sent to Slack at once; the file object."""
        self.installed()
        _, element = self._element(self.front({"view": view_id})["blocks"], block_id, action_id)
        if element["type"] != "file_input":
            raise Impossible("No file can be chosen here.")
        if problem := complaint(element, picked):
            raise Impossible(problem)
        return self.sandbox.files.keep(self.workspace, self.user_id, picked)

    async def submit(self, view_id: str, values: Json | None = None) -> dict[str, str] | None:
        """Send the top modal with these values on top of what is typed; returns field errors, if any."""
        return await modals.submit(self, self.installed(), view_id, values or {})

    async def close(self, view_id: str, clear: bool = False) -> None:
        """Close the top modal, or with `clear` all of them."""
        await modals.close(self, self.installed(), view_id, clear=clear)

    async def open_home(self, tab: str = "home") -> None:
        """Open the app's Home or its messages; the app hears of it each time."""
        install = self.installed()
        app = self.sandbox.app
        if not (app.home_tab if tab == "home" else app.messages_tab):
            raise Impossible(f"The app has no {tab} tab.")
        event: Json = {"type": "app_home_opened", "user": self.user_id, "tab": tab}
        event |= {"channel": self._app_dm(install).id, "event_ts": self.workspace.new_ts()}
        if tab == "home" and self.user_id in self.workspace.homes:
            event["view"] = payloads.shown_view(self.workspace.homes[self.user_id])
        self.sandbox.announce(self.workspace, event)

    # What the above share

    async def _interact(self, payload: Json, *, view: Json | None = None, where: str = "") -> Answer:
        answer = await self.sandbox.delivery.send("interactive", payload)
        if answer.outcome != "ok":
            if view is not None:
                view["banner"] = modals.TROUBLE
                self.workspace.touched()
            else:
                self._tell(where, f'The app did not answer ("{answer.outcome}").')
        return answer

    def _tell(self, channel: str, text: str) -> None:
        """Something Slack says by itself, to this person only."""
        ts = self.workspace.new_ts()
        self.workspace.post(Message(channel, ts, SLACKBOT, text, username="Slackbot", to=self.user_id))

    def trigger(self, *, from_modal: bool = False) -> str:
        """A trigger for what this person does now."""
        late = self.sandbox.faults.take("late_trigger", "") is not None
        return self.sandbox.triggers.issue(self.workspace.id, self.user_id, from_modal=from_modal, late=late)

    def _here(self, place: Channel) -> tuple[str, str, str]:
        return self.workspace.id, self.user_id, place.id

    def installed(self) -> Install:
        """The app's install here."""
        self._present()
        install = self.workspace.install
        if install is None:
            raise Impossible("The app is not installed in this workspace.")
        return install

    def _present(self) -> None:
        if self.user.deleted:
            raise Impossible("This account is deactivated.")

    def _app_dm(self, install: Install) -> Channel:
        return self.workspace.dm(install.bot_user_id, self.user_id)

    def _channel(self, name_or_id: str) -> Channel:
        place = self.workspace.find_channel(name_or_id)
        if place is None or (place.kind != "channel" and self.user_id not in place.members):
            raise Impossible(f"There is no channel {name_or_id} here.")
        return place

    def _writable(self, name_or_id: str) -> Channel:
        self._present()
        place = self._channel(name_or_id)
        if self.user_id not in place.members:
            raise Impossible(f"You are not in #{place.name}.")
        if place.archived:
            raise Impossible(f"#{place.name} is archived.")
        install, app = self.workspace.install, self.sandbox.app
        with_app = place.kind == "im" and install is not None and install.bot_user_id in place.members
        if with_app and (not app.messages_tab or app.messages_read_only):
            raise Impossible("Sending messages to this app has been turned off.")
        return place

    def _visible(self, channel: str, ts: str) -> tuple[Channel, Message]:
        place = self._channel(channel)
        message = self.workspace.message(place.id, ts)
        if message is None or message.to not in (None, self.user_id):
            raise Impossible("This message is no longer there.")
        return place, message

    def front(self, surface: Json) -> Json:
        """The view a surface names, Home or the modal in front; no other can be used."""
        home = self.workspace.homes.get(self.user_id)
        if surface.get("home") or (home and surface.get("view") == home["id"]):
            if home is None:
                raise Impossible("The app's Home is empty.")
            return home
        stack = self.workspace.modals.get(self.user_id, [])
        if not stack or stack[-1]["id"] != surface.get("view"):
            raise Impossible("This view is not the one in front.")
        return stack[-1]

    def _element(self, blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json]:
        for block, element in forms.elements(blocks):
            if block["block_id"] == block_id and element["action_id"] == action_id:
                return block, element
        raise Impossible(f"There is nothing to press at {block_id!r}/{action_id!r}.")
