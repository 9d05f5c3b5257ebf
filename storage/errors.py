"""What storage raises, in words the rest of the house may know without knowing SQLAlchemy."""

from __future__ import annotations


class StorageError(Exception):
    """The database did not do what was asked; nothing of the transaction was kept."""


class Conflict(StorageError):
    """Somebody else wrote the same thing first; doing the work again will see what they wrote."""


class Unavailable(StorageError):
    """The database is locked, full, unreachable or not migrated; nothing was kept, and trying later may work."""


class NotHere(StorageError):
    """The workspace was erased, and is not met anew for what was under way in it."""


class WrongKey(StorageError):
    """Something sealed could not be opened with any of the keys in SOUNDINGS_KEYS."""
