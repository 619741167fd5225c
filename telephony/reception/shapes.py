"""How a receptionist looks over REST."""

from typing import Final

from accounts.shapes import ID, TEXT, TIME, WHOLE, YES_NO, maybe, record, rows, said

AGENT: Final = record(
    "Agent",
    id=ID,
    name=TEXT,
    is_answering=YES_NO,
    version=said(maybe(WHOLE), "the newest that was published"),
    languages=rows(TEXT),
    records=YES_NO,
    published_at=maybe(TIME),
)
