"""Logging: lines for people, or JSON; every line is redacted. Everybody else uses the standard `logging`.

Nothing is logged but the message, the stack of an exception, and the few extra fields named in `EXTRAS`.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Literal, TextIO

# What `extra=` may add to a line. Values and states of interactions are never among them.
EXTRAS = (
    "workspace",
    "delivery",
    "interaction",
    "kind",
    "token",
    "attempts",
    "milliseconds",
    "seconds",
    "status",
)

# These tell too much, some of it in people's words, at any level below this one.
QUIET = (
    "aiohttp.access",
    "aiohttp.client",
    "alembic",
    "apscheduler",
    "asyncio",
    "slack_bolt",
    "slack_sdk",
    "sqlalchemy",
)

HIDDEN = "[hidden]"
_SHAPES = re.compile(
    r"""
      \bxox[a-z]?[a-z]?(?:\.xox[a-z])?-[\w.+/=-]+     # bot, person, refresh and expiring tokens
    | \bxapp-[\w-]+                                   # app-level tokens
    | (?<=Bearer\ )[^\s"',;]+ | (?<=Basic\ )[^\s"',;]+ # Authorization headers
    | (?<![\w-])[\w-]{43}=(?![\w=-])                  # Fernet keys
    | (?<![\w-])gAAAAA[\w-]{60,}=*                    # what Fernet sealed
    | \bv0=[0-9a-f]{64}\b                             # signatures of requests
    | (?<![0-9a-fA-F])[0-9a-f]{32}(?![0-9a-fA-F])     # signing secrets and client secrets
    | (?<=://)[^\s/:@]*:[^\s@]+(?=@)                  # the user and password of an address
    | \bhttps?://hooks\.[^\s"'<>)]+                   # addresses that let anybody post
    | \bhttps?://[^\s"'<>)]+/(?:commands|actions|services|response|response_url)/[^\s"'<>)]+
    | \bwss?://[^\s"'<>)]+                            # a Socket Mode address carries its ticket
    """,
    re.VERBOSE,
)


class Redactor:
    """Takes secrets out of anything that is about to be written: those it was told, and all that look like one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # Longest first, so that no part of a secret is left when another secret lies within it.
        known = sorted({one for one in secrets if one}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def words(self, text: str) -> str:
        """The text without secrets."""
        return _SHAPES.sub(HIDDEN, self._known.sub(HIDDEN, text) if self._known else text)


def set_up(
    *,
    format: Literal["text", "json"] = "text",
    level: str = "info",
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Send every log line of this process to `stream` (standard error by default), redacted."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    redactor = Redactor(secrets)
    handler.setFormatter(_Json(redactor) if format == "json" else _Lines(redactor))
    handler.addFilter(_is_ours_or_weighty)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.captureWarnings(True)


def _is_ours_or_weighty(record: logging.LogRecord) -> bool:
    # Levels of loggers will not do: Bolt sets those of its own again.
    return record.levelno >= logging.WARNING or not record.name.startswith(QUIET)


def _extras(record: logging.LogRecord) -> dict[str, Any]:
    return {name: record.__dict__[name] for name in EXTRAS if record.__dict__.get(name) is not None}


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


class _Lines(logging.Formatter):
    """A line for people: when, how weighty, what, where from, and the stack below."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        extras = "".join(f" {name}={value}" for name, value in _extras(record).items())
        line = f"{_time(record)} {record.levelname.lower():7} {record.getMessage()} [{record.name}]{extras}"
        stack = f"\n{self.formatException(record.exc_info)}" if record.exc_info else ""
        return self._redactor.words(line + stack)


class _Json(logging.Formatter):
    """One JSON object a line; every value is redacted before it is put in."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "timestamp": _time(record),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            "logger": record.name,
            **_extras(record),
        }
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps({name: self._plain(value) for name, value in fields.items()}, ensure_ascii=False)

    def _plain(self, value: Any) -> Any:
        return value if isinstance(value, bool | int | float) else self._redactor.words(str(value))
