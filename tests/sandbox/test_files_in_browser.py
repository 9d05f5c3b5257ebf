"""A calendar's file is chosen, taken out and sent on the page, in a headless Chromium; the real app reads it."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

from tests.sandbox.browsing import IN_BROWSER, goes_to, pick, picture, visit
from tests.scheduler.test_absences import calendar
from tests.town import Town

pytestmark = [*IN_BROWSER, pytest.mark.long]


@pytest.fixture
def device(tmp_path: Path) -> Path:
    """A folder of Ana's own."""
    (tmp_path / "holidays.ics").write_bytes(calendar("DTSTART;VALUE=DATE:20260305\nSUMMARY:Vacation"))
    (tmp_path / "diary.txt").write_text("Dear diary")
    (tmp_path / "archive.ics").write_bytes(b"x" * 12_000_000)
    return tmp_path


async def opens_the_form(page: Page) -> None:
    await goes_to(page, "Soundings")
    for label in ("When I am asked", "Days away", "Use a calendar"):
        await page.get_by_role("button", name=label).click()
    await expect(page.get_by_role("dialog", name="My calendar")).to_be_visible()


async def late(route: Route) -> None:
    """Whatever goes this way takes a second longer."""
    await asyncio.sleep(1)
    await route.continue_()


async def test_ana_sends_a_calendar_from_her_device(town: Town, device: Path) -> None:
    async with visit(town.sandbox.url) as page:
        # Whoever listens from the start has no chooser of the browser's own open before somebody hears of it.
        page.on("filechooser", lambda _: None)
        await pick(page, "Ana")
        await opens_the_form(page)
        form = page.get_by_role("dialog")
        chooser = form.get_by_label("Or an .ics file")
        await expect(chooser).to_have_attribute("accept", ".ics")
        await expect(chooser).to_have_accessible_description(re.compile("Your calendar's settings can export one"))

        # What will not do is said beside the field, and nothing typed is lost.
        await form.get_by_label("Or the text of an .ics file").fill("BEGIN:VCALENDAR")
        await chooser.set_input_files(device / "diary.txt")
        await expect(form.get_by_role("alert").filter(has_text="diary.txt cannot be chosen here")).to_be_visible()
        await chooser.set_input_files(device / "archive.ics")
        await expect(form.get_by_role("alert").filter(has_text="archive.ics is larger than 10 MB")).to_be_visible()

        # The chooser opens from the keyboard.
        await form.get_by_label("Address of a calendar").focus()
        await page.keyboard.press("Tab")
        await expect(chooser).to_be_focused()
        async with page.expect_file_chooser() as opened:
            await page.keyboard.press("Enter")
        await (await opened.value).set_files(device / "holidays.ics")
        remove = form.get_by_role("button", name="Remove holidays.ics")
        await expect(remove).to_be_visible()
        await expect(form.get_by_role("alert").filter(has_text="larger")).to_have_count(0)
        await page.keyboard.press("Control+Enter")
        await expect(form.get_by_text("Please give one of these alone")).to_be_visible()
        await expect(remove).to_be_visible()
        await chooser.scroll_into_view_if_needed()
        await picture(page, "calendar-file")
        await page.emulate_media(color_scheme="dark")
        await picture(page, "calendar-file-dark")
        await page.set_viewport_size({"width": 390, "height": 800})
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        await picture(page, "calendar-file-telephone")
        await page.set_viewport_size({"width": 1280, "height": 800})

        await remove.press("Enter")
        await expect(remove).to_have_count(0)
        await expect(chooser).to_be_focused()
        # Whoever sends the form before a slow file has arrived sends the file too.
        await page.route("**/page/file?**", late)
        await chooser.set_input_files(device / "holidays.ics")
        await form.get_by_label("Or the text of an .ics file").fill("")
        await page.keyboard.press("Control+Enter")
        await expect(form.get_by_text("your home then says what was found")).to_be_visible()
        await form.get_by_role("button", name="Close").last.click()
        await town.app.days_off.read_calendars()
        await town.settle()
        await expect(page.get_by_text("Your calendar was read: one absence to come.")).to_be_visible()
