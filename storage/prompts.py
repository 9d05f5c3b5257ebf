"""Prompts: the invitation of one member to one occurrence of a cadence. One for each member and nominal date, ever.

Whoever is left out has a prompt too, which says why: nobody on leave is taken for somebody who kept silent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, TypeAlias

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Select,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    case,
    func,
    literal,
)

from storage.base import Id, Instant, Repository, metadata, mine, row_id

# waiting: its message is on its way, or will be; put_off: the week's budget was used up, and no message goes out where
# it is due no sooner than its close; left_out: not asked, and `why` says why; missed: it should have gone out too long
# ago; skipped: the member did not want to be asked this time.
PromptState: TypeAlias = Literal["waiting", "sent", "answered", "put_off", "left_out", "missed", "skipped"]
OPEN: tuple[PromptState, ...] = ("waiting", "sent", "put_off")
# Why somebody is left out who is not there to be asked.
AWAY = ("absent", "holiday", "day_off", "paused")
# A prompt that is open, or counts in a week, belongs to an occurrence that is not much older.
OLDEST = timedelta(weeks=5)


@dataclass(frozen=True)
class Prompt:
    """An invitation. `day` is the nominal local date of the occurrence, `closes_on` that of its close.

    `why` is a word: of one who was left out "absent", "holiday", "day_off", "paused", "left" (the audience, or the
    company), "unreachable", "stopped" (by whoever paused, ended or changed the cadence) or "answered" (beforehand); of
    one who was put off "hours", where none of theirs comes before the close, or "same", where the message of another
    stands for it; of one who was missed "closed", where it
    closed before their moment came, "late", where it was too late to ask them, or "stopped".
    """

    id: int
    cadence_id: int
    member_id: int
    day: date
    closes_on: date
    zone: str
    due_at: datetime
    closes_at: datetime
    state: PromptState
    why: str = ""
    version: int = 1
    sent_at: datetime | None = None
    answered_at: datetime | None = None
    snoozed_until: datetime | None = None


prompts = Table(
    "prompts",
    metadata,
    row_id(),
    # A prompt goes with its member, as do their cadences and their workspace, of which neither is ever removed alone;
    # that a database looks after this too would take a quarter of the time of planning.
    Column("workspace_id", Id, nullable=False),
    Column("cadence_id", Id, nullable=False),
    Column("member_id", Id, ForeignKey("members.id", ondelete="CASCADE"), nullable=False),
    Column("day", Date, nullable=False),
    Column("closes_on", Date, nullable=False),
    Column("zone", Text, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("state", Text, nullable=False),
    Column("why", Text, nullable=False, default=""),
    Column("version", Integer, nullable=False),
    Column("sent_at", Instant),
    Column("answered_at", Instant),
    Column("snoozed_until", Instant),
    # In the order in which those of a member are looked for.
    UniqueConstraint("workspace_id", "member_id", "day", "cadence_id"),
    # Without its workspace: what is asked of a member should never be looked for here, however new a table is.
    Index("ix_prompts_occurrence", "cadence_id", "day", "zone"),
)

# An IN of literals, so that the statement is the same whatever it is about.
HAS_ID = prompts.c.id == bindparam("id")
IS_OPEN = prompts.c.state.in_([literal(state) for state in OPEN])
BY_ID = mine(prompts).where(HAS_ID)
OPEN_OF = (
    mine(prompts)
    .where(prompts.c.member_id == bindparam("member"), prompts.c.closes_at > bindparam("at"))
    .where(IS_OPEN)
    .order_by(prompts.c.closes_at, prompts.c.id)
)
CLOSING_OF = (
    mine(prompts)
    .where(prompts.c.member_id == bindparam("member"), prompts.c.closes_on == bindparam("day"))
    .order_by(prompts.c.id)
)
CLOSING = (
    mine(prompts)
    .where(prompts.c.member_id.in_(bindparam("members", expanding=True)))
    .where(prompts.c.closes_on >= bindparam("first"), prompts.c.closes_on <= bindparam("last"))
    .order_by(prompts.c.closes_on, prompts.c.id)
)
INVITED = (
    mine(prompts)
    .where(prompts.c.member_id.in_(bindparam("members", expanding=True)))
    .where(prompts.c.day == bindparam("day"), prompts.c.cadence_id == bindparam("cadence"))
    .order_by(prompts.c.id)
)
NOW = bindparam("now", type_=Instant)
# Whether its message may go out, and what is written down when it has.
SENDABLE = (prompts.c.state == "waiting") | (prompts.c.state == "put_off") | prompts.c.snoozed_until.is_not(None)
FIRST_SENT = func.coalesce(prompts.c.sent_at, NOW)
STILL_SNOOZED = case((prompts.c.snoozed_until > NOW, prompts.c.snoozed_until), else_=None)
UNANSWERED = prompts.c.answered_at.is_(None)
UNDONE = IS_OPEN | (prompts.c.state == "skipped") | (prompts.c.why == "paused")
# How one stands that is open again.
STATE_AGAIN = case((prompts.c.sent_at.is_(None), "waiting"), else_="sent")

BEFORE = (prompts.c.due_at == bindparam("until")) & (prompts.c.id < bindparam("before"))
ON_ITS_WAY = (prompts.c.state == "waiting") & ((prompts.c.due_at < bindparam("until")) | BEFORE)
COUNTING = (
    mine(prompts, func.count())
    .where(prompts.c.member_id == bindparam("member"), prompts.c.day > bindparam("oldest"))
    .where((prompts.c.sent_at >= bindparam("since")) | (ON_ITS_WAY & (prompts.c.closes_at > bindparam("now"))))
)


class Prompts(Repository):
    """Who was invited to what."""

    def by_id(self, prompt_id: int) -> Prompt | None:
        """The prompt with this id."""
        row = self._row(BY_ID, id=prompt_id)
        return _prompt(row) if row else None

    def open_of(self, member_id: int) -> list[Prompt]:
        """What a member was invited to and has not answered, the first to close first."""
        return [_prompt(row) for row in self._rows(OPEN_OF, member=member_id, at=self._now)]

    def closing_of(self, member_id: int, day: date) -> list[Prompt]:
        """The prompts of a member whose occurrences close on a date, also where they were left out."""
        return [_prompt(row) for row in self._rows(CLOSING_OF, member=member_id, day=day)]

    def closing(self, member_ids: Iterable[int], first: date, last: date) -> list[Prompt]:
        """The prompts of these members whose occurrences close from `first` to `last`, of whoever was left out too."""
        wanted = sorted(set(member_ids))
        return [_prompt(row) for row in self._rows(CLOSING, members=wanted, first=first, last=last)] if wanted else []

    def invited(self, cadence_id: int, day: date, member_ids: Iterable[int]) -> list[Prompt]:
        """The prompts of these members for the occurrence of a cadence on a date, of whoever was left out too."""
        wanted = sorted(set(member_ids))
        about = {"cadence": cadence_id, "day": day}
        return [_prompt(row) for row in self._rows(INVITED, members=wanted, **about)] if wanted else []

    def how_many_of(self, member_id: int) -> int:
        """How often a member was, or was to be, asked."""
        return self._count(mine(prompts, func.count()).where(prompts.c.member_id == member_id))

    def how_many_count(self, member_id: int, since: datetime, until: datetime, before: int = 0) -> int:
        """How many prompts a member has got since an instant, or is to get until another.

        Of those due just then, the ones with ids below `before` count too.
        """
        about = {"since": since, "until": until, "before": before, "oldest": since.date() - OLDEST, "now": self._now}
        return self._count(COUNTING, member=member_id, **about)

    def mark_sent(self, prompt_id: int) -> None:
        """Its message has reached the member, for the first time or once more after it was put off."""
        changed = {"state": "sent", "sent_at": FIRST_SENT, "snoozed_until": STILL_SNOOZED}
        self._change_about(prompts, {"id": prompt_id, "now": self._now}, HAS_ID, IS_OPEN, SENDABLE, **changed)

    def mark_answered(self, prompt_id: int) -> None:
        """The member has answered; of an answer that changes, the first time stands."""
        self._change_one(prompts, prompt_id, UNANSWERED, state="answered", answered_at=self._now)

    def answer(self, member_id: int, closes_on: date, cadence_ids: Iterable[int]) -> None:
        """The member has given what these cadences asked for, to be closed on this date: also what they had skipped,
        and what has closed meanwhile. Whoever was left out was not asked, and stays so."""
        asked = prompts.c.state.in_((*OPEN, "skipped"))
        which = (prompts.c.closes_on == closes_on, prompts.c.cadence_id.in_(sorted(cadence_ids)))
        values = {"state": "answered", "answered_at": self._now}
        self._change(prompts, prompts.c.member_id == member_id, *which, asked, **values)

    def leave_out(self, prompt_id: int, why: str) -> None:
        """The member turned out not to be one to ask; `why` is a word, as `Prompt` says."""
        self._change_one(prompts, prompt_id, IS_OPEN, state="left_out", why=why)

    def move(self, prompt_id: int, due_at: datetime) -> None:
        """Its message goes out later."""
        self._change_one(prompts, prompt_id, IS_OPEN, due_at=due_at)

    def send_after_all(self, prompt_id: int) -> None:
        """What was put off is on its way now."""
        now = self._now.replace(microsecond=0)
        self._change_one(prompts, prompt_id, prompts.c.state == "put_off", state="waiting", why="", due_at=now)

    def keep_back(self, prompt_id: int, why: str = "") -> None:
        """No message of it goes out: it stands on Home until it closes. `why` is a word, as `Prompt` says."""
        self._change_one(prompts, prompt_id, IS_OPEN, state="put_off", why=why, due_at=prompts.c.closes_at)

    def miss(self, prompt_id: int, why: str) -> None:
        """The member was not asked in time; `why` is a word, as `Prompt` says."""
        self._change_one(prompts, prompt_id, prompts.c.state == "waiting", state="missed", why=why)

    def close_sooner(self, cadence_id: int, day: date, zone: str, at: datetime) -> None:
        """What was asked for this date in a zone closes at an instant already; who would be asked after it is not."""
        same = (prompts.c.cadence_id == cadence_id, prompts.c.day == day, prompts.c.zone == zone)
        self._change(prompts, *same, prompts.c.closes_at > at, **_closed(at))

    def close_earlier(self, cadence_id: int, day: date, member_ids: Select[Any]) -> None:
        """What these members were asked for earlier dates of a cadence closes now: they are asked for this one."""
        earlier = (prompts.c.day < day, prompts.c.day > day - OLDEST, prompts.c.closes_at > self._now)
        # Not by the index of the cadence, which a database may take for small when it has just grown.
        same = (prompts.c.member_id.in_(member_ids), prompts.c.cadence_id + 0 == cadence_id)
        self._change(prompts, *same, *earlier, **_closed(self._now.replace(microsecond=0)))

    def skip(self, prompt_id: int) -> None:
        """The member does not want to be asked this time."""
        self._change_one(prompts, prompt_id, IS_OPEN, state="skipped")

    def snooze(self, prompt_id: int, until: datetime) -> None:
        """The member wants to be asked later."""
        self._change_one(prompts, prompt_id, IS_OPEN, snoozed_until=until)

    def reopen(self, prompt_id: int) -> None:
        """The member wants to be asked now after all: nothing is put off, left out this time or paused any more."""
        self._change_one(prompts, prompt_id, UNDONE, state=STATE_AGAIN, why="", snoozed_until=None)

    def resume(self, member_id: int, cadence_id: int) -> list[Prompt]:
        """The member has ended their pause of a cadence: what is still open is asked of them again. What they were
        never sent is due from now on, and comes back."""
        paused = (
            prompts.c.member_id == member_id,
            prompts.c.cadence_id == cadence_id,
            prompts.c.state == "left_out",
            prompts.c.why == "paused",
            prompts.c.closes_at > self._now,
        )
        unsent = [row.id for row in self._rows(mine(prompts, prompts.c.id).where(*paused, prompts.c.sent_at.is_(None)))]
        now = self._now.replace(microsecond=0)
        # What was kept back is due at its close, when nothing is sent.
        over = (prompts.c.due_at < now) | (prompts.c.due_at >= prompts.c.closes_at)
        due_at = case((prompts.c.sent_at.is_(None) & over, now), else_=prompts.c.due_at)
        self._change(prompts, *paused, state=STATE_AGAIN, why="", due_at=due_at)
        return [found for one in unsent if (found := self.by_id(one))]


def _closed(at: datetime) -> dict[str, Any]:
    """What becomes of prompts that close at an instant: those whose message is not due before it were never sent."""
    unsent = (prompts.c.state == "waiting") & (prompts.c.due_at >= at)
    return {
        "closes_at": at,
        "state": case((unsent, "missed"), else_=prompts.c.state),
        "why": case((unsent, "closed"), else_=prompts.c.why),
    }


def _prompt(row: Any) -> Prompt:
    return Prompt(
        row.id,
        row.cadence_id,
        row.member_id,
        row.day,
        row.closes_on,
        row.zone,
        row.due_at,
        row.closes_at,
        row.state,
        row.why,
        row.version,
        row.sent_at,
        row.answered_at,
        row.snoozed_until,
    )
