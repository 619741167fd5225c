from tests.cast_fixtures import signed_in
from tests.matrix.shared import browsers, made, world

__all__ = ["browsers", "made", "signed_in", "world"]
