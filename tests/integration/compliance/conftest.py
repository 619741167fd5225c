from tests.cast_fixtures import cast, day, signed_in

__all__ = ["cast", "day", "signed_in"]
