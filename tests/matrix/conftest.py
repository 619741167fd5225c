from tests.cast_fixtures import signed_in

__all__ = ["signed_in"]
