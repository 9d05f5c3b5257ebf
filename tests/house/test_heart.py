"""The heart is synchronous: what people can do, and what answers mean, cannot wait for a network."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WAITING = {
    "asyncio",
    "concurrent",
    "http",
    "multiprocessing",
    "queue",
    "select",
    "socket",
    "subprocess",
    "threading",
    "urllib",
}


@pytest.mark.parametrize("package", ["handlers", "insights"])
def test_nothing_in_the_heart_can_wait(package: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / package).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_bytes()))
        if _waits(node)
    ]
    assert found == []


@pytest.mark.parametrize("code", ["async def f(): ...", "import asyncio", "from urllib.request import urlopen"])
def test_waiting_is_noticed(code: str) -> None:
    assert any(_waits(node) for node in ast.walk(ast.parse(code)))


def _waits(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(one.name.partition(".")[0] in WAITING for one in node.names)
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").partition(".")[0] in WAITING
    return isinstance(node, ast.AsyncFunctionDef | ast.Await)
