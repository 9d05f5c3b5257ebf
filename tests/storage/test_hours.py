"""The hours that somebody keeps: what counts of their own and the workspace's, in Python and for the database alike."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.asking import about_hours, hours_kept
from storage.base import mine
from storage.engine import Storage
from storage.hours import Kept, kept_by
from storage.members import Listed, members
from storage.workspaces import Settings, WorkspaceKey

HERE = WorkspaceKey("slack", "T1")
spans = st.sampled_from(["", "18:00-09:00", "20:00-04:00", "09:00-17:30", "12:00-12:00", "00:00-00:00"])
weeks = st.sampled_from(["", "1111100", "0000011"])
zones = st.sampled_from(["", "Asia/Tokyo"])
own = st.fixed_dictionaries({"works": spans, "quiet": spans, "working_days": weeks, "zone": zones})


@given(st.lists(own, min_size=1, max_size=6), st.builds(Settings, quiet=spans, working_days=weeks.filter(bool)))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_is_told_the_same_rule(storage: Storage, chosen: list[dict[str, Any]], here: Settings) -> None:
    with storage.begin(HERE) as store:
        for number, one in enumerate(chosen):
            store.members.keep(Listed(f"U{number}", f"U{number}", "Europe/Berlin"))
            found = store.members.by_key(f"U{number}")
            assert found
            store.members.choose(found.id, **one)
        query = mine(members, members.c.id, *hours_kept()).order_by(members.c.id)
        rows = store._connection.execute(query, {"tenant": store.workspace.id, **about_hours(here, store.now)})
        told = {row.id: Kept(*row[1:]) for row in rows}
        people = {one.id: kept_by(one, here) for one in map(store.members.by_id, told) if one}
    assert told == people


@pytest.mark.parametrize(
    ("works", "quiet", "here", "counts"),
    [
        ("20:00-04:00", "", "18:00-09:00", ""),
        ("", "", "18:00-09:00", "18:00-09:00"),
        ("12:00-12:00", "", "18:00-09:00", "18:00-09:00"),  # any time: nothing that could come first
        ("09:00-17:00", "12:00-13:00", "18:00-09:00", "12:00-13:00"),
        ("09:00-17:00", "00:00-00:00", "18:00-09:00", "00:00-00:00"),
    ],
)
def test_own_working_hours_come_before_quiet_hours_of_the_workspace(
    storage: Storage, works: str, quiet: str, here: str, counts: str
) -> None:
    with storage.begin(HERE) as store:
        store.members.keep(Listed("U1", "Ana", "UTC"))
        ana = store.members.by_key("U1")
        assert ana
        store.members.choose(ana.id, works=works, quiet=quiet)
        again = store.members.by_id(ana.id)
        assert again
    assert kept_by(again, Settings(quiet=here)).quiet == counts
