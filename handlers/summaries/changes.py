"""Making summaries and keeping them, and gathering what their cards show."""

from __future__ import annotations

from handlers import access
from handlers.feature import Refusal
from handlers.summaries.screens import MOST_BLOCKERS, MOST_QUOTES, Sheet
from handlers.turn import Turn
from insights.digest import Digest, Period, digest, done_answers, from_json
from storage.summaries import Summary
from storage.teams import Team


def summary_of(turn: Turn, team: Team, period: Period) -> tuple[Summary, bool]:
    """The newest summary of this period, made now if there is none, and whether it had been kept before."""
    kept = turn.store.summaries.newest(team.id, period.first, period.last)
    return (kept, True) if kept else (make(turn, team, period), False)


def make(turn: Turn, team: Team, period: Period) -> Summary:
    """Make a summary of the facts as they are now, and keep it."""
    facts = digest(turn.store, team, period, turn.actor.zone)
    return turn.store.summaries.keep(team.id, period.first, period.last, facts.to_json())


def team_for(turn: Turn, team_id: int) -> Team:
    """The team with this id. Raises Refusal where it is gone, or where the actor may not have its summaries."""
    team = turn.store.teams.by_id(team_id)
    if team is None:
        raise Refusal("This team is no longer there. Type /team-summary to see your teams.")
    if not access.may_summarise(turn.store, turn.actor, team):
        raise Refusal(_whose(turn, team))
    return team


def sheet(turn: Turn, team: Team, summary: Summary, *, stored: bool) -> Sheet:
    """All that the card of a summary shows, with no words that the actor may not see."""
    store, facts = turn.store, from_json(summary.facts)
    shown = {fact.id for fact in facts.blockers[:MOST_BLOCKERS]}
    blockers = {
        one.id: one.words for one in store.blockers.by_ids(shown) if access.may_see_blocker(store, turn.actor, one)
    }
    quotes = _quotes(turn, facts)
    took = facts.participation
    people = {*took.checked_in, *took.missed, *took.waiting, *took.unasked, *took.left, *took.away}
    people |= {fact.owner_id for fact in facts.blockers[:MOST_BLOCKERS]} | set(facts.done_by)
    return Sheet(
        id=summary.id,
        team=team,
        period=Period(summary.first, summary.last),
        made_at=summary.made_at,
        stored=stored,
        digest=facts,
        people=store.members.by_ids(people),
        questions=store.questions.by_ids({fact.question_id for fact in facts.scales}),
        blockers=blockers,
        quotes=quotes,
    )


def _quotes(turn: Turn, facts: Digest) -> tuple[tuple[int, str], ...]:
    """What the newest few authors say was done, one quotation of each."""
    checkins = turn.store.checkins.by_ids(facts.done[: MOST_QUOTES * 4])
    newest = {one.member_id: one for one in reversed(checkins)}
    chosen = sorted(newest.values(), key=lambda one: (one.occurrence, one.id), reverse=True)[:MOST_QUOTES]
    questions = turn.store.questions.by_ids({answer.question_id for one in chosen for answer in one.answers})
    return tuple(
        (one.member_id, said)
        for one in chosen
        if access.may_see_checkin(turn.store, turn.actor, one)
        for said in done_answers(one, questions)[:1]
    )


def _whose(turn: Turn, team: Team) -> str:
    manager = turn.store.members.by_id(team.manager_id) if team.manager_id else None
    if manager is None:
        return f"{team.name} has no manager yet, so nobody gets its summaries. An admin can name one in Settings."
    return f"Summaries of {team.name} go to its manager, {manager.name}. Please ask them for what you need."
