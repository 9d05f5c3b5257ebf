"""What the doctor found: how it is, in a sentence, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

TAB_ON = (
    "In the app's settings at Slack, under App Home, switch the Messages Tab on, and let people send messages from it."
)

Level: TypeAlias = Literal["ok", "warn", "problem"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `mend` says what to do, and is empty where all is well."""

    subject: str
    level: Level
    says: str
    mend: str = ""


def ok(subject: str, says: str) -> Finding:
    """All is well."""
    return Finding(subject, "ok", says)


def warn(subject: str, says: str, mend: str) -> Finding:
    """It works, but something should be looked after."""
    return Finding(subject, "warn", says, mend)


def problem(subject: str, says: str, mend: str) -> Finding:
    """Something does not work until it is mended."""
    return Finding(subject, "problem", says, mend)
