"""An evening at the demo's company, played in a headless Chromium on the page, by typing and pressing.

With SOUNDINGS_TEST_PICTURES set to a folder, the README's pictures are saved there on the way.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from sandbox import history
from sandbox.playhouse import Playhouse, opened
from tests.sandbox.browsing import IN_BROWSER, PICTURES, become, goes_to, pick, picture, types, visit

WEEKS = 6 if PICTURES else 1
FRIDAY = datetime(2026, 3, 6, 14, tzinfo=UTC)

pytestmark = IN_BROWSER


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Playhouse]:
    """The company, on a Friday afternoon."""
    async with opened(tmp_path / "demo.db", history.beginning(FRIDAY, WEEKS), playing=True) as house:
        await history.play(house, WEEKS, FRIDAY)
        yield house


async def test_an_evening_on_the_page(house: Playhouse) -> None:
    async with visit(house.sandbox.url) as page:
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
