"""The evening, step by step: what people do, and what they must then see. Each step returns what was seen.

It is Friday afternoon. Ana has not checked in yet, Ines manages her, Grace has many people to thank, and Max is admin.
"""

from __future__ import annotations

import time
from datetime import timedelta
from urllib.parse import urlencode

import aiohttp

from bot.app import App
from bot.settings import Settings
from sandbox.people import Person
from sandbox.playhouse import Playhouse
from sandbox.week import WEEK

ANAS_POST = "@ana checked in for Friday 13 March"
KIND_CALLS = "calling every rider of the recall in person"


# -- a newcomer ------------------------------------------------------------------------------------------------------


async def a_newcomer_opens_home(house: Playhouse) -> str:
    """Somebody joins the company and opens Home."""
    ida = house.workspace.join(name="ida", real_name="Ida Berg", tz="Europe/Berlin")
    await house.settle()
    newcomer = house.person(ida.name)
    await newcomer.opens_home()
    await newcomer.sees("Hello", in_="home")
    await newcomer.sees("Check in", in_="home")
    return newcomer.reads("home").splitlines()[0]


# -- an employee -----------------------------------------------------------------------------------------------------


async def an_empty_answer_is_rejected(house: Playhouse) -> str:
    """Ana types /checkin, sees last week's plan, and is told beside the field what is missing."""
    ana = house.person("ana")
    await ana.types("/checkin", in_="workshop")
    await ana.sees("Last time you planned:", in_="modal")
    await ana.fills({"What did you get done?": "   ", "What is next?": "Paint the order for Turin"})
    await ana.submits()
    said = ana.errors.get("What did you get done?", "")
    assert "write something" in said, f"The errors are: {ana.errors}"
    return said


async def a_closed_form_leaves_a_draft(house: Playhouse) -> str:
    """She closes the form; when she opens it again, it is filled."""
    ana = house.person("ana")
    await ana.closes()
    await house.settle()
    await ana.types("/checkin", in_="workshop")
    await ana.sees("filled with what you answered before", in_="modal")
    await ana.sees("Paint the order for Turin", in_="modal")
    return "Paint the order for Turin"


async def an_answer_leads_to_a_second_step(house: Playhouse) -> str:
    """A hard week leads to one more question; then the check-in is in, and posted in the team's thread."""
    ana = house.person("ana")
    await ana.fills(
        {
            "What did you get done?": "Brazed the frames for Porto",
            "Anything in your way?": "The moss green has not come",
            "How was your week?": "2",
        }
    )
    await ana.submits()
    await ana.sees("What made it hard?", in_="modal")
    await ana.fills({"What made it hard?": "Too much at once"})
    await ana.submits()
    await ana.sees("Thank you. Your check-in for Friday 13 March is in.", in_="modal")
    await ana.closes()
    ines = house.person("ines")
    await ines.sees(ANAS_POST, in_="#workshop")
    await ines.sees("Brazed the frames for Porto", in_="#workshop")
    return ANAS_POST


async def a_check_in_is_edited(house: Playhouse) -> str:
    """Until it closes she edits it, and the post changes with it."""
    ana = house.person("ana")
    await ana.types("/checkin", in_="workshop")
    await ana.sees("Edit your check-in", in_="modal")
    await ana.fills({"What did you get done?": "Brazed seven frames for Porto"})
    await _sends(ana)
    await ana.sees("Brazed seven frames for Porto", in_="#workshop")
    await ana.never_sees("Brazed the frames for Porto", in_="#workshop")
    return "Brazed seven frames for Porto"


async def a_blocker_is_acknowledged(house: Playhouse) -> str:
    """Her manager acknowledges the blocker, and she is told."""
    ines, ana = house.person("ines"), house.person("ana")
    await ines.presses("1 blocker", near=ANAS_POST, in_="#workshop")
    await ines.sees("The moss green has not come", in_="ephemeral")
    await ines.presses("Acknowledge", in_="ephemeral")
    await ines.sees("Acknowledged", in_="ephemeral")
    await ana.sees("@ines has acknowledged what you said is in your way", in_="dm")
    return "@ines has acknowledged what you said is in your way"


async def a_check_in_is_corrected(house: Playhouse) -> str:
    """In the evening it has closed; she corrects it, and how it stood before is kept."""
    ana = house.person("ana")
    house.clock.move(timedelta(hours=6))
    await ana.opens_home()
    await ana.presses("Correct", in_="home")
    await ana.sees("Correct your check-in", in_="modal")
    await ana.fills({"What did you get done?": "Brazed eight frames for Porto"})
    await _sends(ana)
    await ana.sees("corrected", in_="#workshop")
    await ana.presses("How it stood before", near=ANAS_POST, in_="#workshop")
    await ana.sees("Brazed seven frames for Porto", in_="modal")
    await ana.closes()
    return "How it stood before: Brazed seven frames for Porto"


