from tests.matrix.shared import browsers, made, world

__all__ = ["browsers", "made", "world"]
