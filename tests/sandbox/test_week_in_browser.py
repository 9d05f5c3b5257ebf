"""A week on the page: a cadence is arranged, the clock is moved, people are asked, put it off, answer, are reminded."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from sandbox import history
from sandbox.playhouse import Playhouse, opened
from tests.sandbox.browsing import IN_BROWSER, become, pick, picture, visit

WEDNESDAY = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
ASKED = "It is time for your check-in for Friday 6 March."

pytestmark = [*IN_BROWSER, pytest.mark.long]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Playhouse]:
    """The company with its teams, and a clock that runs."""
    async with opened(tmp_path / "demo.db", WEDNESDAY) as house:
        await history.set_up(house)
        yield house


async def test_a_week_on_the_page(house: Playhouse) -> None:
    async with visit(house.sandbox.url) as page:
        await pick(page, "Max Keller")
        await max_arranges_a_cadence(page)
        await time_passes(page, "+1 day")
        await become(page, "Ana Duarte")
        await ana_puts_it_off(page)
        await time_passes(page, "+1 hour")
        await ana_answers(page)
        await ana_says_when_she_is_asked(page)
        await time_passes(page, "+1 day")
        await become(page, "Rui Teixeira")
        await rui_was_reminded(page)
        await time_passes(page, "+1 day")
        await become(page, "Inês Carvalho")
        await ines_has_the_summary(page)
        await become(page, "Max Keller")
        await max_sees_what_went_on(page)


async def max_arranges_a_cadence(page: Page) -> None:
    home = await opens_home(page)
    await home.get_by_role("button", name="Cadences").click()
    await form(page, "Cadences").get_by_role("button", name="New cadence").click()
    whom = form(page, "New cadence")
    await whom.get_by_label("Name", exact=True).fill("Weekly check-in")
    await whom.get_by_label("Everybody in this workspace").check()
    await whom.get_by_role("button", name="Go on").click()
    when = form(page, "When")
    await expect(when.get_by_label("Thursday")).to_be_checked()
    await when.get_by_role("button", name="Go on").click()
    before = form(page, "Before you save")
    await expect(before).to_contain_text("Thursday 5 March: 24 people are asked")
    await expect(before).to_contain_text("Asia/Tokyo, Thursday 10:00")
    await picture(page, "cadence")
    await before.get_by_role("button", name="Save").click()
    await expect(form(page, "Cadences")).to_contain_text("Weekly check-in is saved.")
    await closes(page)


async def ana_puts_it_off(page: Page) -> None:
    await opens_messages(page)
    asked = messages(page).filter(has_text=ASKED)
    await expect(asked).to_contain_text("which @Max Keller arranged")
    await picture(page, "prompt")
    await asked.get_by_role("button", name="In an hour").click()
    await expect(messages(page).last).to_contain_text("You will be asked again")
    await expect(asked).to_have_count(0)


async def ana_answers(page: Page) -> None:
    asked = messages(page).filter(has_text=ASKED)
    await asked.get_by_role("button", name=re.compile("4$")).click()
    kept = messages(page).filter(has_text="Kept for you")
    await kept.get_by_role("button", name="Check in").click()
    checkin = form(page, "Check-in")
    await expect(checkin.get_by_label("4", exact=True)).to_be_checked()
    await checkin.get_by_label("What did you get done?").fill("Brazed the frames for Porto")
    await checkin.get_by_label("What is next?").fill("The gravel frames")
    await checkin.get_by_role("button", name="Share").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Your check-in for Friday 6 March is in.")
    await closes(page)
    await expect(messages(page).last).to_contain_text("Thank you. Your check-in for Friday 6 March is in.")


async def ana_says_when_she_is_asked(page: Page) -> None:
    home = await opens_home(page)
    await home.get_by_role("button", name="When I am asked").click()
    asked = form(page, "When I am asked")
    await expect(asked).to_contain_text("Weekly check-in: next on Thursday 12 March")
    await closes(page)


async def rui_was_reminded(page: Page) -> None:
    await opens_messages(page)
    await expect(messages(page).filter(has_text=ASKED)).to_have_count(2)
    await expect(messages(page).filter(has_text="This is a reminder.")).to_have_count(1)


async def ines_has_the_summary(page: Page) -> None:
    await opens_messages(page)
    summary = messages(page).filter(has_text="Workshop, 28 February to 6 March 2026")
    await expect(summary).to_contain_text("Checked in: 1 of 6 people")
    await expect(summary).to_contain_text("because you manage this team, and Weekly check-in has closed")


async def max_sees_what_went_on(page: Page) -> None:
    home = await opens_home(page)
    await home.get_by_role("button", name="What is going on").click()
    await expect(form(page, "What is going on")).to_contain_text("Everything was sent.")


async def time_passes(page: Page, step: str) -> None:
    """Move the clock, as the demo lets people do."""
    await page.get_by_role("button", name="Demo controls").click()
    controls = page.get_by_role("dialog", name="Demo controls")
    await controls.get_by_role("button", name=step).click()
    await expect(controls).to_contain_text("The clock has moved.")
    await controls.get_by_role("button", name="Close").click()


async def opens_home(page: Page) -> Locator:
    await page.get_by_role("navigation").get_by_role("link", name="Soundings").click()
    await page.get_by_role("tab", name="Home").click()
    return page.get_by_role("tabpanel", name="Home")


async def opens_messages(page: Page) -> None:
    await page.get_by_role("navigation").get_by_role("link", name="Soundings").click()
    await page.get_by_role("tab", name="Messages").click()


def messages(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("listitem")


def form(page: Page, title: str) -> Locator:
    return page.get_by_role("dialog", name=title, exact=True)


async def closes(page: Page) -> None:
    await page.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
