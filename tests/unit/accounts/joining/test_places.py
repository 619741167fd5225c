import csv
import re
from zoneinfo import ZoneInfo

from accounts.joining.places import countries, states, zone_names
from tests.architecture.source import REPOSITORY

RULES = REPOSITORY / "compliance" / "capture" / "jurisdictions.csv"


def _ruled() -> set[str]:
    with RULES.open(encoding="utf-8", newline="") as lines:
        return {row["code"] for row in csv.DictReader(lines)}


class TestStates:
    def test_are_those_that_the_rule_table_knows(self):
        assert set(states()) == {code for code in _ruled() if "-" in code}

    def test_lie_in_countries_that_can_be_chosen(self):
        assert {code.partition("-")[0] for code in states()} <= set(countries())


class TestCountries:
    def test_hold_every_country_of_the_rule_table(self):
        assert {one for one in _ruled() if len(one) == 2} <= set(countries())

    def test_are_codes_that_the_database_takes(self):
        assert len(countries()) == 249
        assert all(re.fullmatch("[A-Z]{2}", code) for code in countries())
        assert countries()["DE"] == "Germany"


class TestZones:
    def test_are_places_that_python_knows(self):
        names = zone_names()

        assert {"America/Chicago", "Europe/Berlin", "Asia/Kolkata"} <= set(names)
        assert not {"UTC", "Etc/GMT+1", "US/Central"} & set(names)
        assert [ZoneInfo(name).key for name in names] == list(names)
