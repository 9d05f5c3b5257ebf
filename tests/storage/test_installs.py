"""Installs are kept sealed, revoked at once, and OAuth's states work once; keys can be changed under all of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Column, select

from storage.base import metadata
from storage.crypto import Vault, new_key
from storage.engine import Storage
from storage.errors import WrongKey
from storage.installs import (
    Install,
    all_installs,
    find_install,
    installs,
    keep_install,
    new_state,
    oauth_states,
    revoke_install,
    use_state,
)
from storage.sealing import BATCH, SEALED, renew_all, unreadable
from storage.workspaces import WorkspaceKey
from tests.databases import MONDAY, VAULT

ACME = Install(
    key=WorkspaceKey("slack", "T1"),
    name="Acme",
    token="xoxb-acme",
    bot_user_id="UBOT",
    bot_id="B1",
    app_id="A1",
    scopes=("chat:write", "commands"),
    installed_by="UMAX",
    installed_at=MONDAY,
)
TWIN = replace(ACME, key=WorkspaceKey("slack", "T2"), name="Twin", token="xoxb-twin")


def keep(storage: Storage, *given: Install) -> None:
    with storage.connect() as connection:
        for one in given:
            keep_install(connection, VAULT, one, MONDAY)


def test_an_install_comes_back_as_it_was_kept_and_is_stored_sealed(storage: Storage) -> None:
    keep(storage, ACME, TWIN)
    with storage.connect() as connection:
        assert find_install(connection, VAULT, ACME.key) == ACME
        assert find_install(connection, VAULT, TWIN.key) == TWIN
        assert find_install(connection, VAULT, WorkspaceKey("teams", "T1")) is None
        assert all_installs(connection, VAULT) == [ACME, TWIN]
        assert not any("xoxb" in one for one in connection.execute(select(installs.c.sealed)).scalars())
    assert "xoxb" not in repr(ACME)


def test_a_revoked_install_has_no_token_until_it_is_kept_again(storage: Storage) -> None:
    keep(storage, ACME, TWIN)
    with storage.connect() as connection:
        assert revoke_install(connection, ACME.key, MONDAY)
        assert not revoke_install(connection, ACME.key, MONDAY)
        assert find_install(connection, VAULT, ACME.key) is None
        assert find_install(connection, VAULT, TWIN.key) == TWIN
        revoked, _ = all_installs(connection, VAULT)
        assert (revoked.token, revoked.revoked_at) == ("", MONDAY)
    keep(storage, replace(ACME, token="xoxb-again"))
    with storage.connect() as connection:
        again = find_install(connection, VAULT, ACME.key)
        assert again
        assert (again.token, again.revoked_at) == ("xoxb-again", None)


def test_a_state_works_once_and_for_ten_minutes(storage: Storage) -> None:
    with storage.connect() as connection:
        first, second = new_state(connection, MONDAY), new_state(connection, MONDAY)
        assert not use_state(connection, "made-up", MONDAY)
        assert use_state(connection, first, MONDAY + timedelta(minutes=9))
        assert not use_state(connection, first, MONDAY + timedelta(minutes=9))
        assert not use_state(connection, second, MONDAY + timedelta(minutes=10))


def test_old_states_are_swept_away_by_new_ones(storage: Storage) -> None:
    with storage.connect() as connection:
        new_state(connection, MONDAY)
        newest = new_state(connection, MONDAY + timedelta(minutes=11))
        assert connection.execute(select(oauth_states.c.state)).scalars().all() == [newest]


def test_no_sealed_column_is_missing_from_the_list() -> None:
    sealed: list[Column[str]] = [
        column for table in metadata.tables.values() for column in table.c if column.name.startswith("sealed")
    ]
    assert sorted(map(str, sealed)) == sorted(map(str, SEALED))


def test_everything_is_sealed_again_with_the_first_key_and_the_old_one_is_needed_no_more(storage: Storage) -> None:
    old, new = new_key(), new_key()
    storage.vault = Vault([old])
    with storage.begin(ACME.key) as store:
        ana = store.members.greet("U1", "Ana")
        store.drafts.save(ana.id, "kudos.give", {"why": "for staying late"})
        for number in range(BATCH + 1):
            store.deliveries.queue("member", "U1", {"n": number}, key=f"n {number}")
    with storage.connect() as connection:
        keep_install(connection, storage.vault, ACME, MONDAY)
        keep_install(connection, storage.vault, TWIN, MONDAY)
        revoke_install(connection, TWIN.key, MONDAY)
        assert renew_all(connection, Vault([new, old])) == BATCH + 3
        assert unreadable(connection, Vault([new])) == []
        assert unreadable(connection, Vault([old])) == ["deliveries", "drafts", "installs"]
        assert find_install(connection, Vault([new]), ACME.key) == ACME
        with pytest.raises(WrongKey):
            find_install(connection, Vault([old]), ACME.key)
        with pytest.raises(WrongKey):
            renew_all(connection, Vault([old]))
