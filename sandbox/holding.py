"""Who has a demo's file in hand: one process at a time, which writes beside the file at what address it serves it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class InUse(RuntimeError):
    """Another demo has this file in hand; the sentence names its address."""


@contextmanager
def held(file: Path) -> Iterator[Callable[[str], None]]:
    """Have this file alone until the block ends, or the process; tell it the address at which the file is served.

    Raises InUse.
    """
    if sys.platform == "win32":  # the demo needs signals that are not there either
        yield lambda address: None
        return
    beside = file.with_name(f"{file.name}.lock")
    descriptor = _locked(beside, file)
    try:
        os.ftruncate(descriptor, 0)
        yield lambda address: _write(descriptor, address)
    finally:
        beside.unlink(missing_ok=True)
        os.close(descriptor)


def _locked(beside: Path, file: Path) -> int:
    import fcntl

    while True:
        descriptor = os.open(beside, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever held it a moment ago may have removed it: then it would hold nobody off.
            if os.fstat(descriptor).st_nlink:
                return descriptor
        except BlockingIOError:
            address = os.pread(descriptor, 200, 0).decode("ascii", "replace")
            os.close(descriptor)
            raise InUse(_sentence(file, address)) from None
        os.close(descriptor)


def _sentence(file: Path, address: str) -> str:
    where = f"The demo at {address} has" if address else "A demo that is just starting has"
    return f"{where} {file} in hand. Open that one or stop it first, or name another file with --data."


def _write(descriptor: int, address: str) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, address.encode("ascii"), 0)
