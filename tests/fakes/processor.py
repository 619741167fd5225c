"""A processor that answers as it is told."""

from dataclasses import dataclass, field

from sondervoice.kernel.copies import Answer
from sondervoice.kernel.errors import VendorError


def refusal(category: str, *, retry_after_s: float | None = None) -> VendorError:
    return VendorError(
        "telnyx", category=category, permanent=True, retry_after_s=retry_after_s
    )


@dataclass
class ScriptedProcessor:
    """Keeps copies by their reference, deletes them, and answers.

    Attributes:
        kept: How many copies there are of each reference; of others there is none.
        problems: What the next questions meet, one each.
        undeletable: Answers, and deletes nothing.
    """

    kept: dict[str, int] = field(default_factory=dict)
    problems: list[VendorError] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)
    undeletable: bool = False

    name = "telnyx"
    title = "Telnyx"
    keeps = "Recordings."
    keeps_anyway = "Its own call detail records, for 90 days."

    def erase(self, reference: str) -> Answer:
        self.asked.append(reference)
        if self.problems:
            raise self.problems.pop(0)
        found = self.kept.get(reference, 0)
        if not self.undeletable:
            self.kept.pop(reference, None)
        return Answer(status="200", found=found)

    def is_gone(self, reference: str) -> bool:
        self.looked.append(reference)
        return not self.kept.get(reference)
