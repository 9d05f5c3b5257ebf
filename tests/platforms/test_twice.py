"""The same thing twice, or many things at once: one check-in, one kudos, and nobody turned away."""

from __future__ import annotations

import asyncio
import time

from sandbox.people import Person
from tests.platforms.wire import DONE, PLAN, event, interaction, post, rows, signed, typed, view_submission
from tests.town import Town


async def test_a_form_sent_twice_at_once_is_one_check_in(town: Town) -> None:
    (ana,) = town.people("ana")
    await ana.types("/checkin")
    assert ana.modal
    sent = interaction(
        view_submission(town, ana, {**typed(ana.modal, DONE, "Moved it"), **typed(ana.modal, PLAN, "Rest")})
    )
    now = time.time()
    answers = await asyncio.gather(*(post(town, sent, signed(sent[0], at=now - age)) for age in range(4)))
    assert [status for status, _ in answers] == [200] * 4
    assert all("Thank you" in said for _, said in answers)
    await town.settle()
    stored = rows(town)
    assert stored["checkins"] == 1
    assert stored["answers"] == 2


async def test_a_form_sent_twice_at_once_is_one_thank_you(town: Town) -> None:
    ana, bo = town.people("ana", "bo")
    with town.store() as store:
        store.change_settings(kudos_channel=town.channel("kudos"))
    await ana.types("/kudos @bo")
    assert ana.modal
    fields = typed(ana.modal, "What did they do", "for staying late to fix the build")
    fields["to"] = {"type": "multi_users_select", "selected_users": [bo.user_id]}
    sent = interaction(view_submission(town, ana, fields))
    now = time.time()
    answers = await asyncio.gather(*(post(town, sent, signed(sent[0], at=now - age)) for age in range(4)))
    assert [status for status, _ in answers] == [200] * 4, answers
    assert all('"errors"' not in said for _, said in answers), answers
    await town.settle()
    assert rows(town)["kudos"] == 1
    assert bo.reads("dm").count("staying late") == 1
    assert bo.reads("#kudos").count("staying late") == 1


async def test_an_event_told_again_is_acted_upon_once(town: Town) -> None:
    (ana,) = town.people("ana")
    for number, name in enumerate(("First", "Second", "Third")):
        person = {"id": ana.user_id, "team_id": town.workspace.id, "profile": {"display_name": name}}
        again = event(town, {"type": "user_change", "user": person})
        assert (await post(town, again, signed(again[0], at=time.time() - number)))[0] == 200
    with town.store() as store:
        known = store.members.by_key(ana.user_id)
    assert known
    assert known.name == "First"


async def test_sixty_four_people_at_once(town: Town) -> None:
    crowd = [town.workspace.add_user(name=f"crowd{number}", tz="UTC").name for number in range(64)]
    people = [town.person(name) for name in crowd]

    async def shares(who: Person) -> None:
        await who.types("/checkin")
        await who.fills({DONE: f"Done by {who.name}", PLAN: "The same again"})
        assert not await who.submits()
        assert "Thank you" in who.modal_text, who.modal_text

    town.sandbox.triggers.lifetime = 60
    town.sandbox.delivery.answer_seconds = 60
    await asyncio.gather(*map(shares, people))
    await town.settle()
    stored = rows(town)
    assert (stored["checkins"], stored["answers"]) == (64, 128)
    with town.store() as store:
        for who in people:
            met = store.members.by_key(who.user_id)
            assert met
            (one,) = store.checkins.of_member(met.id)
            assert who.name in str(one)
