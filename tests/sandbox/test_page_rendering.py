"""The page of the sandbox in a headless Chromium: everything is drawn, nothing typed turns into markup, a keyboard is
enough, and nothing that is being typed gets lost.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from storage.clock import SetClock
from tests.sandbox.conftest import Stage
from tests.sandbox.page_samples import ATTACK, message_blocks, modal, play

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIETLY = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

PATIENCE = 15_000  # milliseconds: a busy machine is no failure
expect.set_options(timeout=PATIENCE)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed, so the page is not played here."),
]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        yield browser
        await browser.close()


@pytest.fixture
def told(stage: Stage) -> list[dict[str, Any]]:
    """What the app hears; it answers with the samples."""
    return play(stage.app, stage.bo.user_id)


async def sit(browser: Browser, stage: Stage, *, width: int = 1280, place: str = "") -> Page:
    """Ana's browser at a place of the workspace; any error of the page's own fails the story."""
    context = await browser.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: pytest.fail(f"The page broke: {error}"))
    where = "/".join([stage.acme.id, stage.ana.user_id, place or stage.general.id])
    await page.goto(f"{stage.sandbox.url}/#{where}")
    await expect(page.locator(".top")).to_be_visible()
    return page


async def show_everything(stage: Stage) -> None:
    stage.acme.invite(stage.general.id, stage.install.bot_user_id)
    blocks = message_blocks(stage.ana.user_id, stage.general.id)
    await stage.client.chat_postMessage(channel=stage.general.id, text="Summary", blocks=blocks)


async def fits(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def done(page: Page) -> AbstractAsyncContextManager[Any]:
    """Wait until what is done inside has been answered by the sandbox."""
    return page.expect_response("**/page/act")


async def open_form(page: Page) -> None:
    composer = page.get_by_role("combobox", name="Message #general")
    await composer.focus()
    await page.keyboard.type("/che")
    await expect(page.get_by_role("option", name="/checkin")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(composer).to_have_value("/checkin ")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Check in")).to_be_visible()


async def test_a_newcomer_chooses_who_to_be_and_comes_back_with_the_back_button(
    browser: Browser, stage: Stage, told: list[dict[str, Any]]
) -> None:
    page = await browser.new_page()
    await page.goto(stage.sandbox.url)
    await expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()
    await page.get_by_label("Search people").fill("bo")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="You are Bo")).to_be_visible()
    await expect(page.get_by_role("heading", name="general")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("button", name="You are Bo")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("heading", name="Who are you?")).to_be_visible()


async def test_every_block_is_drawn_and_fits(browser: Browser, stage: Stage) -> None:
    await show_everything(stage)
    page = await sit(browser, stage)
    for kind in ("header", "context", "section", "divider", "rich_text", "image", "actions", "input"):
        await expect(page.locator(f".message .block-{kind}").first).to_be_attached()
    rich = page.locator(".block-rich_text")
    for drawn in ("ul > li", "ol > li", "blockquote", "pre", "strong", "code", "a", "time", ".mention", ".emoji"):
        await expect(rich.locator(drawn).first).to_be_attached()
    await expect(page.get_by_text("Mood over six weeks")).to_be_visible()
    assert await fits(page)


async def test_what_is_chosen_in_a_message_reaches_the_app(
    browser: Browser, stage: Stage, told: list[dict[str, Any]]
) -> None:
    await show_everything(stage)
    page = await sit(browser, stage)
    await page.get_by_role("combobox", name="Choose a period").focus()
    await page.keyboard.type("30")
    async with done(page):
        await page.keyboard.press("Enter")
    assert told[-1]["actions"][0]["selected_option"]["value"] == "last 30 days"
    more = page.get_by_role("button", name="More choices")
    await more.press("Enter")
    await expect(page.get_by_role("menu", name="More choices")).to_be_visible()
    await page.keyboard.press("ArrowDown")
    async with done(page):
        await page.keyboard.press("Enter")
    assert told[-1]["actions"][0]["selected_option"]["value"] == "answers"
    await page.get_by_label("A note to the team").fill("Well done")
    async with done(page):
        await page.keyboard.press("Enter")
    assert told[-1]["actions"][0]["value"] == "Well done"


async def test_the_app_is_asked_for_options_while_somebody_types(
    browser: Browser, stage: Stage, told: list[dict[str, Any]]
) -> None:
    page = await sit(browser, stage)
    await open_form(page)
    await page.get_by_label("Goal").focus()
    await page.keyboard.type("q")
    await expect(page.get_by_role("option", name="q goal")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Goal")).to_have_value("q goal")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert told[-1]["view"]["state"]["values"]["goal"]["goal"]["selected_option"]["value"] == "q goal"


async def test_what_people_type_never_turns_into_markup(browser: Browser, stage: Stage) -> None:
    await show_everything(stage)
    await stage.ana.types(ATTACK)
    page = await sit(browser, stage)
    await expect(page.get_by_text(ATTACK)).to_have_count(2)
    assert await page.locator("#root script, #root [onerror]").count() == 0
    assert "taken" not in await page.title()


async def test_a_form_is_filled_and_sent_with_the_keyboard_alone(
    browser: Browser, stage: Stage, told: list[dict[str, Any]]
) -> None:
    page = await sit(browser, stage)
    await open_form(page)
    await expect(page.get_by_label("What moved since last time?")).to_be_focused()
    await page.keyboard.type("short")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await expect(page.get_by_label("Good")).to_be_checked()
    await page.keyboard.press("Control+Enter")
    field = page.get_by_label("What moved since last time?")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_be_focused()
    await expect(field).to_have_accessible_description(
        "Last time you planned: finish the invoices. Please use at least 10 characters."
    )
    await page.keyboard.press("End")
    await page.keyboard.type(" but long enough now")

    people = page.get_by_label("Who helped you?")
    await people.focus()
    await page.keyboard.type("c")
    await page.keyboard.press("Enter")
    await page.keyboard.type("b")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Remove Bo")).to_be_visible()
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    values = told[-1]["view"]["state"]["values"]
    assert values["moved"]["moved"]["value"] == "short but long enough now"
    assert values["mood"]["mood"]["selected_option"]["value"] == "good"
    assert values["people"]["people"]["selected_users"] == [stage.cy.user_id, stage.bo.user_id]
    await expect(page.get_by_role("combobox", name="Message #general")).to_be_focused()


async def test_the_focus_stays_in_a_modal_and_escape_closes_it_with_what_was_typed(
    browser: Browser, stage: Stage, told: list[dict[str, Any]]
) -> None:
    page = await sit(browser, stage)
    await open_form(page)
    await page.keyboard.type("half a thought")
    for _ in range(3):
        await page.keyboard.press("Shift+Tab")
    assert await page.evaluate("!document.activeElement.closest('.shell')")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert told[-1]["type"] == "view_closed"
    assert told[-1]["view"]["state"]["values"]["moved"]["moved"]["value"] == "half a thought"


async def test_an_update_of_the_view_takes_nothing_from_who_is_typing(
    browser: Browser, stage: Stage, told: list[dict[str, Any]]
) -> None:
    page = await sit(browser, stage)
    await open_form(page)
    await page.keyboard.type("before")
    updated = modal()
    updated["blocks"][0]["elements"][0]["text"] = "The window was extended to Monday."
    updated["blocks"][1]["hint"]["text"] = "One line will do as well."
    view_id = stage.acme.modals[stage.ana.user_id][-1]["id"]
    await stage.client.views_update(view_id=view_id, view=updated)
    await expect(page.get_by_text("One line will do as well.")).to_be_visible()
    field = page.get_by_label("What moved since last time?")
    await expect(field).to_be_focused()
    await page.keyboard.type(" and after")
    await expect(field).to_have_value("before and after")


async def test_another_form_in_the_same_view_is_read_from_its_top(
    browser: Browser, stage: Stage, told: list[dict[str, Any]]
) -> None:
    page = await sit(browser, stage)
    await open_form(page)
    await page.get_by_role("button", name="Add a blocker").focus()
    await page.locator(".modal-body").evaluate("body => { body.scrollTop = body.scrollHeight }")
    other = modal("What comes next")
    other["blocks"] = [block | {"block_id": f"next {place}"} for place, block in enumerate(other["blocks"])]
    await stage.client.views_update(view_id=stage.acme.modals[stage.ana.user_id][-1]["id"], view=other)
    await expect(page.get_by_role("dialog", name="What comes next")).to_be_visible()
    await expect(page.get_by_label("What moved since last time?")).to_be_in_viewport()
    assert await page.locator(".modal-body").evaluate("body => body.scrollTop") == 0


async def test_modals_stack_and_going_back_finds_everything_as_it_was(
    browser: Browser, stage: Stage, told: list[dict[str, Any]]
) -> None:
    page = await sit(browser, stage)
    await open_form(page)
    await page.keyboard.type("first layer")
    await page.get_by_role("button", name="Add a blocker").press("Enter")
    await expect(page.get_by_role("dialog", name="A blocker")).to_be_visible()
    await page.get_by_role("dialog").get_by_role("button", name="Check in").press("Enter")
    await expect(page.get_by_role("dialog", name="Check in")).to_be_visible()
    await expect(page.get_by_label("What moved since last time?")).to_have_value("first layer")


async def test_home_shows_itself_when_opened_and_its_buttons_work(
    browser: Browser, stage: Stage, told: list[dict[str, Any]]
) -> None:
    page = await sit(browser, stage)
    await page.get_by_role("link", name="Soundings", exact=True).press("Enter")
    await expect(page.get_by_role("heading", name="Good morning")).to_be_visible()
    async with done(page):
        await page.get_by_role("button", name="Check in").press("Enter")
    assert told[-1]["actions"][0]["action_id"] == "start"
    opened = len(stage.sandbox.calls)
    async with done(page):
        await page.reload()
    await stage.sandbox.settle()
    assert len(stage.sandbox.calls) > opened, "opening Home again lets the app draw it again"
    await page.get_by_role("button", name="You are Ana").press("Enter")
    await page.get_by_role("dialog").get_by_role("link", name="Bo Lisbon").press("Enter")
    await expect(page.get_by_role("button", name="You are Bo")).to_be_visible()
    await expect(page.get_by_role("heading", name="Good morning")).to_be_visible()
    await page.get_by_role("tab", name="Messages").press("Enter")
    await expect(page.get_by_role("combobox", name="Message Soundings")).to_be_visible()


async def test_messages_arrive_live_threads_open_and_only_ones_own_are_marked(
    browser: Browser, stage: Stage, told: list[dict[str, Any]], clock: SetClock
) -> None:
    page = await sit(browser, stage)
    stage.acme.invite(stage.general.id, stage.install.bot_user_id)
    await stage.bo.types("The build is green.")
    await expect(page.get_by_text("The build is green.")).to_be_visible()
    await stage.client.chat_postEphemeral(channel=stage.general.id, user=stage.ana.user_id, text="Just for Ana.")
    mine = page.get_by_role("listitem").filter(has_text="Just for Ana.")
    await expect(mine).to_contain_text("Only visible to you")
    clock.move(timedelta(days=1))
    await page.get_by_role("button", name="Reply to Bo in a thread").press("Enter")
    await expect(page.get_by_role("combobox", name="Reply in this thread")).to_be_focused()
    await page.keyboard.type("Thank you.")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("complementary", name="Thread").get_by_text("Thank you.")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("complementary", name="Thread")).to_be_hidden()
    await expect(page.get_by_role("button", name="1 reply")).to_be_visible()
    await expect(page.get_by_text("Yesterday", exact=True)).to_be_visible()
    await page.get_by_role("button", name="More for the message of Bo").press("Enter")
    await page.keyboard.press("ArrowDown")
    async with done(page):
        await page.keyboard.press("Enter")
    assert told[-1]["callback_id"] == "kudos.for_message"


async def test_what_somebody_arrives_at_counts_as_read(browser: Browser, stage: Stage) -> None:
    await stage.bo.types("The build is green.")
    page = await browser.new_page()
    page.set_default_timeout(PATIENCE)
    await page.route("**/page/stream*", lambda route: route.abort())
    await page.goto(f"{stage.sandbox.url}/#{stage.acme.id}/{stage.ana.user_id}")
    await expect(page.get_by_text("The build is green.")).to_be_visible()
    general = next(one for one in stage.ana.seat.look()["channels"] if one["name"] == "general")
    assert general["unread"] == 0


async def test_a_narrow_screen_has_everything_and_never_scrolls_sideways(
    browser: Browser, stage: Stage, told: list[dict[str, Any]]
) -> None:
    await show_everything(stage)
    page = await sit(browser, stage, width=390)
    await expect(page.locator(".block-actions")).to_be_visible()
    assert await fits(page)
    await page.get_by_role("button", name="Channels").press("Enter")
    await expect(page.get_by_role("link", name="general")).to_be_focused()
    assert await fits(page)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("link", name="general")).to_be_hidden()
    await open_form(page)
    assert await fits(page)
    box = await page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert box["width"] == 390


async def test_when_the_sandbox_is_gone_the_page_says_so_and_keeps_what_is_typed(
    browser: Browser, stage: Stage
) -> None:
    page = await sit(browser, stage)
    await page.get_by_role("combobox", name="Message #general").fill("Not lost")
    await stage.sandbox.stop()
    await expect(page.get_by_text("The demo has stopped, or cannot be reached.")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("combobox", name="Message #general")).to_have_value("Not lost")