async def _sends(person: Person) -> None:
    """Send the form in front, its second step too, and close the thanks for it."""
    while person.modal and person.modal.get("submit"):
        errors = await person.submits()
        assert not errors, f"{person.name} cannot send the form: {errors}"
    await person.closes()


# -- a peer ----------------------------------------------------------------------------------------------------------


async def kudos_are_typed(house: Playhouse) -> str:
    """Grace types /kudos with a name and a reason; it is posted, and Dara is told."""
    grace, dara = house.person("grace"), house.person("dara")
    await grace.types(f"/kudos @dara for {KIND_CALLS}")
    await grace.sees("Sent to @dara", in_="ephemeral")
    await dara.sees(KIND_CALLS, in_="#kudos")
    await dara.sees("@grace thanked you", in_="dm")
    return f"@grace thanked @dara. {KIND_CALLS}"


async def kudos_are_given_privately(house: Playhouse) -> str:
    """She opens the form and thanks Yuki privately, for one of the company's values."""
    grace, yuki = house.person("grace"), house.person("yuki")
    await grace.types("/kudos")
    await grace.fills(
        {
            "Who helped?": ["yuki"],
            "What did they do": "Told me in time that the parcel would be late",
            "Which of our values": "Say it early",
            "Who sees it?": "Only the two sides",
        }
    )
    await _sends(grace)
    await yuki.sees("Told me in time that the parcel would be late", in_="dm")
    await yuki.never_sees("Told me in time", in_="#kudos")
    return "Only in Yuki's messages"


async def kudos_are_given_for_a_message(house: Playhouse) -> str:
    """Leila thanks Rosa from the menu of a message."""
    rosa, leila = house.person("rosa"), house.person("leila")
    await rosa.types("The boiler passed its inspection")
    await leila.shortcut_on("The boiler passed", "Kudos for this")
    await leila.sees("The boiler passed its inspection", in_="modal")
    await leila.fills({"What did they do": "Kept at the boiler until it was safe"})
    await _sends(leila)
    await rosa.sees("Kept at the boiler until it was safe", in_="dm")
    return "Kept at the boiler until it was safe"


async def kudos_to_oneself_are_refused(house: Playhouse) -> str:
    """Ben may not thank himself, and reads so beside the field."""
    ben = house.person("ben")
    await ben.types("/kudos")
    await ben.fills({"Who helped?": ["ben"], "What did they do": "Carried everything up the stairs"})
    await ben.submits()
    said = ben.errors.get("Who helped?", "")
    assert "leave yourself out" in said, f"The errors are: {ben.errors}"
    await ben.closes()
    return said


async def kudos_are_taken_back(house: Playhouse) -> str:
    """Grace takes her first thanks back; the post says so."""
    grace, dara = house.person("grace"), house.person("dara")
    await grace.presses("Take it back", near="Sent to @dara", in_="ephemeral")
    await dara.sees("@grace took it back", in_="#kudos")
    await dara.never_sees(KIND_CALLS, in_="#kudos")
    return "A thank-you stood here. @grace took it back."


# -- a manager -------------------------------------------------------------------------------------------------------


async def a_manager_asks_for_the_summary(house: Playhouse) -> str:
    """Ines types /team-summary and opens the check-ins that a line rests on."""
    ines = house.person("ines")
    await ines.types("/team-summary")
    await ines.sees("Workshop, 9 to 15 March 2026", in_="ephemeral")
    await ines.sees("Checked in:", in_="ephemeral")
    lines = ines.reads("ephemeral").splitlines()
    await ines.presses(next(one for one in lines if one.startswith("Open ") and "check-in" in one), in_="ephemeral")
    await ines.sees("Brazed eight frames for Porto", in_="modal")
    await ines.closes()
    return next(one for one in lines if one.startswith("Checked in:"))


async def a_summary_is_stored(house: Playhouse) -> str:
    """Asked again, it is the stored one, which Refresh makes anew; a range of dates works as well."""
    ines = house.person("ines")
    await ines.types("/team-summary")
    await ines.sees("Press Refresh", in_="ephemeral")
    await ines.presses("Refresh", in_="ephemeral")
    await house.settle()
    await ines.types("/team-summary 2026-03-02 to 2026-03-13")
    await ines.sees("Workshop, 2 to 13 March 2026", in_="ephemeral")
    return "Workshop, 2 to 13 March 2026"


async def who_manages_nobody_is_told(house: Playhouse) -> str:
    """Rui manages nobody: he is told, kindly, and may not have another team's summary either."""
    rui = house.person("rui")
    await rui.types("/team-summary")
    await rui.sees("you manage none at present", in_="ephemeral")
    await rui.types("/team-summary Operations")
    await rui.sees("Summaries of Operations go to its manager", in_="ephemeral")
    return "Summaries of Operations go to its manager"


# -- an admin --------------------------------------------------------------------------------------------------------


