"""Lines as rich text: every span becomes an element of its own, so that nothing in it is ever parsed."""

from __future__ import annotations

from typing import Any, TypeAlias

from handlers.plain import DASH, blank, line_text, span_text
from handlers.text import ChannelMention, Code, Em, Line, Link, Mention, Span, Strong, When

Json: TypeAlias = dict[str, Any]

DATES = {"date": "{date_short}", "time": "{time}", "both": "{date_short} at {time}"}


def rich(*parts: Json) -> Json:
    """A rich text block of these sections and quotations."""
    return {"type": "rich_text", "elements": list(parts)}


def section(elements: list[Json]) -> Json:
    """A run of elements; a dash where there are none."""
    return {"type": "rich_text_section", "elements": elements or [words(DASH)]}


def quote(said: str) -> Json:
    """Somebody's words, set apart."""
    return {"type": "rich_text_quote", "elements": [words(said)]}


def words(text: str, **style: bool) -> Json:
    """Literal words, `bold`, `italic` or `code` if asked."""
    element: Json = {"type": "text", "text": text}
    return {**element, "style": style} if style else element


def elements(line: Line) -> list[Json]:
    """The elements of a line, or none where nothing of it could be seen."""
    if blank(line_text(line)):
        return []
    return [_element(span) for span in line if span_text(span)]


def simple(line: Line) -> bool:
    """Whether this line is words alone, with nothing for a client to resolve."""
    return not any(isinstance(span, Mention | ChannelMention | When | Link) for span in line)


def _element(span: Span) -> Json:
    match span:
        case Strong():
            return words(span.text, bold=True)
        case Em():
            return words(span.text, italic=True)
        case Code():
            return words(span.text, code=True)
        case Mention():
            return {"type": "user", "user_id": span.key} if span.key else words(span_text(span))
        case ChannelMention():
            return {"type": "channel", "channel_id": span.key}
        case When():
            return {
                "type": "date",
                "timestamp": int(span.at.timestamp()),
                "format": DATES[span.style],
                "fallback": span_text(span),
            }
        case Link():
            link = {"type": "link", "url": span.url}
            return link if blank(span.label) else {**link, "text": span.label}
        case _:
            return words(span.text)
