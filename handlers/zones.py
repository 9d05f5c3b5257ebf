"""Time zones as people name them: by a city, by a country of one zone, or as the IANA name. Pure.

Which zones a country has stands in `zone.tab` of the time zone database, and what it is called in `iso3166.tab`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from zoneinfo import available_timezones

from storage.civil import is_zone, zone
from storage.places import country_names

REGIONS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)
# What many people live in and the IANA names leave out.
ALSO = {
    "UTC": "GMT, UTC",
    "America/Chicago": "Austin, Dallas, Houston, Minneapolis, New Orleans, St. Louis",
    "America/Denver": "Salt Lake City",
    "America/Los_Angeles": "Las Vegas, Portland, San Diego, San Francisco, Seattle",
    "America/New_York": "Atlanta, Boston, Miami, Philadelphia, Washington",
    "America/Mexico_City": "Guadalajara, Puebla",
    "America/Sao_Paulo": "Brasília, Rio de Janeiro",
    "America/Toronto": "Ottawa, Montreal",
    "Asia/Dubai": "Abu Dhabi, United Arab Emirates",
    "Asia/Ho_Chi_Minh": "Hanoi, Vietnam",
    "Asia/Jakarta": "Bandung, Surabaya",
    "Asia/Jerusalem": "Haifa, Israel",
    "Asia/Kolkata": "Bangalore, Bengaluru, Chennai, Delhi, Hyderabad, India, Mumbai, New Delhi, Pune",
    "Asia/Seoul": "Busan, South Korea",
    "Asia/Shanghai": "Beijing, China, Guangzhou, Shenzhen",
    "Asia/Tokyo": "Fukuoka, Japan, Kyoto, Osaka, Sapporo",
    "Asia/Yangon": "Burma",
    "Australia/Brisbane": "Gold Coast",
    "Australia/Melbourne": "Geelong",
    "Australia/Perth": "Fremantle",
    "Australia/Sydney": "Canberra",
    "Europe/Amsterdam": "Netherlands, Rotterdam, The Hague, Utrecht",
    "Europe/Athens": "Greece, Thessaloniki",
    "Europe/Berlin": "Cologne, Dresden, Frankfurt, Germany, Hamburg, Leipzig, Munich, Stuttgart",
    "Europe/Brussels": "Antwerp, Belgium, Ghent",
    "Europe/Bucharest": "Cluj, Romania",
    "Europe/Budapest": "Hungary",
    "Europe/Copenhagen": "Aarhus, Denmark",
    "Europe/Dublin": "Cork, Ireland",
    "Europe/Helsinki": "Finland, Tampere",
    "Europe/Istanbul": "Ankara, Izmir, Turkey",
    "Europe/Kyiv": "Kharkiv, Lviv, Ukraine",
    "Europe/Lisbon": "Lisboa, Porto",
    "Europe/London": "Belfast, Birmingham, Bristol, Cardiff, Edinburgh, Glasgow, Leeds, Manchester, "
    "UK, United Kingdom, Britain, England, Scotland, Wales",
    "Europe/Madrid": "Barcelona, Bilbao, Seville, Valencia",
    "Europe/Moscow": "Saint Petersburg, St. Petersburg",
    "Europe/Oslo": "Bergen, Norway",
    "Europe/Paris": "Bordeaux, Lille, Lyon, Marseille, Nantes, Nice, Toulouse",
    "Europe/Prague": "Brno, Czech Republic, Czechia",
    "Europe/Rome": "Bologna, Florence, Italy, Milan, Naples, Turin, Venice",
    "Europe/Stockholm": "Gothenburg, Malmö, Sweden",
    "Europe/Vienna": "Austria, Graz, Linz, Salzburg",
    "Europe/Warsaw": "Gdańsk, Kraków, Poland, Poznań, Wrocław",
    "Europe/Zurich": "Basel, Bern, Geneva, Lausanne, Switzerland",
    "Pacific/Auckland": "Christchurch, New Zealand, Wellington",
    "Pacific/Honolulu": "Hawaii",
}
# What clocks are called in several places at once, some of which are meant.
CALLED = {
    "aest aedt": "Australia/Sydney, Australia/Brisbane",
    "bst": "Europe/London",
    "cet cest met mez mesz": "Europe/Berlin, Europe/Paris, Europe/Madrid",
    "cst cdt central": "America/Chicago, America/Mexico_City, Asia/Shanghai",
    "eet eest": "Europe/Helsinki, Europe/Athens, Africa/Cairo",
    "est edt eastern": "America/New_York, America/Toronto",
    "hst": "Pacific/Honolulu",
    "ist": "Asia/Kolkata, Europe/Dublin, Asia/Jerusalem",
    "jst": "Asia/Tokyo",
    "msk": "Europe/Moscow",
    "mst mdt mountain": "America/Denver, America/Phoenix",
    "nzst nzdt": "Pacific/Auckland",
    "pst pdt pacific": "America/Los_Angeles, America/Vancouver",
    "wet west": "Europe/Lisbon",
}
# Two zones of a country in which it is the same time on both days are one to whoever looks for it.
WINTER, SUMMER = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)
LONGEST = 60
SHORTEST = 3
MOST_NEAR = 4


@dataclass(frozen=True)
class Found:
    """The zone that was meant, or else a few that may have been."""

    zone: str = ""
    near: tuple[str, ...] = ()


def find(text: str) -> Found:
    """The zone that this text names: "Lisbon", "europe/lisbon", "Lisbon, Portugal", "Egypt"."""
    known = _known()
    wanted = _key(text)[:LONGEST]
    found = known.get(wanted) or known.get(_key(text.partition(",")[0]))
    if not found and "/" in text and is_zone(text):
        found = text
    return Found(found) if found else Found(near=_near(wanted)[:MOST_NEAR])


def _near(wanted: str) -> tuple[str, ...]:
    """The zones that may be meant by a name that is none: of a country, of a clock, or by how a name begins."""
    several = _several().get(wanted)
    if several or len(wanted) < SHORTEST:
        return several or ()
    known = _known()
    begin = sorted((name for name in known if f" {wanted}" in f" {name}"), key=lambda one: (one.find(wanted), len(one)))
    # What is short or has figures, such as UTC+2, is like another without being meant for it.
    slip = len(wanted) > SHORTEST and not any(one.isdigit() for one in wanted)
    alike = get_close_matches(wanted, known, n=2 * MOST_NEAR, cutoff=0.7) if slip else []
    return tuple(dict.fromkeys(known[name] for name in begin or alike))


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    """Zones by every name they go by; where several share one, by the plainest."""
    found: dict[str, str] = {}
    for name in sorted(available_timezones(), key=lambda one: (one.count("/"), one)):
        if name.startswith(REGIONS):
            found.setdefault(_key(name.rpartition("/")[2]), name)
            found[_key(name)] = name
    for place, names in ALSO.items():
        for name in names.split(", "):
            found.setdefault(_key(name), place)
    for name, zones in _countries().items():
        if len(zones) == 1 and name not in _called():
            found.setdefault(name, zones[0])
    return found


@lru_cache(maxsize=1)
def _several() -> dict[str, tuple[str, ...]]:
    """The zones that may be meant by a name of several: the one in which most people live first."""
    return _countries() | _called()


def _called() -> dict[str, tuple[str, ...]]:
    return {name: tuple(zones.split(", ")) for names, zones in CALLED.items() for name in names.split()}


@lru_cache(maxsize=1)
def _countries() -> dict[str, tuple[str, ...]]:
    """The zones of each country, by every name it goes by."""
    zones: dict[str, list[str]] = {}
    for code, _, name in _table("zone.tab"):
        zones.setdefault(code, []).append(name)
    names = country_names()
    found: dict[str, tuple[str, ...]] = {}
    for code, name in _table("iso3166.tab"):
        if code in zones:
            # "Korea (South)" is South Korea as well.
            outer, _, inner = name.rstrip(")").partition(" (")
            for one in (name.replace("&", "and"), f"{inner} {outer}", *names.get(code, ())):
                found.setdefault(_key(one), _apart(zones[code]))
    return found


def _apart(zones: list[str]) -> tuple[str, ...]:
    """One of each of these zones that tell the same time: one of a large city, if there is any, and those first."""
    by_time: dict[object, str] = {}
    for name in sorted(zones, key=lambda one: one not in ALSO):
        offsets = tuple(at.astimezone(zone(name)).utcoffset() for at in (WINTER, SUMMER))
        by_time.setdefault(offsets, name)
    return tuple(by_time.values())


def _table(name: str) -> list[list[str]]:
    """The first three columns of a table of the time zone database."""
    lines = (files("tzdata") / "zoneinfo" / name).read_text("utf-8").splitlines()
    return [line.split("\t")[:3] for line in lines if not line.startswith("#")]


def _key(text: str) -> str:
    """The letters and digits of a name, without case and accents, words apart."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return " ".join(re.findall(r"\w+", bare.casefold().replace("_", " ").replace("ł", "l")))
