"""How a line of a transcript looks over REST."""

from typing import Final

from accounts.shapes import TEXT, WHOLE, YES_NO, maybe, one_word, record, said

LINE: Final = record(
    "Line",
    speaker=one_word(("caller", "agent")),
    text=TEXT,
    started_ms=said(WHOLE, "since the call was answered"),
    ended_ms=maybe(WHOLE),
    heard={
        "type": ["boolean", "string", "null"],
        "description": "of the agent: all, nothing, or the part that was; else null",
    },
    language=TEXT,
    is_sure=said(YES_NO, "false: the ear was guessing"),
)
