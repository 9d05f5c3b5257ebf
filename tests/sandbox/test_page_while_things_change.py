"""The page while everything around somebody changes: a press always lands, and what is open stays open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.sandbox.browsing import IN_BROWSER, visit
from tests.sandbox.conftest import Stage
from tests.sandbox.page_samples import home, message_blocks, mrkdwn, play

Json = dict[str, Any]
A_WHILE = 400  # milliseconds: long enough for the page to hear of a change; that it draws nothing cannot be awaited

pytestmark = [*IN_BROWSER, pytest.mark.long]


@pytest.fixture
def told(stage: Stage) -> list[Json]:
    """What the app hears; it answers with the samples."""
    stage.sandbox.rates.enforced = False
    return play(stage.app, stage.bo.user_id)


def here(stage: Stage, channel: str = "") -> str:
    return f"{stage.sandbox.url}/#{stage.acme.id}/{stage.ana.user_id}/{channel or stage.general.id}"


async def draw_home(stage: Stage, remark: str) -> None:
    """The app draws Ana's Home once more, with this remark on top, and all else as it was."""
    view = home(stage.bo.user_id)
    view["blocks"].insert(0, {"type": "context", "elements": [mrkdwn(remark)]})
    await stage.client.views_publish(user_id=stage.ana.user_id, view=view)


@asynccontextmanager
async def pouring(change: Callable[[int], Awaitable[object]], pause: float = 0.1) -> AsyncIterator[None]:
    """One change after the other, with a pause in seconds between them, for as long as this lasts."""

    async def pour() -> None:
        for number in range(100_000):
            await change(number)
            await asyncio.sleep(pause)

    under_way = asyncio.create_task(pour())
    yield
    under_way.cancel()
    await asyncio.wait([under_way])


@asynccontextmanager
async def at_home(stage: Stage) -> AsyncIterator[Page]:
    """Ana reads the app's Home, which is drawn."""
    async with visit(here(stage, "app")) as page:
        await expect(page.get_by_role("heading", name="Good morning")).to_be_visible()
        await stage.sandbox.settle()
        await draw_home(stage, "Drawn once")
        await expect(page.get_by_text("Drawn once")).to_be_visible()
        yield page


async def heard(told: list[Json], number: int) -> None:
    """Wait until the app was told so many things."""
    async with asyncio.timeout(15):
        while len(told) < number:  # noqa: ASYNC110 - the list is filled by the samples, which tell of nothing
            await asyncio.sleep(0.01)


async def middle(wanted: Locator) -> tuple[float, float]:
    box = await wanted.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def test_a_press_lands_although_the_home_is_drawn_anew_under_the_finger(stage: Stage, told: list[Json]) -> None:
    async with at_home(stage) as page:
        await page.mouse.move(*await middle(page.get_by_role("button", name="Give kudos")))
        await page.mouse.down()
        await draw_home(stage, "Drawn twice")
        await page.wait_for_timeout(A_WHILE)
        await expect(page.get_by_text("Drawn once")).to_be_visible()
        await page.mouse.up()
        await heard(told, 1)
        assert told[0]["actions"][0]["action_id"] == "give"
        await expect(page.get_by_text("Drawn twice")).to_be_visible()


async def test_the_space_bar_lands_as_well(stage: Stage, told: list[Json]) -> None:
    async with at_home(stage) as page:
        await page.get_by_role("button", name="Check in").focus()
        await page.keyboard.down("Space")
        await draw_home(stage, "Drawn twice")
        await page.wait_for_timeout(A_WHILE)
        await expect(page.get_by_text("Drawn once")).to_be_visible()
        await page.keyboard.up("Space")
        await heard(told, 1)
        assert told[0]["actions"][0]["action_id"] == "start"
        await expect(page.get_by_role("button", name="Check in")).to_be_focused()


async def test_a_press_on_a_home_that_the_app_has_just_replaced_goes_to_the_new_one(
    stage: Stage, told: list[Json]
) -> None:
    async with at_home(stage) as page:
        slow = asyncio.Event()

        async def wait(route: Route) -> None:
            await slow.wait()
            await route.continue_()

        await page.route("**/page/look*", wait)
        await draw_home(stage, "Drawn while the line was slow")
        async with page.expect_response("**/page/act"):
            await page.get_by_role("button", name="Give kudos").click()
        slow.set()
        await heard(told, 1)
        await expect(page.get_by_text("Drawn while the line was slow")).to_be_visible()
        await expect(page.locator(".toast")).to_have_count(0)
        assert [one["actions"][0]["action_id"] for one in told] == ["give"]


async def test_a_button_can_be_pressed_again_before_what_came_of_the_first_press_is_drawn(
    stage: Stage, told: list[Json]
) -> None:
    async with at_home(stage) as page:
        await page.route("**/page/look*", lambda route: asyncio.Event().wait())
        for number in range(1, 4):
            await page.get_by_role("button", name="Give kudos").click()
            await heard(told, number)
    assert [one["actions"][0]["action_id"] for one in told] == ["give"] * 3


async def test_two_presses_in_a_row_are_one_until_the_first_is_answered(stage: Stage, told: list[Json]) -> None:
    async with at_home(stage) as page:
        answered = asyncio.Event()
        asked: list[Json] = []

        async def wait(route: Route) -> None:
            asked.append(route.request.post_data_json)
            await answered.wait()
            await route.continue_()

        await page.route("**/page/act", wait)
        give = page.get_by_role("button", name="Give kudos")
        async with page.expect_response("**/page/act"):
            await give.dblclick()
            await expect(give).to_be_disabled()
            await page.get_by_role("button", name="Check in").focus()
            await page.keyboard.press("Enter")
            await heard(asked, 2)
            answered.set()
        await expect(give).to_be_enabled()
        await heard(told, 2)
    assert [one["action_id"] for one in asked] == ["give", "start"]


