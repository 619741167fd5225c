"""People and calls, for what the database shows of them."""

from tests.cast_fixtures import cast, day

__all__ = ["cast", "day"]
