"""What can keep the product from starting, in words that say what to do about it."""


class EmbeddedError(Exception):
    """One line for the person at the terminal: what is so, and the remedy."""


class StopAskedError(Exception):
    """Ctrl-C or SIGTERM came while we were waiting for something."""
