"""Everything public says what it does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from bot.names import PACKAGES

ROOT = Path(__file__).parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def test_everything_public_says_what_it_does() -> None:
    assert [where for name in PACKAGES for path in sorted((ROOT / name).rglob("*.py")) for where in _silent(path)] == []


def test_silence_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "quiet.py"
    path.write_text(
        "class Quiet:\n"
        "    def told(self): ...\n"
        "    def _own(self): ...\n"
        "class Wish(Protocol):\n"
        "    '''What others fulfil.'''\n"
        "    def fulfilled(self):\n"
        "        '''Whether it is.'''\n"
        "    def late(self): ...\n"
        "class Granted:\n"
        "    '''A wish that came true.'''\n"
        "    def fulfilled(self): ...\n"
        "async def done(): ...\n"
    )
    expected = ["1 the module", "1 Quiet", "2 Quiet.told", "8 Wish.late", "12 done"]
    assert [where.partition(":")[2] for where in _silent(path)] == expected


def _silent(path: Path) -> Iterator[str]:
    module = ast.parse(path.read_bytes())
    if not ast.get_docstring(module):
        yield f"{path}:1 the module"
    # A method may leave its words to a base class, or to a protocol of the same file that it fulfils.
    promised = {
        one.name
        for protocol in module.body
        if isinstance(protocol, ast.ClassDef) and _is_protocol(protocol)
        for one in protocol.body
        if isinstance(one, Function) and ast.get_docstring(one)
    }
    for where, node in _public(module):
        if not ast.get_docstring(node) and not ("." in where and node.name in promised):
            yield f"{path}:{node.lineno} {where}"


def _public(module: ast.Module) -> Iterator[tuple[str, Function | ast.ClassDef]]:
    for node in module.body:
        if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_"):
            continue
        yield node.name, node
        if isinstance(node, ast.ClassDef) and (not node.bases or _is_protocol(node)):
            for one in node.body:
                if isinstance(one, Function) and not one.name.startswith("_"):
                    yield f"{node.name}.{one.name}", one


def _is_protocol(node: ast.ClassDef) -> bool:
    return any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)
