"""A whole database moves from SQLite to PostgreSQL, or back, and Soundings goes on with the copy."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, text

from storage.base import metadata
from storage.checkins import Answer
from storage.copying import Copied, NotCopied, copy_database, rows_of
from storage.engine import Storage
from storage.errors import Unavailable
from storage.installs import keep_install, new_state
from storage.ticks import ticks
from tests.databases import MONDAY, VAULT
from tests.storage.test_installs import ACME
from tests.storage.twins import CLOSES, FRIDAY, OURS, TWIN, Company, arrange

pytestmark = pytest.mark.long


@pytest.fixture(params=["sqlite to postgresql", "postgresql to sqlite"])
def both(request: pytest.FixtureRequest, sqlite_storage: Storage, postgres_storage: Storage) -> tuple[Storage, Storage]:
    """A database to copy from and one to copy to."""
    pair = (sqlite_storage, postgres_storage)
    return pair if request.param.startswith("sqlite") else (pair[1], pair[0])


def fill(storage: Storage) -> Company:
    """Two companies with something in every table."""
    ours = arrange(storage, OURS, "our")
    arrange(storage, TWIN, "their")
    with storage.begin(OURS) as store:
        store.teams.change(ours.team, manager_id=ours.bo)
        # A question that follows a younger one.
        younger = store.questions.add("What would help?", "long", team_id=ours.team)
        store.kudos.take_back(ours.kudos)
        store.waves.close(ours.cadence, FRIDAY - timedelta(days=7))
    with storage.connect() as connection:
        keep_install(connection, VAULT, ACME, MONDAY)
        new_state(connection, MONDAY)
        connection.execute(insert(ticks), {"replica": "one", "job": "plan", "at": MONDAY - timedelta(hours=1)})
        questions = metadata.tables["questions"]
        connection.execute(questions.update().where(questions.c.id == ours.question).values(follows=younger))
    return ours


def counts(storage: Storage) -> dict[str, int]:
    with storage.connect() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }


def test_a_company_moves_and_works_on(both: tuple[Storage, Storage]) -> None:
    source, target = both
    ours = fill(source)
    heard: list[tuple[str, int]] = []
    copied = copy_database(source, target, lambda table, rows: heard.append((table, rows)))

    assert {one.table: one.rows for one in copied} == counts(source) == counts(target)
    assert [one.table for one in copied if not one.rows] == [], "a table without rows shows nothing"
    assert sum(rows for _, rows in heard) == rows_of(source)
    with target.begin(OURS) as store:
        team = store.teams.by_id(ours.team)
        assert team
        assert team.manager_id == ours.bo
        assert [one.id for one in store.members.of_team(ours.team)] == [ours.ana, ours.bo]
        assert store.drafts.find(ours.ana, "checkin") == {"done": "our draft"}

        cyn = store.members.greet("U-CYN", "Cyn")
        assert cyn.id > max(ours.ana, ours.bo)
        kudos, new = store.kudos.give(cyn.id, [ours.ana], "for moving house", value_id=None, public=True, source="a")
        assert new
        assert kudos.id != ours.kudos
        store.checkins.share(cyn.id, ours.team, FRIDAY, CLOSES, [Answer(ours.question, "moved", (), None)])
        assert store.deliveries.queue("channel", "C1", {}, key="after the move")
        assert not store.deliveries.queue("channel", "C1", {}, key="the same key everywhere")


def test_a_copy_of_a_copy_has_the_same_checksums(both: tuple[Storage, Storage]) -> None:
    source, target = both
    fill(source)
    there = copy_database(source, target)
    with source.connect() as connection:
        for table in metadata.tables.values():
            if "workspace_id" not in table.c:
                connection.execute(table.delete())
    back = copy_database(target, source)
    assert back == there
    assert len({one.checksum for one in there}) == len(there)


def test_nothing_is_copied_onto_something(both: tuple[Storage, Storage]) -> None:
    source, target = both
    fill(source)
    with target.begin(TWIN) as store:
        store.members.greet("U1")
    before = counts(target)
    with pytest.raises(NotCopied, match=r"not empty: there are rows in workspaces, members\."):
        copy_database(source, target)
    assert counts(target) == before


def test_both_must_be_of_this_version(both: tuple[Storage, Storage]) -> None:
    source, target = both
    for storage, says in ((target, "copy to is not"), (source, "copy from is not")):
        with storage.connect() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = 'old ' || version_num"))
        try:
            with pytest.raises(NotCopied, match=says):
                copy_database(source, target)
        finally:
            with storage.connect() as connection:
                connection.execute(text("UPDATE alembic_version SET version_num = substr(version_num, 5)"))


def test_a_database_is_not_copied_onto_itself(storage: Storage) -> None:
    with pytest.raises(NotCopied, match="one and the same"):
        copy_database(storage, storage)


def test_a_soundings_that_is_at_work_is_to_be_stopped_first(both: tuple[Storage, Storage]) -> None:
    source, target = both
    fill(source)
    with source.connect() as connection:
        connection.execute(insert(ticks), {"replica": "two", "job": "plan", "at": MONDAY - timedelta(seconds=30)})
    with pytest.raises(NotCopied, match="Stop it"):
        copy_database(source, target)
    assert not any(counts(target).values())


def test_a_demo_whose_clock_ran_ahead_is_copied_once_it_is_stopped(both: tuple[Storage, Storage]) -> None:
    source, target = both
    fill(source)
    with source.connect() as connection:
        connection.execute(insert(ticks), {"replica": "two", "job": "plan", "at": MONDAY + timedelta(days=6)})
    copy_database(source, target)
    assert counts(target) == counts(source)


def test_a_source_that_is_being_written_is_not_copied(both: tuple[Storage, Storage]) -> None:
    source, target = both
    fill(source)
    with source.begin(OURS) as store:
        store.members.greet("U-DAN")
        # Another process: the same database, by another door.
        other = Storage(source.url, VAULT, source.clock)
        with pytest.raises((Unavailable, NotCopied), match="lock"):
            copy_database(other, target)
        other.close()
    assert not any(counts(target).values())


def test_what_fails_half_way_leaves_nothing_behind(sqlite_storage: Storage, postgres_storage: Storage) -> None:
    fill(sqlite_storage)
    with sqlite_storage.begin(OURS) as store:
        store.members.greet("U-EVE", "a name that PostgreSQL \0 cannot hold")
    with pytest.raises(Unavailable):
        copy_database(sqlite_storage, postgres_storage)
    assert not any(counts(postgres_storage).values())


def test_a_table_of_many_rows_goes_in_batches(both: tuple[Storage, Storage]) -> None:
    source, target = both
    heard: list[tuple[str, int]] = []
    with source.begin(OURS) as store:
        days = [(FRIDAY + timedelta(days=number), f"Day {number}") for number in range(2_500)]
        store.absences.keep_holidays("DE", dict(days))
    copied = {one.table: one for one in copy_database(source, target, lambda *batch: heard.append(batch))}
    assert [batch for batch in heard if batch[0] == "holidays"] == [
        ("holidays", 1_000),
        ("holidays", 1_000),
        ("holidays", 500),
    ]
    assert copied["holidays"].rows == 2_500
    assert copied["members"] == Copied("members", 0, "0" * 16)


def test_every_table_there_is_is_copied(storage: Storage) -> None:
    from sqlalchemy import inspect

    with storage.connect() as connection:
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}


def test_a_copy_that_is_not_the_same_is_not_kept(sqlite_storage: Storage, postgres_storage: Storage) -> None:
    fill(postgres_storage)
    with sqlite_storage.connect() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER worse AFTER INSERT ON members BEGIN "
                "UPDATE members SET name = 'somebody else' WHERE id = new.id; END"
            )
        )
    with pytest.raises(NotCopied, match="copy of members is not what was read"):
        copy_database(postgres_storage, sqlite_storage)
    assert not any(counts(sqlite_storage).values())
