"""What settings change: plain functions over a store."""

from __future__ import annotations

from typing import Any

from handlers.setup.reading import KudosForm, QuestionForm, TeamForm, WorkspaceForm
from storage.questions import Question
from storage.store import Store


def save_team(store: Store, form: TeamForm) -> str:
    """Make or change a team; a sentence about what happened, moves from other teams included."""
    values: dict[str, Any] = {
        "manager_id": form.manager.id if form.manager else None,
        "share": form.share,
        "channel": form.channel,
        "closes_on": form.closes_on,
        "closes_at": form.closes_at,
    }
    if form.team_id is None:
        team_id = store.teams.add(form.name, **values).id
    else:
        team_id = form.team_id
        store.teams.change(team_id, name=form.name, **values)
    wanted = {one.id for one in form.members}
    store.members.set_team((one.id for one in store.members.of_team(team_id) if one.id not in wanted), None)
    store.members.set_team(wanted, team_id)
    moved = [one.name for one in form.members if one.team_id not in (None, team_id)]
    return f"{form.name} is saved." + (f" Moved here from another team: {', '.join(moved)}." if moved else "")


def save_question(store: Store, form: QuestionForm) -> None:
    """Ask a new question, or another one in the place of one that is asked."""
    if form.question_id is None:
        store.questions.add(form.words, form.kind, team_id=form.team_id, **form.details)  # type: ignore[arg-type]
    else:
        store.questions.replace(form.question_id, form.words, form.kind, **form.details)  # type: ignore[arg-type]


def move_question(store: Store, question: Question, by: int) -> None:
    """Move a question up (-1) or down (1) in its set."""
    asked = store.questions.own_set(question.team_id)
    order = [one.id for one in asked]
    at = order.index(question.id)
    to = max(0, min(len(order) - 1, at + by))
    order.insert(to, order.pop(at))
    for number, question_id in enumerate(order, start=1):
        store.questions.place(question_id, number * 10)


def give_own_set(store: Store, team_id: int) -> None:
    """Give a team its own set of questions, beginning with a copy of the company's."""
    copies: dict[int, int] = {}
    for one in _triggers_first(store.questions.own_set(None)):
        copies[one.id] = store.questions.add(
            one.words,
            one.kind,
            team_id=team_id,
            position=one.position,
            required=one.required,
            part=one.part,
            hint=one.hint,
            options=one.options,
            low=one.low,
            high=one.high,
            low_words=one.low_words,
            high_words=one.high_words,
            follows=copies.get(one.follows) if one.follows else None,
            when=one.when,
        )


def _triggers_first(asked: list[Question]) -> list[Question]:
    """The same questions, each after the one it follows."""
    found: list[Question] = []
    left = list(asked)
    while left:
        placed = {one.id for one in found}
        ready = [one for one in left if one.follows is None or one.follows in placed]
        if not ready:
            return found + left
        found += ready
        left = [one for one in left if one not in ready]
    return found


def save_kudos(store: Store, form: KudosForm) -> None:
    """Keep how kudos work, and the company's values: those no longer named are retired."""
    store.change_settings(
        kudos_channel=form.channel, kudos_least=form.least, kudos_weekly=form.weekly, kudos_guests=form.guests
    )
    standing = {one.name: one for one in store.kudos.company_values()}
    for name, one in standing.items():
        if form.values.get(name) != one.says:
            store.kudos.retire_value(one.id)
    for name, says in form.values.items():
        if name not in standing or standing[name].says != says:
            store.kudos.add_value(name, says)


def save_workspace(store: Store, form: WorkspaceForm) -> None:
    """Keep what holds for everybody who did not choose for themselves."""
    store.change_settings(
        zone=form.zone, budget=form.budget, working_days=form.working_days, quiet=form.quiet, holidays=form.holidays
    )
