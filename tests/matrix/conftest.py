from tests.cast_fixtures import signed_in
from tests.matrix.shared import browsers, made, nameless_dns, world

__all__ = ["browsers", "made", "nameless_dns", "signed_in", "world"]
