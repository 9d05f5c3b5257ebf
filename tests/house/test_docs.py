"""Documents cannot lie: commands are told as the code has them, and decisions name what checks them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot import manifest
from handlers.feature import Entry
from handlers.features import FEATURES

ROOT = Path(__file__).parents[2]
GUIDES = ROOT / "docs" / "guides"
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
PARTS = ["Context", "Decision", "Consequences", "The check"]


def entries(kind: str) -> list[Entry]:
    return [entry for feature in FEATURES for entry in feature.entries if entry.kind == kind]


def test_the_manifest_declares_the_commands_that_are_answered() -> None:
    assert manifest.commands().keys() == {entry.name for entry in entries("command")}


def test_the_manifest_declares_the_shortcuts_that_are_answered() -> None:
    assert set(manifest.shortcuts()) == {entry.name for entry in entries("shortcut")}


def test_the_guide_to_the_commands_tells_them_as_they_are() -> None:
    told = re.findall(r"^\| `/.*$", (GUIDES / "commands.md").read_text("utf-8"), re.MULTILINE)
    expected = []
    for entry in entries("command"):
        usage = f"/{entry.name} {entry.usage}".strip().replace("|", "\\|")
        expected.append(f"| `/{entry.name}` | {entry.help} | `{usage}` |")
    assert sorted(told) == sorted(expected)


@pytest.mark.parametrize("record", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_record_has_its_parts_and_names_its_check(record: Path) -> None:
    text = record.read_text("utf-8")
    assert text.startswith(f"# {record.stem[:4]} ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == PARTS
    assert len(text.splitlines()) <= 40
    check = text.split("## The check")[1]
    files = re.findall(r"`([\w./-]+\.(?:py|toml|lock)|\.ci/\w+|Makefile)`", check)
    assert files, "it names no file that checks it"
    assert [file for file in files if not (ROOT / file).exists()] == []


def test_numbers_of_decisions_are_used_once() -> None:
    numbers = [record.stem[:4] for record in DECISIONS]
    assert len(numbers) == len(set(numbers)) >= 17
