"""What every test can ask for."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests import databases
from tests.databases import postgres_storage, postgres_url, sqlite_storage, sqlite_template, storage
from tests.town import town

__all__ = ["postgres_storage", "postgres_url", "sqlite_storage", "sqlite_template", "storage", "town"]

MUST_NOT_SKIP = "SOUNDINGS_TEST_MUST_NOT_SKIP"

# `make test` looks quickly, `make check` thoroughly. Both look elsewhere each time, and print how to look there again.
settings.register_profile("quick", max_examples=30, deadline=None, derandomize=False, print_blob=True)
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=250)
settings.load_profile("quick")


def pytest_configure(config: pytest.Config) -> None:
    """Choose where databases go, once for all workers."""
    if not hasattr(config, "workerinput"):
        databases.prepare()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    if not hasattr(config, "workerinput"):
        databases.clear_away()


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """A command that a test runs in this process sets logging up for itself; the next test reads its own again."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> object:
    """Where everything that the tests need is known to be there, a skipped test is a failed one."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get(MUST_NOT_SKIP):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and {MUST_NOT_SKIP} is set: {report.longrepr[2]}"
    return report
