"""Logging: lines for people, or JSON; every line is redacted. Everybody else uses the standard `logging`.

Nothing is logged but the message, the stack of an exception, and the few extra fields named in `EXTRAS`.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable
from typing import Any, Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor

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

    def __call__(self, _logger: Any, _method: str, event: EventDict) -> EventDict:
        """The same for a whole log line, as structlog passes it on."""
        return {key: self._value(value) if not key.startswith("_") else value for key, value in event.items()}

    def _value(self, value: Any) -> Any:
        return value if isinstance(value, bool | int | float | None) else self.words(str(value))


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
    handler.setFormatter(_formatter(format, Redactor(secrets), colours=stream.isatty()))
    handler.addFilter(_is_ours_or_weighty)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.captureWarnings(True)


def _is_ours_or_weighty(record: logging.LogRecord) -> bool:
    # Levels of loggers will not do: Bolt sets those of its own again.
    return record.levelno >= logging.WARNING or not record.name.startswith(QUIET)


def _formatter(format: Literal["text", "json"], redactor: Redactor, colours: bool) -> logging.Formatter:
    writer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if format == "json"
        else structlog.dev.ConsoleRenderer(
            colors=colours, pad_event_to=0, pad_level=False, exception_formatter=structlog.dev.plain_traceback
        )
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(allow=EXTRAS),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            redactor,
            writer,
        ],
    )
