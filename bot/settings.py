"""The settings: environment (and a `.env` file) in, one frozen object out. Secrets never show themselves."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Mapping
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, field_validator

Mode: TypeAlias = Literal["socket", "http", "oauth"]
PREFIX = "SOUNDINGS_"
TESTS_PREFIX = "SOUNDINGS_TEST_"  # read by our tests alone

TOKENS = {
    "xoxb-": ("a bot token", "SLACK_BOT_TOKEN"),
    "xapp-": ("an app-level token", "SLACK_APP_TOKEN"),
    "xoxp-": ("a person's own token", None),
    "xoxe": ("a token that expires, as token rotation is on for the app", None),
}
WHERE = {
    "SLACK_BOT_TOKEN": "It begins with xoxb- and is found in the app's settings under OAuth & Permissions.",
    "SLACK_APP_TOKEN": "It begins with xapp- and is made in the app's settings under Basic Information, "
    "App-Level Tokens, with the scope connections:write.",
    "SLACK_SIGNING_SECRET": "It is found in the app's settings under Basic Information, App Credentials.",
    "SLACK_CLIENT_ID": "It is found in the app's settings under Basic Information, App Credentials.",
    "SLACK_CLIENT_SECRET": "It is found in the app's settings under Basic Information, App Credentials.",
    "SOUNDINGS_PUBLIC_URL": "It is the https address at which Slack and people reach this server.",
}


DATABASES = re.compile(r"sqlite:///|sqlite://$|postgres(ql)?(\+psycopg)?://.")
PASSWORD = re.compile(r"[^:/]+://[^:/]*:([^@]+)@")  # which may hold signs that have a meaning elsewhere in an address


class SettingsError(ValueError):
    """The settings cannot be used; the message says why, one sentence a line."""


class NotListening(SettingsError):
    """The address and port of the settings cannot be had; the message says what to change."""


def _split(value: Any) -> Any:
    return [one.strip() for one in value.split(",") if one.strip()] if isinstance(value, str) else value


def _bare(value: Any) -> Any:
    return value.strip().rstrip("/") if isinstance(value, str) else value


def _ends_with_slash(value: Any) -> Any:
    return f"{_bare(value)}/" if isinstance(value, str) else value


Secret: TypeAlias = SecretStr | None
Keys: TypeAlias = Annotated[tuple[SecretStr, ...], BeforeValidator(_split)]


class Settings(BaseModel):
    """Everything that whoever runs Soundings can choose. Built by name in tests, by `read_settings` otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, str_strip_whitespace=True)

    bot_token: Secret = Field(None, alias="SLACK_BOT_TOKEN", description="The bot token (xoxb-) of one workspace.")
    app_token: Secret = Field(
        None, alias="SLACK_APP_TOKEN", description="The app-level token (xapp-) that opens Socket Mode."
    )
    signing_secret: Secret = Field(
        None, alias="SLACK_SIGNING_SECRET", description="Proves that a request over HTTP comes from Slack."
    )
    client_id: str = Field("", alias="SLACK_CLIENT_ID", description="For installing into many workspaces by OAuth.")
    client_secret: Secret = Field(
        None, alias="SLACK_CLIENT_SECRET", description="For installing into many workspaces by OAuth."
    )
    database: SecretStr = Field(
        SecretStr("sqlite:///soundings.db"),
        alias="SOUNDINGS_DATABASE_URL",
        description="Where everything is kept: sqlite:///file.db or postgresql://user:password@host/name.",
    )
    vault_keys: Keys = Field(
        (),
        alias="SOUNDINGS_KEYS",
        description="Keys that seal tokens and people's words, separated by commas; the first one writes. "
        "With SQLite and none given, a file of keys is made beside the database.",
    )
    public_url: Annotated[str, BeforeValidator(_bare)] = Field(
        "",
        alias="SOUNDINGS_PUBLIC_URL",
        # On this machine itself there is nobody to hide from.
        pattern=r"^(https://\S+|http://(localhost|127\.0\.0\.1)(:\d+)?(/\S*)?)?$",
        description="The https address at which Slack and people reach this server; needed for OAuth.",
    )
    host: str = Field("0.0.0.0", alias="SOUNDINGS_HOST", description="The address that the web server listens on.")
    port: int = Field(3000, ge=0, le=65535, alias="SOUNDINGS_PORT", description="The port it listens on; 0 is any.")
    slack_api_url: Annotated[str, BeforeValidator(_ends_with_slash)] = Field(
        "https://slack.com/api/",
        alias="SOUNDINGS_SLACK_API_URL",
        pattern=r"^https?://\S+$",
        description="Where Slack's Web API is; another one for a sandbox.",
    )
    slack_authorize_url: str = Field(
        "https://slack.com/oauth/v2/authorize",
        alias="SOUNDINGS_SLACK_AUTHORIZE_URL",
        pattern=r"^https?://\S+$",
        description="Where Slack asks an admin for consent; another one for a sandbox.",
    )
    log: Literal["text", "json"] = Field("text", alias="SOUNDINGS_LOG", description="Log for people, or JSON lines.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", alias="SOUNDINGS_LOG_LEVEL", description="The least weighty lines that are logged."
    )
    pace_start: float = Field(
        300.0,
        gt=0,
        le=30_000,
        alias="SOUNDINGS_PACE_START",
        description="Messages a minute with which sending to a workspace begins, until Slack is known to bear more.",
    )
    pace_ceiling: float = Field(
        600.0,
        gt=0,
        le=30_000,
        alias="SOUNDINGS_PACE_CEILING",
        description="Messages a minute to a workspace, at most. Slack's own bound is not published; "
        "several hundred a minute are borne.",
    )

    keep_days: int = Field(
        760,
        ge=400,
        le=36_500,
        alias="SOUNDINGS_KEEP_DAYS",
        description="Days for which it stays known who was asked when, and what was sent to whom; "
        "at least 400, since a summary may be of a year.",
    )

    @field_validator("bot_token", "app_token", "signing_secret", "client_secret", mode="after")
    @classmethod
    def _right_kind(cls, value: Secret, info: Any) -> Secret:
        name = NAMES[info.field_name]
        if value is not None and (wrong := _wrong_kind(name, value.get_secret_value())):
            raise ValueError(wrong)
        return value

    @field_validator("database", mode="after")
    @classmethod
    def _known_database(cls, value: SecretStr) -> SecretStr:
        if not DATABASES.match(value.get_secret_value()):
            raise ValueError(
                "SOUNDINGS_DATABASE_URL must be of the form sqlite:///file.db or postgresql://user:password@host/name."
            )
        return value

    @field_validator("log", "log_level", mode="before")
    @classmethod
    def _in_small_letters(cls, value: Any) -> Any:
        return value.strip().lower() if isinstance(value, str) else value

    @property
    def database_url(self) -> str:
        """The database's address, password and all."""
        return self.database.get_secret_value()

    @property
    def mode(self) -> Mode | None:
        """How Slack reaches us; None where too little is set. A bot token means that there is one workspace."""
        if self.bot_token:
            return "socket" if self.app_token else "http" if self.signing_secret else None
        return None if self.missing else "oauth"

    @property
    def missing(self) -> tuple[str, ...]:
        """The names that are still to be set before Slack can reach us; none once `mode` is known."""
        if self.bot_token:
            return () if self.app_token or self.signing_secret else ("SLACK_APP_TOKEN",)
        if not self.client_id and not self.client_secret:
            return ("SLACK_BOT_TOKEN",) if self.app_token or self.signing_secret else _FIRST_STEPS
        needed = {
            "SLACK_CLIENT_ID": self.client_id,
            "SLACK_CLIENT_SECRET": self.client_secret,
            "SLACK_SIGNING_SECRET": self.signing_secret,
            "SOUNDINGS_PUBLIC_URL": self.public_url,
        }
        return tuple(name for name, value in needed.items() if not value)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret there is, for those who keep them out of logs."""
        given = (self.bot_token, self.app_token, self.signing_secret, self.client_secret, *self.vault_keys)
        password = PASSWORD.match(self.database_url)
        return (*(one.get_secret_value() for one in given if one), *([password[1]] if password else []))


NAMES: dict[str, str] = {field: str(about.alias) for field, about in Settings.model_fields.items()}
_FIRST_STEPS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")

EXPECTED = {
    "public_url": "must be an https address such as https://soundings.example.com.",
    "port": "must be a whole number from 0 to 65535.",
    "slack_api_url": "must be an address such as https://slack.com/api/.",
    "slack_authorize_url": "must be an address such as https://slack.com/oauth/v2/authorize.",
    "log": "must be text or json.",
    "log_level": "must be debug, info, warning or error.",
    "pace_start": "must be a number of messages a minute, above 0 and at most 30000.",
    "keep_days": "must be a whole number of days, from 400 to 36500.",
    "pace_ceiling": "must be a number of messages a minute, above 0 and at most 30000.",
}


def read_settings(file: Path | None = Path(".env")) -> Settings:
    """The settings of this environment; a variable outranks the same name in `file`. Raises SettingsError."""
    given = {**(_written_in(file) if file is not None else {}), **os.environ}
    if unknown := list(_unknown(given)):
        raise SettingsError("\n".join(unknown))
    try:
        return Settings.model_validate({name: given[name] for name in NAMES.values() if given.get(name)})
    except ValidationError as problem:
        raise SettingsError("\n".join(_sentences(problem))) from None


def _written_in(file: Path) -> Mapping[str, str | None]:
    """What a `.env` file says; nothing where there is none. Raises SettingsError."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except IsADirectoryError:
        raise SettingsError(f"{file} is a folder. Rename it, so that a file {file} can hold the settings.") from None
    except OSError as problem:
        raise SettingsError(f"The file {file} cannot be read: {problem.strerror}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"The file {file} is not plain text. Save it again as UTF-8.") from None
    if wrong := next((one.original for one in parse_stream(StringIO(text)) if one.error), None):
        empty = wrong.string[: -len(wrong.string.lstrip())].count("\n")
        raise SettingsError(
            f"Line {wrong.line + empty} of the file {file} cannot be understood. Write each as NAME=value."
        )
    return dotenv_values(stream=StringIO(text))


def forget_environment() -> None:
    """Take what was read out of the environment: Bolt would look there by itself and set up an OAuth of its own."""
    for name in NAMES.values():
        os.environ.pop(name, None)


def advice(settings: Settings) -> str:
    """What to set next, a line each; empty where Slack can reach us."""
    return "\n".join(f"{name} is not set. {WHERE[name]}" for name in settings.missing)


def _unknown(names: Iterable[str]) -> Iterable[str]:
    known = NAMES.values()
    for name in sorted(names):
        if not name.startswith(PREFIX) or name.startswith(TESTS_PREFIX) or name in known:
            continue
        near = difflib.get_close_matches(name, known, n=1)
        yield f"{name} is not a setting of Soundings." + (f" Was {near[0]} meant?" if near else "")


def _sentences(problem: ValidationError) -> Iterable[str]:
    # The value is never repeated: it may be a secret.
    for error in problem.errors(include_url=False, include_input=False):
        name = str(error["loc"][0])
        field = next((field for field, alias in NAMES.items() if alias == name), name)
        said = error.get("ctx", {}).get("error")
        yield str(said) if said else f"{name} {EXPECTED.get(field, 'has a value that cannot be used.')}"


def _wrong_kind(name: str, value: str) -> str:
    kind, home = next((about for prefix, about in TOKENS.items() if value.startswith(prefix)), ("", None))
    if not value.isprintable() or " " in value:
        return f"{name} holds spaces or line breaks. {WHERE[name]}"
    if home == name or (not kind and name not in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")):
        return ""
    if not kind:
        return f"{name} does not look like a token of Slack. {WHERE[name]}"
    belongs = f", which belongs in {home}" if home else ""
    return f"{name} holds {kind}{belongs}. {WHERE[name]}"
