"""The glossary's words are the words of the code: a few others are not used in any name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.names import PACKAGES

ROOT = Path(__file__).parents[2]
NOWHERE = {"standup", "standups", "service", "services", "util", "utils", "common", "misc", "helper", "helpers"}
# The bot and its sandbox speak with Slack, where these words are right.
NOT_BELOW_THE_BOT = {"user", "users", "org", "orgs", "slack"}
SLACKS_OWN = {"bot_user_id"}
BELOW = {"scheduler", "handlers", "insights", "storage"}


@pytest.mark.parametrize("package", PACKAGES)
def test_names_are_made_of_our_words(package: str) -> None:
    unwanted = NOWHERE | (NOT_BELOW_THE_BOT if package in BELOW else set())
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted((ROOT / package).rglob("*.py"))
        for name in sorted({path.stem, *_names(ast.parse(path.read_bytes()))} - SLACKS_OWN)
        if unwanted & _words(name)
    ]
    assert found == []


@pytest.mark.parametrize("package", PACKAGES)
def test_a_manager_is_a_person_and_no_class(package: str) -> None:
    classes = [
        node.name
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.ClassDef)
    ]
    assert [name for name in classes if name.endswith(("Manager", "Handler", "Helper", "Util"))] == []


def test_names_are_taken_apart() -> None:
    assert _words("StandupStore") == {"standup", "store"}
    assert _words("_HTTPService2_of_users") == {"http", "service", "of", "users"}
    code = "def used(user): self.util = common = 1\nfor misc in them: pass"
    assert set(_names(ast.parse(code))) == {"used", "user", "util", "common", "misc"}


def _names(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def _words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}
