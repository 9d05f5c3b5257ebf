"""Erased while it is being sent: nobody and nothing comes back, and whoever was sending goes on in peace."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from handlers.feature import Feature
from handlers.screens import Card, Para
from handlers.text import line
from handlers.wire import to_json
from scheduler.courier import Courier
from scheduler.housekeeping import tidy
from storage.deliveries import NOT_NEEDED, deliveries
from storage.engine import Storage
from storage.members import members
from storage.prompts import prompts
from storage.retention import UNSENT_STAYS, WORDS_STAY
from storage.workspaces import workspaces
from tests.scheduler.offices import ACME, THURSDAYS, Office, utc
from tests.scheduler.outside import FAST, Platform
from tests.storage.twins import OURS, arrange

LEASE_IS_OVER = timedelta(seconds=60)
Erase = Callable[[Storage], None]
checkins = Feature("checkins", "asks how it goes")


@checkins.on_prompt("Check-in questions")
def _(turn: Any, _prompt: Any) -> Any:
    return Card((Para(line(f"How goes it, {turn.actor.name}?")),))


@pytest.fixture
async def office(storage: Storage) -> Office:
    """Two people who are just being asked."""
    office = Office(storage, checkins, ana="Europe/Berlin", ben="Europe/Berlin")
    office.arrange(THURSDAYS)
    await office.until(utc(5, 9))
    return office


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Any:
    """Nothing of this is worth a word to an admin."""
    yield
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING] == []


def courier(storage: Storage, platform: Platform) -> Courier:
    return Courier(storage, platform, storage.clock, (checkins,), FAST)


def erase_ana(storage: Storage) -> None:
    with storage.connect() as connection:
        connection.execute(delete(members).where(members.c.key == "ana"))


def erase_ana_with_her_messages(storage: Storage) -> None:
    with storage.connect() as connection:
        connection.execute(delete(deliveries).where(deliveries.c.to_key == "ana"))
    erase_ana(storage)


def erase_the_workspace(storage: Storage) -> None:
    with storage.connect() as connection:
        connection.execute(delete(workspaces))


def while_sending_to_ana(storage: Storage, erase: Erase) -> Platform:
    """A platform on which somebody is erased at the very moment at which Ana's message is on its way."""
    platform = Platform()
    platform.rule = lambda _, outgoing: erase(storage) if outgoing.to_key == "ana" else None
    return platform


def rows(storage: Storage, table: Any) -> list[Any]:
    with storage.connect() as connection:
        return list(connection.execute(select(table)))


@pytest.mark.parametrize("erase", [erase_ana, erase_ana_with_her_messages])
async def test_somebody_who_waits_to_be_asked(office: Office, erase: Erase) -> None:
    erase(office.storage)
    platform = Platform()
    await courier(office.storage, platform).drain()
    assert platform.said(ACME) == ["How goes it, ben?"]
    assert [row.key for row in rows(office.storage, members)] == ["ben"]
    hers = [row for row in rows(office.storage, deliveries) if row.to_key == "ana"]
    assert [(row.status, row.last_error, row.sealed) for row in hers] in ([], [("cancelled", NOT_NEEDED, "")])


@pytest.mark.parametrize("erase", [erase_ana, erase_ana_with_her_messages])
async def test_somebody_who_is_just_being_asked(office: Office, erase: Erase) -> None:
    platform = while_sending_to_ana(office.storage, erase)
    await courier(office.storage, platform).drain()
    assert sorted(platform.said(ACME)) == ["How goes it, ana?", "How goes it, ben?"]
    await courier(office.storage, platform).drain()
    assert platform.calls == 2
    assert [row.key for row in rows(office.storage, members)] == ["ben"]
    assert [row.member_id for row in rows(office.storage, prompts)] == [office.ids["ben"]]
    hers = [row.status for row in rows(office.storage, deliveries) if row.to_key == "ana"]
    assert hers == (["sent"] if erase is erase_ana else [])


@pytest.mark.parametrize("erase", [erase_ana, erase_ana_with_her_messages])
async def test_somebody_whose_message_a_courier_held_that_died(office: Office, erase: Erase) -> None:
    with office.storage.begin(ACME) as store:
        assert len(store.lanes.take("a courier that dies", LEASE_IS_OVER, 10)) == 2
    erase(office.storage)
    office.clock.move(LEASE_IS_OVER)
    platform = Platform()
    await courier(office.storage, platform).drain()
    assert platform.said(ACME) == ["How goes it, ben?"]


async def test_plain_words_that_wait_for_somebody_are_neither_sent_nor_kept(office: Office) -> None:
    said = Card((Para(line("Ben thanked you.")),))
    with office.storage.begin(ACME) as store:
        (ana, _) = store.members.by_keys(["ana", "ben"])
        store.deliveries.queue("member", "ana", to_json(said), key="kudos 1")
        store.deliveries.queue_home(ana.key)
    erase_ana(office.storage)
    platform = Platform()
    await courier(office.storage, platform).drain()
    assert platform.said(ACME) == ["How goes it, ben?"]
    hers = [row for row in rows(office.storage, deliveries) if row.to_key == "ana"]
    assert {(row.status, row.last_error, row.sealed) for row in hers} == {("cancelled", NOT_NEEDED, "")}
    with office.storage.begin(ACME) as store:
        assert store.deliveries.unsent() == [], "it is nothing that an admin has to look after"
        assert store.members.by_key("ana") is None


