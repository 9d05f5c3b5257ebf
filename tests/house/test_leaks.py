"""Nothing is published that belongs to one machine, to one registry, or to one person's account."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Put together from pieces, so that this file holds none of them.
HOSTS = [
    ".".join(pieces)
    for pieces in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("debian", "org"),
        ("anaconda", "org"),
    )
]
PLACES = [
    "".join(pieces) for pieces in (("/wo", "rk/"), ("/ro", "ot/"), ("/ho", "me/"), ("/Us", "ers/"), ("/tmp/", "wt"))
]
PATTERNS = {
    "a registry's address": "|".join(re.escape(host) for host in HOSTS),
    "an index": "--(?:extra-)?" + "index" + r"-url[ =]\S|--find" + r"-links|^\s*-[if] \S+:",
    "a place on one machine": "|".join(rf"(?<![\w.]){re.escape(place)}" for place in PLACES),
    "a token of Slack": "xox"
    r"[abeoprs]-\d{10,}-\d{10,}-[A-Za-z0-9]{20,}|xapp"
    r"-\d-A[A-Z0-9]{8,}-\d{10,}-[a-f0-9]{40,}",
    "a web hook of Slack": "hooks" + r"\.slack\.com/services/T[A-Z0-9]{8,}/B[A-Z0-9]{8,}/[A-Za-z0-9]{20,}",
    "a private key": "-----BEGIN" + r" [A-Z ]*PRIVATE KEY-----",
    "a key of another house": "AK" + r"IA[0-9A-Z]{16}|gh" + r"[pousr]_[A-Za-z0-9]{30,}|sk" + r"-[A-Za-z0-9]{32,}",
}


@pytest.mark.parametrize("kind", PATTERNS)
def test_no_published_file_holds(kind: str) -> None:
    pattern = re.compile(PATTERNS[kind], re.MULTILINE)
    found = [
        f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, hit.start()) + 1}"
        for path, text in _texts()
        for hit in pattern.finditer(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("a registry's address", "https://files." + HOSTS[1] + "/packages/x.whl"),
        ("an index", "--index" + "-url https://example.com/simple"),
        ("an index", "-i" + " https://example.com/simple"),
        ("a place on one machine", "see " + PLACES[0] + "main"),
        ("a token of Slack", "xoxb" + "-123456789012-1234567890123-" + "a1B2c3D4e5F6a1B2c3D4e5F6"),
        ("a token of Slack", "xapp" + "-1-A0123456789-1234567890123-" + "ab" * 32),
        ("a web hook of Slack", "https://hooks" + ".slack.com/services/T00000000/B00000000/" + "X" * 24),
        ("a private key", "-----BEGIN" + " RSA PRIVATE KEY-----"),
        ("a key of another house", "AK" + "IAABCDEFGHIJKLMNOP"),
    ],
)
def test_each_pattern_finds_what_it_looks_for(kind: str, text: str) -> None:
    assert re.search(PATTERNS[kind], text, re.MULTILINE)


def test_the_lock_is_names_versions_and_hashes_alone() -> None:
    line = re.compile(r"[a-z0-9._\[\],-]+==\S+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?|    # .*")
    lock = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    assert [one for one in lock if not line.fullmatch(one)] == []


def _texts() -> Iterator[tuple[Path, str]]:
    """What git keeps, and what it would."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for path in (ROOT / name for name in names if name):
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            yield path, content.decode()
