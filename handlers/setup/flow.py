"""What happens when in the settings. Every form takes the place of the one before; each checks again who asks."""

from __future__ import annotations

from collections.abc import Iterable

from handlers import defaults
from handlers.access import may_set_up
from handlers.arranged import asks_team, whole
from handlers.feature import Answer, Refusal
from handlers.screens import Block, Done, Invalid, Open
from handlers.setup import changes, setup
from handlers.setup.company_screens import kudos_form, workspace_form
from handlers.setup.overview import TeamLine, home_blocks, overview
from handlers.setup.question_screens import question_form, questions_form
from handlers.setup.reading import (
    KudosForm,
    QuestionForm,
    TeamForm,
    WorkspaceForm,
    check_set,
    read_kudos,
    read_question,
    read_team,
    read_workspace,
)
from handlers.setup.team_screens import team_form
from handlers.text import line
from handlers.turn import Turn, mention
from storage.members import Member
from storage.questions import Question
from storage.teams import Team

NEW = Question(0, "", "long")


@setup.press("setup.open")
def open_settings(turn: Turn) -> Answer:
    """Everything this person may set."""
    return _overview(turn, page=int(turn.state) if turn.state.isdecimal() else 0)


@setup.press("setup.team")
def edit_team(turn: Turn) -> Answer:
    """A team's form, or that of a new one."""
    team = _team(turn, turn.state) if turn.state else Team(0, "")
    _check(turn, team if team.id else None)
    manager = turn.store.members.by_id(team.manager_id) if team.manager_id else None
    members = turn.store.members.of_team(team.id) if team.id else []
    form = team_form(
        team,
        manager.key if manager else "",
        [one.key for one in members],
        admin=turn.actor.admin,
        asked=_asked(turn, team),
    )
    return Open(form, instead=True)


@setup.submit("setup.save_team", reads=read_team)
def save_team(turn: Turn, form: TeamForm) -> Answer:
    """Keep a team."""
    _check(turn, _team(turn, str(form.team_id)) if form.team_id else None)
    same = turn.store.teams.by_name(form.name)
    if same and same.id != form.team_id:
        form.errors["name"] = "There is a team of this name already."
    if not turn.actor.admin and (
        others := [one.name for one in form.members if one.team_id not in (None, form.team_id)]
    ):
        # Whose check-ins go to whom is not for the one who would get them to decide.
        form.errors["members"] = f"{', '.join(others)}: already in another team. An admin can move them."
    if form.errors:
        shown = Team(
            form.team_id or 0,
            form.name,
            None,
            form.channel,
            form.share,  # type: ignore[arg-type]
            form.closes_on,
            form.closes_at,
        )
        again = team_form(
            shown,
            form.manager.key if form.manager else "",
            [one.key for one in form.members],
            admin=turn.actor.admin,
            asked=_asked(turn, shown),
        )
        return Invalid(again, form.errors)
    note = changes.save_team(turn.store, form)
    turn.refresh_home(turn.actor, *([form.manager] if form.manager else []))
    if not _may_open(turn):
        return Done(f"{note} You do not manage it any more.")
    return _overview(turn, note=note)


@setup.press("setup.remove_team")
def remove_team(turn: Turn) -> Answer:
    """Remove a team."""
    if not turn.actor.admin:
        raise Refusal("Only an admin can remove a team.")
    team = _team(turn, turn.state)
    turn.store.teams.remove(team.id)
    turn.refresh_home()
    return _overview(turn, note=f"{team.name} was removed.")


@setup.press("setup.questions")
def show_questions(turn: Turn) -> Answer:
    """The questions of a team, or of the company."""
    return _questions(turn, _team(turn, turn.state) if turn.state else None)


@setup.press("setup.question")
def edit_question(turn: Turn) -> Answer:
    """A question's form, or that of a new one."""
    team, question = _question(turn)
    asked = turn.store.questions.own_set(team.id if team else None)
    return Open(question_form(question or NEW, asked, turn.state), instead=True)


@setup.submit("setup.save_question", reads=read_question)
def save_question(turn: Turn, form: QuestionForm) -> Answer:
    """Keep a question."""
    team, question = _question(turn)
    asked = turn.store.questions.own_set(form.team_id)
    check_set(form, asked)
    if form.errors:
        return Invalid(question_form(question or NEW, asked, turn.state), form.errors)
    changes.save_question(turn.store, form)
    return _questions(turn, team, "The question is saved. It is asked from the next check-in on.")


@setup.press("setup.remove_question")
def remove_question(turn: Turn) -> Answer:
    """Ask a question no longer."""
    team, question = _question(turn)
    if question:
        turn.store.questions.retire(question.id)
    return _questions(turn, team, "The question is asked no longer.")


@setup.press("setup.move_up")
def move_up(turn: Turn) -> Answer:
    """Ask a question earlier."""
    return _moved(turn, -1)


@setup.press("setup.move_down")
def move_down(turn: Turn) -> Answer:
    """Ask a question later."""
    return _moved(turn, 1)


