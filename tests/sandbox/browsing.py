"""How people get about on the demo's page in a headless Chromium, and the pictures that are taken on the way."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIETLY = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
PATIENCE = 15_000  # milliseconds: a busy machine is no failure
PICTURES = os.environ.get("SOUNDINGS_TEST_PICTURES")
IN_BROWSER = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed, so nothing is played on the page here."),
]
expect.set_options(timeout=PATIENCE)


@asynccontextmanager
async def visit(url: str) -> AsyncIterator[Page]:
    """The page, in a browser of its own; whatever breaks on it fails the test."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        context = await browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: pytest.fail(f"The page broke: {error}"))
        await page.goto(url)
        yield page
        await browser.close()


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
