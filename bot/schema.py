"""How the database stands to this version, in plain sentences: for a start, for `/readyz` and for the doctor."""

from __future__ import annotations

from storage.migrate import TOO_NEW, Standing

WORKS: tuple[Standing, ...] = ("current", "newer")

# What is so, and what to do about it.
SENTENCES: dict[Standing, tuple[str, str]] = {
    "current": ("The database is of this version.", ""),
    "newer": (
        "The database was upgraded for a newer version. This one goes on working with it.",
        "Install the newer version here too.",
    ),
    "too new": (TOO_NEW, "Install the newer version here, or go back to the backup from before the upgrade."),
    "empty": ("The database is empty yet.", "Make its tables with: soundings db upgrade"),
    "older": ("The database is not of this version.", "Make a backup, then run: soundings db upgrade"),
    "too old": (
        "The database is not of this version, and other versions cannot work with it once it is.",
        "Stop every replica, make a backup, then run: soundings db upgrade",
    ),
}
MAY_GO_ON = "Replicas of the version before may go on meanwhile."
