"""A database that is locked, full or gone: an error that the house knows, soon, and nothing half-stored."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from threading import Timer

import pytest
from sqlalchemy import make_url

from storage.checkins import Answer
from storage.crypto import Vault, new_key
from storage.engine import Storage
from storage.errors import Conflict, Unavailable, WrongKey
from storage.sqlite import BUSY_MILLISECONDS
from storage.store import Store
from tests.databases import MONDAY, VAULT, held
from tests.storage.twins import CLOSES, FRIDAY, OURS, arrange

SECRET = "the merger with Initech is off"


def raw(storage: Storage) -> sqlite3.Connection:
    return sqlite3.connect(make_url(storage.url).database or "", isolation_level=None)


def share(store: Store, words: str = SECRET) -> None:
    ana = store.members.by_key("U-ANA")
    (question,) = store.questions.own_set(None)
    assert ana
    answers = [Answer(question.id, words)]
    store.checkins.share(ana.id, ana.team_id, FRIDAY + timedelta(days=7), CLOSES, answers)


@contextmanager
def unavailable(within: float) -> Iterator[None]:
    """The block raises Unavailable, soon, and its text tells nothing that anybody wrote."""
    start = time.monotonic()
    with pytest.raises(Unavailable) as told:
        yield
    assert time.monotonic() - start < within
    error: BaseException | None = told.value
    while error:
        assert SECRET not in str(error)
        assert "gAAAA" not in str(error), "nor what was sealed"
        error = error.__cause__


def how_many_checkins(storage: Storage) -> int:
    with closing(raw(storage)) as connection:
        (count,) = connection.execute("SELECT (SELECT count(*) FROM checkins) * 100 + count(*) FROM answers").fetchone()
    return int(count)


def test_while_somebody_else_holds_the_file_nothing_is_stored_and_later_it_is(sqlite_storage: Storage) -> None:
    arrange(sqlite_storage, OURS, "our")
    before = how_many_checkins(sqlite_storage)
    with held(sqlite_storage), unavailable(within=3), sqlite_storage.begin(OURS) as store:
        share(store)
    assert how_many_checkins(sqlite_storage) == before
    with sqlite_storage.begin(OURS) as store:
        share(store)
    assert how_many_checkins(sqlite_storage) == before + 101


def test_while_somebody_else_holds_the_file_readers_read_and_nobody_waits_twice(sqlite_storage: Storage) -> None:
    arrange(sqlite_storage, OURS, "our")
    with held(sqlite_storage) as other:
        other.execute("UPDATE members SET name = 'not kept yet'")
        with sqlite_storage.begin(OURS):
            pass  # the first waits for two seconds
        start = time.monotonic()
        for _ in range(3):
            with sqlite_storage.begin(OURS) as store:
                assert store.only_reads
                ana = store.members.greet("U-ANA")
                assert ana.name != "not kept yet"
                assert store.checkins.of_member(ana.id)
            with unavailable(within=2), sqlite_storage.begin(OURS) as store:
                share(store)
        assert time.monotonic() - start < BUSY_MILLISECONDS / 1000, "not even one of the six waited"
    with sqlite_storage.begin(OURS) as store:
        assert not store.only_reads


def test_once_the_file_was_let_go_of_a_short_hold_is_waited_for_again(sqlite_storage: Storage) -> None:
    arrange(sqlite_storage, OURS, "our")
    with held(sqlite_storage), sqlite_storage.begin(OURS) as store:
        assert store.only_reads
    with sqlite_storage.begin(OURS) as store:
        share(store)
    with held(sqlite_storage) as other:
        letting_go = Timer(0.3, other.execute, ["ROLLBACK"])
        letting_go.start()
        with sqlite_storage.begin(OURS) as store:
            share(store, "Said while the file was held for a moment")
        letting_go.join()


def test_what_was_read_while_the_file_was_held_is_not_written_over(sqlite_storage: Storage) -> None:
    """Somebody who began to read, and writes once the file is free, does not undo what came in between."""
    arrange(sqlite_storage, OURS, "our")
    with held(sqlite_storage) as other:
        other.execute("UPDATE members SET name = 'Ana, renamed' WHERE key = 'U-ANA'")
        with unavailable(within=3), sqlite_storage.begin(OURS) as store:
            ana = store.members.greet("U-ANA")
            other.execute("COMMIT")
            share(store, f"Said by {ana.name}")
    with sqlite_storage.begin(OURS) as store:
        assert store.members.greet("U-ANA").name == "Ana, renamed"


def test_a_full_disk_keeps_what_is_there_and_nothing_half(sqlite_storage: Storage) -> None:
    arrange(sqlite_storage, OURS, "our")
    before = how_many_checkins(sqlite_storage)
    with sqlite_storage.engine.connect() as connection:
        (pages,) = connection.exec_driver_sql("PRAGMA page_count").one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 4}")
    with unavailable(within=4), sqlite_storage.begin(OURS) as store:
        share(store, SECRET * 4000)
    with sqlite_storage.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    assert how_many_checkins(sqlite_storage) == before
    with closing(raw(sqlite_storage)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with sqlite_storage.begin(OURS) as store:
        share(store, SECRET * 4000)
    assert how_many_checkins(sqlite_storage) == before + 101


def test_a_file_in_a_folder_that_is_not_there() -> None:
    nowhere = "sqlite:////nowhere/at/all/soundings.db"
    with closing(Storage(nowhere, VAULT)) as storage, unavailable(within=1), storage.begin(OURS):
        raise AssertionError("a store without a database")


def test_a_server_that_refuses_connections() -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    with closing(Storage(nowhere, VAULT)) as storage, unavailable(within=4), storage.begin(OURS):
        raise AssertionError("a store without a database")


def test_a_server_that_drops_connections_is_back_for_the_next_transaction(postgres_storage: Storage) -> None:
    arrange(postgres_storage, OURS, "our")
    with unavailable(within=4), postgres_storage.begin(OURS) as store:
        with closing(Storage(postgres_storage.url, VAULT)) as other, other.connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        share(store)
    with postgres_storage.begin(OURS) as store:
        share(store)
        assert len(store.checkins.of_member(store.members.greet("U-ANA").id)) == 2


def test_a_database_that_was_never_migrated(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    with closing(Storage(f"sqlite:///{path}", VAULT)) as storage, unavailable(within=1), storage.begin(OURS):
        raise AssertionError("a store without tables")


def test_an_exception_in_the_middle_keeps_nothing(storage: Storage) -> None:
    arrange(storage, OURS, "our")

    def give_up_half_way() -> None:
        with storage.begin(OURS) as store:
            share(store)
            raise LookupError("half way")

    with pytest.raises(LookupError):
        give_up_half_way()
    with storage.begin(OURS) as store:
        assert len(store.checkins.of_member(store.members.greet("U-ANA").id)) == 1


def test_the_same_name_twice_is_a_conflict_that_tells_no_secrets(storage: Storage) -> None:
    with storage.begin(OURS) as store:
        store.teams.add("Backend")
    with pytest.raises(Conflict) as told, storage.begin(OURS) as store:
        store.teams.add("Backend")
    assert told.value.__cause__
    assert "[SQL parameters hidden" in str(told.value.__cause__)


def test_words_under_a_key_that_was_lost_say_so(storage: Storage) -> None:
    company = arrange(storage, OURS, "our")
    lost = Vault([new_key()])
    with closing(Storage(storage.url, lost)) as stranger, pytest.raises(WrongKey), stranger.begin(OURS) as store:
        store.checkins.by_id(company.checkin)


def test_words_with_every_kind_of_character_come_back_as_they_were(storage: Storage) -> None:
    words = "naïve 👩‍👩‍👧‍👦 مرحبا \u202eevil\u202c z\u0335\u0321a\u200b <!channel> <@U1> 'quote' \\ %s :x" * 20
    with storage.begin(OURS) as store:
        ana = store.members.greet("U-ANA", "Ana")
        question = store.questions.add("What moved?", "long")
        store.checkins.share(ana.id, None, FRIDAY, MONDAY, [Answer(question, words)])
    with storage.begin(OURS) as store:
        found = store.checkins.find(ana.id, FRIDAY)
    assert found
    assert found.answers[0].words == words
