"""Turning the pages of a list that is too long for one."""

from __future__ import annotations

from handlers.screens import Button, Buttons


def turning(does: str, page: int, *, more: bool, labels: tuple[str, str], of: str = "") -> list[Buttons]:
    """The way to the page before and to the one after, if there are `more`; nothing where there is one page only.

    Pages count from 0. `labels` name both ways; `of` comes before the page in what a button holds.
    """
    ways = ((labels[0], page - 1, page > 0), (labels[1], page + 1, more))
    buttons = tuple(Button(label, does, state=f"{of} {to}".strip(), opens=True) for label, to, there in ways if there)
    return [Buttons(buttons)] if buttons else []
