"""The features, listed by hand: nothing is discovered by magic. Their order is their order on the home."""

from __future__ import annotations

from handlers.feature import Feature
from handlers.kudos import kudos
from handlers.setup import setup
from handlers.summaries import summaries

FEATURES: tuple[Feature, ...] = (kudos, summaries, setup)
