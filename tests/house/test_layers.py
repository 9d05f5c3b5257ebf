"""The picture of the house is kept by import-linter, and each of its contracts is broken here once, on purpose."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.names import PACKAGES
from handlers.features import FEATURES

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
CONTRACTS = {contract["name"]: contract for contract in SETTINGS["contracts"]}
STANDARD = sys.stdlib_module_names | set(PACKAGES)

# Where each contract is broken: a file, and the line that is added to it.
BREACHES = {
    "imports point down": ("storage/clock.py", "import insights.measures"),
    "features do not know each other": ("handlers/kudos/flow.py", "import handlers.me"),
    "the sandbox's Slack knows nothing of the bot": ("sandbox/slack/words.py", "import handlers.text"),
    "the bot's limits and the sandbox's rules are written apart": ("sandbox/slack/rules.py", "import bot.slack.limits"),
    "what people can do needs the standard library only": ("handlers/help.py", "import yaml"),
    "drawing for Slack needs no Slack library": ("bot/slack/cards.py", "from slack_sdk.models import blocks"),
    "slack-bolt and slack-sdk: bot.slack, and where the app is put together": ("bot/keys.py", "import slack_sdk"),
    "aiohttp: bot and sandbox": ("scheduler/courier.py", "import aiohttp"),
    "typer: the two command lines": ("bot/doctor/house.py", "import typer"),
    "rich: what prints for the command lines": ("bot/__main__.py", "import rich"),
    "pydantic and python-dotenv: bot.settings": ("bot/manifest.py", "import pydantic"),
    "apscheduler: scheduler.jobs": ("scheduler/pace.py", "import apscheduler"),
    "holidays, icalendar and recurring-ical-events: scheduler.absences": ("scheduler/jobs.py", "import holidays"),
    "sqlalchemy: storage": ("scheduler/housekeeping.py", "import sqlalchemy"),
    "alembic: storage.migrations and storage.migrate": ("storage/engine.py", "import alembic"),
    "psycopg: storage.wakeups": ("storage/kudos.py", "import psycopg"),
    "cryptography: storage.crypto": ("bot/keys.py", "from cryptography import fernet"),
    "pyyaml: the two readers of manifests": ("sandbox/company.py", "import yaml"),
    "yarl: bot.web and what fetches": ("bot/app.py", "import yarl"),
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The packages and their contracts, copied to where they may be broken."""
    for name in PACKAGES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_each_contract_fails_when_it_is_broken(house: Path) -> None:
    assert BREACHES.keys() == CONTRACTS.keys()
    for file, line in BREACHES.values():
        with (house / file).open("a", encoding="utf-8") as code:
            code.write(f"\n{line}\n")

    report = _lint(house)

    kept = [name for name in CONTRACTS if f"{name} BROKEN" not in report]
    assert not kept, report
    for name, (file, _) in BREACHES.items():
        reasons = report.split(f"\n{name}\n---")[1].split("\n---")[0]
        assert f"{_module(file)} -> " in reasons, report


def test_each_feature_is_in_the_contract_that_keeps_features_apart() -> None:
    folders = {f"handlers.{path.parent.name}" for path in (ROOT / "handlers").glob("*/__init__.py")}
    files = {f"handlers.{one.name}" for one in FEATURES if (ROOT / "handlers" / f"{one.name}.py").exists()}
    assert folders | files == set(CONTRACTS["features do not know each other"]["modules"])


def test_each_library_has_a_door() -> None:
    guarded = {
        library
        for name, contract in CONTRACTS.items()
        if ": " in name  # "library: its door"
        for library in contract["forbidden_modules"]
    }
    assert {library for path in _code() for library in _libraries(path)} == guarded
    assert set(CONTRACTS["what people can do needs the standard library only"]["forbidden_modules"]) == guarded


def _lint(house: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(house), "COLUMNS": "200"}
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=house, env=environment, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def _module(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


def _code() -> Iterator[Path]:
    for name in PACKAGES:
        yield from (ROOT / name).rglob("*.py")


def _libraries(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        else:
            continue
        yield from (top for name in names if (top := name.partition(".")[0]) not in STANDARD)
