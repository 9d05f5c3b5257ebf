"""Screens to and from JSON, so that what was said can be kept as it was worded."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from handlers import screens, text

_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for module in (screens, text)
    for kind in vars(module).values()
    if isinstance(kind, type) and is_dataclass(kind)
}

_NAMES = {kind: tuple(one.name for one in fields(kind)) for kind in _KINDS.values()}


def to_json(value: Any) -> Any:
    """A screen, or a part of one, as JSON can hold it: every piece carries the name of its kind."""
    if (names := _NAMES.get(type(value))) is not None:
        return {"is": type(value).__name__, **{name: to_json(getattr(value, name)) for name in names}}
    if isinstance(value, tuple):
        return [to_json(one) for one in value]
    if isinstance(value, datetime):
        return {"is": "instant", "at": value.isoformat()}
    if isinstance(value, date):
        return {"is": "date", "on": value.isoformat()}
    return value


def from_json(value: Any) -> Any:
    """What `to_json` was given. Raises KeyError for a kind this version does not know."""
    if isinstance(value, list):
        return tuple(from_json(one) for one in value)
    if not isinstance(value, dict):
        return value
    kind = value.get("is")
    if kind == "instant":
        return datetime.fromisoformat(value["at"])
    if kind == "date":
        return date.fromisoformat(value["on"])
    known = _KINDS[str(kind)]
    return known(**{name: from_json(part) for name, part in value.items() if name in _NAMES[known]})
