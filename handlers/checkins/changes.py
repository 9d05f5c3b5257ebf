"""What changes when somebody checks in: the answers, the blockers they raise, and the card that others see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from handlers.checkins import screens
from handlers.checkins.answers import blockers_in
from handlers.checkins.sheet import Sheet, answered
from handlers.screens import Card
from handlers.text import Line, Said, line
from handlers.turn import Turn, mention
from storage.checkins import Answer, CheckIn
from storage.members import Member
from storage.store import Store
from storage.teams import Team

# A correction of what is older is shown to whoever opens it: where it once was sent or posted may be forgotten.
SHOWN_FOR = timedelta(days=365)


def record(turn: Turn, sheet: Sheet, given: Mapping[int, Answer]) -> tuple[CheckIn, int]:
    """Keep the check-in, raise its blockers, forget the draft, answer what asked for it, and show it where it is to go.

    The check-in as it stands now, and how many blockers it raised.
    """
    store, actor = turn.store, turn.actor
    team_id = sheet.team.id if sheet.team else None
    kept = answered(sheet, given)
    with_team = sheet.team is not None and sheet.team.share != "manager"
    checkin = store.checkins.share(actor.id, team_id, sheet.day, sheet.closes_at, kept, with_team)
    raised = _raise_blockers(store, sheet, checkin)
    if sheet.from_draft:
        store.drafts.drop(actor.id, sheet.draft)
    if asking := store.cadences.ids_of_feature("checkins"):
        store.prompts.answer(actor.id, sheet.day, asking)
    if checkin != sheet.standing:
        show_others(turn, checkin, sheet.team, raised)
    turn.refresh_home()
    return checkin, raised


def _raise_blockers(store: Store, sheet: Sheet, checkin: CheckIn) -> int:
    asking_for_help = {one.id for one in sheet.questions if one.part == "blockers"}
    said = blockers_in(one.words for one in checkin.answers if one.question_id in asking_for_help)
    if not said and not sheet.standing:
        return 0
    new = sheet.standing is None
    return store.blockers.raise_for(checkin.id, checkin.member_id, checkin.team_id, said, new=new)


def show_others(turn: Turn, checkin: CheckIn, team: Team | None, blockers: int) -> None:
    """Put the check-in where its team wants it; a later version takes the place of the first."""
    if team is None or turn.now - checkin.closes_at > SHOWN_FOR:
        return
    shown_now = shown(turn.store, checkin, turn.actor)
    if team.share == "manager":
        if manager := manager_of(turn.store, team, turn.actor):
            why = line("You get this because you manage ", Said(team.name), ". ", *_elsewhere())
            _send(turn, manager, checkin, screens.posted(shown_now, why, blockers=blockers))
    elif team.channel:
        where = "in a thread here" if team.share == "thread" else "here"
        why = line("This is here because ", Said(team.name), f" shares its check-ins {where}. ", *_elsewhere())
        _post(turn, team, checkin, screens.posted(shown_now, why, blockers=blockers))


def _send(turn: Turn, manager: Member, checkin: CheckIn, card: Card) -> None:
    key = f"check-in {checkin.id} to {manager.id}"
    if not turn.send(manager, card, key=key) and _was_changed(checkin):
        turn.send(manager, card, key=f"{key}, {turn.interaction.id}", replaces=key)


def _post(turn: Turn, team: Team, checkin: CheckIn, card: Card) -> None:
    thread = ""
    if team.share == "thread":
        thread = f"check-ins of {team.id} to {checkin.occurrence.isoformat()} in {team.channel}"
        turn.post(team.channel, screens.thread_root(team, checkin.occurrence), key=thread)
    key = f"check-in {checkin.id} in {team.channel}"
    if not turn.post(team.channel, card, key=key, thread_of=thread) and _was_changed(checkin):
        turn.post(team.channel, card, key=f"{key}, {turn.interaction.id}", replaces=key)


def _was_changed(checkin: CheckIn) -> bool:
    """Whether this is no longer how it was first given: the same form sent twice at once changes nothing."""
    return bool(checkin.edited_at or checkin.corrected_at)


def _elsewhere() -> Line:
    return line("An admin can change where they go in the settings on Soundings' home.")


def shown(store: Store, checkin: CheckIn, by: Member) -> screens.Shown:
    """A check-in with the questions that it answers, those of former answers too."""
    given = (*checkin.answers, *(former.answer for former in checkin.formerly))
    return screens.Shown(checkin, mention(by), store.questions.by_ids({one.question_id for one in given}))


def manager_of(store: Store, team: Team | None, member: Member) -> Member | None:
    """Who manages this team besides the member, if that is somebody who is still here."""
    if team is None or team.manager_id is None or team.manager_id == member.id:
        return None
    manager = store.members.by_id(team.manager_id)
    return manager if manager and manager.active else None


def audience(turn: Turn, team: Team | None) -> Line:
    """Who can see what the actor checks in with this team."""
    manager = manager_of(turn.store, team, turn.actor)
    return screens.audience(team, mention(manager) if manager else None)
