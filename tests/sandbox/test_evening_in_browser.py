"""An evening at the demo's company, played in a headless Chromium on the page, by typing and pressing.

With SOUNDINGS_TEST_PICTURES set to a folder, the README's pictures are saved there on the way.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from sandbox import history
from sandbox.playhouse import Playhouse, opened

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIETLY = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
PATIENCE = 15_000  # milliseconds: a busy machine is no failure
PICTURES = os.environ.get("SOUNDINGS_TEST_PICTURES")
WEEKS = 6 if PICTURES else 1
FRIDAY = datetime(2026, 3, 6, 14, tzinfo=UTC)
expect.set_options(timeout=PATIENCE)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed, so the evening is not played here."),
]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Playhouse]:
    """The company, on a Friday afternoon."""
    async with opened(tmp_path / "demo.db", history.beginning(FRIDAY, WEEKS), playing=True) as house:
        await history.play(house, WEEKS, FRIDAY)
        yield house


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        yield browser
        await browser.close()


async def test_an_evening_on_the_page(browser: Browser, house: Playhouse) -> None:
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: pytest.fail(f"The page broke: {error}"))
    await page.goto(house.sandbox.url)
    await pick(page, "Ana Duarte")
    await ana_checks_in(page)
    await become(page, "Grace Okafor")
    await grace_gives_kudos(page)
    await become(page, "Inês Carvalho")
    await ines_asks_for_the_summary(page)
    await become(page, "Ana Duarte")
    await ana_opens_home(page)
    await ana_reads_on_a_telephone(page)


async def ana_checks_in(page: Page) -> None:
    await goes_to(page, "workshop")
    await types(page, "/checkin")
    form = page.get_by_role("dialog", name="Check-in")
    done = form.get_by_label("What did you get done?")
    await expect(done).to_be_focused()
    await page.keyboard.type("Brazed eight frames for Porto\nCut the lugs for next week")
    await form.get_by_label("What is next?").fill("Start on the gravel frames for Ghent")
    await form.get_by_label("Anything in your way?").fill("The lacquer for Turin has not come")
    await form.get_by_label("4", exact=True).check()
    await done.scroll_into_view_if_needed()
    await picture(page, "check-in")
    await form.get_by_role("button", name="Share").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Your check-in for Friday 6 March is in.")
    await page.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    await page.get_by_role("main").get_by_role("button", name="replies").last.click()
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread).to_contain_text("Brazed eight frames for Porto")
    await page.get_by_role("button", name="Close the thread").click()


async def grace_gives_kudos(page: Page) -> None:
    await goes_to(page, "general")
    await types(page, "/kudos @dara for calling every rider of the recall in person")
    await expect(page.get_by_role("main")).to_contain_text("Sent to")
    await goes_to(page, "kudos")
    await expect(page.get_by_role("main")).to_contain_text("calling every rider of the recall in person")
    await picture(page, "kudos")


async def ines_asks_for_the_summary(page: Page) -> None:
    await goes_to(page, "workshop")
    await types(page, "/team-summary")
    summary = page.get_by_role("main").get_by_role("listitem").filter(has_text="Workshop, 2 to 8 March 2026")
    await expect(summary).to_contain_text("Checked in:")
    await summary.get_by_role("button", name="blocker").first.click()
    opened_line = page.get_by_role("dialog")
    await expect(opened_line).to_contain_text("The lacquer for Turin has not come")
    await picture(page, "team-summary")
    await opened_line.get_by_role("button", name="Close").last.click()
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def ana_opens_home(page: Page) -> None:
    await page.get_by_role("navigation").get_by_role("link", name="Soundings").click()
    home = page.get_by_role("tabpanel", name="Home")
    await expect(home).to_contain_text("You can edit it until")
    await picture(page, "home")
    await page.get_by_role("button", name="Switch between light and dark").click()
    await picture(page, "home-dark")


async def ana_reads_on_a_telephone(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 800})
    await page.get_by_role("button", name="Channels", exact=True).click()
    await goes_to(page, "kudos")
    newest = page.get_by_role("main").get_by_role("listitem").last
    await expect(newest).to_contain_text("calling every rider of the recall in person")
    await expect(newest).to_be_in_viewport(ratio=1)
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    await picture(page, "telephone")


async def pick(page: Page, name: str) -> None:
    """Choose who to be, by name."""
    field = page.get_by_label("Search people")
    await field.fill(name)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name=f"You are {name}")).to_be_visible()


async def become(page: Page, name: str) -> None:
    """Become somebody else."""
    await page.get_by_role("button", name="You are ").click()
    await pick(page, name)


async def goes_to(page: Page, channel: str) -> None:
    """Go to a channel through the sidebar."""
    await page.get_by_role("navigation").get_by_role("link", name=channel).click()
    await expect(page.get_by_role("heading", name=channel, level=1)).to_be_visible()


async def types(page: Page, text: str) -> None:
    """Type into the channel that is open, and send it; Escape leaves suggestions alone."""
    field = page.get_by_role("combobox", name="Message #")
    await field.fill(text)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")


async def picture(page: Page, name: str) -> None:
    """Save a picture, if pictures are wanted."""
    if PICTURES:
        await page.mouse.move(0, 0)
        await page.screenshot(path=Path(PICTURES) / f"{name}.png", animations="disabled", caret="hide")
