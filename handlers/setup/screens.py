"""The settings, as forms that take each other's place: an overview, and one form for each thing that can be set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time

from handlers.screens import (
    Block,
    Button,
    Buttons,
    ChannelInput,
    ChoiceInput,
    Confirm,
    Form,
    Heading,
    Home,
    Input,
    NumberInput,
    Option,
    Para,
    PeopleInput,
    Rule,
    Screen,
    Small,
    TextInput,
    Toggle,
)
from handlers.setup import setup
from handlers.text import ChannelMention, Line, Plain, Said, Strong, count, joined, line
from storage.kudos import CompanyValue
from storage.places import PLACES
from storage.questions import Question
from storage.teams import Team
from storage.workspaces import Settings

TEAMS_A_PAGE = 20
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHARES = {
    "channel": "In the team's channel",
    "thread": "In one thread a week in the team's channel",
    "manager": "With the manager only",
}
KINDS = {
    "short": "Short text",
    "long": "Long text",
    "choice": "One of several choices",
    "choices": "Any of several choices",
    "scale": "Scale",
    "number": "Number",
    "yes_no": "Yes or no",
}
PARTS = {
    "": "Nothing special",
    "done": "What was done: last time's plan is shown beside it",
    "plan": "What is planned: shown again next time",
    "blockers": "What is in the way: each line becomes an item that can be resolved",
    "mood": "How somebody feels: shown as a trend in the summary",
}
REMOVED = "It is asked no longer, nor what is asked only after it. Answers already given stay."
BACK = Button("Back to settings", "setup.open", opens=True)


@dataclass(frozen=True)
class TeamLine:
    """What the overview tells of a team."""

    team: Team
    manager: Line
    members: int
    own_questions: bool


def overview(teams: Sequence[TeamLine], *, page: int, admin: bool, note: str = "") -> Form:
    """All that can be set by this person, with a page of teams."""
    body: list[Block] = [Para(line(Strong(note)))] if note else []
    if admin:
        body += [
            Heading("The company"),
            Buttons(
                (
                    Button("Company questions", "setup.questions", opens=True),
                    Button("Kudos and values", "setup.kudos", opens=True),
                    Button("Time and prompts", "setup.workspace", opens=True),
                )
            ),
        ]
    body.append(Heading("Teams" if admin else "Your teams"))
    if not teams:
        body.append(
            Para(line("There is no team yet. A team has a manager, members, and a day on which its check-in closes."))
        )
    shown = teams[page * TEAMS_A_PAGE : (page + 1) * TEAMS_A_PAGE]
    for one in shown:
        body += _team_line(one)
    turning = tuple(
        Button(label, "setup.open", state=str(to), opens=True)
        for label, to, there in (
            ("Earlier teams", page - 1, page > 0),
            ("More teams", page + 1, len(teams) > (page + 1) * TEAMS_A_PAGE),
        )
        if there
    )
    if turning:
        body.append(Buttons(turning))
    if admin:
        body.append(Buttons((Button("New team", "setup.team", opens=True, style="primary"),)))
    return Form("setup.shown", "Settings", tuple(body), submit="", close="Close")


def _team_line(one: TeamLine) -> list[Block]:
    team = one.team
    what = line(
        Strong(team.name),
        " · ",
        *one.manager,
        f" · {count(one.members, 'member')} · closes {DAYS[team.closes_on]} {team.closes_at:%H:%M}",
        " · asks its own questions" if one.own_questions else "",
    )
    return [
        Para(tuple(span for span in what if span != Plain(""))),
        Buttons(
            (
                Button("Edit", "setup.team", state=str(team.id), opens=True, describes=f"Edit {team.name}"),
                Button(
                    "Questions",
                    "setup.questions",
                    state=str(team.id),
                    opens=True,
                    describes=f"Questions of {team.name}",
                ),
            )
        ),
    ]


def team_form(team: Team, manager: str, members: Sequence[str], *, admin: bool, asked: Sequence[str] = ()) -> Form:
    """A team to make (its id is 0) or to change; `asked` says which cadences ask it."""
    body: list[Block | Input] = [
        TextInput("name", "Name of the team", value=team.name, most=60),
        PeopleInput("manager", "Manager", (manager,) if manager else (), hint="The team's summaries go to them."),
        PeopleInput("members", "Members", tuple(members), many=True, hint="Somebody is in one team at a time."),
        ChoiceInput(
            "share",
            "Where check-ins are shown",
            tuple(Option(key, label) for key, label in SHARES.items()),
            (team.share,),
        ),
        ChannelInput(
            "channel", "Channel of the team", team.channel, required=False, hint="Invite Soundings to it as well."
        ),
        ChoiceInput(
            "closes_on",
            "A check-in closes on",
            tuple(Option(str(number), day) for number, day in enumerate(DAYS)),
            (str(team.closes_on),),
        ),
        ChoiceInput("closes_at", "at (each member's own time)", half_hours(), (f"{team.closes_at:%H:%M}",)),
        Small(_asked_by(asked)),
    ]
    buttons = [BACK]
    if admin and team.id:
        buttons.append(
            Button(
                "Remove team",
                "setup.remove_team",
                state=str(team.id),
                style="danger",
                opens=True,
                confirm=Confirm(
                    "Remove this team?",
                    "Its members keep their answers and belong to no team. Its summaries are deleted.",
                    "Remove",
                ),
            )
        )
    body.append(Buttons(tuple(buttons)))
    state = str(team.id) if team.id else ""
    return Form("setup.save_team", "Team" if team.id else "New team", tuple(body), submit="Save", state=state)


def _asked_by(asked: Sequence[str]) -> Line:
    if not asked:
        return line(
            "No cadence asks this team: its people check in by themselves until then. See Cadences on the home."
        )
    return line("Asked by a cadence: ", Said("; ".join(asked[:3])), ". What it asks closes when the cadence says.")


def half_hours() -> tuple[Option, ...]:
    """The times of day at which a check-in may close."""
    times = [time(hour, minute) for hour in range(24) for minute in (0, 30)]
    return tuple(Option(f"{one:%H:%M}", f"{one:%H:%M}") for one in times)


def questions_form(owner: str, team_id: int | None, asked: Sequence[Question], *, own: bool, note: str = "") -> Form:
    """The questions of a team, or (with no owner) of the company, in order."""
    state = str(team_id or "")
    body: list[Block] = [Para(line(Strong(note)))] if note else []
    body.append(
        Para(
            line(f"{owner or 'Every team without questions of its own'} is asked this when checking in.")
            if own
            else line(f"{owner} is asked the company's questions.")
        )
    )
    for number, question in enumerate(asked, start=1):
        body += _question_line(number, question, asked, own)
    if own:
        buttons = [Button("Add a question", "setup.question", state=f"{state}:", opens=True, style="primary")]
        if team_id:
            buttons.append(
                Button(
                    "Ask the company's instead",
                    "setup.drop_set",
                    state=state,
                    opens=True,
                    confirm=Confirm("Drop this set?", "Answers already given stay with their questions.", "Drop it"),
                )
            )
    else:
        buttons = [Button("Give this team its own", "setup.own_set", state=state, opens=True, style="primary")]
    body += [Rule(), Buttons((*buttons, BACK))]
    return Form("setup.shown", "Questions", tuple(body), submit="", close="Close")


def _question_line(number: int, question: Question, asked: Sequence[Question], own: bool) -> list[Block]:
    trigger = next((one for one in asked if one.id == question.follows), None)
    notes = [KINDS[question.kind] if question.required else f"{KINDS[question.kind]}, optional"]
    about: list[Line] = [line(notes[0])]
    if question.part:
        about.append(line(PARTS[question.part].partition(":")[0].lower()))
    if trigger:
        about.append(line("asked when “", Said(trigger.words), f"” is {' or '.join(question.when)}"))
    found: list[Block] = [Para(line(f"{number}. ", Strong(question.words))), Small(joined(about, " · "))]
    if own:
        state = f"{question.team_id or ''}:{question.id}"
        which = f"question {number}"
        found.append(
            Buttons(
                (
                    Button("Edit", "setup.question", state=state, opens=True, describes=f"Edit {which}"),
                    Button("Up", "setup.move_up", state=state, opens=True, describes=f"Move {which} up"),
                    Button("Down", "setup.move_down", state=state, opens=True, describes=f"Move {which} down"),
                    Button(
                        "Remove",
                        "setup.remove_question",
                        state=state,
                        opens=True,
                        style="danger",
                        describes=f"Remove {which}",
                        confirm=Confirm("Remove it?", REMOVED, "Remove"),
                    ),
                )
            )
        )
    return found


def question_form(question: Question, others: Sequence[Question], state: str) -> Form:
    """A question to ask (its id is 0) or to change."""
    triggers = [one for one in others if one.kind in ("choice", "choices", "yes_no", "scale") and one.id != question.id]
    body: list[Block | Input] = [
        TextInput("words", "Question", question.words, most=300),
        ChoiceInput(
            "kind", "Kind of answer", tuple(Option(key, label) for key, label in KINDS.items()), (question.kind,)
        ),
        Toggle("required", "Must it be answered?", "Yes, it must", question.required),
        TextInput("hint", "Hint below it", question.hint, required=False, most=300),
        TextInput(
            "options",
            "Choices, one a line",
            "\n".join(question.options),
            long=True,
            required=False,
            hint="For the two kinds with choices.",
        ),
        NumberInput("low", "Scale from", str(question.low), whole=True, required=False),
        NumberInput("high", "Scale to", str(question.high), whole=True, required=False),
        TextInput("low_words", "Words at its low end", question.low_words, required=False, most=40),
        TextInput("high_words", "Words at its high end", question.high_words, required=False, most=40),
        ChoiceInput(
            "part",
            "What the answer is used for",
            tuple(Option(key or "-", label[:75]) for key, label in PARTS.items()),
            (question.part or "-",),
        ),
    ]
    if triggers:
        body += [
            ChoiceInput(
                "follows",
                "Ask it only after",
                (Option("-", "Always ask it"), *(Option(str(one.id), one.words) for one in triggers[:98])),
                (str(question.follows) if question.follows else "-",),
            ),
            TextInput(
                "when",
                "when the answer was",
                "\n".join(question.when),
                long=True,
                required=False,
                hint="One a line: yes or no, numbers of the scale, or choices as they are written.",
            ),
        ]
    body.append(Buttons((BACK,)))
    return Form("setup.save_question", "Question", tuple(body), submit="Save", state=state)


def kudos_form(settings: Settings, values: Sequence[CompanyValue]) -> Form:
    """How kudos work here."""
    return Form(
        "setup.save_kudos",
        "Kudos and values",
        (
            ChannelInput(
                "channel",
                "Channel for public kudos",
                settings.kudos_channel,
                required=False,
                hint="Invite Soundings to it.",
            ),
            NumberInput("least", "A message has at least (characters)", str(settings.kudos_least), whole=True),
            NumberInput("weekly", "Kudos a member can give in seven days", str(settings.kudos_weekly), whole=True),
            Toggle("guests", "Guests", "Guests can be thanked as well", settings.kudos_guests),
            TextInput(
                "values",
                "Company values, one a line",
                "\n".join(f"{one.name}: {one.says}" if one.says else one.name for one in values),
                long=True,
                required=False,
                hint="A name, and if you like a colon and what it means.",
            ),
            Buttons((BACK,)),
        ),
        submit="Save",
    )


def workspace_form(settings: Settings) -> Form:
    """What holds for everybody who has not told us otherwise."""
    start, _, end = (settings.quiet or "00:00-00:00").partition("-")
    return Form(
        "setup.save_workspace",
        "Time and prompts",
        (
            Para(line("For everybody who has not chosen otherwise under “About me and my data”.")),
            TextInput(
                "zone",
                "Time zone of people whose own is unknown",
                settings.zone,
                hint="A name such as Europe/Lisbon or America/New_York.",
                most=60,
            ),
            NumberInput(
                "budget",
                "Prompts that anybody gets in a week, at most",
                str(settings.budget),
                whole=True,
                hint="Of all cadences together, from 0 to 14. What does not fit is put off, and says so.",
            ),
            ChoiceInput(
                "working_days",
                "Working days",
                tuple(Option(str(number), day) for number, day in enumerate(DAYS)),
                tuple(str(number) for number, works in enumerate(settings.working_days) if works == "1"),
                many=True,
            ),
            ChoiceInput("quiet_from", "Nobody is asked from", _quiet_hours(start), (start,)),
            ChoiceInput(
                "quiet_to",
                "until",
                _quiet_hours(end),
                (end,),
                hint="Each member's own time. The same time twice: at any hour.",
            ),
            TextInput(
                "holidays",
                "Public holidays of",
                PLACES.get(settings.holidays, settings.holidays),
                required=False,
                hint="A country such as Portugal, or a region such as Bavaria or DE-BY. Empty: of no place.",
                most=80,
            ),
            Buttons((BACK,)),
        ),
        submit="Save",
    )


def _quiet_hours(chosen: str) -> tuple[Option, ...]:
    others = () if any(one.key == chosen for one in half_hours()) else (Option(chosen, chosen),)
    return (*half_hours(), *others)


def home_blocks(*, admin: bool, teams: Sequence[Team], kudos_channel: str) -> list[Block]:
    """The part of the home for those who may set things up."""
    if not admin and not teams:
        return []
    what = (
        line("Teams, questions, values and channels.") if admin else line("Your team's members, questions and channel.")
    )
    blocks: list[Block] = [Rule(), Heading("Settings"), Para(what)]
    if admin and not kudos_channel:
        blocks.append(Small(line("Public kudos are not posted anywhere yet: choose a channel under Kudos and values.")))
    elif admin:
        blocks.append(Small(line("Public kudos are posted in ", ChannelMention(kudos_channel), ".")))
    blocks.append(Buttons((Button("Open settings", "setup.open", opens=True),)))
    return blocks


@setup.gallery
def examples() -> dict[str, Screen]:
    """Every screen of this feature, with an example."""
    team = Team(3, "Operations", 7, "C0OPS", "thread")
    mood = Question(4, "How was your week?", "scale", low_words="Rough", high_words="Great", part="mood")
    why = Question(5, "What made it so?", "long", required=False, follows=4, when=("1", "2"))
    lines = [
        TeamLine(team, line("managed by ", Said("Ana")), 6, True),
        TeamLine(replace(team, id=4, name="Care"), line("no manager"), 0, False),
    ]
    return {
        "overview": overview(lines, page=0, admin=True, note="Saved."),
        "overview of nothing": overview([], page=0, admin=True),
        "team": team_form(team, "U1", ("U2", "U3"), admin=True),
        "team that is asked": team_form(
            team, "U1", (), admin=False, asked=["Weekly check-in (Every Thursday at 10:00)"]
        ),
        "questions": questions_form("Operations", 3, [mood, why], own=True),
        "company's own questions": questions_form("", None, [mood], own=True),
        "company's questions": questions_form("Care", 4, [mood, why], own=False),
        "question": question_form(why, [mood], "3:5"),
        "kudos": kudos_form(Settings(), [CompanyValue(1, "Care", "We look after each other")]),
        "time and prompts": workspace_form(Settings()),
        "home": Home(tuple(home_blocks(admin=True, teams=[team], kudos_channel="C1"))),
        "home of a manager": Home(tuple(home_blocks(admin=False, teams=[team], kudos_channel=""))),
    }
