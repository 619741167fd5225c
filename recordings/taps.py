"""The journal: a tap that notes what was said and heard, and when.

It is called on the loop of the media process and returns at once; writing is done in
order on a thread. The frozen policy decides whether words may be kept (`CaptureGate`);
what was disclosed and asked is kept always, since it is the proof.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction

from compliance.keys.call_sealer import CallSealer
from recordings.models import Utterance
from recordings.selectors.kept import greatest_number
from sondervoice.kernel.ids import uuid7
from telephony.models import Call, Turn
from telephony.sealed import TABLE as CALL_TABLE
from telephony.voice.dialogue import Dialogue
from telephony.voice.frames import Heard, Saying
from telephony.voice.journal import HowHeard, TurnTimes

TABLE = "recordings_utterance"

Submit = Callable[[Callable[[], None]], None]


class CallJournal:
    """Keeps one call's words (`journal.Journal`)."""

    def __init__(
        self,
        *,
        sealer: CallSealer,
        epoch: int,
        started_at: datetime,
        question: Mapping[str, str],
        first_number: int,
        first_turn: int,
        keeps_words: bool,
        submit: Submit,
    ) -> None:
        """Write through `submit`, which does the work in the call's scope.

        Args:
            epoch: The line's number; where the conversation stands is for the newest
                line alone to say.
            started_at: The instant of millisecond 0.
            question: What is asked for consent, by language, word for word.
            first_number: The number of the next utterance, when lines were kept before.
            first_turn: Turns kept before.
            keeps_words: Whether anything but the notice and the question may be kept
                of what is said, and who called.
        """
        self._sealer = sealer
        self._epoch = epoch
        self._started_at = started_at
        self._questions = frozenset(question.values())
        self._number = first_number
        self._first_turn = first_turn
        self._may_keep_words = keeps_words
        self._submit = submit
        self._rows: dict[int, UUID] = {}

    def caller_spoke(self, heard: Heard, *, is_hidden: bool, language: str) -> None:
        """Keep a line of the caller's."""
        if not self._may_keep_words:
            return
        row_id = uuid7()
        row = Utterance(
            **self._common(row_id),
            speaker=Utterance.Speaker.CALLER,
            language=language,
            text_sealed=self._seal(heard.text, "text_sealed", row_id),
            started_ms=max(0, heard.started_at_ms),
            ended_ms=max(0, heard.stopped_at_ms),
            is_sure=heard.is_sure,
            is_hidden=is_hidden,
        )
        self._submit(partial(self._insert, row))

    def caller_hidden(self, *, from_ms: int, to_ms: int) -> None:
        """Take the words out of the caller's lines that lie within this stretch."""
        self._submit(partial(self._empty_lines, from_ms, to_ms))

    def agent_began(self, saying: Saying, *, at_ms: int) -> None:
        """Keep a sentence of ours; nothing of it counts as heard yet.

        Where no words are kept ours are not either: they repeat the caller's.
        """
        if not self._may_keep_words and not saying.is_disclosure:
            return
        row_id = self._rows[saying.number] = uuid7()
        row = Utterance(
            **self._common(row_id),
            speaker=Utterance.Speaker.AGENT,
            language=saying.language,
            text_sealed=self._seal(saying.text, "text_sealed", row_id),
            started_ms=max(0, at_ms),
            heard=Utterance.Heard.NONE,
            is_disclosure=saying.is_disclosure,
        )
        self._submit(partial(self._insert, row))
        if saying.is_disclosure:
            self._set_once("disclosure_spoken_at", self._at(at_ms))
        if saying.text in self._questions:
            self._set_once("consent_asked_at", self._at(at_ms))

    def agent_ended(
        self, saying: Saying, *, at_ms: int, how: HowHeard, part: str = ""
    ) -> None:
        """Note how much of a sentence was heard."""
        row_id = self._rows.pop(saying.number, None)
        if row_id is None:
            return
        changes: dict[str, object] = {"heard": how.value, "ended_ms": max(0, at_ms)}
        if how is HowHeard.PART:
            changes["heard_sealed"] = self._seal(part, "heard_sealed", row_id)
        self._submit(partial(self._update_utterance, row_id, changes))

    def disclosure_heard(self, *, at_ms: int, language: str) -> None:
        """Note that the notice was heard to its end; capture begins here."""
        at = self._at(at_ms)
        self._set_once("disclosure_heard_at", at, disclosure_language=language)
        if self._may_keep_words:
            self._set_once("first_captured_at", at)

    def answered(self, times: TurnTimes) -> None:
        """Keep how long an answer took."""
        row = Turn(
            organization_id=self._sealer.organization_id,
            call_id=self._sealer.call_id,
            number=self._first_turn + times.number,
            quiet_ms=max(0, times.quiet_ms),
            decided_ms=max(0, times.decided_ms),
            heard_ms=max(0, times.heard_ms),
            answered_ms=max(0, times.answered_ms),
        )
        self._submit(partial(self._insert, row))

    def moved(self, dialogue: Dialogue) -> None:
        """Keep where the conversation stands, so that another process can go on."""
        text = msgspec.json.encode(dialogue).decode()
        sealed = self._sealer.seal(
            text, table=CALL_TABLE, column="dialogue", row_id=self._sealer.call_id
        )
        changes: dict[str, object] = {
            "dialogue": sealed,
            "language": dialogue.language,
        }
        if dialogue.name and self._may_keep_words:
            changes["caller_name_sealed"] = self._sealer.seal(
                dialogue.name,
                table=CALL_TABLE,
                column="caller_name_sealed",
                row_id=self._sealer.call_id,
            )
        self._submit(partial(self._update_call, changes))

    def _common(self, row_id: UUID) -> dict[str, object]:
        self._number += 1
        return {
            "id": row_id,
            "organization_id": self._sealer.organization_id,
            "call_id": self._sealer.call_id,
            "number": self._number - 1,
        }

    def _seal(self, text: str, column: str, row_id: UUID) -> bytes:
        return self._sealer.seal(text, table=TABLE, column=column, row_id=row_id)

    def _at(self, at_ms: int) -> datetime:
        return self._started_at + timedelta(milliseconds=at_ms)

    # What follows runs on the writer's thread, in the call's scope.

    def _insert(self, row: Utterance | Turn) -> None:
        kind = type(row)
        if kind is Utterance and not self._keeps_words():
            return
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            if kind.objects.filter(pk=row.pk).exists():
                # Tried again after a commit of which we heard nothing.
                return
            # An older line of this call, which does not know yet that it has been
            # replaced, has the number.
            row.number = greatest_number(kind, self._sealer.call_id) + 1
            row.save(force_insert=True)

    def _keeps_words(self) -> bool:
        """Return whether words may be written; no erasure passes them by meanwhile.

        A line that is tried again may come after the call's words are erased.
        """
        calls = Call.with_deleted.select_for_update(of=("self",), no_key=True)
        kept = calls.filter(pk=self._sealer.call_id, transcript_erased_at=None)
        return bool(kept.values_list("pk", flat=True))

    def _update_utterance(self, row_id: UUID, changes: dict[str, object]) -> None:
        Utterance.with_deleted.filter(pk=row_id).update(**changes)

    def _empty_lines(self, from_ms: int, to_ms: int) -> None:
        lines = Utterance.with_deleted.filter(
            call_id=self._sealer.call_id,
            speaker=Utterance.Speaker.CALLER,
            started_ms__gte=from_ms,
            ended_ms__lte=to_ms,
        )
        for line in lines:
            line.text_sealed = self._seal("", "text_sealed", line.id)
            line.is_hidden = True
            line.save(update_fields=["text_sealed", "is_hidden"])

    def _update_call(self, changes: dict[str, object]) -> None:
        calls = Call.objects.filter(pk=self._sealer.call_id, line_epoch=self._epoch)
        calls.filter(status__in=["ringing", "live"]).update(**changes)

    def _set_once(self, field: str, at: datetime, **more: object) -> None:
        def write() -> None:
            calls = Call.objects.filter(pk=self._sealer.call_id, **{field: None})
            calls.update(**{field: at}, **more)

        self._submit(write)
