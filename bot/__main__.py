"""The command line: `soundings`. What takes time to import is imported by the command that needs it."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points, version
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from bot.settings import Settings
    from storage.engine import Storage

WRONG = 1
NOT_READY = 2

cli = typer.Typer(
    help="Check-ins, kudos and team summaries in Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
database = typer.Typer(help="The database.", no_args_is_help=True, rich_markup_mode=None)
keys = typer.Typer(help="The keys that seal tokens and people's words.", no_args_is_help=True, rich_markup_mode=None)
cli.add_typer(database, name="db")
cli.add_typer(keys, name="keys")


@cli.command()
def run() -> None:
    """Serve the workspaces that installed Soundings, until stopped."""
    from bot import logs, names
    from bot.settings import advice, forget_environment

    settings = _settings()
    if clashes := names.clashes():
        _stop(*clashes)
    if not settings.mode:
        _stop(advice(settings), "Write them into the environment or into a file .env here, and start again.")
    forget_environment()
    logs.set_up(format=settings.log, level=settings.log_level, secrets=settings.secrets)
    with _told():
        _bring_up(settings)
        from bot.app import serve

        asyncio.run(serve(settings))


@cli.command()
def manifest(
    http: Annotated[str, typer.Option(metavar="URL", help="The https address at which Slack reaches you.")] = "",
) -> None:
    """Print the app's manifest. It is for Socket Mode unless an address is given."""
    from bot import console
    from bot import manifest as ours

    try:
        console.say((ours.as_yaml(ours.over_http(http)) if http else ours.text()).rstrip())
    except ValueError as problem:
        _stop(str(problem))


@cli.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    send_test: Annotated[str, typer.Option(metavar="MEMBER", help="Send a test message to this member id.")] = "",
) -> None:
    """Say what is missing and how to mend it. Fails when there is a problem."""
    from bot import console
    from bot.settings import SettingsError, read_settings

    try:
        settings = read_settings()
    except SettingsError as problem:
        from bot.doctor.house import unreadable_settings

        findings = unreadable_settings(problem)
    else:
        from bot import logs
        from bot.doctor import examine

        logs.set_up(level="error", secrets=settings.secrets)
        findings = asyncio.run(examine(settings, send_test=send_test))
    (console.show_findings_as_json if as_json else console.show_findings)(findings)
    raise typer.Exit(WRONG if any(one.level == "problem" for one in findings) else 0)


@cli.command("status")
def what_is_going_on() -> None:
    """Say what waits, what comes next and what could not be sent. Times are UTC."""
    from bot import console
    from bot.schema import SENTENCES, WORKS
    from bot.standing import report
    from handlers.bounds import Bounds
    from storage.migrate import standing

    settings = _settings()
    _expect_database(settings)
    with _told(), _storage(settings) as storage:
        if (how := standing(storage)) not in WORKS:
            _stop(*SENTENCES[how])
        console.say(*report(storage, Bounds(settings.pace_start, settings.pace_ceiling)))


@database.command("upgrade")
def upgrade() -> None:
    """Bring the database to this version. Make a backup first."""
    from bot import console
    from bot.schema import SENTENCES
    from storage import migrate

    with _told(), _storage(_settings()) as storage:
        migrate.upgrade(storage)
        console.say(*filter(None, SENTENCES[migrate.standing(storage)]))


@database.command("status")
def status() -> None:
    """Say whether the database is of this version. If not, also whether replicas may go on during the upgrade."""
    from bot import console
    from bot.schema import MAY_GO_ON, SENTENCES, WORKS
    from storage import migrate

    settings = _settings()
    _expect_database(settings, code=WRONG)
    with _told(), _storage(settings) as storage:
        how = migrate.standing(storage)
        if how not in WORKS:
            _stop(*SENTENCES[how], MAY_GO_ON if how == "older" and not storage.on_sqlite else "", code=WRONG)
        console.say(*filter(None, SENTENCES[how]))


@database.command("copy")
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM_URL", help="The database that is full.")],
    target: Annotated[str, typer.Argument(metavar="TO_URL", help="The one that is empty, and of this version.")],
) -> None:
    """Copy everything from one database to another. Stop Soundings first.

    Both may be SQLite or PostgreSQL; one of each is the usual case.
    """
    from bot import console
    from storage.copying import copy_database, rows_of

    elsewhere = "Write sqlite:///soundings.db for one in this folder, sqlite:////var/lib/soundings.db for another."
    unmade = f"Make it first: SOUNDINGS_DATABASE_URL={target} soundings db upgrade"
    with _told(), _unopened(source, elsewhere) as there, _unopened(target, unmade) as here:
        with console.progress(rows_of(there)) as progress:
            copied = copy_database(there, here, progress)
        console.say(*(f"{one.table:<18} {one.rows:>9} rows  {one.checksum}" for one in copied))
        console.say(
            f"{sum(one.rows for one in copied)} rows were copied, read again and compared.",
            "Now set SOUNDINGS_DATABASE_URL to the copy, and give it the keys of before: in SOUNDINGS_KEYS, "
            "or beside a SQLite file in soundings.key.",
        )


