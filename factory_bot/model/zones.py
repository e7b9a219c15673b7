"""Time zones from a person's words: an offset, an IANA name, a city, or a guess from their language.  Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from zoneinfo import available_timezones

from factory_bot.model.schedules import zone_of

OF_LANGUAGE = {
    "de": "Europe/Berlin", "fr": "Europe/Paris", "it": "Europe/Rome", "es": "Europe/Madrid", "nl": "Europe/Amsterdam",
    "pl": "Europe/Warsaw", "ru": "Europe/Moscow", "uk": "Europe/Kyiv", "tr": "Europe/Istanbul", "cs": "Europe/Prague",
    "sv": "Europe/Stockholm", "da": "Europe/Copenhagen", "nb": "Europe/Oslo", "no": "Europe/Oslo",
    "fi": "Europe/Helsinki", "el": "Europe/Athens", "hu": "Europe/Budapest", "ro": "Europe/Bucharest",
    "bg": "Europe/Sofia", "he": "Asia/Jerusalem", "fa": "Asia/Tehran", "ar": "Asia/Riyadh", "hi": "Asia/Kolkata",
    "ja": "Asia/Tokyo", "ko": "Asia/Seoul", "zh": "Asia/Shanghai", "vi": "Asia/Ho_Chi_Minh", "th": "Asia/Bangkok",
    "id": "Asia/Jakarta", "uz": "Asia/Tashkent", "kk": "Asia/Almaty", "pt": "Europe/Lisbon",
    "pt-br": "America/Sao_Paulo", "en-us": "America/New_York", "en-gb": "Europe/London", "en-au": "Australia/Sydney",
}  # fmt: skip

ALIASES = {
    "munich": "Europe/Berlin", "hamburg": "Europe/Berlin", "cologne": "Europe/Berlin", "frankfurt": "Europe/Berlin",
    "germany": "Europe/Berlin", "austria": "Europe/Vienna", "switzerland": "Europe/Zurich", "geneva": "Europe/Zurich",
    "france": "Europe/Paris", "lyon": "Europe/Paris", "italy": "Europe/Rome", "milan": "Europe/Rome",
    "naples": "Europe/Rome", "spain": "Europe/Madrid", "barcelona": "Europe/Madrid", "england": "Europe/London",
    "uk": "Europe/London", "manchester": "Europe/London", "edinburgh": "Europe/London", "kiev": "Europe/Kyiv",
    "ukraine": "Europe/Kyiv", "poland": "Europe/Warsaw", "krakow": "Europe/Warsaw", "petersburg": "Europe/Moscow",
    "saint petersburg": "Europe/Moscow", "san francisco": "America/Los_Angeles", "seattle": "America/Los_Angeles",
    "california": "America/Los_Angeles", "las vegas": "America/Los_Angeles", "boston": "America/New_York",
    "washington": "America/New_York", "miami": "America/New_York", "atlanta": "America/New_York",
    "philadelphia": "America/New_York", "nyc": "America/New_York", "dallas": "America/Chicago",
    "houston": "America/Chicago", "austin": "America/Chicago", "montreal": "America/Toronto",
    "ottawa": "America/Toronto", "rio": "America/Sao_Paulo", "rio de janeiro": "America/Sao_Paulo",
    "brazil": "America/Sao_Paulo", "delhi": "Asia/Kolkata", "new delhi": "Asia/Kolkata", "mumbai": "Asia/Kolkata",
    "bangalore": "Asia/Kolkata", "india": "Asia/Kolkata", "beijing": "Asia/Shanghai", "china": "Asia/Shanghai",
    "shenzhen": "Asia/Shanghai", "japan": "Asia/Tokyo", "osaka": "Asia/Tokyo", "hanoi": "Asia/Ho_Chi_Minh",
    "abu dhabi": "Asia/Dubai", "tel aviv": "Asia/Jerusalem", "cape town": "Africa/Johannesburg",
    "cet": "Europe/Berlin", "cest": "Europe/Berlin", "bst": "Europe/London", "est": "America/New_York",
    "edt": "America/New_York", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles", "utc": "UTC", "gmt": "UTC",
}  # fmt: skip

_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-−])\s*(\d{1,2})(?:[:.]?([0-5]\d))?", re.IGNORECASE)
_AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def zone_from_words(words: str) -> str | None:
    """The zone a person means by `Berlin`, `Europe/Berlin`, `+2` or `UTC+05:30`; None where that is not plain."""
    words = " ".join(words.split())
    offset = _OFFSET.fullmatch(words)
    if offset:
        sign, hours, minutes = offset.groups()
        return _sound(f"UTC{'+' if sign == '+' else '-'}{int(hours):02}:{minutes or '00'}")
    plain = _plain(words)
    for tried in (plain, plain.rpartition(",")[0] or plain.partition(",")[0], plain.partition(",")[0]):
        found = ALIASES.get(tried.strip()) or _places().get(tried.strip())
        if found:
            return found
    return None


def zone_of_language(language: str | None) -> str:
    """A first guess; UTC where the language is spoken everywhere."""
    code = (language or "").lower()
    return OF_LANGUAGE.get(code) or OF_LANGUAGE.get(code.partition("-")[0]) or "UTC"


def zone_title(zone: str) -> str:
    """The zone as it is shown: `Berlin`, `UTC+05:30`."""
    return zone.rpartition("/")[2].replace("_", " ")


@cache
def _places() -> dict[str, str]:
    names = sorted(name for name in available_timezones() if name.split("/")[0] in _AREAS)
    places: dict[str, str] = {}
    for name in names:
        places.setdefault(_plain(name.rpartition("/")[2]), name)
        places[_plain(name)] = name
    return places


def _plain(words: str) -> str:
    stripped = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return stripped.casefold().replace("_", " ").strip(" .!")


def _sound(zone: str) -> str | None:
    try:
        zone_of(zone)
    except ValueError:
        return None
    return zone
