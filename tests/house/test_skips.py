"""Where everything is known to be there, nothing is skipped in silence."""

from __future__ import annotations

from collections.abc import Generator
from types import SimpleNamespace

import pytest

from tests.conftest import MUST_NOT_SKIP, pytest_runtest_makereport


def told(**report: object) -> SimpleNamespace:
    given = SimpleNamespace(longrepr=("file", 1, "Skipped: Chromium is not installed"), **report)
    hook = pytest_runtest_makereport(SimpleNamespace(nodeid="tests/a.py::test_b"))  # type: ignore[arg-type]
    assert isinstance(hook, Generator)
    next(hook)
    with pytest.raises(StopIteration) as end:
        hook.send(given)
    assert end.value.value is given
    return given


def test_a_skipped_test_fails_where_nothing_may_be_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MUST_NOT_SKIP, "1")
    report = told(skipped=True, outcome="skipped")
    assert report.outcome == "failed"
    assert "Chromium is not installed" in str(report.longrepr)


def test_a_skipped_test_stays_skipped_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MUST_NOT_SKIP, raising=False)
    assert told(skipped=True, outcome="skipped").outcome == "skipped"


def test_an_expected_failure_and_a_success_stay_what_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MUST_NOT_SKIP, "1")
    assert told(skipped=True, wasxfail="known", outcome="skipped").outcome == "skipped"
    assert told(skipped=False, outcome="passed").outcome == "passed"