@setup.press("setup.own_set")
def own_set(turn: Turn) -> Answer:
    """Give a team questions of its own."""
    team = _team(turn, turn.state)
    _check(turn, team)
    defaults.write_down(turn.store)
    if not turn.store.questions.own_set(team.id):
        changes.give_own_set(turn.store, team.id)
    return _questions(turn, team, "The team has its own questions now, copied from the company's.")


@setup.press("setup.drop_set")
def drop_set(turn: Turn) -> Answer:
    """Have a team asked the company's questions."""
    team = _team(turn, turn.state)
    _check(turn, team)
    for question in turn.store.questions.own_set(team.id):
        turn.store.questions.retire(question.id)
    return _questions(turn, team, "The team is asked the company's questions now.")


@setup.press("setup.kudos")
def edit_kudos(turn: Turn) -> Answer:
    """How kudos work, and the company's values."""
    _check(turn, None)
    return Open(kudos_form(turn.settings, turn.store.kudos.company_values()), instead=True)


@setup.submit("setup.save_kudos", reads=read_kudos)
def save_kudos(turn: Turn, form: KudosForm) -> Answer:
    """Keep how kudos work."""
    _check(turn, None)
    if form.errors:
        return Invalid(kudos_form(turn.settings, turn.store.kudos.company_values()), form.errors)
    changes.save_kudos(turn.store, form)
    turn.refresh_home()
    return _overview(turn, note="Kudos and values are saved.")


@setup.press("setup.workspace")
def edit_workspace(turn: Turn) -> Answer:
    """What holds for the whole workspace."""
    _check(turn, None)
    return Open(workspace_form(turn.settings), instead=True)


@setup.submit("setup.save_workspace", reads=read_workspace)
def save_workspace(turn: Turn, form: WorkspaceForm) -> Answer:
    """Keep what holds for the whole workspace."""
    _check(turn, None)
    if form.errors:
        return Invalid(workspace_form(turn.settings), form.errors)
    changes.save_workspace(turn.store, form)
    return _overview(turn, note="Time and prompts are saved.")


@setup.on_home
def on_home(turn: Turn) -> Iterable[Block]:
    """A way into the settings, for those who may."""
    return home_blocks(
        admin=turn.actor.admin,
        teams=turn.store.teams.managed_by(turn.actor.id),
        kudos_channel=turn.settings.kudos_channel,
    )


def _may_open(turn: Turn) -> bool:
    """Whether there is anything this person may set."""
    return turn.actor.admin or bool(turn.store.teams.managed_by(turn.actor.id))


def _overview(turn: Turn, *, page: int = 0, note: str = "") -> Open:
    teams = turn.store.teams.all() if turn.actor.admin else turn.store.teams.managed_by(turn.actor.id)
    if not _may_open(turn):
        raise Refusal("Settings are for admins, and for managers of a team. Ask an admin of this workspace.")
    managers = turn.store.members.by_ids(team.manager_id for team in teams if team.manager_id)
    lines = [_team_line(turn, team, managers) for team in teams]
    return Open(overview(lines, page=page, admin=turn.actor.admin, note=note), instead=True)


def _team_line(turn: Turn, team: Team, managers: dict[int, Member]) -> TeamLine:
    manager = managers.get(team.manager_id or 0)
    return TeamLine(
        team,
        line("managed by ", mention(manager)) if manager else line("no manager"),
        len(turn.store.members.of_team(team.id)),
        bool(turn.store.questions.own_set(team.id)),
    )


def _asked(turn: Turn, team: Team) -> list[str]:
    """What asks the people of a team by itself, in words."""
    standing = [one for one in turn.store.cadences.all() if team.id and not one.paused and asks_team(one, team.id)]
    return [f"{one.name} ({whole(one)})" for one in standing]


def _questions(turn: Turn, team: Team | None, note: str = "") -> Open:
    _check(turn, team)
    defaults.write_down(turn.store)
    own = turn.store.questions.own_set(team.id if team else None)
    asked = own or turn.store.questions.for_team(team.id if team else None)
    form = questions_form(
        team.name if team else "",
        team.id if team else None,
        asked,
        own=bool(own) or team is None,
        note=note,
    )
    return Open(form, instead=True)


def _moved(turn: Turn, by: int) -> Open:
    team, question = _question(turn)
    if question:
        changes.move_question(turn.store, question, by)
    return _questions(turn, team)


def _question(turn: Turn) -> tuple[Team | None, Question | None]:
    """The team and the question that a state "team:question" names; both may be left out."""
    team_id, _, question_id = turn.state.partition(":")
    team = _team(turn, team_id) if team_id else None
    _check(turn, team)
    if not question_id:
        return team, None
    asked = turn.store.questions.own_set(team.id if team else None)
    found = next((one for one in asked if str(one.id) == question_id), None)
    if found is None:
        raise Refusal("This question is asked no longer; somebody changed it just now. Please open the settings again.")
    return team, found


def _team(turn: Turn, state: str) -> Team:
    team = turn.store.teams.by_id(int(state)) if state.isdecimal() else None
    if team is None:
        raise Refusal("This team is gone; somebody removed it just now. Please open the settings again.")
    return team


def _check(turn: Turn, team: Team | None) -> None:
    if not may_set_up(turn.store, turn.actor, team):
        raise Refusal("Only an admin, or the manager of the team, can change this.")
