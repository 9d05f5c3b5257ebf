"""What can be seen without leaving the house: our packages, the settings, the manifest."""

from __future__ import annotations

from collections.abc import Iterator

from bot import manifest, names
from bot.findings import Finding, ok, problem
from bot.settings import WHERE, Settings, SettingsError
from handlers.feature import Feature
from handlers.interaction import Kind

MODES = {
    "socket": "One workspace, reached over Socket Mode.",
    "http": "One workspace, reached over HTTP at /slack/events.",
    "oauth": "Many workspaces, which install Soundings at /slack/install.",
}


def check_names() -> Iterator[Finding]:
    """Whether our package names are ours alone."""
    clashes = names.clashes()
    for sentence in clashes:
        yield problem(
            "Packages",
            sentence,
            "Install it into an environment of its own: python -m venv, and pip install the checkout there.",
        )
    if not clashes:
        yield ok("Packages", "Every package of Soundings is its own.")


def check_settings(settings: Settings) -> Iterator[Finding]:
    """Whether enough is set for Slack to reach us."""
    for name in settings.missing:
        yield problem("Settings", f"{name} is not set.", WHERE[name])
    if settings.mode:
        yield ok("Settings", MODES[settings.mode])
    if settings.mode == "oauth" and not settings.public_url.startswith("https:"):
        yield problem(
            "Settings",
            "SOUNDINGS_PUBLIC_URL is not an https address.",
            "Slack sends requests and people to https addresses only. Put a web server with a certificate before it.",
        )


def unreadable_settings(refused: SettingsError) -> list[Finding]:
    """What is wrong with settings that could not be read."""
    return [problem("Settings", line, "Correct it in the environment or in .env.") for line in str(refused).split("\n")]


def check_manifest(features: tuple[Feature, ...]) -> Iterator[Finding]:
    """Whether manifest.yml declares exactly what the features answer to."""
    drift = [
        *_drift(
            "command", {f"/{name}" for name in manifest.commands()}, {f"/{one}" for one in _names(features, "command")}
        ),
        *_drift("shortcut", set(manifest.shortcuts()), _names(features, "shortcut")),
    ]
    for says in drift:
        yield problem("Manifest", says, "Use the manifest.yml that came with this version of Soundings.")
    if not drift:
        yield ok("Manifest", "The manifest declares exactly the commands and shortcuts of this version.")


def _drift(kind: str, declared: set[str], answered: set[str]) -> Iterator[str]:
    for name in sorted(answered - declared):
        yield f"The {kind} {name} is not declared in the manifest."
    for name in sorted(declared - answered):
        yield f"The manifest declares the {kind} {name}, which this version does not know."


def _names(features: tuple[Feature, ...], kind: Kind) -> set[str]:
    return {entry.name for feature in features for entry in feature.entries if entry.kind == kind}
