"""How a page looks: what axe says of it, and whether it fits, on a desk and in a hand.

With PICTURES, a folder, each look is a picture there as well, and everything is judged
in both schemes at both widths.
"""

import json
import os
from collections.abc import Callable
from typing import Any, Final
from zlib import crc32

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page, ViewportSize

DESK: Final[ViewportSize] = {"width": 1440, "height": 900}
# What is clicked is clicked on a phone where a journey has no reason for a desk: there
# a button can be out of sight.
PHONE: Final[ViewportSize] = {"width": 390, "height": 900}
PICTURES: Final = os.environ.get("PICTURES", "")
_AXE: Final = Axe()
# No rule that is asked reads style sheets or frames: looking for them only takes time.
_ALL: Final = {"resultTypes": ["violations"], "preload": False, "iframes": False}
_COLORED: Final = ("color-contrast", "link-in-text-block")
_COLORS: Final = {**_ALL, "runOnly": _COLORED}
_NO_COLORS: Final = {**_ALL, "rules": {one: {"enabled": False} for one in _COLORED}}
# Dark and light differ in colours alone, a desk and a phone in all but those, each one
# token of `light-dark()`. So the colours of a page are judged in dark at one width and
# in light at the other; its name says at which.
_EVERYTHING: Final = {"dark": _COLORS, "light": _ALL}
_DARK_HERE: Final = {"dark": _COLORS, "light": _NO_COLORS}
_LIGHT_HERE: Final = {"light": _ALL}
# Colours that are still fading would be judged as they are.
_SETTLE: Final = "document.getAnimations().forEach(one => one.finish())"


def violations(
    page: Page, within: str = "html", rules: dict[str, Any] = _ALL
) -> list[str]:
    """Return what axe finds within a part of the page."""
    found: list[str] = _on_the_page(page, lambda: _violations(page, within, rules))
    return found


def _on_the_page(page: Page, ask: Callable[[], Any]) -> Any:
    """Ask the page that is there once a click has led to it."""
    page.wait_for_load_state("load")
    try:
        return ask()
    except Error:
        # A click had begun to leave the page meanwhile: it is the next one that counts.
        page.wait_for_load_state("load")
        return ask()


def _violations(page: Page, within: str, rules: dict[str, Any]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE.axe_script)
    asked = f"axe.run({json.dumps(within)}, {json.dumps(rules)})"
    answer: dict[str, Any] = page.evaluate(asked)
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in answer["violations"]
        for node in violation["nodes"]
    ]


def look(page: Page, name: str, within: str = "html") -> list[str]:
    """Return what is wrong with the page at both widths; it keeps its own."""
    own, found = page.viewport_size or DESK, []
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        found += _look(page, name, within, size["width"])
    page.set_viewport_size(own)
    return found


def _look(page: Page, name: str, within: str, width: int) -> list[str]:
    found = []
    for scheme, rules in _schemes(name, width).items():
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        _on_the_page(page, lambda: page.evaluate(_SETTLE))
        if PICTURES:
            path = f"{PICTURES}/{name}-{width}-{scheme}.png"
            page.screenshot(path=path, full_page=True)
        found += [
            f"{name} {width} {scheme}: {one}" for one in violations(page, within, rules)
        ]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return found + ([f"{name}: {wide} px"] if wide > width else [])


def _schemes(name: str, width: int) -> dict[str, dict[str, Any]]:
    if PICTURES:
        return _EVERYTHING
    is_dark_on_phones = crc32(name.encode()) % 2 == 0
    is_phone = width == PHONE["width"]
    return _DARK_HERE if is_dark_on_phones == is_phone else _LIGHT_HERE
