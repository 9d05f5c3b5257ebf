"""About somebody: what is held of them, who can see it, and what they are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.screens import Block, Buttons, Facts, Form, Heading, Para, Rule, Small, Toggle
from handlers.starts import ABOUT_ME, WHEN_ASKED
from handlers.text import ChannelMention, Line, Mention, Said, count, joined, line
from handlers.turn import Turn, mention
from storage.teams import Team

TELL_ME = "tell_me"
FEW_ADMINS = 3
CALENDAR = ", and a calendar, stored encrypted"


@dataclass(frozen=True)
class Held:
    """How much is kept of one member."""

    checkins: int = 0
    blockers: int = 0
    given: int = 0
    received: int = 0
    drafts: int = 0
    prompts: int = 0
    absences: int = 0
    calendar: bool = False


@dataclass(frozen=True)
class About:
    """A member as the page about them shows them."""

    name: str
    zone: ZoneInfo
    now: datetime
    held: Held
    team: Team | None = None
    manager: Mention | None = None
    is_manager: bool = False
    admins: tuple[Mention, ...] = ()
    told_of_kudos: bool = True


def about(turn: Turn) -> About:
    """What the actor's page shows."""
    store, actor = turn.store, turn.actor
    team = store.teams.by_id(actor.team_id) if actor.team_id else None
    manager = store.members.by_id(team.manager_id) if team and team.manager_id else None
    return About(
        name=actor.name,
        zone=actor.zone,
        now=turn.now,
        held=Held(
            store.checkins.how_many_of(actor.id),
            store.blockers.how_many_of(actor.id),
            store.kudos.how_many_given_by(actor.id),
            store.kudos.how_many_received_by(actor.id),
            store.drafts.how_many_of(actor.id),
            store.prompts.how_many_of(actor.id),
            len(store.absences.of_member(actor.id)),
            store.absences.calendar_of(actor.id) is not None,
        ),
        team=team,
        manager=mention(manager) if manager else None,
        is_manager=manager is not None and manager.id == actor.id,
        admins=tuple(mention(admin) for admin in store.members.admins()[:FEW_ADMINS]),
        told_of_kudos=actor.told_of_kudos,
    )


def form(shown: About) -> Form:
    """Everything about one member, for that member alone."""
    held = shown.held
    body: list[Block | Toggle] = [
        Para(line("This is what Soundings keeps about you, and how much of it. Only you can see this page.")),
        Facts(
            (
                ("Name", line(Said(shown.name))),
                ("Team", line(Said(shown.team.name)) if shown.team else line("none yet")),
                ("Time zone", line(f"{shown.zone.key}, where it is {shown.now.astimezone(shown.zone):%H:%M} now")),
                ("Check-ins", line(f"{held.checkins:,}")),
                ("Blockers you raised", line(f"{held.blockers:,}")),
                ("Kudos", line(f"{held.given:,} given, {held.received:,} received")),
                ("Drafts", line(f"{held.drafts:,}")),
                ("Times you were asked", line(f"{held.prompts:,}")),
                ("Days away", line(count(held.absences, "entry", "entries") + (CALENDAR if held.calendar else ""))),
            )
        ),
        Small(
            line(
                "Your name comes from your profile here, and so does your time zone unless you choose another; "
                "change them there, and they follow. Your own time zone, days and hours stand on the next page."
            )
        ),
        Buttons((WHEN_ASKED,)),
        Heading("Who can see what"),
        *(Para(sentence) for sentence in who_sees(shown)),
        Heading("What you are told"),
        Toggle(TELL_ME, "Kudos", "Tell me directly when somebody thanks me", on=shown.told_of_kudos),
        Heading("Your data is yours"),
        Para(
            (
                *line("To have a copy of it, or to have it erased, ask "),
                *_admins(shown.admins),
                *line(". You need to give no reason."),
            )
        ),
    ]
    return Form("me.save", "About me and my data", tuple(body), submit="Save", close="Close")


def who_sees(shown: About) -> list[Line]:
    """Plain sentences about who can see what, from how the member's team shares."""
    return [
        _who_sees_checkins(shown),
        line("Blockers: the same people, and whoever takes care of one. Check-ins from an earlier team stay with it."),
        line("Public kudos: everybody here. Private kudos: the person who gives them and those who are thanked."),
        line("The summary of your team counts kudos, private ones too, and shows the words of public ones only."),
        line("When you were asked, and days away: you. Your team's summary says that you were away, never why."),
        line("Drafts: you alone, until you send them or have left them for 30 days."),
        line(
            "Being an admin opens settings, and nobody's answers. Your words are stored encrypted; "
            "whoever runs Soundings for your company holds the key."
        ),
    ]


def _who_sees_checkins(shown: About) -> Line:
    team = shown.team
    if team is None:
        return line("Check-ins: you alone, for you are in no team yet.")
    who: list[Line] = [line("you")]
    if shown.manager and not shown.is_manager:
        who.append(line(shown.manager, ", who manages ", Said(team.name)))
    if team.share != "manager":
        who.append(line("your team"))
        if team.channel:
            who.append(line("everybody who reads ", ChannelMention(team.channel)))
    return (*line("Check-ins: "), *joined(who, "; "), *line("."))


def _admins(admins: Sequence[Mention]) -> Line:
    if not admins:
        return line("an admin of this workspace")
    return (*line("an admin of this workspace, such as "), *joined([line(one) for one in admins]))


def home_blocks(*lines: Line) -> tuple[Block, ...]:
    """The lines on the home that lead to the pages about oneself: `lines`, such as when one is asked, come first."""
    return (
        Rule(),
        *(Para(one) for one in lines),
        Small(line("What is held about you, who can see it, and which messages you get is for you to look up.")),
        Buttons((WHEN_ASKED, ABOUT_ME)),
    )
