"""What the documents point at is there: files, headings and pictures. And the README stays one that is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
MOST_LINES_OF_README = 150

_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"(?P<picture>!?)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]*)\)")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.MULTILINE)


def problems(page: Path, text: str) -> Iterator[str]:
    """What is wrong with the links and pictures of a page that lies at `page`."""
    for found in _LINK.finditer(_CODE.sub("code", _FENCE.sub("", text))):
        target = urlsplit(found["target"])
        if found["picture"] and not found["text"].strip():
            yield f"{found['target']}: a picture needs words for those who do not see it"
        if target.scheme or target.netloc:
            if target.scheme != "https" or found["picture"]:
                yield f"{found['target']}: pictures lie beside us, and other pages are reached by https"
            continue
        place = (page.parent / unquote(target.path)).resolve() if target.path else page
        if not place.is_relative_to(ROOT) or not place.exists():
            yield f"{found['target']}: there is no such file"
        elif target.fragment and place.suffix == ".md" and target.fragment not in anchors(place, page, text):
            yield f"{found['target']}: there is no such heading"


def anchors(place: Path, page: Path, text: str) -> set[str]:
    """What a heading is called in an address, for every heading of a page; `text` is that of `page`."""
    words = _FENCE.sub("", text if place == page else place.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in _HEADING.findall(words)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_it_points_at_is_there(page: Path) -> None:
    assert list(problems(page, page.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "[gone](gone.md)",
        "[gone](docs/glossary.md#no-such-word)",
        "[gone](#no-such-heading)",
        "[outside](../../etc/hosts)",
        "[plain](http://example.com)",
        "![](docs/glossary.md)",
        "![elsewhere](https://example.com/picture.png)",
    ],
)
def test_a_wrong_link_is_found(wrong: str) -> None:
    assert list(problems(ROOT / "README.md", f"# Title\n\n{wrong}\n"))


@pytest.mark.parametrize(
    "right",
    [
        "[licence](LICENSE)",
        "[here](#title)",
        "[there](docs/glossary.md#words-we-do-not-use)",
        "[far](https://example.com)",
        "`[code](nowhere)`",
        "```\n[code](nowhere)\n```",
    ],
)
def test_a_right_link_is_let_through(right: str) -> None:
    assert list(problems(ROOT / "README.md", f"# Title\n\n{right}\n")) == []


def test_the_readme_is_short_and_begins_with_a_picture() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("![")
    assert len(lines) < MOST_LINES_OF_README
