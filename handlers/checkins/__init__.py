"""Check-ins: what moved, what is next, what is in the way; edited until they close and corrected afterwards."""

from __future__ import annotations

from handlers.checkins.flow import checkins

__all__ = ["checkins"]
