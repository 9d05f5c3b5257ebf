"""What is queued: once per key, sealed, in words that only the right key opens."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.checkins import answers
from storage.crypto import Vault, new_key
from storage.deliveries import deliveries
from storage.engine import Storage
from storage.errors import WrongKey
from storage.sealing import renew_all, unreadable
from storage.workspaces import WorkspaceKey
from tests.databases import MONDAY
from tests.storage.twins import OURS, arrange

ACME = WorkspaceKey("slack", "T-ACME")
CARD = {"is": "Card", "body": [{"is": "Para", "line": ["Well done."]}]}


def test_a_key_is_queued_once(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        assert not store.deliveries.was_queued("kudos 1")
        assert store.deliveries.queue("channel", "C1", CARD, key="kudos 1")
        assert not store.deliveries.queue("channel", "C2", {}, key="kudos 1")
        found = store.deliveries.find("kudos 1")
        assert store.deliveries.was_queued("kudos 1")
        assert store.deliveries.waiting() == 1
    assert found
    assert (found.to_key, found.screen, found.status) == ("C1", CARD, "queued")


def test_a_home_that_is_asked_for_again_is_as_if_new(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        store.deliveries.queue_home("U1")
        (taken,) = store.lanes.take("courier", timedelta(seconds=60))
        store.lanes.give_up(taken, "dead", "It could not be drawn.")
        assert [one.why for one in store.deliveries.unsent()] == ["It could not be drawn."]
        store.deliveries.queue_home("U1")
        assert store.deliveries.unsent() == []
        (again,) = store.lanes.take("courier", timedelta(seconds=60))
    assert (again.id, again.attempts) == (taken.id, 1)


def test_a_lane_says_when_to_look_again(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        assert store.lanes.next_at() is None
        store.deliveries.queue("channel", "C1", {}, key="later", not_before=MONDAY + timedelta(hours=2))
        store.deliveries.queue("channel", "C1", {}, key="soon", not_before=MONDAY + timedelta(hours=1))
        assert store.lanes.take("courier", timedelta(seconds=60)) == []
        store.lanes.leave("courier")
        assert store.lanes.next_at() == MONDAY + timedelta(hours=1)
        store.lanes.pause(MONDAY + timedelta(hours=3))
        assert store.lanes.next_at() == MONDAY + timedelta(hours=3)
        store.lanes.park("Soundings was uninstalled.")
        assert store.lanes.next_at() is None


def test_a_lane_is_one_couriers_at_a_time(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        for number in range(3):
            store.deliveries.queue("channel", "C1", {}, key=f"message {number}")
        assert store.lanes.take("one", timedelta(seconds=60))
        assert store.lanes.take("another", timedelta(seconds=60)) == []
        assert store.lanes.state().owner == "one"
        store.lanes.leave("another")
        assert store.lanes.state().owner == "one"
        store.lanes.leave("one")
        assert store.lanes.take("another", timedelta(seconds=60))


def test_what_a_courier_had_in_its_hands_when_it_died_is_taken_up_one_by_one(storage: Storage) -> None:
    """What was only beside a message that ends every courier must not run out of attempts with it."""
    with storage.begin(ACME) as store:
        for number in range(3):
            store.deliveries.queue("channel", f"C{number}", {}, key=f"message {number}")
        assert len(store.lanes.take("one that dies", timedelta(seconds=60), most=10)) == 3
    storage.clock.move(timedelta(seconds=60))  # type: ignore[attr-defined]
    with storage.begin(ACME) as store:
        store.deliveries.queue("channel", "C9", {}, key="a new one")
        again = store.lanes.take("another", timedelta(seconds=60), most=10)
        assert [(one.to_key, one.attempts) for one in again] == [("C0", 2), ("C9", 1)]
        assert store.lanes.take("another", timedelta(seconds=60), most=10, doubtful=False) == []
        (following,) = store.lanes.take("another", timedelta(seconds=60), most=10)
        assert (following.to_key, following.attempts) == ("C1", 2)


def test_words_lie_sealed_in_the_database(storage: Storage) -> None:
    arrange(storage, OURS, "our")
    with storage.connect() as connection:
        said = [
            *connection.execute(select(deliveries.c.sealed)).scalars(),
            *connection.execute(select(answers.c.sealed)).scalars(),
        ]
    # Of the one that was given up no words are kept.
    assert said.count("") == 1
    assert all(one.startswith("gAAAA") for one in said if one)


def test_after_a_change_of_keys_the_old_one_can_be_thrown_away(storage: Storage) -> None:
    old, new = new_key(), new_key()

    def opened(*keys: str) -> closing[Storage]:
        return closing(Storage(storage.url, Vault(list(keys)), storage.clock))

    with opened(old) as before:
        ids = arrange(before, OURS, "our")
    with opened(new, old) as both, both.connect() as connection:
        assert unreadable(connection, both.vault) == []
        assert renew_all(connection, both.vault) == 8
        assert unreadable(connection, Vault([old])) != []
    with opened(new) as after, after.begin(OURS) as store:
        shared = store.checkins.by_id(ids.checkin)
        kudos = store.kudos.by_id(ids.kudos)
    assert shared
    assert shared.answers[0].words == "our answer"
    assert kudos
    assert kudos.words == "our kudos"


def test_a_vault_opens_only_what_its_keys_sealed_and_never_shows_them() -> None:
    key = new_key()
    vault = Vault([new_key(), key])
    assert vault.open(Vault([key]).seal("naïve 👋")) == "naïve 👋"
    assert vault.open_json(vault.seal_json({"a": [1, None, "ü"]})) == {"a": [1, None, "ü"]}
    assert Vault([key]).seal("same") != Vault([key]).seal("same")
    assert key not in repr(vault)
    with pytest.raises(WrongKey):
        Vault([new_key()]).open(vault.seal("words"))
    with pytest.raises(WrongKey):
        vault.open("no seal at all")


@pytest.mark.parametrize("keys", [[], ["short"], [""], [new_key(), "not a key"]])
def test_what_is_no_key_is_refused_without_being_repeated(keys: list[str]) -> None:
    with pytest.raises(ValueError) as told:
        Vault(keys)
    assert "soundings keys new" in str(told.value)
    assert all(key not in str(told.value) for key in keys if len(key) > 5)


def test_nothing_is_tried_again_before_its_time_though_the_clock_was_set_back(storage: Storage) -> None:
    minute = timedelta(minutes=1)
    with storage.begin(ACME) as store:
        store.deliveries.queue("channel", "C1", {}, key="due now")
        (taken,) = store.lanes.take("courier", minute)
    storage.clock._now -= timedelta(hours=2)  # type: ignore[attr-defined]
    with storage.begin(ACME) as store:
        assert store.lanes.try_again(taken, store.now + minute, "Slack could not be reached.")
    storage.clock.move(10 * minute)  # type: ignore[attr-defined]
    with storage.begin(ACME) as store:
        assert store.lanes.take("courier", minute) == []
    storage.clock.move_to(MONDAY)  # type: ignore[attr-defined]
    with storage.begin(ACME) as store:
        assert [one.id for one in store.lanes.take("courier", minute)] == [taken.id]
