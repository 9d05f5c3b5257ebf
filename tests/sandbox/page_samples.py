"""What the page is shown: a message with every block, a modal with every input, a Home, and people to see them."""

from __future__ import annotations

from typing import Any

from slack_bolt.app.async_app import AsyncApp

Json = dict[str, Any]
PIXEL = "https://example.invalid/chart.png"
ATTACK = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str = "", about: str = "") -> Json:
    described = {"description": plain(about)} if about else {}
    return {"text": plain(text), "value": value or text.lower(), **described}


def button(text: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, "value": action_id, **more}


def section(*spans: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(spans)}


def words(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def rich(user_id: str, channel_id: str) -> Json:
    return {
        "type": "rich_text",
        "block_id": "rich",
        "elements": [
            section(
                words("Thank you, "),
                {"type": "user", "user_id": user_id},
                words(", for "),
                words("staying late", bold=True),
                words(" and "),
                words("*not* markup", code=True),
                words(" in "),
                {"type": "channel", "channel_id": channel_id},
                words(" "),
                {"type": "emoji", "name": "tada"},
                words(" See "),
                {"type": "link", "url": "https://example.com/notes", "text": "the notes"},
                words(", due "),
                {"type": "date", "timestamp": 1772532000, "format": "{date_short} at {time}", "fallback": "soon"},
                words("."),
            ),
            {
                "type": "rich_text_list",
                "style": "bullet",
                "indent": 0,
                "elements": [section(words("Moved the invoices")), section(words("Mended the nightly build"))],
            },
            {
                "type": "rich_text_list",
                "style": "ordered",
                "indent": 1,
                "elements": [section(words("wrote it down")), section(words("told the others"))],
            },
            {"type": "rich_text_quote", "elements": [words("Ask early, ask often.")]},
            {"type": "rich_text_preformatted", "elements": [words("make test\n412 passed")]},
        ],
    }


def message_blocks(user_id: str, channel_id: str) -> list[Json]:
    return [
        {"type": "header", "text": plain("Team summary: Platform")},
        {"type": "context", "elements": [mrkdwn("Last week · 5 of 6 checked in · only managers see this")]},
        {
            "type": "section",
            "block_id": "said",
            "text": mrkdwn(f"*Bold*, _italic_, ~struck~, `code` and <@{user_id}>\n&gt; quoted\n{ATTACK}"),
            "accessory": {
                "type": "overflow",
                "action_id": "more",
                "options": [option("Refresh"), option("Show the answers", "answers")],
            },
        },
        {
            "type": "section",
            "fields": [
                mrkdwn("*Checked in*\n5 of 6"),
                mrkdwn("*Blockers*\n2 open, oldest 6 days"),
                mrkdwn("*Mood*\n3.8 of 5 (n = 5)"),
                mrkdwn("*Kudos*\n4 of 6 people"),
            ],
        },
        {"type": "divider"},
        rich(user_id, channel_id),
        {"type": "image", "image_url": PIXEL, "alt_text": "Mood over six weeks, steady near 3.8"},
        {
            "type": "actions",
            "block_id": "do",
            "elements": [
                button("Show the 5 answers", "open", style="primary"),
                button("Refresh", "refresh"),
                button("Delete", "delete", style="danger"),
                {
                    "type": "static_select",
                    "action_id": "period",
                    "placeholder": plain("Choose a period"),
                    "options": [option("This week"), option("Last week"), option("Last 30 days")],
                },
            ],
        },
        {
            "type": "input",
            "block_id": "note",
            "dispatch_action": True,
            "label": plain("A note to the team"),
            "element": {"type": "plain_text_input", "action_id": "note"},
        },
    ]


def entry(label: str, block_id: str, element: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": block_id, **element},
        **more,
    }


def modal(title: str = "Check in") -> Json:
    teams = [option("Platform"), option("Design"), option("Support")]
    return {
        "type": "modal",
        "callback_id": "form",
        "notify_on_close": True,
        "title": plain(title),
        "submit": plain("Send"),
        "close": plain("Not now"),
        "blocks": [
            {
                "type": "context",
                "block_id": "why",
                "elements": [mrkdwn("You get this because you are in *Platform*. Your manager sees the answers.")],
            },
            entry(
                "What moved since last time?",
                "moved",
                {
                    "type": "plain_text_input",
                    "multiline": True,
                    "max_length": 200,
                    "placeholder": plain("Two lines do"),
                },
                hint=plain("Last time you planned: finish the invoices."),
            ),
            entry("In one line", "line", {"type": "plain_text_input"}, optional=True),
            entry("How was the week?", "mood", {"type": "radio_buttons", "options": [option("Good"), option("Hard")]}),
            entry(
                "What helped?",
                "helped",
                {
                    "type": "checkboxes",
                    "options": [option("The team", "team", "People nearby"), option("Quiet time", "quiet")],
                },
                optional=True,
            ),
            entry("Team", "team", {"type": "static_select", "options": teams}, optional=True),
            entry("Who helped you?", "people", {"type": "multi_users_select"}, optional=True),
            entry("Where to post", "where", {"type": "conversations_select"}, optional=True),
            entry("Goal", "goal", {"type": "external_select", "min_query_length": 1}, optional=True),
            entry("Hours of focus", "hours", {"type": "number_input", "is_decimal_allowed": True}, optional=True),
            entry("Day off", "day", {"type": "datepicker"}, optional=True),
            entry("Best time", "time", {"type": "timepicker"}, optional=True),
            {"type": "actions", "block_id": "steps", "elements": [button("Add a blocker", "push")]},
        ],
    }


def home(user_id: str) -> Json:
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "text": plain("Good morning")},
            {
                "type": "section",
                "text": mrkdwn("Your check-in is open until *Friday 18:00*."),
                "accessory": button("Check in", "start", style="primary"),
            },
            {"type": "context", "elements": [mrkdwn("Platform · weekly · seen by your manager")]},
            {"type": "divider"},
            {"type": "header", "text": plain("Kudos you received")},
            {"type": "section", "text": mrkdwn(f"<@{user_id}>: thank you for the clear hand-over.")},
            {"type": "actions", "elements": [button("Give kudos", "give"), button("Settings", "settings")]},
        ],
    }


