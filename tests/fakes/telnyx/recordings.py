"""Recordings that the carrier keeps: listed by a filter, read and deleted by id.

Source:
    Telnyx API v2, "Call Recordings", as published 2026-07-16 (read 2026-11).
"""

from typing import Any, Final
from urllib.parse import parse_qsl
from uuid import uuid4

PATH: Final = "/v2/recordings"
# Of the published filters, those that our product has business with.
_FILTERS: Final = ("call_session_id", "call_control_id")

Answer = tuple[int, dict[str, Any]]


def _refusal(status: int, code: str, title: str) -> Answer:
    return status, {"errors": [{"code": code, "title": title, "detail": title}]}


class Recordings:
    """All recordings of the account.

    Attributes:
        kept: By id.
        deleted: Ids, in the order in which they went.
        undeletable: Ids that answer a deletion with 200 and are there afterwards.
        ignores_filters: Lists everything, as an API does that lost a filter's name.
    """

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}
        self.deleted: list[str] = []
        self.undeletable: set[str] = set()
        self.ignores_filters = False

    def keep(self, *, session_id: str, control_id: str) -> str:
        """Keep one of a call, as a number does that was set up to; return its id."""
        recording_id = str(uuid4())
        self.kept[recording_id] = {
            "id": recording_id,
            "record_type": "recording",
            "call_session_id": session_id,
            "call_control_id": control_id,
            "call_leg_id": str(uuid4()),
            "channels": "single",
            "status": "completed",
            "source": "call",
            "duration_millis": 60_000,
            "download_urls": {},
        }
        return recording_id

    def answer(self, method: str, path: str, query: str) -> Answer:
        """Answer one request."""
        recording_id = path.removeprefix(PATH).strip("/")
        if not recording_id:
            return self._list(query) if method == "GET" else _refusal(405, "10015", "?")
        found = self.kept.get(recording_id)
        if found is None:
            return _refusal(404, "10005", "Resource not found")
        if method == "DELETE" and recording_id not in self.undeletable:
            del self.kept[recording_id]
            self.deleted.append(recording_id)
        return 200, {"data": found}

    def _list(self, query: str) -> Answer:
        given = dict(parse_qsl(query))
        size, number = (
            int(given.pop(f"page[{one}]", "1")) for one in ("size", "number")
        )
        wanted = {}
        for name, value in given.items():
            known = [one for one in _FILTERS if name == f"filter[{one}]"]
            if not known:
                return _refusal(400, "10015", f"{name} is not a parameter")
            wanted[known[0]] = value
        matching = [
            one
            for one in self.kept.values()
            if self.ignores_filters or all(one[key] == wanted[key] for key in wanted)
        ]
        page = matching[(number - 1) * size : number * size]
        meta = {
            "total_pages": -(-len(matching) // size),
            "total_results": len(matching),
            "page_number": number,
            "page_size": size,
        }
        return 200, {"data": page, "meta": meta}
