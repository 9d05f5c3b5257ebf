"""Ports of the loopback address for servers that are told beforehand where to listen."""

from __future__ import annotations

import random
import socket

# Below those that Linux gives to whoever connects: so nobody has the port before the server comes to it.
FIRST, LAST = 20_000, 32_000
# Not that of everybody else, which tests that run side by side may have set to the same beginning.
chance = random.SystemRandom()


def free_port() -> int:
    """A port on which nobody listens."""
    while True:
        with socket.socket() as one:
            port = chance.randint(FIRST, LAST)
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
