from tests.clock import stopped_clock

__all__ = ["stopped_clock"]