async def an_admin_makes_a_team(house: Playhouse) -> str:
    """Max makes a team in the settings and asks the company one more question."""
    admin = house.person("max")
    await admin.opens_home()
    await admin.presses("Open settings", in_="home")
    await admin.presses("New team", in_="modal")
    await admin.fills(
        {
            "Name of the team": "Night shift",
            "Manager": "max",
            "Members": ["ida"],
            "Where check-ins are shown": "With the manager only",
        }
    )
    await admin.submits()
    await admin.sees("Night shift is saved.", in_="modal")
    await admin.presses("Company questions", in_="modal")
    await admin.presses("Add a question", in_="modal")
    await admin.fills({"Question": "What did you learn?", "Kind of answer": "Short text"})
    await admin.submits()
    await admin.sees("The question is saved.", in_="modal")
    await admin.closes()
    return "Night shift is saved. The question is saved."


# -- the ways in -----------------------------------------------------------------------------------------------------


async def socket_mode_serves_as_well(house: Playhouse) -> str:
    """A second app answers over Socket Mode what the first answers over HTTP."""
    install = house.workspace.install
    assert install is not None, "The app is not installed."
    changed = {"bot_token": install.bot_token, "app_token": house.sandbox.app_token, "port": 0}
    settings = Settings.model_validate(house.settings.model_dump() | changed)
    second = App(settings, clock=house.clock, ticking=False)
    address, house.sandbox.delivery.request_url = house.sandbox.delivery.request_url, None
    await second.start()
    try:
        zoe = house.person("zoe")
        await zoe.types("/soundings")
        await zoe.sees("What you can do here", in_="ephemeral")
    finally:
        await second.stop()
        house.sandbox.delivery.request_url = address
    return "What you can do here"


async def a_forged_signature_is_refused(house: Playhouse) -> str:
    """A request with a forged signature gets 401."""
    headers = {
        "X-Slack-Request-Timestamp": str(int(time.time())),
        "X-Slack-Signature": "v0=" + "0" * 64,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    body = urlencode({"command": "/kudos", "team_id": house.workspace.id, "user_id": house.person("ana").user_id})
    async with (
        aiohttp.ClientSession() as forger,
        forger.post(str(house.sandbox.delivery.request_url), data=body, headers=headers) as answer,
    ):
        assert answer.status == 401, f"The answer has status {answer.status}."
        return str(answer.status)


async def an_old_button_has_expired(house: Playhouse) -> str:
    """A button of an earlier version says that it has expired, and offers a way on."""
    install, leila = house.workspace.install, house.person("leila")
    assert install is not None, "The app is not installed."
    button = {"type": "button", "action_id": "polls.vote", "text": {"type": "plain_text", "text": "Vote"}}
    message = {"channel": _channel(house, "ops"), "text": "Poll", "blocks": [{"type": "actions", "elements": [button]}]}
    post, mine = f"{house.sandbox.url}/api/chat.postMessage", {"Authorization": f"Bearer {install.bot_token}"}
    async with aiohttp.ClientSession() as app, app.post(post, json=message, headers=mine) as answer:
        assert (await answer.json())["ok"], await answer.text()
    await leila.presses("Vote", in_="#ops")
    await leila.sees("This has expired", in_="ephemeral")
    return "This has expired"


async def an_uninstalled_app_is_silent(house: Playhouse) -> str:
    """Uninstalled, the app is silent; installed again through the OAuth pages, it answers."""
    felix = house.person("felix")
    await house.sandbox.uninstall(house.workspace)
    await house.settle()
    calls = len(house.sandbox.calls)
    await felix.types("/soundings", in_="ops")
    await felix.sees("/soundings is not a valid command", in_="#ops")
    await house.settle()
    assert len(house.sandbox.calls) == calls, f"The app still called {house.sandbox.calls[calls:]}."
    page = await house.install(house.workspace)
    assert "is installed in" in page, page
    await felix.types("/soundings", in_="ops")
    await felix.sees("What you can do here", in_="ephemeral")
    return "Silence, then: What you can do here"


def _channel(house: Playhouse, name: str) -> str:
    found = house.workspace.find_channel(name)
    assert found is not None, f"There is no channel {name}."
    return found.id


STORY = (
    a_newcomer_opens_home,
    an_empty_answer_is_rejected,
    a_closed_form_leaves_a_draft,
    an_answer_leads_to_a_second_step,
    a_check_in_is_edited,
    a_blocker_is_acknowledged,
    a_check_in_is_corrected,
    kudos_are_typed,
    kudos_are_given_privately,
    kudos_are_given_for_a_message,
    kudos_to_oneself_are_refused,
    kudos_are_taken_back,
    a_manager_asks_for_the_summary,
    a_summary_is_stored,
    who_manages_nobody_is_told,
    *WEEK,
    an_admin_makes_a_team,
    socket_mode_serves_as_well,
    a_forged_signature_is_refused,
    an_old_button_has_expired,
    an_uninstalled_app_is_silent,
)
