"""What the fault tests share: a Slack that outlives everybody, and victims."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.faults.slack import FakeSlack
from tests.faults.victims import Victims


@pytest.fixture(scope="session")
def victims() -> Iterator[Victims]:
    """Victims to order about."""
    with Victims() as found:
        yield found


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A Slack over HTTP."""
    one = FakeSlack()
    await one.start()
    yield one
    await one.stop()
