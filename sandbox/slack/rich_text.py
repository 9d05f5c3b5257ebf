"""The rich_text block: sections, lists, quotes and code, and the pieces of text inside them."""

from __future__ import annotations

from sandbox.slack.shapes import ByType, Choice, Flag, Many, Object, Shape, Text, Whole

_FLAG = Flag()
_ID = Text()
_BORDER = Whole(0, 1)


def _style(*names: str) -> Object:
    return Object(may=dict.fromkeys(names, _FLAG))


TEXT_STYLE = _style("bold", "italic", "strike", "code", "underline")
MENTION_STYLE = _style("bold", "italic", "strike", "underline", "highlight", "client_highlight", "unlink")

PIECES = ByType(
    {
        "text": Object(needs={"text": Text()}, may={"style": TEXT_STYLE}),
        "link": Object(needs={"url": Text()}, may={"text": Text(), "unsafe": _FLAG, "style": TEXT_STYLE}),
        "emoji": Object(
            needs={"name": Text()},
            may={"unicode": Text(), "skin_tone": Whole(1, 6), "url": Text(), "style": TEXT_STYLE},
        ),
        "user": Object(needs={"user_id": _ID}, may={"style": MENTION_STYLE}),
        "channel": Object(needs={"channel_id": _ID}, may={"style": MENTION_STYLE}),
        "usergroup": Object(needs={"usergroup_id": _ID}, may={"style": MENTION_STYLE}),
        "team": Object(needs={"team_id": _ID}, may={"style": MENTION_STYLE}),
        "broadcast": Object(needs={"range": Choice(("here", "channel", "everyone"))}, may={"style": MENTION_STYLE}),
        "color": Object(
            needs={"value": Text(pattern=r"#[0-9a-fA-F]{6}", expected="a colour such as #12343b")},
            may={"style": TEXT_STYLE},
        ),
        "date": Object(
            needs={"timestamp": Whole(0), "format": Text()},
            may={"url": Text(), "fallback": Text(), "style": TEXT_STYLE},
        ),
    }
)

_PIECES = Many(PIECES, fewest=0)
_SECTION = Object(needs={"elements": _PIECES})

PARTS = ByType(
    {
        "rich_text_section": _SECTION,
        "rich_text_quote": Object(needs={"elements": _PIECES}, may={"border": _BORDER}),
        "rich_text_preformatted": Object(needs={"elements": _PIECES}, may={"border": _BORDER, "language": Text()}),
        "rich_text_list": Object(
            needs={
                "style": Choice(("bullet", "ordered")),
                "elements": Many(ByType({"rich_text_section": _SECTION})),
            },
            may={"indent": Whole(0, 8), "offset": Whole(0), "border": _BORDER},
        ),
    }
)


def rich_text(may: dict[str, Shape]) -> Object:
    """A rich_text block that may also have the given properties."""
    return Object(needs={"elements": Many(PARTS)}, may=may)
