"""Targets: what was measured, the figure seen, how it is compared, and with what."""

from __future__ import annotations

from typing import TypeAlias

Target: TypeAlias = tuple[str, float, str, float]


def met(target: Target) -> bool:
    """Print a target, and say whether it is met."""
    what, figure, how, bound = target
    good = figure <= bound if how == "<=" else figure >= bound
    print(f"{'met   ' if good else 'MISSED'}  {what}: {figure:.2f} ({how} {bound:g})")
    return good
