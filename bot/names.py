"""The start-up self-check of our top-level packages, whose plain names another distribution may own too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

OURS = "soundings-bot"
PACKAGES = ("bot", "handlers", "scheduler", "storage", "insights", "sandbox")
HOME = Path(__file__).parents[1]


def clashes(owners: Mapping[str, Sequence[str]] | None = None, home: Path = HOME) -> list[str]:
    """A sentence for each package that is not ours alone; none if all is well.

    `owners` says which distributions brought a package, and `home` where our packages lie.
    """
    owners = packages_distributions() if owners is None else owners
    return [sentence for name in PACKAGES for sentence in _clash(name, owners.get(name, ()), home)]


def _clash(name: str, owners: Sequence[str], home: Path) -> Iterator[str]:
    culprits = sorted({one for one in owners if one != OURS})
    spec = find_spec(name)
    found = Path(spec.origin).parent if spec and spec.origin else None
    if culprits:
        yield (
            f"The package {name!r} belongs to {' and '.join(culprits)} as well, whose files may have replaced ours. "
            "Install Soundings into an environment of its own, apart from other software, "
            f"or run: pip uninstall {' '.join(culprits)}, and then install Soundings again."
        )
    elif found != home / name:
        yield (
            f"Python finds the package {name!r} in {found or 'no place at all'} instead of {home / name}. "
            "Run `soundings` from another directory, or remove what lies in the way."
        )
