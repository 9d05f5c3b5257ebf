"""Kudos and their reversals, company values, and stored summaries."""

from __future__ import annotations

from datetime import date, timedelta

from storage.engine import Storage
from storage.workspaces import WorkspaceKey
from tests.databases import MONDAY

ACME = WorkspaceKey("slack", "T-ACME")
KEYS = ("U-ANA", "U-BO", "U-CY")


def later(storage: Storage, **span: float) -> None:
    storage.clock.move(timedelta(**span))  # type: ignore[attr-defined]


def people(storage: Storage) -> tuple[int, int, int]:
    with storage.begin(ACME) as store:
        ana, bo, cy = (store.members.greet(key).id for key in KEYS)
    return ana, bo, cy


def test_kudos_reach_everybody_named_once(storage: Storage) -> None:
    ana, bo, cy = people(storage)
    with storage.begin(ACME) as store:
        value = store.kudos.add_value("Kindness", "We help without being asked.")
        given, new = store.kudos.give(
            ana, [cy, bo, cy], "for staying late", value_id=value, public=False, source="view 1"
        )
    assert new
    assert (given.to, given.words, given.value_id, given.public) == ((bo, cy), "for staying late", value, False)
    with storage.begin(ACME) as store:
        assert store.kudos.by_id(given.id) == given
        assert store.kudos.given_by(ana) == store.kudos.received_by(bo) == store.kudos.received_by(cy) == [given]
        assert store.kudos.given_by(bo) == store.kudos.received_by(ana) == []


def test_the_same_form_sent_twice_is_one_thank_you(storage: Storage) -> None:
    ana, bo, cy = people(storage)
    with storage.begin(ACME) as store:
        first, _ = store.kudos.give(ana, [bo], "for the review", value_id=None, public=True, source="view 1")
    with storage.begin(ACME) as store:
        again, new = store.kudos.give(ana, [cy], "for something else", value_id=None, public=True, source="view 1")
        assert (again, new) == (first, False)
        assert store.kudos.given_since(ana, MONDAY) == 1


def test_one_that_is_taken_back_stays_in_history_and_still_counts(storage: Storage) -> None:
    ana, bo, _ = people(storage)
    with storage.begin(ACME) as store:
        given, _ = store.kudos.give(ana, [bo], "for the review", value_id=None, public=True, source="view 1")
    later(storage, hours=1)
    with storage.begin(ACME) as store:
        assert store.kudos.take_back(given.id)
        assert not store.kudos.take_back(given.id)
        assert not store.kudos.take_back(given.id + 1)
        assert store.kudos.given_by(ana) == store.kudos.received_by(bo) == []
        assert store.kudos.touching([ana, bo], MONDAY, MONDAY + timedelta(days=1)) == []
        assert store.kudos.given_since(ana, MONDAY) == 1
        kept = store.kudos.by_id(given.id)
    assert kept
    assert (kept.words, kept.taken_back_at) == ("for the review", MONDAY + timedelta(hours=1))


def test_a_week_counts_what_was_given_in_it(storage: Storage) -> None:
    ana, bo, cy = people(storage)
    for number in range(3):
        with storage.begin(ACME) as store:
            store.kudos.give(ana, [bo], f"for {number}", value_id=None, public=True, source=f"view {number}")
        later(storage, days=3)
    with storage.begin(ACME) as store:
        assert store.kudos.given_since(ana, store.now - timedelta(days=7)) == 2
        assert store.kudos.given_since(bo, MONDAY) == 0
        assert [one.words for one in store.kudos.given_by(ana, most=2)] == ["for 2", "for 1"]
        # From its start until before its end.
        within = store.kudos.touching([bo, cy], MONDAY + timedelta(days=3), MONDAY + timedelta(days=6))
        assert [one.words for one in within] == ["for 1"]


def test_a_retired_value_is_offered_no_longer_but_keeps_its_name(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        kindness, courage = store.kudos.add_value("Kindness"), store.kudos.add_value("Courage", "Say it early.")
        store.kudos.retire_value(kindness)
        assert [(one.id, one.says) for one in store.kudos.company_values()] == [(courage, "Say it early.")]
        retired = store.kudos.company_value(kindness)
    assert retired
    assert retired.name == "Kindness"


def test_a_summary_is_kept_and_refreshing_keeps_the_earlier_one(storage: Storage) -> None:
    first, last = date(2026, 2, 23), date(2026, 3, 1)
    with storage.begin(ACME) as store:
        team = store.teams.add("Backend")
        old = store.summaries.keep(team.id, first, last, {"checked in": 4, "of": 6})
    later(storage, hours=1)
    with storage.begin(ACME) as store:
        new = store.summaries.keep(team.id, first, last, {"checked in": 5, "of": 6})
    with storage.begin(ACME) as store:
        assert store.summaries.newest(team.id, first, last) == new
        assert store.summaries.newest(team.id, first, last + timedelta(days=1)) is None
        assert store.summaries.by_id(old.id) == old
        assert store.summaries.of_team(team.id) == [new, old]
        assert old.facts == {"checked in": 4, "of": 6}
