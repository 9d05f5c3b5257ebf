"""Setting up: an admin makes teams, questions, values and channels; a manager looks after their own team's."""

from __future__ import annotations

from handlers.feature import Feature

setup = Feature("setup", "Teams, questions, values and channels")

from handlers.setup import examples, flow  # noqa: E402, F401 - registers what the feature answers to
