"""The features, listed by hand: nothing is discovered by magic. Their order is their order on the home."""

from __future__ import annotations

from handlers.cadences import cadences
from handlers.checkins import checkins
from handlers.feature import Feature
from handlers.help import help_
from handlers.kudos import kudos
from handlers.me import me
from handlers.outages import outages
from handlers.prompts import prompts
from handlers.setup import setup
from handlers.status import status
from handlers.summaries import summaries
from handlers.welcome import welcome

FEATURES: tuple[Feature, ...] = (
    welcome,
    prompts,
    checkins,
    kudos,
    me,
    summaries,
    cadences,
    setup,
    status,
    help_,
    outages,
)
