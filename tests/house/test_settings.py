"""Settings: what an admin may write, what it means, and the sentence for whatever cannot be used."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from bot.settings import NAMES, Settings, SettingsError, advice, forget_environment, read_settings

BOT = "xoxb-1111-2222-abcdef"
APP = "xapp-1-A111-2222-abcdef"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in NAMES.values():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def refused(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as told:
        read_settings()
    return str(told.value)


def test_without_any_variable_everything_has_a_default() -> None:
    settings = read_settings()
    assert type(settings) is Settings
    assert settings == Settings()
    assert settings.database_url == "sqlite:///soundings.db"
    assert (settings.mode, settings.missing) == (None, ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"))


def test_the_env_file_is_read_and_the_environment_outranks_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"SLACK_BOT_TOKEN='{BOT}'\nSOUNDINGS_PORT=4000\nSLACK_APP_TOKEN=\nOTHER=1\n")
    monkeypatch.setenv("SOUNDINGS_PORT", "5000")
    settings = read_settings()
    assert settings.bot_token == SecretStr(BOT)
    assert settings.port == 5000
    assert settings.app_token is None
    assert read_settings(file=None).bot_token is None


@pytest.mark.parametrize(
    ("given", "mode", "missing"),
    [
        ({"bot_token": BOT, "app_token": APP}, "socket", ()),
        ({"bot_token": BOT, "signing_secret": "s" * 32}, "http", ()),
        ({"bot_token": BOT, "app_token": APP, "signing_secret": "s" * 32}, "socket", ()),
        ({"bot_token": BOT}, None, ("SLACK_APP_TOKEN",)),
        ({"app_token": APP}, None, ("SLACK_BOT_TOKEN",)),
        ({"signing_secret": "s" * 32}, None, ("SLACK_BOT_TOKEN",)),
        ({"client_id": "1.2"}, None, ("SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET", "SOUNDINGS_PUBLIC_URL")),
        (
            {"client_id": "1.2", "client_secret": "c", "signing_secret": "s", "public_url": "https://x.example/"},
            "oauth",
            (),
        ),
        ({"client_id": "1.2", "client_secret": "c", "bot_token": BOT, "app_token": APP}, "socket", ()),
    ],
)
def test_what_is_set_says_how_slack_reaches_us(given: dict[str, str], mode: str | None, missing: tuple[str]) -> None:
    settings = Settings(**given)
    assert (settings.mode, settings.missing) == (mode, missing)
    assert all(name in advice(settings) for name in missing)
    assert bool(advice(settings)) == bool(missing)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SLACK_BOT_TOKEN", APP, "SLACK_BOT_TOKEN holds an app-level token, which belongs in SLACK_APP_TOKEN."),
        ("SLACK_APP_TOKEN", BOT, "SLACK_APP_TOKEN holds a bot token, which belongs in SLACK_BOT_TOKEN."),
        ("SLACK_BOT_TOKEN", "xoxp-1-2", "SLACK_BOT_TOKEN holds a person's own token."),
        ("SLACK_BOT_TOKEN", "xoxe.xoxb-1-2", "token rotation is on"),
        ("SLACK_BOT_TOKEN", "hello", "SLACK_BOT_TOKEN does not look like a token of Slack."),
        ("SLACK_SIGNING_SECRET", BOT, "SLACK_SIGNING_SECRET holds a bot token, which belongs in SLACK_BOT_TOKEN."),
        ("SLACK_CLIENT_SECRET", "two words", "SLACK_CLIENT_SECRET holds spaces or line breaks."),
        ("SOUNDINGS_PORT", "70000", "SOUNDINGS_PORT must be a whole number from 0 to 65535."),
        ("SOUNDINGS_PORT", "three", "SOUNDINGS_PORT must be a whole number"),
        ("SOUNDINGS_LOG", "xml", "SOUNDINGS_LOG must be text or json."),
        ("SOUNDINGS_LOG_LEVEL", "loud", "SOUNDINGS_LOG_LEVEL must be debug, info, warning or error."),
        ("SOUNDINGS_PACE_START", "0", "SOUNDINGS_PACE_START must be a number of messages a minute"),
        ("SOUNDINGS_PACE_CEILING", "fast", "SOUNDINGS_PACE_CEILING must be a number of messages a minute"),
        ("SOUNDINGS_PUBLIC_URL", "soundings.example", "SOUNDINGS_PUBLIC_URL must be an https address such as"),
        ("SOUNDINGS_PUBLIC_URL", "http://soundings.example", "SOUNDINGS_PUBLIC_URL must be an https address such as"),
        ("SOUNDINGS_PUBLIC_URL", "http://localhost.example", "SOUNDINGS_PUBLIC_URL must be an https address such as"),
        ("SOUNDINGS_DATABASE_URL", "mysql://a/b", "SOUNDINGS_DATABASE_URL must be of the form sqlite:///file.db"),
        ("SOUNDINGS_DATABASE_URL", "sqlite://file.db", "SOUNDINGS_DATABASE_URL must be of the form sqlite:///file.db"),
        ("SOUNDINGS_PROT", "1", "SOUNDINGS_PROT is not a setting of Soundings. Was SOUNDINGS_PORT meant?"),
        ("SOUNDINGS_ZZZZZZZZZZ", "1", "SOUNDINGS_ZZZZZZZZZZ is not a setting of Soundings."),
    ],
)
def test_a_wrong_value_gets_a_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str) -> None:
    sentence = refused(monkeypatch, **{name: value})
    assert told in sentence
    assert value not in sentence or not name.startswith("SLACK_")


def test_every_wrong_value_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(refused(monkeypatch, SLACK_BOT_TOKEN=APP, SOUNDINGS_PORT="x", SOUNDINGS_LOG="y").splitlines()) == 3


def test_an_unknown_name_in_the_env_file_is_told_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SOUNDINGS_DATABASE=x\n")
    assert "Was SOUNDINGS_DATABASE_URL meant?" in refused(monkeypatch)


def test_an_env_file_that_cannot_be_read_is_named_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / ".env"
    file.mkdir()
    assert refused(monkeypatch) == ".env is a folder. Rename it, so that a file .env can hold the settings."
    file.rmdir()
    file.write_text("SOUNDINGS_PORT=4000\n", encoding="utf-16")
    assert refused(monkeypatch) == "The file .env is not plain text. Save it again as UTF-8."
    file.write_text("OTHER=1\n\n= 4000\nSOUNDINGS_LOG=json\n")
    assert refused(monkeypatch) == "Line 3 of the file .env cannot be understood. Write each as NAME=value."
    file.unlink()
    file.symlink_to(file)  # whoever is root may read every other file
    assert refused(monkeypatch) == "The file .env cannot be read: Too many levels of symbolic links."


def test_an_env_file_from_windows_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SOUNDINGS_PORT=4000\r\n", encoding="utf-8-sig")
    assert read_settings().port == 4000


def test_what_only_our_tests_read_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDINGS_TEST_POSTGRES_URL", "postgresql://x")
    assert read_settings() == Settings()


def test_keys_are_a_list_and_addresses_are_tidied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUNDINGS_KEYS", " one , two,")
    monkeypatch.setenv("SOUNDINGS_SLACK_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setenv("SOUNDINGS_PUBLIC_URL", "https://soundings.example/")
    monkeypatch.setenv("SOUNDINGS_LOG", "JSON")
    settings = read_settings()
    assert [one.get_secret_value() for one in settings.vault_keys] == ["one", "two"]
    assert settings.slack_api_url == "http://127.0.0.1:9/api/"
    assert settings.public_url == "https://soundings.example"
    assert settings.log == "json"


@pytest.mark.parametrize("address", ["http://localhost:3000", "http://127.0.0.1:3000/"])
def test_on_this_machine_itself_an_address_may_be_plain(address: str) -> None:
    assert Settings(public_url=address).public_url == address.rstrip("/")


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1


@given(words=st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=12, max_size=40))
def test_secrets_never_show_themselves(words: str) -> None:
    settings = Settings(
        bot_token=f"xoxb-{words}",
        app_token=f"xapp-{words}",
        signing_secret=words,
        client_secret=words,
        vault_keys=[words],
        database=f"postgresql://soundings:{words}@db/soundings",
    )
    assert words in settings.secrets
    for shown in (repr(settings), str(settings), f"{settings}", repr(dict(iter(settings))), settings.model_dump_json()):
        assert words not in shown


def test_every_setting_says_what_it_is_for() -> None:
    assert all(field.description and field.alias for field in Settings.model_fields.values())


def test_what_was_read_can_be_taken_out_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "secret")
    monkeypatch.setenv("OTHER", "stays")
    forget_environment()
    assert "SLACK_CLIENT_SECRET" not in os.environ
    assert os.environ["OTHER"] == "stays"


def as_table() -> str:
    """The table that docs/guides/settings.md must hold."""
    rows = ["| Name | Without it | What it is for |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        usual = getattr(Settings(), name)
        usual = Settings().database_url if name == "database" else usual
        rows.append(f"| `{field.alias}` | {f'`{usual}`' if usual else ''} | {field.description} |")
    return "\n".join(rows)


def test_the_guide_lists_every_setting() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guides" / "settings.md").read_text(encoding="utf-8")
    assert as_table() in guide, f"docs/guides/settings.md should hold:\n{as_table()}"


def test_the_example_names_only_settings_that_exist() -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8")
    named = re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE)
    assert named
    assert set(named) <= set(NAMES.values())


@pytest.mark.parametrize("password", ["pa/ss", "pa[ss", "pa:ss", "pa#ss"])
def test_a_password_of_any_signs_is_a_secret(password: str) -> None:
    assert password in Settings(database=f"postgresql://soundings:{password}@db:5432/soundings").secrets


@pytest.mark.parametrize("address", ["sqlite:///soundings.db", "postgresql://soundings@db:5432/a", "postgresql:///a"])
def test_an_address_without_a_password_has_no_secret(address: str) -> None:
    assert Settings(database=address).secrets == ()
