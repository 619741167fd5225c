from tests.matrix.shared import browsers, made, made_cookies, world

__all__ = ["browsers", "made", "made_cookies", "world"]