async def test_every_press_lands_once_while_the_home_is_drawn_again_and_again(stage: Stage, told: list[Json]) -> None:
    async with at_home(stage) as page, pouring(lambda number: draw_home(stage, f"Drawn {number + 2} times")):
        for number in range(1, 21):
            await page.get_by_role("button", name="Give kudos").click()
            await heard(told, number)
    assert [one["actions"][0]["action_id"] for one in told] == ["give"] * 20


async def test_a_slow_browser_loses_no_press_either(stage: Stage, told: list[Json]) -> None:
    async with at_home(stage) as page, pouring(lambda number: draw_home(stage, f"Drawn {number + 2} times"), pause=0.2):
        session = await page.context.new_cdp_session(page)
        await session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        for number in range(1, 4):
            await page.get_by_role("button", name="Check in").click()
            await heard(told, number)
    assert [one["actions"][0]["action_id"] for one in told] == ["start"] * 3


async def post_summary(stage: Stage) -> str:
    """A message of the app with everything in it; returns its timestamp."""
    stage.acme.invite(stage.general.id, stage.install.bot_user_id)
    blocks = message_blocks(stage.ana.user_id, stage.general.id)
    posted = await stage.client.chat_postMessage(channel=stage.general.id, text="Summary", blocks=blocks)
    return str(posted["ts"])


async def test_a_menu_stays_where_it_is_while_messages_arrive_below_it(stage: Stage, told: list[Json]) -> None:
    await post_summary(stage)
    await stage.bo.types("The build is green.")
    async with visit(here(stage)) as page:
        await page.get_by_role("button", name="More for the message of Bo").press("Enter")
        menu = page.get_by_role("menu", name="Message")
        await expect(menu).to_be_visible()
        before = await menu.bounding_box()
        for number in range(12):
            await stage.bo.types(f"Message {number}")
        newest = page.get_by_text("Message 11", exact=True)
        await expect(newest).to_be_attached()
        assert await menu.bounding_box() == before
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await heard(told, 1)
        assert told[0]["callback_id"] == "kudos.for_message"
        await expect(newest).to_be_in_viewport()


async def test_something_is_chosen_from_a_menu_while_messages_pour_in_and_its_own_changes(
    stage: Stage, told: list[Json]
) -> None:
    ts = await post_summary(stage)
    names = iter(["tada", "eyes", "heart", "rocket", "wave", "clap", "bulb", "fire"])

    async def change(number: int) -> None:
        await stage.bo.types(f"Message {number}")
        if number % 4 == 0 and (name := next(names, "")):
            await stage.client.reactions_add(channel=stage.general.id, timestamp=ts, name=name)

    async with visit(here(stage)) as page, pouring(change):
        for number in range(1, 4):
            await page.get_by_role("button", name="More choices").press("Enter")
            await page.get_by_role("menuitem", name="Show the answers").click()
            await heard(told, number)
    assert {one["actions"][0]["selected_option"]["value"] for one in told} == {"answers"}


async def test_a_menu_closes_once_its_button_is_scrolled_out_of_sight(stage: Stage, told: list[Json]) -> None:
    await post_summary(stage)
    for number in range(30):
        await stage.bo.types(f"Message {number}")
    async with visit(here(stage)) as page:
        more = page.get_by_role("button", name="More choices")
        menu = page.get_by_role("menu", name="More choices")
        await more.press("Enter")
        await expect(menu).to_be_visible()
        scroller = page.get_by_role("region", name="Conversation")
        await page.mouse.move(*await middle(scroller))
        await page.mouse.wheel(0, 30)
        await expect(menu).to_be_visible()
        await page.mouse.wheel(0, 3000)
        await expect(menu).to_have_count(0)
        await expect(more).to_have_attribute("aria-expanded", "false")


async def test_a_list_of_choices_and_words_half_typed_survive_what_happens_to_their_message(
    stage: Stage, told: list[Json]
) -> None:
    ts = await post_summary(stage)
    async with visit(here(stage)) as page:
        period = page.get_by_role("combobox", name="Choose a period")
        await period.click()
        await expect(page.get_by_role("option", name="Last 30 days")).to_be_visible()
        await stage.client.reactions_add(channel=stage.general.id, timestamp=ts, name="tada")
        await expect(page.get_by_role("list", name="Reactions")).to_be_visible()
        await expect(page.get_by_role("option", name="Last 30 days")).to_be_visible()
        await page.get_by_role("option", name="Last 30 days").click()
        await heard(told, 1)
        note = page.get_by_label("A note to the team")
        field = await note.element_handle()
        await note.press_sequentially("Well ")
        await stage.client.chat_update(
            channel=stage.general.id,
            ts=ts,
            text="Summary",
            blocks=[*message_blocks(stage.ana.user_id, stage.general.id), {"type": "divider"}],
        )
        await expect(page.get_by_text("(edited)")).to_be_visible()
        await page.keyboard.type("done")
        assert field is not None
        assert await field.input_value() == "Well done"
        await page.keyboard.press("Enter")
        await heard(told, 2)
        assert told[1]["actions"][0]["value"] == "Well done"
