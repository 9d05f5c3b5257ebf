"""Sealing of tokens and people's words at rest: Fernet, with key rotation. The first key writes, every key reads."""

from __future__ import annotations

import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from storage.errors import WrongKey


def new_key() -> str:
    """A fresh key, as text that fits in an environment variable."""
    return Fernet.generate_key().decode()


class Vault:
    """Seals words and opens them again. Raises ValueError when a key is not a Fernet key."""

    def __init__(self, keys: list[str]) -> None:
        if not keys:
            raise ValueError("At least one key is needed. Make one with: soundings keys new")
        try:
            self._fernet = MultiFernet([Fernet(key.encode()) for key in keys])
        except ValueError as problem:
            raise ValueError("A key is not valid. Make one with: soundings keys new") from problem

    def __repr__(self) -> str:
        return "Vault(...)"

    def seal(self, words: str) -> str:
        """The words, encrypted with the first key."""
        return self._fernet.encrypt(words.encode()).decode()

    def open(self, sealed: str) -> str:
        """The words behind a seal. Raises WrongKey when no key fits."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as problem:
            raise WrongKey("A stored text cannot be opened with the present SOUNDINGS_KEYS.") from problem

    def seal_json(self, value: Any) -> str:
        """Anything that JSON can hold, encrypted."""
        return self.seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")))

    def open_json(self, sealed: str) -> Any:
        """What `seal_json` was given. Raises WrongKey when no key fits."""
        return json.loads(self.open(sealed))

    def renew(self, sealed: str) -> str:
        """The same words under the first key; the time of the first sealing stays. Raises WrongKey when no key fits."""
        try:
            return self._fernet.rotate(sealed.encode()).decode()
        except InvalidToken as problem:
            raise WrongKey("A stored text cannot be opened with the present SOUNDINGS_KEYS.") from problem
