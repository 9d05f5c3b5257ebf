"""When somebody who puts a prompt off is asked again, and who keeps silent reminded. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from storage.civil import local_date
from storage.hours import ALL_DAYS, first_from, first_on, kept_by
from storage.members import Member
from storage.recurrence import DAY
from storage.workspaces import Settings

HOUR = timedelta(hours=1)
# Nobody is reminded of what they were told so short a time ago.
SOONEST = timedelta(minutes=15)
FARTHEST = 100  # days that are looked at, of what stays open for so long


def in_an_hour(now: datetime, closes_at: datetime) -> datetime | None:
    """An hour from now; None where it is closed by then."""
    return now + HOUR if now + HOUR < closes_at else None


def reminder(now: datetime, last: datetime, closes_at: datetime, left: int) -> datetime | None:
    """When the first of so many reminders that are left may come, after a message that came at `last`.

    All of them share evenly what was left of the time by then. A tenth of a share early will do: a message is a while
    on its way. None where there is no reminder left, or no time for one before the close.
    """
    share = max((closes_at - last) / (left + 1), SOONEST)
    if left < 1 or last + share >= closes_at:
        return None
    return now if now >= last + share - share / 10 else last + share


def first_moment(
    member: Member, settings: Settings, now: datetime, closes_at: datetime, is_off: Callable[[date], bool]
) -> datetime | None:
    """The first moment, from this one on, at which a member is written to: in their hours, on a day that is not off.

    None where it is closed by then.
    """
    at = first_from(kept_by(member, settings), now)
    if is_off(local_date(at, member.zone)):
        return tomorrow(member, settings, at.astimezone(member.zone).time(), at, closes_at, is_off)
    return at if at < closes_at else None


def tomorrow(
    member: Member,
    settings: Settings,
    at: time,
    now: datetime,
    closes_at: datetime,
    is_off: Callable[[date], bool] = lambda day: False,
) -> datetime | None:
    """The member's next working day at this time of day, or the first moment from there on that will do.

    None where it is closed by then. `is_off` says of which days more they are not asked. Somebody who works on no day
    of the week is asked on the next one all the same.
    """
    working = member.own.working_days or settings.working_days
    first, last = local_date(now, member.zone) + DAY, local_date(closes_at, member.zone)
    days = [first + late * DAY for late in range(min((last - first).days + 1, FARTHEST))]
    works = (one for one in days if "1" not in working or working[one.weekday()] == "1")
    day = next((one for one in works if not is_off(one)), None)
    if day is None:
        return None
    moment = first_on(replace(kept_by(member, settings), days=ALL_DAYS), day, at)
    return moment if now < moment < closes_at else None
