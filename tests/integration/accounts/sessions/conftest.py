from tests.cast_fixtures import cast, day, signed_in
from tests.clock import stopped_clock

__all__ = ["cast", "day", "signed_in", "stopped_clock"]
