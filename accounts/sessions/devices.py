"""A browser in words of ours: nothing a client wrote gets any further."""

from typing import Final

# The first that fits: most browsers name others before themselves.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
)


def name_device(user_agent: str) -> str:
    """Return the browser and the system: ``Chrome on Windows``."""
    browser = _first(user_agent, _BROWSERS) or "A browser"
    system = _first(user_agent, _SYSTEMS) or "an unknown system"
    return f"{browser} on {system}"


def _first(text: str, table: tuple[tuple[str, str], ...]) -> str:
    return next((word for mark, word in table if mark in text), "")
