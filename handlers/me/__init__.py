"""Me: what is held about somebody, who sees it, and what they choose: what they are told, when they are asked."""

from __future__ import annotations

from handlers.feature import Feature

me = Feature("me", "What is held about me, who sees it, what I am told, and when I am asked.")

from handlers.me import examples, flow  # noqa: E402, F401 - registers what the feature answers to
