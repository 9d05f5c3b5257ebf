"""The questions that a workspace begins with, until somebody words their own."""

from __future__ import annotations

from storage.store import Store


def write_down(store: Store) -> None:
    """Give the company its first questions, unless it ever had any: a set that was emptied on purpose stays empty."""
    if not store.questions.first_are_due():
        return
    store.questions.add("What did you get done?", "long", part="done")
    store.questions.add("What is next?", "long", part="plan")
    store.questions.add(
        "Anything in your way?",
        "long",
        required=False,
        part="blockers",
        hint="One per line. Or leave it empty.",
    )
    store.questions.add(
        "How was your week?", "scale", required=False, part="mood", low=1, high=5, low_words="Hard", high_words="Great"
    )
