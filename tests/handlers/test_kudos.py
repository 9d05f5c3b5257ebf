"""People thank each other, and take it back."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given, strategies

from handlers.features import FEATURES
from handlers.interaction import Interaction
from handlers.kudos.reading import split, visible_length
from handlers.router import Router
from handlers.text import Mention, Plain
from storage.members import Listed
from storage.workspaces import WorkspaceKey
from tests.town import Town

ANA, BO = Mention("U1", "ana"), Mention("U2", "bo")
WHY = "for staying late to fix the build"
TO, WORDS, WHO_SEES = "Who helped?", "What did they do, and what did it change?", "Who sees it?"


def set_up(town: Town, **settings: object) -> None:
    with town.store() as store:
        store.change_settings(kudos_channel=town.channel("kudos"), **settings)


# -- giving by typing ------------------------------------------------------------------------------------------------


async def test_a_complete_command_gives_at_once_and_says_why_it_came_and_how_to_stop_it(town: Town):
    set_up(town)
    ana, bo, cy = town.people("ana", "bo", "cy")
    await ana.types(f"/kudos @bo @cy {WHY}")
    assert ana.modal is None
    await ana.sees("It is posted in", in_="ephemeral")
    for one in (bo, cy):
        await one.sees("staying late to fix the build", in_="dm")
        await one.sees("with 1 colleague", in_="dm")
        await one.sees("You get this because somebody thanked you", in_="dm")
        await one.sees("stop these messages under About me and my data", in_="dm")
    await cy.sees("ana thanked", in_="#kudos")
    await bo.presses("About me and my data", in_="dm")
    assert "Tell me directly" in bo.modal_text


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("/kudos @bo thanks", "Please write at least 15 characters; there are 6 so far."),
        ("/kudos for staying late to fix the build", "Please pick whom you want to thank."),
        ("/kudos @ana for being so good at everything", "Please leave yourself out."),
        ("/kudos @rob for the builds every single night", "Please leave out rob: bots cannot be thanked."),
        ("/kudos @dan for the builds every single night", "Please leave out dan: their account is deactivated."),
        ("/kudos @gus for the builds every single night", "guests cannot be thanked in this workspace."),
        ("/kudos @bo \u200b\u200d\u2060\u2800\u3164 \u200b\u200b\u200b\u200b\u200b\u200b\u200b", "there are 0 so far."),
    ],
)
async def test_an_incomplete_command_opens_the_form_as_typed_with_the_problem_on_top(town: Town, typed, problem):
    set_up(town)
    ana, bo = town.people("ana", "bo")
    await ana.types(typed)
    assert problem in ana.modal_text
    assert typed.split(" ", 2)[2].removeprefix("for ").strip() in ana.modal_text or "staying late" in ana.modal_text
    await bo.never_sees("thanked", in_="#kudos")


async def test_names_alone_open_the_form_without_a_reproach(town: Town):
    (ana,) = town.people("ana")
    await ana.types("/kudos @bo")
    assert "at least 15 characters; there are" not in ana.modal_text
    assert town.person("bo").user_id in json.dumps(ana.modal)


async def test_nothing_of_a_very_long_thank_you_is_lost(town: Town):
    (ana,) = town.people("ana")
    await ana.types("/kudos @bo " + "a" * 2995 + " and the end of it")
    assert "3,013 characters long; 3,000 fit here." in ana.modal_text
    assert "the end of it" in ana.modal_text
    await ana.fills({WORDS: "a" * 2990 + " short now"})
    await ana.submits()
    await ana.sees("Sent to")


async def test_guests_can_be_thanked_where_the_settings_say_so(town: Town):
    set_up(town, kudos_guests=True)
    ana, gus = town.people("ana", "gus")
    await ana.types(f"/kudos @gus {WHY}")
    await gus.sees("staying late", in_="dm")


# -- giving by the form ----------------------------------------------------------------------------------------------


async def test_the_form_is_reached_from_the_command_the_shortcut_and_the_home(town: Town):
    (ana,) = town.people("ana")
    await ana.types("/kudos")
    assert TO in ana.modal_text
    await ana.closes()
    await ana.shortcut("Give kudos")
    assert TO in ana.modal_text
    await ana.closes()
    await ana.opens_home()
    await ana.presses("Give kudos", in_="home")
    assert TO in ana.modal_text


async def test_ana_thanks_bo_for_a_message_and_names_a_value(town: Town):
    set_up(town)
    with town.store() as store:
        store.kudos.add_value("Say it early", "Bad news travels first")
    ana, bo = town.people("ana", "bo")
    await bo.types("The build is green again, go home everybody", in_="general")
    await ana.shortcut_on("green again", "Kudos for this", in_="general")
    assert "The build is green again" in ana.modal_text
    await ana.fills({WORDS: "For the night you spent on the build", "Which of our values": "Say it early"})
    await ana.submits()
    await bo.sees("the night you spent", in_="dm")
    await bo.sees("Shows: Say it early", in_="#kudos")


async def test_a_message_of_ones_own_or_of_a_bot_is_refused_kindly(town: Town):
    ana, bo = town.people("ana", "bo")
    await ana.types("I fixed the build", in_="general")
    await ana.shortcut_on("I fixed", "Kudos for this", in_="general")
    assert "You wrote this yourself" in ana.modal_text
    set_up(town)
    await bo.types(f"/kudos @cy {WHY}")
    await ana.sees("staying late", in_="#kudos")
    await ana.closes()
    await ana.shortcut_on("staying late", "Kudos for this", in_="kudos")
    assert "bots cannot be thanked" in ana.modal_text


async def test_what_will_not_do_is_said_beside_its_field_and_the_words_are_kept(town: Town):
    set_up(town)
    (ana,) = town.people("ana")
    await ana.types("/kudos")
    await ana.fills({TO: ["ana"], WORDS: "too short"})
    await ana.submits()
    assert ana.errors == {
        TO: "Kudos are for others. Please leave yourself out.",
        WORDS: "Please write at least 15 characters; there are 9 so far.",
    }
    with town.store() as store:
        assert store.drafts.find(store.members.greet(ana.user_id).id, "kudos.give")["words"] == "too short"


async def test_a_closed_form_opens_again_with_what_was_typed(town: Town):
    set_up(town)
    ana, bo = town.people("ana", "bo")
    await ana.types("/kudos")
    await ana.fills({TO: ["bo"], WORDS: "For the patience with", WHO_SEES: "Only the two sides"})
    await ana.closes()
    await ana.shortcut("Give kudos")
    await ana.fills({WORDS: "For the patience with my questions"})
    await ana.submits()
    await bo.sees("patience with my questions", in_="dm")
    await bo.sees("it was given privately", in_="dm")
    await bo.never_sees("patience", in_="#kudos")
    await ana.closes()
    await ana.types("/kudos")
    assert "patience" not in ana.modal_text


async def test_a_draft_for_somebody_is_not_offered_for_somebody_elses_message(town: Town):
    ana, bo = town.people("ana", "bo")
    await ana.types("/kudos")
    await ana.fills({TO: ["cy"], WORDS: "Dear Cy, thank you for"})
    await ana.closes()
    await bo.types("The printer works again", in_="general")
    await ana.shortcut_on("printer works", "Kudos for this", in_="general")
    assert "Dear Cy" not in ana.modal_text
    await ana.fills({WORDS: "For the printer"})
    await ana.closes()
    await ana.shortcut_on("printer works", "Kudos for this", in_="general")
    assert "For the printer" in ana.modal_text
    await ana.closes()
    await ana.types("/kudos")
    assert "Dear Cy" in ana.modal_text


async def test_private_kudos_are_for_the_two_sides(town: Town):
    set_up(town)
    ana, bo, cy = town.people("ana", "bo", "cy")
    await ana.types("/kudos")
    await ana.fills({TO: ["bo"], WORDS: "For listening to me last night", WHO_SEES: "Only the two sides"})
    await ana.submits()
    await ana.sees("Only you and they can see it.")
    await bo.sees("listening to me", in_="dm")
    await town.settle()
    for one in (cy, town.person("max")):
        await one.opens_home()
        await one.never_sees("listening to me")
    await bo.never_sees("listening to me", in_="#kudos")


async def test_more_than_twenty_five_people_are_refused_and_a_hundred_do_no_harm(town: Town):
    set_up(town)
    (ana,) = town.people("ana")
    names = [f"person{number}" for number in range(100)]
    with town.store() as store:
        for name in names:
            store.members.keep(Listed(town.workspace.add_user(name=name, tz="UTC").id, name))
    await ana.types("/kudos " + " ".join(f"@{name}" for name in names) + " for the move to the new house")
    assert "These are 100 people. Up to 25 can be thanked at once." in ana.modal_text
    assert "the move to the new house" in ana.modal_text
    await ana.submits()
    assert "These are 100 people." in ana.errors[TO]
    await ana.fills({TO: names[:25]})
    await ana.submits()
    await ana.sees("Sent to")
    await town.settle()
    await town.person("person24").sees("the new house", in_="dm")


async def test_the_weekly_limit_keeps_the_words_and_ends_by_itself(town: Town):
    set_up(town, kudos_weekly=1)
    ana, bo = town.people("ana", "bo")
    await ana.types(f"/kudos @bo {WHY}")
    await ana.types("/kudos @bo for showing me the archive")
    assert "1 is the limit here" in ana.modal_text
    await ana.submits()
    assert "1 is the limit here" in ana.errors[WORDS]
    town.clock.move(timedelta(days=7, minutes=1))
    await ana.closes()
    await ana.types("/kudos")
    await ana.submits()
    await bo.sees("showing me the archive", in_="dm")


# -- taking back, and looking back -----------------------------------------------------------------------------------


async def test_ana_takes_it_back_and_everybody_who_was_told_sees_so(town: Town):
    set_up(town)
    ana, bo, cy = town.people("ana", "bo", "cy")
    await ana.types(f"/kudos @bo {WHY}")
    await bo.sees("staying late", in_="dm")
    await cy.sees("staying late", in_="#kudos")
    set_up(town)
    with town.store() as store:
        store.change_settings(kudos_channel=town.channel("ops"))
    await ana.presses("Take it back", in_="ephemeral")
    await town.settle()
    await bo.sees("took it back", in_="dm")
    await cy.sees("took it back", in_="#kudos")
    await cy.never_sees("took it back", in_="#ops")
    for one in (bo, cy):
        await one.never_sees("staying late")
    with town.store() as store:
        me = store.members.greet(ana.user_id)
        (kudos,) = store.kudos.by_ids({1})
        assert kudos.taken_back_at == store.now
        assert kudos.words == WHY
        assert store.kudos.given_by(me.id) == []


async def test_only_the_giver_takes_it_back_and_twice_is_harmless(town: Town):
    set_up(town)
    ana, bo = town.people("ana", "bo")
    await ana.types(f"/kudos @bo {WHY}")
    await town.settle()
    router = Router(FEATURES, town.app.storage)

    def take_back(who: str) -> str:
        return repr(router.handle(Interaction("press", "kudos.take_back", town.key, who, id="p", state="1")))

    assert "Only the person who gave these kudos" in take_back(bo.user_id)
    assert "took it back" in take_back(ana.user_id)
    town.clock.move(timedelta(days=1))
    assert "took it back" in take_back(ana.user_id)
    with town.store() as store:
        (kudos,) = store.kudos.by_ids({1})
        assert kudos.taken_back_at == store.now - timedelta(days=1)
    assert "no longer kept" in repr(
        router.handle(Interaction("press", "kudos.take_back", town.key, ana.user_id, id="p", state="77"))
    )


async def test_the_home_shows_what_was_given_and_received_and_older_pages(town: Town):
    ana, bo = town.people("ana", "bo")
    await ana.opens_home()
    await ana.sees("Kudos you give or receive stand here", in_="home")
    with town.store() as store:
        store.change_settings(kudos_weekly=500)
        me, other = store.members.greet(ana.user_id), store.members.greet(bo.user_id)
        for number in range(45):
            store.kudos.give(me.id, [other.id], f"given {number:02}", value_id=None, public=True, source=f"g{number}")
        store.kudos.give(other.id, [me.id], "received once", value_id=None, public=False, source="r")
    await ana.opens_home()
    for words in ("given 44", "received once", "private"):
        await ana.sees(words, in_="home")
    await ana.presses("All I have given", in_="home")
    assert "given 44" in ana.modal_text
    assert "given 24" not in ana.modal_text
    await ana.presses("Older")
    await ana.presses("Older")
    assert "given 00" in ana.modal_text
    await ana.presses("Newer")
    assert "given 24" in ana.modal_text
    await ana.presses("Take it back")
    await ana.sees("took it back", in_="modal")


# -- twice, and hostile words ----------------------------------------------------------------------------------------


async def test_the_same_form_sent_twice_gives_one_even_at_the_limit(town: Town):
    set_up(town, kudos_weekly=1)
    ana, bo = town.people("ana", "bo")
    sent = Interaction(
        "submission",
        "kudos.give",
        town.key,
        ana.user_id,
        id="V1",
        values={"to": (bo.user_id,), "words": "For staying late on Tuesday", "public": "public"},
    )
    router = Router(FEATURES, town.app.storage)
    assert router.handle(sent).replies == router.handle(sent).replies
    with town.store() as store:
        assert len(store.kudos.given_by(store.members.greet(ana.user_id).id)) == 1


@pytest.mark.parametrize(
    "words",
    [
        "for <!channel> and <!here|everybody> this morning",
        "for <@U123> and <https://evil.example|this link>",
        "for *bold* _moves_ ~and~ `code` in the release & more",
        "עבור העזרה עם הגרסה \u202eהחדשה\u202c של המוצר",
        "for 👩🏽‍🚒🎉 putting out the fire in the server room 🔥",
        "for Z̷͖͛a̴̡͠l̶͇̈g̶̱̔ö̶̥́ and his patience with fonts",
    ],
)
async def test_words_arrive_as_typed_and_stay_inert(town: Town, words: str):
    set_up(town)
    ana, bo = town.people("ana", "bo")
    await ana.types("/kudos")
    await ana.fills({TO: ["bo"], WORDS: words})
    await ana.submits()
    await bo.sees(words, in_="dm")
    await bo.sees(words, in_="#kudos")
    for message in [one for messages in town.workspace.messages.values() for one in messages]:
        drawn = json.dumps(message.blocks, ensure_ascii=False)
        assert "mrkdwn" not in drawn
        assert '"broadcast"' not in drawn
        assert '"user_id": "U123"' not in drawn
        assert "<" not in message.text


# -- reading ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "keys", "words"),
    [
        ((ANA, Plain(" for the soup")), ("U1",), "for the soup"),
        ((ANA, Plain(", "), BO, Plain(": because you asked")), ("U1", "U2"), "because you asked"),
        ((ANA, Plain(" and "), BO, Plain(" forgot nothing")), ("U1", "U2"), "forgot nothing"),
        ((ANA, Plain(" for helping "), BO, Plain(" with it")), ("U1",), "for helping @bo with it"),
        ((Plain("thanks to "), ANA, Plain(" for the soup")), ("U1",), "thanks to @ana for the soup"),
        ((ANA, ANA, Plain(" for it")), ("U1",), "for it"),
        ((Plain("for everything"),), (), "for everything"),
        ((), (), ""),
    ],
)
def test_members_named_before_the_reason_are_thanked(parts, keys, words):
    interaction = Interaction("command", "kudos", WorkspaceKey("slack", "T1"), "U9", id="1", parts=parts)
    assert split(interaction) == (keys, words)


@given(strategies.lists(strategies.one_of(strategies.text().map(Plain), strategies.sampled_from((ANA, BO)))))
def test_no_member_named_is_forgotten_by_the_reading(parts):
    interaction = Interaction("command", "kudos", WorkspaceKey("slack", "T1"), "U9", id="1", parts=tuple(parts))
    keys, words = split(interaction)
    for part in parts:
        assert not isinstance(part, Mention) or part.key in keys or f"@{part.name}" in words


@pytest.mark.parametrize(
    ("words", "length"),
    [
        ("fifteen letters", 15),
        ("  two   words  ", 9),
        ("\u200b\u200d\ufeff\u2060", 0),
        ("\u3164\u2800\u115f", 0),
        ("e\u0301", 1),
        ("שלום", 4),
    ],
)
def test_only_what_can_be_seen_counts(words, length):
    assert visible_length(words) == length


@given(strategies.text())
def test_there_is_never_more_to_see_than_was_typed(words):
    assert 0 <= visible_length(words) <= len(words)