async def test_plain_words_that_are_just_being_sent_are_not_kept(office: Office) -> None:
    said = Card((Para(line("Ben thanked you.")),))
    with office.storage.begin(ACME) as store:
        store.deliveries.queue("member", "ana", to_json(said), key="kudos 1")
    platform = while_sending_to_ana(office.storage, erase_ana)
    await courier(office.storage, platform).drain()
    hers = [row for row in rows(office.storage, deliveries) if row.to_key == "ana"]
    assert {row.sealed for row in hers} == {""}
    bens = [row for row in rows(office.storage, deliveries) if row.to_key == "ben"]
    assert all(row.sealed for row in bens)


async def test_plain_words_of_which_nobody_knows_whether_they_arrived_are_not_looked_for(office: Office) -> None:
    with office.storage.begin(ACME) as store:
        store.deliveries.queue("member", "ana", to_json(Card((Para(line("Ben thanked you.")),))), key="kudos 1")
        assert store.lanes.take("a courier that dies", LEASE_IS_OVER, 10)
    erase_ana(office.storage)
    office.clock.move(LEASE_IS_OVER)
    platform = Platform()
    await courier(office.storage, platform).drain()
    assert platform.said(ACME) == ["How goes it, ben?"]
    assert [one.sealed for one in rows(office.storage, deliveries) if one.to_key == "ana"] == ["", ""]


def test_what_the_documents_say_erases_one_person_and_nobody_else(storage: Storage) -> None:
    said = (Path(__file__).parents[2] / "docs/privacy.md").read_text("utf-8")
    (statements,) = re.findall(r"^BEGIN;\n(.*?)^COMMIT;$", said, re.DOTALL | re.MULTILINE)
    company = arrange(storage, OURS, "our")
    with storage.begin(OURS) as store:
        store.blockers.acknowledge(company.blocker, company.bo)
        store.deliveries.queue("member", "U-BO", to_json(Card((Para(line("Thanks.")),))), key="kudos 1 to bo")
    with storage.connect() as connection:
        for statement in statements.replace("U012ABCDEF", "U-BO").split(";"):
            if statement.strip():
                connection.exec_driver_sql(statement)
    with storage.begin(OURS) as store:
        assert [one.key for one in store.members.people()] == ["U-ANA"]
        blocker = store.blockers.by_id(company.blocker)
        assert blocker
        assert blocker.owner_id == company.ana
        assert store.checkins.by_id(company.checkin)
        assert store.summaries.by_id(company.summary) is None
        assert not store.deliveries.was_queued("kudos 1 to bo")


async def test_a_workspace_that_waits(office: Office) -> None:
    erase_the_workspace(office.storage)
    platform = Platform()
    ours = courier(office.storage, platform)
    await ours.sweep()
    ours.wake(ACME)  # whoever queued the last message, just before
    await ours.drain()
    await office.ticker.tick()
    await office.ticker.look_round()
    assert platform.calls == 0
    assert rows(office.storage, workspaces) == []


async def test_a_workspace_that_is_just_being_written_to(office: Office) -> None:
    platform = while_sending_to_ana(office.storage, erase_the_workspace)
    ours = courier(office.storage, platform)
    await ours.drain()
    office.clock.move(timedelta(days=1))
    await ours.drain()
    await ours.stop()
    assert platform.calls <= 2
    for table in (workspaces, members, prompts, deliveries):
        assert rows(office.storage, table) == [], table.name


async def test_the_words_of_a_prompt_go_when_they_have_served_their_purpose(office: Office) -> None:
    platform = Platform()
    await courier(office.storage, platform).drain()
    assert all(row.sealed for row in rows(office.storage, deliveries))
    office.clock.move(WORDS_STAY + timedelta(hours=1))
    await tidy(office.storage)
    await courier(office.storage, platform).drain()
    assert [row.sealed for row in rows(office.storage, deliveries)] == ["", ""]
    assert platform.calls == 2


async def test_what_is_given_up_while_a_courier_holds_it_is_not_sent_again(office: Office) -> None:
    with office.storage.begin(ACME) as store:
        (first, _) = store.lanes.take("slow", LEASE_IS_OVER, 10)
        store.lanes.try_again(first, office.clock.now(), "The platform is not well.")
    office.clock.move(UNSENT_STAYS + timedelta(hours=1))
    await tidy(office.storage)
    with office.storage.begin(ACME) as store:
        assert not store.lanes.word(first, "words")
        assert not store.lanes.settle_sent(first, {"ts": "1"})
    platform = Platform()
    await courier(office.storage, platform).drain()
    assert platform.calls == 0, "the occurrence has closed long ago"
    assert {row.status for row in rows(office.storage, deliveries)} == {"cancelled"}
    assert {row.sealed for row in rows(office.storage, deliveries)} == {""}
