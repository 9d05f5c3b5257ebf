"""Two workspaces with the same people, the same teams and the same words: what belongs to the twin says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from storage.cadences import Audience, Cadence
from storage.checkins import Answer
from storage.coming import Span
from storage.engine import Storage
from storage.recurrence import Recurrence
from storage.store import Store
from storage.workspaces import WorkspaceKey
from tests.asked import prompt_for
from tests.databases import MONDAY

OURS = WorkspaceKey("slack", "T-OURS")
TWIN = WorkspaceKey("slack", "T-TWIN")
FRIDAY = date(2026, 3, 6)
CLOSES = datetime(2026, 3, 6, 18, tzinfo=MONDAY.tzinfo)
KEYS = ("U-ANA", "U-BO")


@dataclass(frozen=True)
class Company:
    """The ids of what was arranged."""

    ana: int
    bo: int
    team: int
    question: int
    value: int
    checkin: int
    blocker: int
    kudos: int
    summary: int
    cadence: int
    prompt: int
    absence: int
    wave: int


def arrange(storage: Storage, workspace: WorkspaceKey, mark: str) -> Company:
    """A small company. Every word that anybody wrote carries `mark`; the names and keys of all things do not differ."""
    with storage.begin(workspace) as store:
        return _company(store, mark)


def _company(store: Store, mark: str) -> Company:
    ana, bo = (store.members.greet(key, f"{mark} {key}") for key in KEYS)
    team = store.teams.add("Backend", manager_id=bo.id, channel="C-BACKEND")
    store.members.set_team([ana.id, bo.id], team.id)
    store.members.set_reach("U-ANA", f"{mark} reach")
    question = store.questions.add(f"{mark} question?", "long")
    shared = store.checkins.share(ana.id, team.id, FRIDAY, CLOSES, [Answer(question, f"{mark} answer", ("a",), 3.0)])
    store.checkins.share(bo.id, team.id, FRIDAY - timedelta(days=7), CLOSES, [Answer(question, f"{mark} older")])
    store.blockers.raise_for(shared.id, ana.id, team.id, [f"{mark} blocker"])
    (blocker,) = store.blockers.of_checkin(shared.id)
    store.drafts.save(ana.id, "checkin", {"done": f"{mark} draft"})
    value = store.kudos.add_value(f"{mark} value")
    kudos, _ = store.kudos.give(
        ana.id, [bo.id], f"{mark} kudos", value_id=value, public=True, source="the same form everywhere"
    )
    cadence = store.cadences.add(Cadence(0, f"{mark} cadence", Recurrence(FRIDAY), audience=Audience(everybody=True)))
    store.waves.arrange(cadence)
    store.waves.add(cadence, f"{mark} zone", Span(FRIDAY, MONDAY, FRIDAY, CLOSES))
    for wave in store.waves.coming(cadence.id):
        if wave.day == FRIDAY:
            store.waves.look_again(wave, CLOSES, "open", 0)
    prompt = prompt_for(store, cadence.id, ana.id, FRIDAY, FRIDAY, "UTC", MONDAY, CLOSES)
    assert prompt
    absence = store.absences.add(ana.id, FRIDAY, FRIDAY, source=f"{mark} entry")
    store.absences.set_calendar(ana.id, f"https://calendar.example/{mark}")
    store.absences.calendars_to_read(MONDAY, 1)
    store.absences.replace_calendar(ana.id, [(FRIDAY, FRIDAY, f"{mark} event")], MONDAY, f"{mark} problem")
    store.absences.keep_holidays("DE", {FRIDAY: f"{mark} holiday"})
    store.members.choose(ana.id, holidays=f"{mark} place")
    store.mutes.add_team(bo.id, team.id)
    store.mutes.add_cadence(bo.id, cadence.id)
    summary = store.summaries.keep(team.id, FRIDAY - timedelta(days=7), FRIDAY, {"mark": mark})
    store.deliveries.queue("channel", "C-BACKEND", {"mark": mark}, key="the same key everywhere")
    store.deliveries.queue("channel", "C-BACKEND", {"mark": mark}, key="one that fails")
    (taken,) = store.lanes.take(f"{mark} courier", timedelta(seconds=60))
    assert taken
    store.lanes.give_up(taken, "dead", f"{mark} reason")
    store.lanes.pause(MONDAY + timedelta(days=1))
    store.lanes.park(f"{mark} parked")
    store.events.is_new("the same event everywhere")
    store.change_settings(kudos_channel=f"{mark} channel")
    (open_,) = store.waves.under_way()
    return Company(
        ana.id,
        bo.id,
        team.id,
        question,
        value,
        shared.id,
        blocker.id,
        kudos.id,
        summary.id,
        cadence.id,
        prompt.id,
        absence,
        open_.id,
    )
