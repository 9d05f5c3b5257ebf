"""The demo's company: Fernweh Bicycles, 24 fictional people, four teams, six time zones."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.slack.workspace import Workspace

COMPANY = "Fernweh Bicycles"
DOMAIN = "fernweh"
KUDOS = "kudos"
CHANNELS = (
    ("general", "Everything that concerns everybody"),
    (KUDOS, "Thanks, out loud"),
    ("workshop", "Frames, forks and the paint shop"),
    ("care", "Riders who need us"),
    ("web", "The shop, the app and the data"),
    ("ops", "Parts, people and money"),
)


@dataclass(frozen=True)
class Colleague:
    """Somebody who works there. `mood` is their usual one of five; `silence` how often they do not answer."""

    name: str
    real_name: str
    title: str
    zone: str
    team: str
    admin: bool = False
    mood: float = 3.8
    silence: float = 0.08


@dataclass(frozen=True)
class Group:
    """A team, its manager by name, its channel, and where its check-ins are shown, as the settings word it."""

    name: str
    manager: str
    channel: str
    shown: str


IN_CHANNEL = "In the team's channel"
IN_THREAD = "In one thread a week in the team's channel"
WITH_MANAGER = "With the manager only"


GROUPS = (
    Group("Workshop", "ines", "workshop", IN_THREAD),
    Group("Rider Care", "tomas", "care", IN_CHANNEL),
    Group("Web and Data", "priya", "web", IN_THREAD),
    Group("Operations", "marta", "ops", WITH_MANAGER),
)

LISBON, BERLIN, LONDON, NEW_YORK, KOLKATA, TOKYO = (
    "Europe/Lisbon",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "Asia/Kolkata",
    "Asia/Tokyo",
)

PEOPLE = (
    Colleague("nora", "Nora Lindqvist", "Managing director", LISBON, "", admin=True),
    Colleague("ines", "Inês Carvalho", "Head of the workshop", LISBON, "Workshop", silence=0.04),
    Colleague("ana", "Ana Duarte", "Frame builder", LISBON, "Workshop", mood=4.2),
    Colleague("bo", "Bo Jensen", "Painter", BERLIN, "Workshop", mood=3.6),
    Colleague("kenji", "Kenji Mori", "Fork and wheel builder", TOKYO, "Workshop", mood=4.0),
    Colleague("lena", "Lena Vogt", "Quality", BERLIN, "Workshop", mood=3.4, silence=0.15),
    Colleague("rui", "Rui Teixeira", "Apprentice", LISBON, "Workshop", mood=4.4),
    Colleague("tomas", "Tomás Novák", "Head of rider care", BERLIN, "Rider Care"),
    Colleague("grace", "Grace Okafor", "Rider care", LONDON, "Rider Care", mood=4.1),
    Colleague("sam", "Sam Whitfield", "Rider care", NEW_YORK, "Rider Care", mood=3.2, silence=0.2),
    Colleague("yuki", "Yuki Tanaka", "Rider care", TOKYO, "Rider Care", mood=3.9),
    Colleague("dara", "Dara Singh", "Returns and repairs", KOLKATA, "Rider Care", mood=3.7),
    Colleague("omar", "Omar Haddad", "Rider care", LONDON, "Rider Care", mood=4.0, silence=0.12),
    Colleague("priya", "Priya Raman", "Head of web and data", KOLKATA, "Web and Data"),
    Colleague("max", "Max Keller", "Engineer, administrator of the workspace", BERLIN, "Web and Data", admin=True),
    Colleague("chloe", "Chloé Martin", "Designer", LONDON, "Web and Data", mood=4.3),
    Colleague("arjun", "Arjun Mehta", "Engineer", KOLKATA, "Web and Data", mood=3.5),
    Colleague("zoe", "Zoë Adams", "Engineer", NEW_YORK, "Web and Data", mood=3.9),
    Colleague("haruto", "Haruto Sato", "Data analyst", TOKYO, "Web and Data", mood=3.6, silence=0.1),
    Colleague("marta", "Marta Silva", "Head of operations", LISBON, "Operations"),
    Colleague("felix", "Felix Brandt", "Purchasing", BERLIN, "Operations", mood=3.3, silence=0.12),
    Colleague("rosa", "Rosa Almeida", "People and payroll", LISBON, "Operations", mood=4.0),
    Colleague("ben", "Ben Carter", "Warehouse", NEW_YORK, "Operations", mood=3.7, silence=0.18),
    Colleague("leila", "Leila Farouk", "Finance", LONDON, "Operations", mood=3.9),
)

VALUES = (
    ("Built to last", "We would rather take a day longer than send it back"),
    ("Ride it yourself", "We use what we make"),
    ("Say it early", "Bad news travels first"),
    ("Leave it better", "Every bench, page and process"),
)


def settle(workspace: Workspace) -> dict[str, str]:
    """Move the company into an empty workspace; each person's id by their name."""
    ids = {
        one.name: workspace.add_user(
            name=one.name,
            real_name=one.real_name,
            display_name=one.real_name.split()[0],
            tz=one.zone,
            title=one.title,
            admin=one.admin,
        ).id
        for one in PEOPLE
    }
    channels = {group.channel: group.name for group in GROUPS}
    for name, topic in CHANNELS:
        team = channels.get(name)
        members = None if team is None else [ids[one.name] for one in PEOPLE if one.team == team or one.name == "nora"]
        if members is None:
            workspace.add_channel(name, topic=topic)
        else:
            workspace.add_channel(name, topic=topic, members=members)
    return ids
