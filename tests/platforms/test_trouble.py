"""A database that is locked, full or gone: a sentence with a token, the stack under that token, and no answer lost."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest

from sandbox.people import Person
from storage.clock import SetClock
from storage.engine import Storage
from tests.databases import MONDAY, held
from tests.platforms.wire import DONE, PLAN, interaction, post, rows, tokens, typed, view_submission
from tests.town import SECRET, Town, founded

WORDS = "Moved the whole archive to the attic, every box of it"
AWAY = "The database cannot be reached just now."


@contextmanager
def locked(town: Town) -> Iterator[None]:
    """Somebody else holds the file and does not let go."""
    with held(town.app.storage, patience=20):
        yield


@contextmanager
def full(town: Town) -> Iterator[None]:
    """There is no room for another page, not even in the space that was freed."""
    with town.app.storage.engine.connect() as connection:
        (pages,) = connection.exec_driver_sql("PRAGMA page_count").one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    yield
    with town.app.storage.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")


@contextmanager
def gone(town: Town) -> Iterator[None]:
    """The server is away: nobody answers where it was."""
    nowhere = Storage("postgresql://soundings:hunter2@127.0.0.1:1/nothing", town.app.storage.vault, town.clock)
    real, town.app.storage.engine = town.app.storage.engine, nowhere.engine
    yield
    town.app.storage.engine = real
    nowhere.close()


TROUBLES = {"locked": locked, "full": full, "gone": gone}


@asynccontextmanager
async def quiet(town: Town) -> AsyncIterator[Person]:
    """Ana, with a form half-filled, in a town where nothing is on its way."""
    (ana,) = town.people("ana")
    await ana.types("/soundings")
    await ana.types("/checkin")
    await ana.fills({DONE: WORDS * 50, PLAN: "🫠" * 2900})
    await town.settle()
    yield ana
    await town.settle()


@pytest.mark.parametrize("how", TROUBLES)
async def test_a_form_stays_open_with_what_was_typed_and_can_be_sent_again(
    town: Town, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with quiet(town) as ana:
        before = rows(town)
        with TROUBLES[how](town):
            assert await ana.submits()
        told = ana.errors[DONE]
        assert AWAY in told
        assert "what you typed is still in front of you" in told
        (token,) = tokens(told)
        assert_logged_without_words(caplog, token)
        assert rows(town) == before
        assert not await ana.submits()
        assert "Thank you" in ana.modal_text
    with town.store() as store:
        me = store.members.by_key(ana.user_id)
        assert me
        (checkin,) = store.checkins.of_member(me.id)
    assert checkin.answers[0].words == WORDS * 50


def assert_logged_without_words(caplog: pytest.LogCaptureFixture, token: str) -> None:
    (entry,) = [one for one in caplog.records if f"trouble {token} " in one.getMessage()]
    assert entry.levelno == logging.ERROR
    assert entry.exc_info
    for hidden in (WORDS, "🫠", SECRET, "xoxb-", "hunter2", "gAAAA"):
        assert hidden not in caplog.text, hidden


async def test_commands_presses_and_the_home_say_so_too(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    async with quiet(town) as ana:
        await ana.closes()
        await town.settle()
        with gone(town):
            await ana.types(f"/kudos @bo {WORDS}")
            await ana.sees(AWAY, in_="ephemeral")
            (token,) = tokens(ana.reads("ephemeral"))
            assert_logged_without_words(caplog, token)
            await ana.presses("Check in", in_="ephemeral")
            await ana.seat.sandbox.settle()
            assert len(tokens(ana.reads("ephemeral"))) == 2
            town.sandbox.delivery.retry_after = ()
            await ana.opens_home()
            await ana.sees(AWAY, in_="home")
            await ana.shortcut("Check in")
            await ana.sees(AWAY, in_="modal")
            await ana.closes()
        await ana.opens_home()
        await ana.sees("Check in", in_="home")
        await ana.never_sees(AWAY, in_="home")
        await ana.types(f"/kudos @bo {WORDS}")
        await ana.sees("Sent to", in_="ephemeral")


async def test_while_somebody_holds_the_file_people_read_on(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """A backup, say: what is there is shown, and only who has something to say is told to try again."""
    async with quiet(town) as ana:
        await ana.closes()
        await town.settle()
        with town.store() as store:
            store.teams.add("Archive", manager_id=store.members.greet(ana.user_id).id)
        await ana.types("/team-summary")
        await ana.sees("Archive", in_="ephemeral")
        before = rows(town)
        with locked(town):
            for command in ("/team-summary", "/soundings"):
                seen = ana.reads("ephemeral")
                await ana.types(command)
                await town.settle()
                assert len(ana.reads("ephemeral")) > len(seen)
            await ana.opens_home()
            await ana.sees("Check in", in_="home")
            await ana.types("/checkin")
            await ana.sees("What did you get done", in_="modal")
            await ana.closes()
            await ana.presses("Check in", in_="ephemeral")
            await ana.sees("What did you get done", in_="modal")
            assert AWAY not in ana.reads("ephemeral") + ana.reads("home") + ana.reads("modal")
            await ana.fills({DONE: "Only said once the file is free"})
            assert await ana.submits()
            assert AWAY in ana.errors[DONE]
            (token,) = tokens(ana.errors[DONE])
            assert_logged_without_words(caplog, token)
            assert rows(town) == before
        assert not await ana.submits()
        await ana.sees("Thank you", in_="modal")


async def test_trouble_before_the_turn_is_told_as_well(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """Where not even the workspace's token can be read."""
    async with quiet(town) as ana:
        town.app.installs._remembered.clear()
        with locked(town):
            await ana.types(f"/kudos @bo {WORDS}")
            await ana.sees(AWAY, in_="ephemeral")
            assert await ana.submits()
            assert AWAY in ana.errors[DONE]
            (token,) = tokens(ana.errors[DONE])
            assert_logged_without_words(caplog, token)
        assert not await ana.submits()
        assert "Thank you" in ana.modal_text


async def test_a_server_that_goes_away_and_comes_back(
    postgres_storage: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    async with founded(postgres_storage.url, SetClock(MONDAY)) as town, quiet(town) as ana:
        with town.app.storage.engine.connect() as connection:
            pids = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            connection.exec_driver_sql(f"{pids} AND pid <> pg_backend_pid()")
        assert not await ana.submits(), "a connection that was dropped is noticed, and another is taken"
        with gone(town):
            await ana.types("/soundings")
            await ana.sees(AWAY, in_="ephemeral")
    assert_logged_without_words(caplog, tokens(ana.reads("ephemeral"))[-1])


async def test_a_fault_of_ours_while_drawing_is_told(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    async with quiet(town) as ana:
        assert ana.modal
        sent = view_submission(town, ana, {**typed(ana.modal, DONE, WORDS), **typed(ana.modal, PLAN, "Rest")})
        sent["view"]["blocks"] = [{"type": "input"}]
        status, said = await post(town, interaction(sent))
        assert status in (200, 400)
        assert WORDS not in said + caplog.text