@keys.command("new")
def new() -> None:
    """Print a fresh key for SOUNDINGS_KEYS."""
    from bot import console
    from storage.crypto import new_key

    console.say(new_key())


@keys.command("rotate")
def rotate() -> None:
    """Seal everything stored again with the first key. Stop Soundings first.

    With a file of keys, a fresh key is put first in it; with SOUNDINGS_KEYS, put one first yourself.
    """
    from bot import console
    from bot.keys import add_key, key_file
    from bot.schema import SENTENCES
    from storage.migrate import standing
    from storage.sealing import renew_all

    settings = _settings()
    _expect_database(settings)
    file = key_file(settings)
    with _told():
        with _storage(settings) as storage:  # makes sure that the present keys are there
            # A newer database may hold sealed words of which this version does not know.
            if (how := standing(storage)) != "current":
                _stop(*SENTENCES[how])
        if file:
            add_key(file)
        with _storage(settings) as storage, storage.connect() as connection:
            renewed = renew_all(connection, storage.vault)
    where = str(file) if file else "SOUNDINGS_KEYS"
    console.say(
        f"{renewed} stored texts are sealed with the first key of {where}.",
        "The keys after the first are needed only for backups made before now.",
    )


@cli.command("version")
def show_version() -> None:
    """Print the version."""
    from bot import console

    console.say(version("soundings-bot"))


@cli.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
def demo(context: typer.Context) -> None:
    """Try Soundings in the browser, without Slack. `soundings demo --help` says more."""
    _more("demo")(context.args)


@cli.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
def simulate(context: typer.Context) -> None:
    """Play weeks of check-ins in virtual time. `soundings simulate --help` says more."""
    _more("simulate")(context.args)


def _more(name: str) -> Callable[[list[str]], Any]:
    for entry in entry_points(group="soundings.commands", name=name):
        loaded: Callable[[list[str]], Any] = entry.load()
        return loaded
    _stop(f"This installation has no command {name!r}. Install Soundings with: pip install -e .")


def _settings() -> Settings:
    from bot.settings import SettingsError, read_settings

    try:
        return read_settings()
    except SettingsError as problem:
        _stop(str(problem), "`soundings doctor` says more.")


def _expect_database(settings: Settings, code: int = NOT_READY) -> None:
    """Stop where there is no SQLite file, which whoever only looks must not make."""
    from bot.keys import database_file

    file = database_file(settings)
    if file and not file.exists():
        _stop(
            f"There is no database at {file.absolute()}.",
            "Go to the folder where Soundings runs, or name its database in SOUNDINGS_DATABASE_URL. "
            "To make one here: soundings db upgrade",
            code=code,
        )


@contextmanager
def _storage(settings: Settings) -> Iterator[Storage]:
    from bot.keys import load_keys
    from storage.crypto import Vault
    from storage.engine import Storage

    try:
        storage = Storage(settings.database_url, Vault(load_keys(settings)))
    except ValueError as problem:
        _stop(str(problem), "`soundings doctor` says more.")
    try:
        yield storage
    finally:
        storage.close()


@contextmanager
def _unopened(url: str, missing: str) -> Iterator[Storage]:
    """A database of which nothing sealed is opened, so that it needs none of its keys.

    `missing` says what to do where it is a file that is not there.
    """
    from pathlib import Path

    from storage.crypto import Vault, new_key
    from storage.engine import Storage

    try:
        storage = Storage(url, Vault([new_key()]))
    except ValueError as problem:
        _stop(str(problem))
    try:
        file = Path(storage.engine.url.database or "")
        if storage.on_sqlite and not file.is_file():
            _stop(f"There is no SQLite file {file.absolute()}.", missing)
        yield storage
    finally:
        storage.close()


def _bring_up(settings: Settings) -> None:
    from bot.schema import SENTENCES, WORKS
    from storage import migrate

    with _storage(settings) as storage:
        how = migrate.standing(storage)
        if how == "empty" and storage.on_sqlite:
            migrate.upgrade(storage)
        elif how not in WORKS:
            _stop(*SENTENCES[how])
        elif how == "newer":
            logging.getLogger(__name__).warning(" ".join(SENTENCES[how]))


@contextmanager
def _told() -> Iterator[None]:
    """Turn problems that whoever runs Soundings can mend into sentences."""
    from bot.settings import NotListening, SettingsError
    from storage.errors import StorageError

    try:
        yield
    except NotListening as problem:
        _stop(str(problem))
    except (SettingsError, StorageError) as problem:
        _stop(str(problem), "`soundings doctor` says more.")
    except OSError as problem:
        logging.getLogger(__name__).debug("stopped by the system", exc_info=True)
        _stop(f"{problem.strerror or problem}.", "`soundings doctor` says more.")


def _stop(*lines: str, code: int = NOT_READY) -> NoReturn:
    from bot.console import complain

    complain(*(line for line in lines if line))
    raise typer.Exit(code)


def main() -> None:
    """Run the command that was typed."""
    try:
        cli()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
