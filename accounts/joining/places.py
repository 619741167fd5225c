"""Where a clinic can be: countries, states with rules of their own, time zones."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final
from zoneinfo import available_timezones

from django.conf import settings

REGIONS: Final[Mapping[str, str]] = MappingProxyType(
    {"us": "United States", "eu": "European Union"}
)
_NO_PLACES: Final = ("Etc", "SystemV", "US", "posix", "right", "Brazil", "Canada")


def served_regions() -> list[tuple[str, str]]:
    """Return the regions in which a clinic's data can rest here, with their names."""
    return [(one, REGIONS[one]) for one in settings.DATA_REGIONS]


@cache
def countries() -> Mapping[str, str]:
    """Return the name of each country by its ISO 3166 code, in the names' order."""
    return _read("countries.csv")


@cache
def states() -> Mapping[str, str]:
    """Return the states and provinces that have rules of their own: ``US-IL``."""
    return _read("states.csv")


@cache
def zone_names() -> tuple[str, ...]:
    """Return the time zones that are named after a place: ``America/Chicago``."""
    return tuple(
        sorted(
            name
            for name in available_timezones()
            if "/" in name and name.partition("/")[0] not in _NO_PLACES
        )
    )


def _read(name: str) -> Mapping[str, str]:
    text = (files("accounts.joining") / name).read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return MappingProxyType({row["code"]: row["name"] for row in rows})
