"""What was read already is never out of date: not in this transaction, not in another process."""

from __future__ import annotations

import asyncio
import threading
from contextlib import closing, suppress

import pytest
from sqlalchemy.exc import IntegrityError

from storage.engine import Storage
from storage.errors import Unavailable
from storage.workspaces import WorkspaceKey
from tests.databases import VAULT

ACME = WorkspaceKey("slack", "T1")


def replica_of(storage: Storage) -> Storage:
    """Another process on the same database, as far as what it has read is concerned."""
    return Storage(storage.url, VAULT, storage.clock)


def test_a_replica_sees_a_team_as_another_changed_it(storage: Storage) -> None:
    with closing(replica_of(storage)) as replica:
        with storage.begin(ACME) as store:
            team_id = store.teams.add("Ops").id
        for name in ("Operations", "Everything else"):
            with replica.begin(ACME) as there:
                before = there.teams.by_id(team_id)
            with storage.begin(ACME) as store:
                store.teams.change(team_id, name=name)
            with replica.begin(ACME) as there:
                after = there.teams.by_id(team_id)
            assert before is not None
            assert after is not None
            assert before.name != after.name == name


def test_questions_that_were_retired_are_asked_no_longer_anywhere(storage: Storage) -> None:
    with closing(replica_of(storage)) as replica:
        with storage.begin(ACME) as store:
            question = store.questions.add("How was it?", "long")
        with replica.begin(ACME) as there:
            assert [one.id for one in there.questions.for_team(None)] == [question]
        with storage.begin(ACME) as store:
            store.questions.retire(question)
        with replica.begin(ACME) as there:
            assert there.questions.for_team(None) == []


def test_what_was_undone_is_not_remembered(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        store.teams.add("Ops")
    with closing(replica_of(storage)) as replica:
        with replica.begin(ACME) as there:
            assert len(there.teams.all()) == 1
        with storage.begin(ACME) as store:
            with suppress(ZeroDivisionError), store.apart():
                store.teams.add("Never")
                store.change_settings(name="Nowhere")
                assert len(store.teams.all()) == 2
                raise ZeroDivisionError
            assert store.workspace.name != "Nowhere"
            assert [one.name for one in store.teams.all()] == ["Ops"]
            store.teams.add("Care")
            assert len(store.teams.all()) == 2
        with replica.begin(ACME) as there:
            assert [one.name for one in there.teams.all()] == ["Care", "Ops"]


def test_an_error_of_the_database_in_one_part_leaves_the_rest(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        with pytest.raises(IntegrityError), store.apart():
            store.members.set_team([store.members.greet("U1").id], 999)
        store.teams.add("Ops")
    with storage.begin(ACME) as store:
        assert [one.name for one in store.teams.all()] == ["Ops"]


def test_two_who_are_the_first_at_once_are_both_asked_the_first_questions(postgres_storage: Storage) -> None:
    with postgres_storage.begin(ACME) as store:
        store.members.greet("U1")
    with postgres_storage.begin(ACME) as slow:
        assert slow.questions.for_team(None) == []
        with postgres_storage.begin(ACME) as quick:
            assert quick.questions.first_are_due()
            question = quick.questions.add("How was it?", "long")
        assert not slow.questions.first_are_due()
        assert [one.id for one in slow.questions.for_team(None)] == [question]
        other = slow.questions.add("What next?", "long")
    with postgres_storage.begin(ACME) as store:
        assert [one.id for one in store.questions.for_team(None)] == [question, other]


def test_two_who_were_met_just_now_do_not_wait_for_each_other(postgres_storage: Storage) -> None:
    with postgres_storage.begin(ACME):
        pass
    with postgres_storage.begin(ACME) as slow, postgres_storage.begin(ACME) as quick:
        slow.members.greet("U1")
        quick.members.greet("U2")
        assert quick.questions.first_are_due()


def test_a_change_that_was_not_kept_is_not_remembered(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        team_id = store.teams.add("Ops").id
    try:
        with storage.begin(ACME) as store:
            store.teams.change(team_id, name="Nobody's")
            assert store.teams.by_id(team_id).name == "Nobody's"  # type: ignore[union-attr]
            raise Unavailable("the power went out")
    except Unavailable:
        pass
    with storage.begin(ACME) as store:
        assert store.teams.by_id(team_id).name == "Ops"  # type: ignore[union-attr]


def test_within_a_transaction_what_was_written_is_read(storage: Storage) -> None:
    with storage.begin(ACME) as store:
        ana = store.members.greet("U1", "ana")
        assert ana.told_of_kudos
        store.members.set_told_of_kudos(ana.id, False)
        again = store.members.by_id(ana.id)
        assert again is not None
        assert not again.told_of_kudos


async def test_a_turn_goes_to_the_thread_while_somebody_else_writes(sqlite_storage: Storage) -> None:
    here = threading.get_ident()
    ran: list[int] = []

    def turn() -> None:
        with sqlite_storage.begin(ACME):
            ran.append(threading.get_ident())

    for _ in range(30):  # the first ones may be slow on a busy machine
        await sqlite_storage.turn("press x", turn)
    assert ran[0] != here, "nothing is known of it yet"
    assert ran[-1] == here, "it has been quick"
    with closing(replica_of(sqlite_storage)) as other:
        holding = other.engine.connect()
        writing = holding.begin()
        waiting = sqlite_storage.turn("press x", turn)
        task = asyncio.ensure_future(waiting)
        await asyncio.sleep(0.05)
        assert not task.done(), "it waits on the thread, and the loop goes on"
        writing.rollback()
        holding.close()
        await task
    assert ran[-1] != here
