"""Cadences: a manager or an admin arranges what is asked of whom and when, and sees beforehand what would happen."""

from __future__ import annotations

from handlers.cadences.flow import cadences

__all__ = ["cadences"]
