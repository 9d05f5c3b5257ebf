"""Workspaces, members and teams: who is here, what each chose, who is summarised together."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from storage.engine import Storage
from storage.errors import Conflict
from storage.members import Listed
from storage.workspaces import Settings, WorkspaceKey, read_settings
from tests.databases import MONDAY

ACME = WorkspaceKey("slack", "T-ACME")


def test_a_workspace_is_met_once_and_remembers_its_settings(storage: Storage) -> None:
    with storage.begin(ACME, "Acme") as store:
        assert store.workspace.settings == Settings()
        store.change_settings(kudos_channel="C1", kudos_weekly=3, name="Acme Ltd")
        assert store.workspace.name == "Acme Ltd"
    with storage.begin(ACME, "ignored") as store:
        assert store.workspace.name == "Acme Ltd"
        assert store.workspace.settings == Settings(kudos_channel="C1", kudos_weekly=3)


def test_settings_of_another_version_are_read_as_far_as_they_are_known() -> None:
    assert read_settings('{"kudos_least": 40, "of the future": 1}') == Settings(kudos_least=40)


def test_an_unknown_setting_is_refused(sqlite_storage: Storage) -> None:
    with pytest.raises(TypeError), sqlite_storage.begin(ACME) as store:
        store.change_settings(colour="green")


def test_who_speaks_first_is_greeted_and_the_directory_fills_in_the_rest(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        ana = store.members.greet("U-ANA")
        assert (ana.name, ana.known, ana.zone.key) == ("U-ANA", False, "UTC")
        assert store.members.greet("U-ANA").id == ana.id
        listed = Listed("U-ANA", "Ana", "Europe/Lisbon", admin=True)
        assert store.members.keep(listed)
        assert not store.members.keep(listed)
        known = store.members.by_key("U-ANA")
        assert known
        assert (known.id, known.name, known.known, known.zone.key) == (ana.id, "Ana", True, "Europe/Lisbon")
        assert store.members.admins() == [known]


def test_bots_guests_and_the_deactivated_are_told_apart(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        store.members.keep(Listed("U-BO", "Bo"))
        store.members.keep(Listed("U-GUS", "Gus", kind="guest"))
        store.members.keep(Listed("U-ROB", "Rob", kind="bot"))
        store.members.keep(Listed("U-DAN", "Dan", active=False))
        assert [one.name for one in store.members.people()] == ["Bo"]
        store.members.keep(Listed("U-BO", "Bo", active=False))
        assert store.members.people() == []
        assert [one.name for one in store.members.by_keys(["U-DAN", "U-NOBODY", "U-GUS", "U-DAN"])] == ["Dan", "Gus"]


def test_a_zone_that_nobody_knows_counts_as_utc(sqlite_storage: Storage) -> None:
    with sqlite_storage.begin(ACME) as store:
        store.members.keep(Listed("U-ANA", "Ana", "Mars/Olympus"))
        ana = store.members.by_key("U-ANA")
    assert ana
    assert ana.zone.key == "UTC"


def test_what_a_member_chose_stays_when_the_directory_is_read_again(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        ana = store.members.greet("U-ANA", "Ana")
        store.members.set_told_of_kudos(ana.id, False)
        store.members.set_reach("U-ANA", "D1")
        store.members.looked_at_home(ana.id)
        store.members.keep(Listed("U-ANA", "Ana Maria"))
        again = store.members.by_id(ana.id)
    assert again
    assert (again.name, again.told_of_kudos, again.reach, again.home_at) == ("Ana Maria", False, "D1", MONDAY)


def test_a_team_has_members_from_a_moment_on(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        ana, bo = store.members.greet("U-ANA", "Ana"), store.members.greet("U-BO", "Bo")
        team = store.teams.add("Backend", manager_id=bo.id, closes_at=time(17, 30))
        store.members.set_team([ana.id, bo.id], team.id)
        assert [one.name for one in store.members.of_team(team.id)] == ["Ana", "Bo"]
        assert store.teams.by_name(" backend ") == team
        assert (team.closes_at, team.share) == (time(17, 30), "manager")
        assert store.teams.managed_by(bo.id) == [team]
    storage.clock.move(timedelta(days=1))  # type: ignore[attr-defined]
    with storage.begin(ACME) as store:
        store.members.set_team([ana.id, bo.id], team.id)
        store.members.set_team([bo.id], None)
        found = store.members.by_ids([ana.id, bo.id])
    assert (found[ana.id].team_id, found[ana.id].team_since) == (team.id, MONDAY)
    assert (found[bo.id].team_id, found[bo.id].team_since) == (None, MONDAY + timedelta(days=1))


def test_a_team_that_is_removed_leaves_its_people_in_none(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        ana = store.members.greet("U-ANA", "Ana")
        team = store.teams.add("Backend")
        store.members.set_team([ana.id], team.id)
        store.teams.change(team.id, channel="C9", share="thread")
        changed = store.teams.by_id(team.id)
        assert changed
        assert (changed.channel, changed.share) == ("C9", "thread")
        store.teams.remove(team.id)
        assert store.teams.all() == []
        alone = store.members.by_id(ana.id)
    assert alone
    assert alone.team_id is None


def test_two_teams_cannot_have_one_name_but_two_companies_can(storage: Storage) -> None:
    with storage.begin(WorkspaceKey("slack", "T-ZETA")) as store:
        store.teams.add("Backend")
    with storage.begin(ACME) as store:
        store.teams.add("Backend")
    with pytest.raises(Conflict), storage.begin(ACME) as store:
        store.teams.add("Backend")


def test_an_event_is_acted_upon_once(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        assert store.events.is_new("Ev1")
        assert not store.events.is_new("Ev1")
    with storage.begin(ACME) as store:
        assert not store.events.is_new("Ev1")
        assert store.events.is_new("Ev2")


def test_an_event_whose_effects_were_lost_is_new_again(storage: Storage) -> None:
    with storage.begin(ACME):
        pass

    def fail() -> None:
        with storage.begin(ACME) as store:
            assert store.events.is_new("Ev1")
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with storage.begin(ACME) as store:
        assert store.events.is_new("Ev1")
