"""The command line: plain answers, a sentence and a next step for every mistake, and a quick start."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner, Result

from bench.ports import free_port
from bot.__main__ import cli
from bot.settings import NAMES, Settings
from storage.crypto import Vault, new_key
from storage.engine import Storage
from storage.installs import find_install, keep_install
from storage.workspaces import WorkspaceKey
from tests.databases import MONDAY
from tests.storage.test_installs import ACME

BOT, APP = "xoxb-sandbox-1", "xapp-sandbox-1"


@pytest.fixture(autouse=True)
def _at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in NAMES.values():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def typed(*words: str) -> Result:
    result = CliRunner().invoke(cli, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def test_run_without_tokens_says_what_to_set() -> None:
    result = typed("run")
    assert result.exit_code == 2
    assert "SLACK_BOT_TOKEN is not set. It begins with xoxb-" in result.output
    assert "start again" in result.output


def test_a_wrong_setting_is_told_before_anything_is_done(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SOUNDINGS_PROT", "1")
    for command in (["run"], ["db", "upgrade"], ["db", "status"], ["keys", "rotate"]):
        result = typed(*command)
        assert result.exit_code == 2
        assert "Was SOUNDINGS_PORT meant?" in result.output
    assert list(tmp_path.iterdir()) == []


def test_run_where_slack_cannot_be_reached(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT)
    monkeypatch.setenv("SLACK_APP_TOKEN", APP)
    monkeypatch.setenv("SOUNDINGS_SLACK_API_URL", "http://127.0.0.1:9/api/")
    done = ran()
    assert done.returncode == 2, done.stderr
    assert "Slack cannot be reached at http://127.0.0.1:9/api/" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "soundings.db").exists()


def test_run_leaves_an_older_database_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT)
    monkeypatch.setenv("SLACK_APP_TOKEN", APP)
    upgraded_for("0001")
    result = typed("run")
    assert result.exit_code == 2
    assert "Make a backup, then run: soundings db upgrade" in result.output


def test_a_port_that_is_taken_is_named_with_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for name, value in {
            "SLACK_CLIENT_ID": "1.2",
            "SLACK_CLIENT_SECRET": "a-client-secret",
            "SLACK_SIGNING_SECRET": "a-signing-secret",
            "SOUNDINGS_PUBLIC_URL": "https://soundings.example",
            "SOUNDINGS_HOST": "127.0.0.1",
            "SOUNDINGS_PORT": str(port),
        }.items():
            monkeypatch.setenv(name, value)
        done = ran()
        assert done.returncode == 2
        assert done.stderr == (
            f"Another program listens on port {port} of 127.0.0.1 already, perhaps another Soundings. "
            "Stop that one, or choose another port in SOUNDINGS_PORT.\n"
        )
        monkeypatch.setenv("SOUNDINGS_HOST", "192.0.2.1")
        assert f"cannot listen on port {port} of 192.0.2.1: " in (said := ran().stderr)
        assert "Change SOUNDINGS_PORT or SOUNDINGS_HOST.\n" in said


def ran() -> subprocess.CompletedProcess[str]:
    """A server that stops by itself, since it cannot reach Slack."""
    return subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        capture_output=True,
        text=True,
        timeout=30,
        env={**os.environ, "PYTHONPATH": ":".join(sys.path)},
        check=False,
    )


def upgraded_for(version: str) -> None:
    """A database of this version, and then of another."""
    assert typed("db", "upgrade").exit_code == 0
    with closing(sqlite3.connect("soundings.db")) as file, file:
        file.execute("UPDATE alembic_version SET version_num = ?", (version,))


def test_run_goes_on_with_a_newer_database_that_it_understands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT)
    monkeypatch.setenv("SLACK_APP_TOKEN", APP)
    monkeypatch.setenv("SOUNDINGS_SLACK_API_URL", "http://127.0.0.1:9/api/")
    upgraded_for("9999")
    for command in ("upgrade", "status"):
        result = typed("db", command)
        assert result.exit_code == 0
        assert "This one goes on working with it.\nInstall the newer version here too." in result.output
    keys = Path("soundings.key").read_text()
    assert typed("keys", "rotate").exit_code == 2, "there may be sealed words that it does not know"
    assert Path("soundings.key").read_text() == keys
    done = ran()
    assert "warning The database was upgraded for a newer version. This one goes on" in done.stderr
    assert "Slack cannot be reached" in done.stderr, "it went on"


def test_run_refuses_a_newer_database_that_it_does_not_understand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT)
    monkeypatch.setenv("SLACK_APP_TOKEN", APP)
    upgraded_for("9999_for_9998")
    for command, code in ((("run",), 2), (("db", "upgrade"), 2), (("db", "status"), 1)):
        result = typed(*command)
        assert result.exit_code == code
        assert "upgraded for a newer version, and this one cannot work with it." in result.output
    assert "Install the newer version here, or go back to the backup" in result.output


def test_whoever_looks_where_no_database_is_reads_so_and_leaves_nothing_behind(tmp_path: Path) -> None:
    for command, code in ((("status",), 2), (("db", "status"), 1), (("keys", "rotate"), 2)):
        result = typed(*command)
        assert result.exit_code == code
        assert f"There is no database at {tmp_path / 'soundings.db'}.\nGo to the folder where" in result.output
        assert "To make one here: soundings db upgrade" in result.output
    assert list(tmp_path.iterdir()) == []


def test_whoever_looks_before_the_first_start_reads_what_to_do_and_can_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT)
    monkeypatch.setenv("SLACK_APP_TOKEN", APP)
    monkeypatch.setenv("SOUNDINGS_SLACK_API_URL", "http://127.0.0.1:9/api/")
    Path("soundings.db").touch()
    for command, code in ((("status",), 2), (("db", "status"), 1), (("keys", "rotate"), 2)):
        result = typed(*command)
        assert result.exit_code == code
        assert "The database is empty yet.\nMake its tables with: soundings db upgrade" in result.output
    assert "Slack cannot be reached" in typed("run").output, "the tables were made, and it went on"
    assert typed("db", "status").exit_code == 0


def test_the_pace_that_was_chosen_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    typed("db", "upgrade")
    with (storage := Storage("sqlite:///soundings.db", Vault([new_key()]))).begin(WorkspaceKey("slack", "T1")):
        pass
    storage.close()
    monkeypatch.setenv("SOUNDINGS_PACE_START", "100")
    assert "Pace: begins with 100 messages a minute" in typed("status").output
    monkeypatch.setenv("SOUNDINGS_PACE_CEILING", "80")
    assert "Pace: begins with 80 messages a minute" in typed("status").output


def test_a_database_is_brought_up_and_its_keys_are_made(tmp_path: Path) -> None:
    assert typed("db", "status").exit_code == 1
    assert typed("db", "upgrade").exit_code == 0
    assert typed("db", "status").exit_code == 0
    assert (tmp_path / "soundings.key").stat().st_mode & 0o777 == 0o600


def test_postgresql_needs_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDINGS_DATABASE_URL", "postgresql://127.0.0.1:1/x")
    result = typed("db", "upgrade")
    assert result.exit_code == 2
    assert "soundings keys new" in result.output
    monkeypatch.setenv("SOUNDINGS_KEYS", typed("keys", "new").output.strip())
    assert "Traceback" not in typed("db", "upgrade").output


def test_keys_that_went_missing_are_not_replaced(tmp_path: Path) -> None:
    typed("db", "upgrade")
    (tmp_path / "soundings.key").unlink()
    result = typed("db", "status")
    assert result.exit_code == 2
    assert "Put that file back from your backup" in result.output
    assert not (tmp_path / "soundings.key").exists()


def test_keys_in_a_file_are_rotated(tmp_path: Path) -> None:
    typed("db", "upgrade")
    file = tmp_path / "soundings.key"
    (old,) = file.read_text().split()
    storage = Storage(Settings().database_url, Vault([old]))
    with storage.connect() as connection:
        keep_install(connection, storage.vault, ACME, MONDAY)
    result = typed("keys", "rotate")
    assert result.exit_code == 0
    assert "1 stored texts are sealed with the first key of soundings.key" in result.output
    new, kept = file.read_text().split()
    assert kept == old
    assert file.stat().st_mode & 0o777 == 0o600
    with storage.connect() as connection:
        assert find_install(connection, Vault([new]), ACME.key) == ACME
    storage.close()


def test_keys_in_the_environment_are_rotated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old, new = typed("keys", "new").output.strip(), typed("keys", "new").output.strip()
    assert old != new
    monkeypatch.setenv("SOUNDINGS_KEYS", old)
    typed("db", "upgrade")
    monkeypatch.setenv("SOUNDINGS_KEYS", f"{new},{old}")
    assert "first key of SOUNDINGS_KEYS" in typed("keys", "rotate").output
    monkeypatch.setenv("SOUNDINGS_KEYS", "nonsense")
    assert "A key is not valid" in typed("keys", "rotate").output
    assert not (tmp_path / "soundings.key").exists()


def test_the_manifest_is_printed_in_both_variants() -> None:
    assert "socket_mode_enabled: true" in typed("manifest").output
    assert "https://x.example/slack/events" in typed("manifest", "--http", "https://x.example").output
    assert typed("manifest", "--http", "http://x.example").exit_code == 2


def test_the_doctor_fails_with_a_problem_and_can_speak_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDINGS_POT", "1")
    result = typed("doctor")
    assert result.exit_code == 1
    assert "problem Settings: SOUNDINGS_POT is not a setting" in result.output
    (told,) = json.loads(typed("doctor", "--json").output)
    assert told["level"] == "problem"


@pytest.mark.parametrize(
    "command", [(), ("db",), ("keys",), ("run",), ("doctor",), ("manifest",), ("db", "copy"), ("demo",), ("simulate",)]
)
def test_help_is_plain_and_whole(command: tuple[str, ...]) -> None:
    told = typed(*command, "--help").output
    assert told.startswith("Usage: ")
    assert not re.search(r"<bool>|<path>|range>|\w\.\.\.$|[╭│]", told, re.MULTILINE), told


def test_the_version_is_printed() -> None:
    assert typed("version").output.strip()


@pytest.mark.parametrize("command", [["--help"], ["version"], ["manifest"], ["keys", "new"]])
def test_small_commands_load_nothing_heavy(command: list[str]) -> None:
    heavy = ("sqlalchemy", "slack_bolt", "slack_sdk", "aiohttp", "apscheduler", "sandbox")
    program = (
        "import sys; from bot.__main__ import cli\n"
        "try: cli(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        f"print([one for one in {heavy!r} if one in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *command],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
        check=True,
    )
    assert done.stderr.strip() == "[]"


def test_a_server_for_many_workspaces_starts_answers_and_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    variables = {
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "a-client-secret",
        "SLACK_SIGNING_SECRET": "a-signing-secret",
        "SOUNDINGS_PUBLIC_URL": address,
        "SOUNDINGS_HOST": "127.0.0.1",
        "SOUNDINGS_PORT": str(port),
        "PYTHONPATH": ":".join(sys.path),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "run"], env={**os.environ, **variables}, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr
        assert "Soundings is running (oauth)" in running.stderr.readline()
        assert "Continue to Slack" in urlopen(f"{address}/slack/install").read().decode()
        with pytest.raises(HTTPError, match="401"):
            urlopen(f"{address}/slack/events", data=b"payload={}")
        monkeypatch.setenv("SOUNDINGS_DATABASE_URL", "sqlite:///copy.db")
        assert typed("db", "upgrade").exit_code == 0
        beside = typed("db", "copy", "sqlite:///soundings.db", "sqlite:///copy.db")
        assert "Soundings is at work on the database to copy from. Stop it" in beside.output
        running.send_signal(signal.SIGTERM)
        assert running.wait(10) == 0
        assert running.stderr.read() == ""


def test_the_backup_that_the_guide_shows_is_whole_and_fails_where_nothing_is(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
    (command,) = (block.split("```")[0] for block in guide.split("```sh\n") if ".backup(" in block.split("```")[0])
    command = command.replace("python3", sys.executable)
    failed = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert failed.returncode != 0
    assert "unable to open database file" in failed.stderr
    assert list(tmp_path.iterdir()) == []
    typed("db", "upgrade")
    with (storage := Storage("sqlite:///soundings.db", Vault([new_key()]))).begin(WorkspaceKey("slack", "T1")):
        pass
    subprocess.run(command, shell=True, check=True)
    storage.close()
    with closing(sqlite3.connect("soundings-backup.db")) as backup:
        assert backup.execute("SELECT external_id FROM workspaces").fetchall() == [("T1",)]


def test_a_database_is_copied_and_the_copy_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    typed("db", "upgrade")
    with (storage := Storage("sqlite:///soundings.db", Vault([new_key()]))).begin(WorkspaceKey("slack", "T1")) as store:
        store.members.greet("U1", "Ana")
    storage.close()
    missing = typed("db", "copy", "sqlite:///soundings.db", "sqlite:///copy.db").output
    assert f"There is no SQLite file {tmp_path / 'copy.db'}.\n" in missing
    assert "Make it first: SOUNDINGS_DATABASE_URL=sqlite:///copy.db soundings db upgrade" in missing
    assert f"no SQLite file {tmp_path / 'old.db'}." in typed("db", "copy", "sqlite:///old.db", "sqlite:///x.db").output
    monkeypatch.setenv("SOUNDINGS_DATABASE_URL", "sqlite:///copy.db")
    assert typed("db", "upgrade").exit_code == 0
    result = typed("db", "copy", "sqlite:///soundings.db", "sqlite:///copy.db")
    assert result.exit_code == 0, result.output
    assert "members                    1 rows" in result.output
    assert "2 rows were copied, read again and compared." in result.output
    again = typed("db", "copy", "sqlite:///soundings.db", "sqlite:///copy.db")
    assert again.exit_code == 2
    assert "is not empty" in again.output
    assert "PostgreSQL, not in mysql" in typed("db", "copy", "sqlite:///soundings.db", "mysql://x").output
    for same in ("sqlite:///./soundings.db", f"sqlite:///{tmp_path}/soundings.db"):
        result = typed("db", "copy", "sqlite:///soundings.db", same)
        assert result.exit_code == 2
        assert "one and the same" in result.output


@pytest.mark.parametrize(
    "address",
    ["soundings.db", "", "sqlite:soundings.db", "sqlite://soundings.db", "nix://x", "postgresql://ana:pass-word@h:x/y"],
)
def test_whoever_mistypes_the_address_of_a_database_is_told_what_one_looks_like(address: str) -> None:
    typed("db", "upgrade")
    for words in ((address, "sqlite:///soundings.db"), ("sqlite:///soundings.db", address)):
        result = typed("db", "copy", *words)
        assert result.exit_code == 2
        assert "sqlite:///soundings.db or" in result.output or "not in nix" in result.output
        assert "pass-word" not in result.output


def test_an_address_in_the_settings_that_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDINGS_DATABASE_URL", "postgresql://ana:pass-word@h:x/y")
    monkeypatch.setenv("SOUNDINGS_KEYS", new_key())
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT)
    monkeypatch.setenv("SLACK_APP_TOKEN", APP)
    monkeypatch.setenv("SOUNDINGS_SLACK_API_URL", "http://127.0.0.1:9/api/")
    for command in (("status",), ("db", "status"), ("db", "upgrade"), ("keys", "rotate"), ("doctor",), ("run",)):
        result = typed(*command)
        assert result.exit_code == (1 if command == ("doctor",) else 2)
        assert "This is not the address of a database" in result.output
        assert "pass-word" not in result.output
