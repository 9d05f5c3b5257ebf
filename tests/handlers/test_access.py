"""Who may see and change what, case by case.

Ana and Bo are in the team that Mo manages; Cy is in another team, which Di manages; Max is an admin of no team.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from handlers import access
from storage.base import metadata
from storage.cadences import Audience
from storage.clock import SetClock
from storage.crypto import Vault, new_key
from storage.engine import Storage
from storage.members import Listed, Member
from storage.store import Store
from storage.teams import Share, Team
from storage.workspaces import WorkspaceKey

PEOPLE = ("ana", "bo", "cy", "mo", "di", "max")
NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)


@dataclass
class Company:
    store: Store
    people: dict[str, Member]
    crew: Team

    def who(self, rule: object, *thing: object) -> set[str]:
        """Everybody whom this rule lets through."""
        assert callable(rule)
        return {name for name, member in self.people.items() if rule(self.store, member, *thing)}

    def shares(self, share: Share) -> None:
        self.store.teams.change(self.crew.id, share=share)


@pytest.fixture
def company(tmp_path) -> Iterator[Company]:
    storage = Storage(f"sqlite:///{tmp_path / 'access.db'}", Vault([new_key()]), SetClock(NOW))
    metadata.create_all(storage.engine)
    with storage.begin(WorkspaceKey("slack", "T1")) as store:
        for name in PEOPLE:
            store.members.keep(Listed(name, name.title(), admin=name == "max"))
        people = {one.key: one for one in store.members.people()}
        crew = store.teams.add("Crew", manager_id=people["mo"].id, share="manager")
        other = store.teams.add("Other", manager_id=people["di"].id, share="channel")
        store.members.set_team([people["ana"].id, people["bo"].id], crew.id)
        store.members.set_team([people["cy"].id], other.id)
        yield Company(store, {one.key: one for one in store.members.people()}, crew)
    storage.close()


def test_a_cadence_is_arranged_by_admins_and_by_those_who_manage_everybody_it_is_for(company: Company):
    crew, ana, cy = company.crew.id, company.people["ana"].id, company.people["cy"].id

    def who(**audience: object) -> set[str]:
        return company.who(access.may_arrange, Audience(**audience))  # type: ignore[arg-type]

    assert who(everybody=True) == {"max"}
    assert who(teams=(crew,)) == {"mo", "max"}
    assert who(members=(ana,), without=(cy,)) == {"mo", "max"}
    assert who(teams=(crew,), members=(cy,)) == {"max"}
    assert who(everybody=True, teams=(crew,)) == {"max"}
    assert who(teams=(99,)) == {"max"}
    assert who(members=(company.people["mo"].id,)) == {"max"}
    assert who() == {"max"}


@pytest.mark.parametrize(("with_team", "seen_by"), [(False, {"ana", "mo"}), (True, {"ana", "bo", "mo"})])
def test_a_checkin_is_seen_by_its_author_the_manager_and_a_team_it_was_meant_for(company: Company, with_team, seen_by):
    ana = company.people["ana"]
    checkin = company.store.checkins.share(ana.id, company.crew.id, date(2026, 3, 6), NOW, [], with_team)
    assert company.who(access.may_see_checkin, checkin) == seen_by


@pytest.mark.parametrize("share", ["manager", "channel", "thread"])
def test_what_was_said_to_the_manager_stays_so_when_the_team_shares_in_another_way(company: Company, share):
    ana = company.people["ana"]
    checkin = company.store.checkins.share(ana.id, company.crew.id, date(2026, 3, 6), NOW, [], False)
    company.shares(share)
    assert company.who(access.may_see_checkin, checkin) == {"ana", "mo"}


def test_a_checkin_of_nobodys_team_is_its_authors_alone(company: Company):
    checkin = company.store.checkins.share(company.people["max"].id, None, date(2026, 3, 6), NOW, [])
    assert company.who(access.may_see_checkin, checkin) == {"max"}


def test_who_changes_teams_keeps_their_old_checkins_with_the_old_manager(company: Company):
    checkin = company.store.checkins.share(company.people["ana"].id, company.crew.id, date(2026, 3, 6), NOW, [], True)
    other = company.people["cy"].team_id
    company.store.members.set_team([company.people["ana"].id], other)
    company.people = {one.key: one for one in company.store.members.people()}
    assert company.who(access.may_see_checkin, checkin) == {"ana", "bo", "mo"}


@pytest.mark.parametrize(("with_team", "seen_by"), [(False, {"ana", "cy", "mo"}), (True, {"ana", "bo", "cy", "mo"})])
def test_a_blocker_is_seen_and_changed_by_those_it_concerns(company: Company, with_team, seen_by):
    store, ana = company.store, company.people["ana"]
    checkin = store.checkins.share(ana.id, company.crew.id, date(2026, 3, 6), NOW, [], with_team)
    store.blockers.raise_for(checkin.id, ana.id, company.crew.id, ["The printer is on fire"])
    blocker = store.blockers.of_checkin(checkin.id)[0]
    assert company.who(access.may_change_blocker, blocker) == {"ana", "mo"}
    store.blockers.acknowledge(blocker.id, company.people["cy"].id)
    owned = store.blockers.of_checkin(checkin.id)[0]
    assert company.who(access.may_see_blocker, owned) == seen_by
    assert company.who(access.may_change_blocker, owned) == {"ana", "cy", "mo"}


@pytest.mark.parametrize(("public", "seen_by"), [(True, set(PEOPLE)), (False, {"ana", "cy"})])
def test_kudos_are_public_or_between_giver_and_thanked(company: Company, public, seen_by):
    ana, cy = company.people["ana"], company.people["cy"]
    kudos, _ = company.store.kudos.give(
        ana.id, [cy.id], "for the late evening on Tuesday", value_id=None, public=public, source="form"
    )
    assert company.who(access.may_see_kudos, kudos) == seen_by
    assert company.who(access.may_take_back_kudos, kudos) == {"ana"}


def test_a_summary_is_for_the_teams_manager_and_not_for_admins(company: Company):
    assert company.who(access.may_summarise, company.crew) == {"mo"}


def test_admins_set_everything_up_and_managers_their_team(company: Company):
    assert company.who(access.may_set_up) == {"max"}
    assert company.who(access.may_set_up, company.crew) == {"max", "mo"}


def test_a_team_without_a_manager_is_nobodys(company: Company):
    alone = company.store.teams.add("Alone")
    assert company.who(access.may_summarise, alone) == set()
    assert company.who(access.may_set_up, alone) == {"max"}