def play(app: AsyncApp, author: str) -> list[Json]:
    """Make the app show all this; returns what it was told, as it grows."""
    told: list[Json] = []

    async def open_form(ack: Any, body: Json, client: Any) -> None:
        await ack()
        told.append(body)
        await client.views_open(trigger_id=body["trigger_id"], view=modal())

    async def push_form(ack: Any, body: Json, client: Any) -> None:
        await ack()
        told.append(body)
        view = modal("A blocker")
        view["blocks"] = view["blocks"][1:3]
        await client.views_push(trigger_id=body["trigger_id"], view=view)

    async def take(ack: Any, body: Json) -> None:
        told.append(body)
        typed = body["view"]["state"]["values"]["moved"]["moved"]["value"] or ""
        if len(typed) < 10:
            await ack(response_action="errors", errors={"moved": "Please use at least 10 characters."})
        else:
            await ack()

    async def keep(ack: Any, body: Json) -> None:
        await ack()
        told.append(body)

    async def offer(ack: Any, payload: Json) -> None:
        await ack(options=[option(f"{payload['value']} goal")])

    async def publish(event: Json, client: Any) -> None:
        await client.views_publish(user_id=event["user"], view=home(author))

    app.command("/checkin")(open_form)
    app.shortcut("kudos.for_message")(keep)
    app.action("push")(push_form)
    for action_id in ("open", "refresh", "delete", "period", "more", "note", "start", "give"):
        app.action(action_id)(keep)
    app.view("form")(take)
    app.view_closed("form")(keep)
    app.options("goal")(offer)
    app.event("app_home_opened")(publish)
    return told
