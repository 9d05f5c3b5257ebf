"""What every test can ask for."""

from __future__ import annotations

import pytest

from tests import databases
from tests.databases import postgres_storage, postgres_url, sqlite_storage, sqlite_template, storage
from tests.town import town

__all__ = ["postgres_storage", "postgres_url", "sqlite_storage", "sqlite_template", "storage", "town"]


def pytest_configure(config: pytest.Config) -> None:
    """Choose where databases go, once for all workers."""
    if not hasattr(config, "workerinput"):
        databases.prepare()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    if not hasattr(config, "workerinput"):
        databases.clear_away()
