"""Time zones as people name them: by a city, by a country of one zone, or as the IANA name. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import available_timezones

from storage.civil import is_zone

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
    "America/Chicago": "Austin, Dallas, Houston, Minneapolis, New Orleans",
    "America/Denver": "Salt Lake City",
    "America/Los_Angeles": "Las Vegas, Portland, San Diego, San Francisco, Seattle",
    "America/New_York": "Atlanta, Boston, Miami, Philadelphia, Washington",
    "America/Sao_Paulo": "Brasília, Rio de Janeiro",
    "America/Toronto": "Ottawa, Montreal",
    "Asia/Dubai": "Abu Dhabi, United Arab Emirates",
    "Asia/Ho_Chi_Minh": "Hanoi, Vietnam",
    "Asia/Jerusalem": "Haifa, Israel",
    "Asia/Kolkata": "Bangalore, Bengaluru, Chennai, Delhi, Hyderabad, India, Mumbai, New Delhi, Pune",
    "Asia/Seoul": "Busan, South Korea",
    "Asia/Shanghai": "Beijing, China, Guangzhou, Shenzhen",
    "Asia/Tokyo": "Fukuoka, Japan, Kyoto, Osaka, Sapporo",
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
    "Europe/London": "Belfast, Birmingham, Bristol, Cardiff, Edinburgh, Glasgow, Leeds, Manchester, UK, United Kingdom",
    "Europe/Madrid": "Barcelona, Bilbao, Seville, Valencia",
    "Europe/Oslo": "Bergen, Norway",
    "Europe/Paris": "Bordeaux, Lille, Lyon, Marseille, Nantes, Nice, Toulouse",
    "Europe/Prague": "Brno, Czech Republic, Czechia",
    "Europe/Rome": "Bologna, Florence, Italy, Milan, Naples, Turin, Venice",
    "Europe/Stockholm": "Gothenburg, Malmö, Sweden",
    "Europe/Vienna": "Austria, Graz, Linz, Salzburg",
    "Europe/Warsaw": "Gdańsk, Kraków, Poland, Poznań, Wrocław",
    "Europe/Zurich": "Basel, Bern, Geneva, Lausanne, Switzerland",
    "Pacific/Auckland": "Christchurch, New Zealand, Wellington",
}
LONGEST = 60
MOST_NEAR = 3


@dataclass(frozen=True)
class Found:
    """The zone that was meant, or else a few that may have been."""

    zone: str = ""
    near: tuple[str, ...] = ()


def find(text: str) -> Found:
    """The zone that this text names: "Lisbon", "europe/lisbon", "Lisbon, Portugal"."""
    known = _known()
    wanted = _key(text)[:LONGEST]
    zone = known.get(wanted) or known.get(_key(text.partition(",")[0]))
    if not zone and "/" in text and is_zone(text):
        zone = text
    if zone or not wanted:
        return Found(zone or "")
    within = sorted((name for name in known if len(wanted) > 2 and wanted in name), key=len)
    near = (*within, *get_close_matches(wanted, known, n=2 * MOST_NEAR, cutoff=0.7))
    return Found(near=tuple(dict.fromkeys(known[name] for name in near))[:MOST_NEAR])


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    """Zones by every name they go by; where several share one, by the plainest."""
    found: dict[str, str] = {}
    for name in sorted(available_timezones(), key=lambda one: (one.count("/"), one)):
        if name.startswith(REGIONS):
            found.setdefault(_key(name.rpartition("/")[2]), name)
            found[_key(name)] = name
    for zone, names in ALSO.items():
        for name in names.split(", "):
            found.setdefault(_key(name), zone)
    return found


def _key(text: str) -> str:
    """The letters and digits of a name, without case and accents, words apart."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return " ".join(re.findall(r"\w+", bare.casefold().replace("_", " ").replace("ł", "l")))
