"""What arranging changes: plain functions over a store. Whoever changes a cadence has its dates laid out anew."""

from __future__ import annotations

from dataclasses import replace

from storage.cadences import Cadence
from storage.store import Store


def save(store: Store, cadence: Cadence) -> Cadence:
    """Keep a new cadence (its id is 0), or the next version of one."""
    kept = store.cadences.change(cadence) if cadence.id else store.cadences.add(cadence)
    store.waves.arrange(kept)
    return kept


def pause(store: Store, cadence: Cadence, *, paused: bool) -> None:
    """Ask nobody for a while, or go on asking."""
    save(store, replace(cadence, paused=paused))


def end(store: Store, cadence: Cadence) -> None:
    """Ask nobody any more."""
    store.cadences.end(cadence.id)
    store.waves.arrange(cadence)
